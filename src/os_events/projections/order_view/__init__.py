"""Order view: all that one order is now, in one document, by its history."""
