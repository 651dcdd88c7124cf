"""Committees, task forces and teams, their meetings, and the notices that conclude meetings and conferences."""
