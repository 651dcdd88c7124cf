"""The one engine of following: due dates, progress updates, evidence, difficulties, reminders, findings of a review."""
