"""Dispatch references: number and date of the official letters behind records; the letters stay in the document system."""
