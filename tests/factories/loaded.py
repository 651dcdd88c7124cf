"""All packaged reference data in the registers, loaded once for a module and rolled back after it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Every register as it stands after loading; tests that use it must be plain `django_db` ones."""
    from django.db import connection, transaction

    from banggiao.intelligence.reference import load_all
    from tests.factories.rows import act

    # Each test class of Django closes the connections at its end, and with them this outer transaction.
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(connection, "close", lambda: None)
        list(load_all(act=act()))
        yield
        transaction.set_rollback(True)
