"""Read models on other machines, kept from the topic of the log."""
