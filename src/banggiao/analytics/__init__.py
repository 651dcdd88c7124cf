"""Measures and models without Django: usable as a library, importable by whoever has the data."""
