"""The REST interface: the same questions and actions as the pages."""
