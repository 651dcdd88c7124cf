"""Chasing: who is reminded of what is due, on which rungs of the ladder, and who above them hears of what stays overdue."""
