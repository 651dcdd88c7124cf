"""The journeys start from the register of the pages, at the moment of the tests."""

from tests.web.browser import server
from tests.web.conftest import as_role, at_now, world

__all__ = ["as_role", "at_now", "server", "world"]
