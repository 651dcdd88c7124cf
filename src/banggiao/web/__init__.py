"""The pages: thin views, templates, static files."""
