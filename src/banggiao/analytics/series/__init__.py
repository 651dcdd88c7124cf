"""Monthly trade series: what departs from its season, where a level changed, and what may come."""
