"""Escalations: a body puts a question that exceeds its authority to the level above, which decides."""
