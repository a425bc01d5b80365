"""What everybody says: scalars, acts, personal values, counting of time, words."""
