"""HTTP: one module a chapter of the work, a few lines an endpoint."""
