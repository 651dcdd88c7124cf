"""Do the packaged tables of Viet Nam's own trade come with their source, day and how they were obtained, none added up?"""

from __future__ import annotations

from collections import Counter

import pytest

from banggiao.core.acts import Viewer
from banggiao.core.errors import NotPermitted
from banggiao.core.questions import ALL, Answer, Page, ask
from banggiao.sources.datasets import read_set
from tests.factories.rows import AT, SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.engine, pytest.mark.usefixtures("loaded")]
NAMES = ("published_trade_shares", "published_trade_values", "published_trade_months")


def cells(answer: Answer, *keys: str) -> list[tuple[object, ...]]:
    places = [[column.key for column in answer.columns].index(key) for key in keys]
    return [tuple(row.cells[place] for place in places) for row in answer.rows]


def test_shares_are_those_of_the_packaged_set_newest_year_first() -> None:
    answer = ask("published_trade_shares", {}, SYSTEM, at=AT, page=ALL).listed()
    kept = read_set("trade_partner_shares")
    assert answer.total == len(kept) > 50
    shown = cells(answer, "flow", "period", "code", "share")
    assert Counter(shown) == Counter((r["flow"], r["year"], r["partner_iso3"], float(r["share_pct"])) for r in kept)
    exports = [period for flow, period, _code, _share in shown if flow == "export"]
    assert exports == sorted(exports, reverse=True)
    latest = [row for row in cells(answer, "flow", "period", "rank") if row[:2] == ("export", exports[0])]
    assert [rank for _flow, _period, rank in latest] == list(range(1, len(latest) + 1))
    one = ask("published_trade_shares", {"flow": "import", "partner": "chn"}, SYSTEM, at=AT, page=ALL).listed()
    assert {(flow, code) for flow, code in cells(one, "flow", "code")} == {("import", "CHN")} and one.total > 3


def test_every_figure_has_its_source_and_says_how_it_was_obtained() -> None:
    for name in NAMES:
        answer = ask(name, {}, SYSTEM, at=AT, page=ALL).listed()
        assert answer.rule == "trade_as_published" and len(answer.sources) == 1
        assert all(str(url).startswith("http") and day for url, day in cells(answer, "source", "as_of"))
        assert all(row.mark in ("read", "read_mirror", "recalled") for row in answer.rows)


def test_figures_of_one_partner_keep_reporter_and_basis_apart() -> None:
    answer = ask("published_trade_values", {"partner": "USA"}, SYSTEM, at=AT, page=ALL).listed()
    kept = [row for row in read_set("trade_by_partner") if row["partner_code"] == "USA"]
    assert answer.total == len(kept) > 5
    shown = Counter(cells(answer, "flow", "period", "value", "reporter", "basis"))
    assert shown == Counter((r["flow"], r["period"], float(r["value_usd_million"]), r["reporter"], r["basis"]) for r in kept)
    exports = ask("published_trade_values", {"partner": "USA", "flow": "export"}, SYSTEM, at=AT, page=ALL).listed()
    assert exports.total == sum(row["flow"] == "export" for row in kept)


def test_months_stand_beside_their_first_estimate_and_the_month_a_year_before() -> None:
    answer = ask("published_trade_months", {"flow": "export"}, SYSTEM, at=AT, page=ALL).listed()
    kept = {row["period"]: row for row in read_set("trade_monthly") if row["flow"] == "export"}
    periods = [period for (period,) in cells(answer, "period")]
    assert periods == sorted(kept, reverse=True)
    for period, value, first, change in cells(answer, "period", "value", "first", "change"):
        row = kept[str(period)]
        assert value == float(row["value_usd_million"])
        assert first == (float(row["value_first_usd_million"]) if row["value_first_usd_million"] else None)
        old = kept.get(f"{int(str(period)[:4]) - 1}{str(period)[4:]}")
        assert change == (
            None if old is None else round(100 * (float(row["value_usd_million"]) / float(old["value_usd_million"]) - 1), 1)
        )
    assert "2025-03" not in periods, "a month that is missing is not invented"


def test_pages_are_cut_and_the_right_is_asked() -> None:
    nobody = Viewer(label="nobody")
    for name in NAMES:
        first = ask(name, {}, SYSTEM, at=AT, page=Page(10)).listed()
        again = ask(name, {}, SYSTEM, at=AT, page=Page(10, first.next_cursor)).listed()
        assert len(first.rows) == 10 and first.next_cursor == "10" and first.rows != again.rows
        with pytest.raises(NotPermitted):
            ask(name, {}, nobody, at=AT)
