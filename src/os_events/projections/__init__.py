"""One module a read model: its row, rows(history), table and questions."""
