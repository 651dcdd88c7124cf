"""The registers filled with all reference data, for the tests here that ask for it."""

from tests.factories.loaded import loaded

__all__ = ["loaded"]
