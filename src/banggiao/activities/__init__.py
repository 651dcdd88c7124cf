"""Visits, calls, summits, conferences, meetings, forums, training; and the reviews of a period."""
