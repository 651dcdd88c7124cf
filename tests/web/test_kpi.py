"""Is the page of indicators cut to what can be read, and does it say so?"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from banggiao.web import kpi
from tests.factories.rows import commitment, institution

pytestmark = pytest.mark.django_db


def tables(client: Client) -> dict[str, str]:
    """The sections of the page by their id."""
    html = client.get("/kpi?by=lead").content.decode()
    return dict(re.findall(r'<section[^>]*id="(kpi_\w+)"(.*?)</section>', html, re.DOTALL))


def test_of_very_many_groups_the_first_stand_on_the_page_with_the_whole_and_the_way_to_all(
    as_role: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(4):
        commitment(code=f"CK-{n}", lead_id=institution(f"AA-{n}").pk)
    client = as_role("leader")
    whole = tables(client)["kpi_timeliness"]
    assert all(f"AA-{n}" in whole for n in range(4)) and "Xem tất cả" not in whole
    monkeypatch.setattr(kpi, "MOST_GROUPS", 2)
    cut = tables(client)
    assert set(cut) == {"kpi_timeliness", "kpi_progress", "kpi_first_action"}
    for section in cut.values():
        assert "Bộ AA-0" in section and "Bộ AA-1" in section and "Bộ AA-2" not in section
        assert "Cộng" in section and "Xem tất cả" in section and re.search(r"2 / \d+", section)
