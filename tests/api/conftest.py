"""The API where it stands, a small register behind it, and callers by role."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.api.world import World

# Tables can be imported only when Django stands, which is after this file was read; hence the imports inside.


@pytest.fixture
def world(db: None) -> World:
    """A small register."""
    from tests.api.world import make_world

    return make_world()


@pytest.fixture
def as_role(world: World) -> Callable[..., Any]:
    """Makes a caller with a token of a role's user."""
    from tests.api.world import caller

    return partial(caller, world)
