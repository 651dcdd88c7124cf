"""Instruments of every kind, free trade agreements among them, and their legal state for each party."""
