"""Commitments between sides, directives, and the tasks they set inside the country."""
