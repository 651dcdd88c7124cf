"""Do the questions on world trade give what the measures give, with release, rule and label, to whoever may ask?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from banggiao.accounts.permissions import PERMISSIONS
from banggiao.analytics.complexity import complexity
from banggiao.analytics.country_product import CountryProduct
from banggiao.analytics.potential import potential
from banggiao.analytics.store import Store
from banggiao.core.errors import InvalidInput, NotPermitted
from banggiao.core.exports import answer_as_json
from banggiao.core.questions import ALL, Answer, Page, ask, question_named
from banggiao.core.vocabulary import vocabulary
from banggiao.markets.words import ranges_for
from banggiao.partners.services import create_partner
from tests.factories.rows import AT, SYSTEM, act, barrier, partner, viewer

pytestmark = pytest.mark.django_db
#: Questions on trade as it is; what-ifs, which need a scenario, have tests of their own.
NAMES = (
    "market_alternatives", "market_barriers", "market_complementarity", "market_complexity", "market_concentration",
    "market_dependence", "market_growth", "market_nearest", "market_opportunities", "market_opportunity_terms",
    "market_partner_trade", "market_preference", "market_proximity", "market_releases", "market_space", "market_suppliers",
)  # fmt: skip
#: Questions on kinds of releases that the small store does not hold, or on no release at all.
ELSEWHERE = {"market_preference", "market_releases"}


def cells(answer: Answer, *keys: str) -> list[tuple[Any, ...]]:
    places = [[c.key for c in answer.columns].index(key) for key in keys]
    return [tuple(row.cells[p] for p in places) for row in answer.rows]


def needed(name: str, store: Store) -> dict[str, str]:
    """Values of what the question cannot do without, taken from the release."""
    release = store.in_force()
    cube = store.cube(release, max(release.years))
    iso3 = dict(zip(*(store.countries(release)[n].to_pylist() for n in ("code", "iso3")), strict=True))
    known = {"product": f"{int(cube.products[3]):06d}", "market": "DEU", "partner": "USA"}
    assert {"DEU", "USA", "VNM"} <= set(iso3.values())
    return {p.name: known[p.name] for p in question_named(name).parameters if p.needed}


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_names_release_and_rule_and_is_labelled_made_up(name: str, trade_store: Path) -> None:
    store = Store(trade_store)
    answer = ask(name, needed(name, store), SYSTEM, at=AT, page=ALL).listed()
    assert answer.rule in vocabulary("counting_rule") and len(list(answer.rows)) == answer.total
    assert all(len(row.cells) == len(answer.columns) for row in answer.rows)
    if name in ELSEWHERE:
        return
    release = store.in_force()
    assert answer.parameters["release"] == release.id and answer.parameters["year"] == str(max(release.years))
    if name != "market_barriers":  # the register of barriers holds real ones
        assert answer.total and all(row.exercise for row in answer.rows)
        assert "TỔNG HỢP" in answer.sources[0].label.vi and "SYNTHETIC" in answer.sources[0].label.en
        assert answer_as_json(answer)["notice"]["vi"] == "DIỄN TẬP"


@pytest.mark.parametrize("name", NAMES)
def test_without_a_release_an_answer_is_empty_and_says_what_to_do(name: str, no_trade_store: None) -> None:
    asked = {p.name: {"product": "090111"}.get(p.name, "USA") for p in question_named(name).parameters if p.needed}
    answer = ask(name, asked, SYSTEM, at=AT).listed()
    assert answer.total == 0
    if name not in {"market_releases"}:
        assert "banggiao markets ingest" in answer.sources[0].label.vi


@pytest.mark.parametrize("role", PERMISSIONS)
def test_who_may_ask_and_who_may_ingest(role: str, trade_store: Path) -> None:
    assert viewer(role).may("markets.view")
    assert ask("market_complexity", {}, viewer(role), at=AT).total > 3
    assert viewer(role).may("markets.ingest") is (role in ("desk", "administrator"))


def test_nobody_asks_without_the_right(trade_store: Path) -> None:
    from banggiao.core.acts import Viewer

    with pytest.raises(NotPermitted):
        ask("market_opportunities", {}, Viewer("khách"), at=AT)


def test_complexity_is_that_of_the_measure(trade_store: Path) -> None:
    store = Store(trade_store)
    release = store.in_force()
    matrix = CountryProduct.from_margin_file(store.margin_file(release, 2024, "exporter_product"))
    measured = complexity(matrix.among(matrix.countries[matrix.values.sum(axis=1) >= 1e6].tolist()))
    answer = ask("market_complexity", {}, SYSTEM, at=AT, page=ALL).listed()
    shown = [eci for _rank, eci in cells(answer, "rank", "eci")]
    assert shown == pytest.approx(sorted(measured.eci, reverse=True), abs=5e-4)
    assert [rank for (rank,) in cells(answer, "rank")] == list(range(1, len(measured.countries) + 1))


def test_opportunities_are_the_cells_with_most_unrealised_potential(trade_store: Path) -> None:
    store = Store(trade_store)
    release = store.in_force()
    top = potential(store.cube(release, 2024), 704).top(25).to_pydict()
    answer = ask("market_opportunities", {"top": "25"}, SYSTEM, at=AT, page=ALL).listed()
    assert [hs for (hs,) in cells(answer, "hs")] == [f"{k:06d}" for k in top["product"]]
    shown = [v for (v,) in cells(answer, "unrealised")]
    assert shown == pytest.approx([v / 1000 for v in top["unrealised"]], rel=0.01, abs=0.06)
    for unrealised, whole, actual, share, imports in cells(answer, "unrealised", "potential", "actual", "share", "imports"):
        assert unrealised == pytest.approx(max(whole - actual, 0), abs=0.11)
        assert share == pytest.approx(100 * actual / imports, abs=0.11)


def test_filters_of_opportunities_narrow(trade_store: Path) -> None:
    whole = ask("market_opportunities", {"top": "500"}, SYSTEM, at=AT, page=ALL).listed()
    german = ask("market_opportunities", {"top": "500", "market": "deu"}, SYSTEM, at=AT, page=ALL).listed()
    assert {code for (code,) in cells(german, "code")} == {"DEU"}
    food = ask("market_opportunities", {"top": "500", "sector": "food"}, SYSTEM, at=AT, page=ALL).listed()
    assert food.total and {int(hs[:2]) <= 24 for (hs,) in cells(food, "hs")} == {True}
    chapter = cells(whole, "hs")[0][0][:2]
    of_chapter = ask("market_opportunities", {"top": "500", "hs": chapter}, SYSTEM, at=AT, page=ALL).listed()
    assert {hs[:2] for (hs,) in cells(of_chapter, "hs")} == {chapter}
    both = ask("market_opportunities", {"hs": chapter, "market": "DEU"}, SYSTEM, at=AT, page=ALL).listed()
    assert {code for (code,) in cells(both, "code")} <= {"DEU"}
    growing = ask("market_opportunities", {"top": "40", "measure": "growth"}, SYSTEM, at=AT, page=ALL).listed()
    rates = [g for (g,) in cells(growing, "growth") if g is not None]
    assert rates == sorted(rates, reverse=True)


@pytest.mark.parametrize(
    ("name", "params", "field"),
    [
        ("market_opportunities", {"exporter": "QQQ"}, "exporter"),
        ("market_opportunities", {"market": "zz-không-có"}, "market"),
        ("market_opportunities", {"hs": "1"}, "hs"),
        ("market_opportunities", {"hs": "cà phê"}, "hs"),
        ("market_opportunities", {"hs": "1234567"}, "hs"),
        ("market_opportunities", {"q": "a" * 300}, "q"),
        ("market_opportunities", {"top": "0"}, "top"),
        ("market_opportunities", {"top": "99999"}, "top"),
        ("market_opportunities", {"sector": "none"}, "sector"),
        ("market_complexity", {"year": "1999"}, "year"),
        ("market_complexity", {"year": "null"}, "year"),
        ("market_complexity", {"release": "../etc"}, "release"),
        ("market_suppliers", {"product": "999999999", "market": "DEU"}, "product"),
        ("market_opportunity_terms", {"product": "999999", "market": "DEU"}, "product"),
        ("market_partner_trade", {"partner": "ZZZ"}, "partner"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_field(name: str, params: dict[str, str], field: str, trade_store: Path) -> None:
    with pytest.raises(InvalidInput) as raised:
        ask(name, params, SYSTEM, at=AT)
    assert [p.field for p in raised.value.problems] == [field]


def test_terms_multiply_to_the_potential(trade_store: Path) -> None:
    [(hs, code)] = cells(ask("market_opportunities", {"top": "1"}, SYSTEM, at=AT).listed(), "hs", "code")
    answer = ask("market_opportunity_terms", {"product": hs, "market": code}, SYSTEM, at=AT, page=ALL).listed()
    *factors, whole, actual, left = [value for (value,) in cells(answer, "value")]
    product = 1.0
    for factor in factors:
        product *= factor
    assert product == pytest.approx(whole, rel=0.01) and left == pytest.approx(max(whole - actual, 0), abs=0.11)


def test_suppliers_add_up_to_the_market(trade_store: Path) -> None:
    [(hs, code, imports, suppliers)] = cells(
        ask("market_opportunities", {"top": "1"}, SYSTEM, at=AT).listed(), "hs", "code", "imports", "suppliers"
    )
    answer = ask("market_suppliers", {"product": hs, "market": code}, SYSTEM, at=AT, page=ALL).listed()
    assert answer.total == suppliers
    assert sum(v for (v,) in cells(answer, "value")) == pytest.approx(imports, rel=0.01)
    assert sum(s for (s,) in cells(answer, "share")) == pytest.approx(100, abs=0.1 * suppliers)
    assert [rank for (rank,) in cells(answer, "rank")] == list(range(1, suppliers + 1))


def test_growth_parts_add_up(trade_store: Path) -> None:
    for start, end, change, *parts in cells(
        ask("market_growth", {}, SYSTEM, at=AT, page=ALL).listed(),
        "start", "end", "change", "world", "product_mix", "market_mix", "competitiveness",
    ):  # fmt: skip
        assert change == pytest.approx(end - start, abs=0.2) and sum(parts) == pytest.approx(change, abs=0.3)


def test_a_barrier_hits_its_chapter_in_its_market_or_bloc_only(trade_store: Path) -> None:
    [(hs, code)] = cells(ask("market_opportunities", {"top": "1"}, SYSTEM, at=AT).listed(), "hs", "code")
    market = partner(code, f"Nước {code}")
    barrier(name_vi="Theo chương", partner_id=market.pk, hs_chapters=hs[:2], classification="public")
    barrier(name_vi="Chương khác", partner_id=market.pk, hs_chapters="98")
    barrier(name_vi="Bằng chữ", partner_id=market.pk, products_vi="Mọi mặt hàng", classification="public")
    barrier(name_vi="Nước khác", partner_id=partner("XBB", "Nước B").pk, hs_chapters=hs[:2])
    barrier(name_vi="Kín", partner_id=market.pk, hs_chapters=hs[:2], classification="internal")
    asked = {"product": hs, "market": code}

    def names(who: Any) -> set[str]:
        return {ref.title.vi for (ref,) in cells(ask("market_barriers", asked, who, at=AT, page=ALL).listed(), "barrier")}

    assert names(SYSTEM) == {"Theo chương", "Bằng chữ", "Kín"}
    assert names(viewer("enterprise")) == {"Theo chương", "Bằng chữ"}
    values = {"code": "KHOI", "kind": "bloc", "name_vi": "Khối", "name_en": "Bloc", "classification": "public"}
    bloc = create_partner(act=act(), values=values, members=[market])
    barrier(name_vi="Của khối", partner_id=bloc.pk, hs_chapters=hs[:2])
    assert "Của khối" in names(viewer("desk"))
    [(count,)] = cells(ask("market_opportunities", {"top": "1"}, viewer("desk"), at=AT).listed(), "barriers")
    assert count == len(names(viewer("desk")))
    [(foreign,)] = cells(ask("market_opportunities", {"top": "1", "exporter": "USA"}, SYSTEM, at=AT).listed(), "barriers")
    assert foreign is None  # the register speaks of our goods


def test_the_year_before_is_asked_by_name(trade_store: Path) -> None:
    now, before = (ask("market_complexity", {"year": y}, SYSTEM, at=AT, page=ALL).listed() for y in ("2024", "2023"))
    assert now.parameters["year"] == "2024" and before.sources[0].as_of == "2023"
    assert cells(now, "eci") != cells(before, "eci")


def test_pages_of_an_answer_are_the_whole(trade_store: Path) -> None:
    whole = ask("market_space", {}, SYSTEM, at=AT, page=ALL).listed()
    rows, cursor = [], ""
    while True:
        part = ask("market_space", {}, SYSTEM, at=AT, page=Page(17, cursor)).listed()
        rows += list(part.rows)
        cursor = part.next_cursor
        if not cursor:
            break
    assert rows == list(whole.rows)


def test_words_mean_products_not_chapters() -> None:
    assert any(90111 in each for each in ranges_for("cà phê"))
    assert not any(90230 in each for each in ranges_for("cà phê"))  # tea stands in the same chapter
    assert ranges_for("09") == [range(90_000, 100_000)]
    assert ranges_for("qwrtzxk") == []


def test_a_partner_that_is_not_public_lends_neither_its_name_nor_a_link(trade_store: Path) -> None:
    def named() -> dict[str, Any]:
        return dict(cells(ask("market_complementarity", {}, SYSTEM, at=AT, page=ALL).listed(), "code", "market"))

    partner("DEU", "Tên kín", classification="internal")
    partner("USA", "Tên mở", classification="public")
    assert "Tên kín" not in str(named()["DEU"])
    assert "Tên mở" in str(named()["USA"])


@pytest.mark.usefixtures("loaded")
def test_countries_of_the_packaged_register_are_named_in_vietnamese(trade_store: Path) -> None:
    rows = ask("market_complementarity", {}, SYSTEM, at=AT, page=ALL).listed()
    assert "Hoa Kỳ" in str(dict(cells(rows, "code", "market"))["USA"])
