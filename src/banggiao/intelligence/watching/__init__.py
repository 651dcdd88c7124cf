"""Watches on trade series and the signals they raise: what is followed, what was noticed, what became of it."""
