"""Order milestones: what each order reached, when, and what was true of it then."""
