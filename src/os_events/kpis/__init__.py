"""Figures: one module each, one definition; API, pages, reports and docs read the same one."""
