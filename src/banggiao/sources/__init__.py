"""Documents, facts, citations, datasets with their origin, counting rules, official figures."""
