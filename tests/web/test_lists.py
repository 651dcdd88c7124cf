"""Do lists walk every record once, keep their filters in the address, and leave as files with what they rest on?"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable

import pytest
from django.test import Client

from banggiao.core.ledger import LedgerEntry
from tests.factories.rows import barrier
from tests.web.world import World

pytestmark = pytest.mark.django_db


def test_pages_of_a_list_hold_every_record_once(world: World, as_role: Callable[..., Client]) -> None:
    for n in range(90):
        barrier(name_vi=f"Rào cản số {n}", start=f"2025-0{n % 9 + 1}-01")
    client, url, seen = as_role("desk"), "/barriers", []
    while url:
        html = client.get(url).content.decode()
        seen += re.findall(r'href="/barriers/([0-9a-f-]{36})"', html)
        assert "trong 91 bản ghi" in html
        following = re.search(r'rel="next" href="([^"]+)"', html)
        url = following.group(1).replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == 91


def test_filters_stand_in_the_address_and_as_chips(world: World, as_role: Callable[..., Client]) -> None:
    html = as_role("desk").get("/agreements?partner=XAA&kind=mou&period=2025-H1").content.decode()
    assert "Đối tác: Vương quốc X" in html and "Kỳ: 6 tháng đầu năm 2025" in html
    assert 'href="/agreements?kind=mou&amp;partner=XAA"' in html.replace("partner=XAA&amp;kind=mou", "kind=mou&amp;partner=XAA")
    assert '<option value="XAA" selected>' in html and "1 trong 1 bản ghi" in html


def test_a_parameter_that_names_a_record_says_its_title(world: World, as_role: Callable[..., Client]) -> None:
    html = as_role("desk").get(f"/tasks?activity={world.activity.pk}").content.decode()
    assert "Hoạt động: Thăm chính thức" in html and f'name="activity" value="{world.activity.pk}"' in html
    outsider = as_role("enterprise").get(f"/facts_to_check?document={world.document.pk}")
    assert outsider.status_code == 403


@pytest.mark.parametrize(
    "query", ["kind=khong", "period=hom+qua", "overdue_on=mai", "order=la", "after=xyz", "partner=%F0%9F%98%80", "activity=1"]
)
def test_a_bad_filter_says_what_to_do(query: str, world: World, as_role: Callable[..., Client]) -> None:
    answer = as_role("desk").get(f"/tasks?{query}")
    assert answer.status_code in (200, 422)
    if answer.status_code == 422:
        assert "Cần làm:" in answer.content.decode()
    again = as_role("desk").get(f"/tasks?{query}", headers={"HX-Request": "true"})
    assert (again.headers.get("HX-Retarget") == "#main") == (answer.status_code == 422)


def test_an_empty_list_says_what_to_do_next(world: World, as_role: Callable[..., Client]) -> None:
    html = as_role("desk").get("/barriers?q=khong+co+gi").content.decode()
    assert "Không có bản ghi nào khớp" in html and 'href="/barriers"' in html and "/barriers/export/" not in html


def test_exports_are_the_list_and_are_written_down(world: World, as_role: Callable[..., Client]) -> None:
    client, query = as_role("desk"), "?overdue_on=2025-09-15"
    answer = client.get(f"/tasks/export/csv{query}")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert (
        any("DIỄN TẬP" in row for row in rows)
        and ["Tổng số", "3"] in rows
        and "attachment" in answer.headers["Content-Disposition"]
    )
    assert json.loads(client.get(f"/tasks/export/json{query}").content)["total"] == 3
    entry = LedgerEntry.objects.filter(record_type="core.export").first()
    assert (
        entry is not None
        and entry.actor_id == world.users["desk"].pk
        and entry.changes["parameters"][1]["overdue_on"] == "2025-09-15"
    )
    assert client.get("/tasks/export/exe").status_code == 422
    assert as_role("enterprise").get("/tasks/export/csv").status_code == 403


def test_search_marks_words_without_accents_and_keeps_to_rights(world: World, as_role: Callable[..., Client]) -> None:
    desk = as_role("desk")
    assert "<mark>cà</mark> <mark>phê</mark>" in desk.get("/search?q=ca+phe").content.decode()
    alone = desk.get("/search?q=ca+phe", headers={"HX-Request": "true"}).content.decode()
    assert "<mark>" in alone and "<html" not in alone
    assert "Việc nội bộ" in re.sub(r"</?mark>", "", desk.get("/search?q=viec+noi+bo").content.decode())
    assert "cơ quan khác" not in re.sub(r"</?mark>", "", as_role("ministry").get("/search?q=viec+noi+bo").content.decode())
