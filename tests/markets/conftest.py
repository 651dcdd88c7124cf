"""Tests of the markets: the reference data loaded once."""

from tests.factories.loaded import loaded

__all__ = ["loaded"]
