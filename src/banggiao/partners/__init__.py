"""States, territories, blocs, organisations; institutions, provinces, missions, people and posts over time; relation levels."""
