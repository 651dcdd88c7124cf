"""States, territories, blocs and organisations; institutions, provinces, missions, people and posts over time; relation levels."""
