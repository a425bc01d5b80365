"""A repair shop's fortnight, made up: played by the program itself, through its public API."""
