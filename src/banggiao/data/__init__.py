"""Packaged reference data, vocabularies, lexicons, rules, sample texts; no code."""
