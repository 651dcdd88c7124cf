"""Rows and loaded registers for tests; what needs Django stands in `rows`, which conftest files must not import."""
