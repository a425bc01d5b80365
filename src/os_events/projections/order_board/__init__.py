"""Order board: one row an order, for the front page."""
