"""Data calls: one body asks many for the same thing by a day, and gets one table out of their answers."""
