"""Does no page write for a form that was sent without the token against forgery?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from banggiao.core.ledger import LedgerEntry
from tests.web.routes import addresses
from tests.web.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["desk", "administrator"])
def test_every_form_needs_the_token_against_forgery(role: str, world: World, as_role: Callable[..., Client]) -> None:
    client = as_role(role, enforce_csrf_checks=True)
    every = {url for _name, _case, url in addresses(world)}  # some make what they are about
    before = LedgerEntry.objects.count()
    answers = {url: client.post(url, {"reason": "x", "version": "1"}).status_code for url in sorted(every)}
    assert len(answers) > 150
    assert {url: status for url, status in answers.items() if status not in (403, 405)} == {}
    assert LedgerEntry.objects.count() == before
