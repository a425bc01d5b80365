"""The only place where parts are built out of settings: one installation, opened and closed."""
