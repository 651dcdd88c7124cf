"""M15, where to sell what next: an exporter's goods become opportunities, one of them a task, the same by page, API and CLI."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from banggiao.cli.main import banggiao
from banggiao.commitments.models import Task
from banggiao.core.questions import Page, ask
from tests.factories.rows import AT, SYSTEM, barrier, partner
from tests.factories.trade_store import trade_root, trade_store

__all__ = ["trade_root", "trade_store"]
pytestmark = pytest.mark.django_db


def test_from_the_goods_of_a_province_to_a_task(
    as_role: Callable[..., Client], trade_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The province asks for its own goods: two codes, kept in the address.
    own = [row.cells[1] for row in ask("market_opportunities", {"top": "60"}, SYSTEM, at=AT, page=Page(60)).listed().rows]
    goods = list(dict.fromkeys(own))[:2]
    asked = {"hs": ",".join(goods), "top": "400"}
    address = f"/markets/opportunities?hs={goods[0]}%2C{goods[1]}"
    html = as_role("province").get(address).content.decode()
    assert set(re.findall(r'<span class="note">(\d{6})</span></th>', html)) == set(goods)

    # The best cell leads to who sells there and what stands in the way.
    expected = ask("market_opportunities", asked, SYSTEM, at=AT, page=Page(500)).listed()
    hs, market = next(iter(expected.rows)).cells[1], next(iter(expected.rows)).cells[4]
    buyer = partner(market, "Nước mua hàng")
    barrier(name_vi="Hạn ngạch tạm thời", partner_id=buyer.pk, hs_chapters=hs[:2], classification="public")
    place = re.search(rf'href="(/markets/opportunities/{hs}/{market}[^"]*)"', html)
    assert place
    desk = as_role("desk")
    page = desk.get(place.group(1).replace("&amp;", "&")).content.decode()
    assert "Hạn ngạch tạm thời" in page and "Ai đang bán ở đó" in page and "Con số tiềm năng ra từ đâu" in page

    # The desk hands it on: the task stands in the register with code, market and figure.
    form = re.search(r'href="(/tasks/new\?[^"]+)"', page)
    assert form
    filled = desk.get(form.group(1).replace("&amp;", "&")).content.decode()
    words = re.search(r'name="text_vi"[^>]*>([^<]+)<', filled)
    assert words and hs in words.group(1)
    sent = desk.post("/tasks/new", {"text_vi": words.group(1), "classification": "internal"})
    assert sent.status_code == 302, sent.content.decode()[-2000:]
    assert Task.objects.filter(text_vi__contains=f"HS {hs}").exists()

    # The same rows by API and by command.
    api = desk.get("/api/questions/market_opportunities", {**asked, "size": 500}).json()
    assert [r["unrealised"] for r in api["rows"]] == [row.cells[5] for row in expected.rows]
    assert api["exercise"] is True and "SYNTHETIC" in api["sources"][0]["label"]["en"]
    monkeypatch.setattr("banggiao.cli.session.prepare", lambda **_options: None)
    done = CliRunner().invoke(banggiao, ["markets", "potential", "--hs", asked["hs"], "--top", "400", "--json"])
    assert done.exit_code == 0, done.output
    told: dict[str, Any] = json.loads(done.output)
    assert [r["unrealised"] for r in told["rows"]] == [r["unrealised"] for r in api["rows"]]

    # Taken away as a file, with the label in it.
    file = desk.get("/market_opportunities/export/csv", asked)
    text = file.content.decode("utf-8-sig")
    assert text.startswith("DIỄN TẬP") and "TỔNG HỢP" in text and hs in text
    assert as_role("enterprise").get("/market_opportunities/export/csv").status_code == 403
