"""Do opportunities and margins show the duty of the schedules held, and nothing where none tells? All rates are invented."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from banggiao.analytics.ingest.further import Further, ingest_further
from banggiao.analytics.store import Store
from banggiao.core.questions import ALL, ask
from tests.factories.rows import AT, SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def with_schedules(trade_root: Path, settings: Any, tmp_path: Path) -> tuple[str, str]:
    """A store with trade and a schedule: two products that we sell to Korea, one of them with a preference."""
    settings.MARKETS_FOLDER = tmp_path / "markets"
    shutil.copytree(trade_root, settings.MARKETS_FOLDER)
    best = ask("market_opportunities", {"market": "KOR", "measure": "actual", "top": "2"}, SYSTEM, at=AT).listed()
    first, second = (row.cells[1] for row in best.rows)
    path = tmp_path / "schedules.csv"
    lines = ["Reporter,Partner,Year,HS6,Regime,Rate", f"KOR,,2024,{first},MFN,20", f"KOR,VNM,2024,{first},FTA,5"]
    path.write_text("\n".join([*lines, f"KOR,,2024,{second},MFN,8", ""]), encoding="utf-8")
    ingest_further(Store(settings.MARKETS_FOLDER), [path], at="2026-11-24T00:00:00+00:00", wanted=Further("tariffs"))
    return first, second


def test_a_cell_shows_duty_and_margin(with_schedules: tuple[str, str]) -> None:
    first, second = with_schedules
    answer = ask("market_opportunities", {"market": "KOR", "measure": "actual", "top": "3"}, SYSTEM, at=AT).listed()
    places = [[c.key for c in answer.columns].index(key) for key in ("tariff", "margin")]
    shown = {row.cells[1]: tuple(row.cells[p] for p in places) for row in answer.rows}
    assert shown[first] == (5.0, 12.5) and shown[second] == (8.0, 0.0)
    [other] = shown.keys() - {first, second}
    assert shown[other] == (None, None), "what no schedule tells is unknown, not free"


def test_margins_of_what_is_sold_largest_first(with_schedules: tuple[str, str]) -> None:
    first, second = with_schedules
    answer = ask("market_preference", {}, SYSTEM, at=AT, page=ALL).listed()
    keys = [c.key for c in answer.columns]
    rows = [dict(zip(keys, row.cells, strict=True)) for row in answer.rows]
    assert [(r["hs"], r["code"], r["mfn"], r["paid"], r["margin"]) for r in rows] == [
        (first, "KOR", 20.0, 5.0, 12.5),
        (second, "KOR", 8.0, 8.0, 0.0),
    ]
    assert all(r["value"] > 0 for r in rows)
    assert ask("market_preference", {"hs": second}, SYSTEM, at=AT).total == 1
    assert ask("market_preference", {"market": "JPN"}, SYSTEM, at=AT).total == 0
