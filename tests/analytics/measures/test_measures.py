"""What do the relational measures say of small tables whose answers can be had by hand, and of a drawn one in plain SQL?"""

from __future__ import annotations

from typing import Any

import ibis
import pyarrow as pa
import pytest

from banggiao.analytics.measures.competitors import competitors
from banggiao.analytics.measures.complementarity import complementarity
from banggiao.analytics.measures.concentration import concentration
from banggiao.analytics.measures.dependence import Thresholds, alternatives, dependence, exposure
from banggiao.analytics.measures.diversification import diversification, new_and_lost
from banggiao.analytics.measures.growth import decomposition, growth
from banggiao.analytics.measures.preference import preference_margins, utilisation
from banggiao.analytics.measures.rca import rca
from banggiao.analytics.measures.shares import market_shares, shares
from banggiao.core.errors import InvalidInput
from tests.factories.measures import Ask, Row, same

pytestmark = pytest.mark.relational


def table(columns: str, *rows: tuple[Any, ...]) -> pa.Table:
    """An Arrow table of named columns and rows."""
    names = columns.split()
    return pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows])


def one(rows: list[Row], **wanted: object) -> Row:
    """The one row with these keys."""
    found = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    assert len(found) == 1, found
    return found[0]


#: Two sellers, two markets, two products, two years.
TRADE = table(
    "year exporter importer product value",
    (2020, "A", "X", "p", 30.0), (2020, "A", "X", "q", 10.0), (2020, "A", "Y", "p", 20.0),
    (2020, "B", "X", "p", 10.0), (2020, "B", "Y", "q", 30.0),
    (2022, "A", "X", "p", 60.0), (2022, "A", "Y", "q", 20.0), (2022, "B", "X", "p", 40.0), (2022, "B", "Y", "q", 20.0),
)  # fmt: skip


def test_shares_are_of_the_whole_they_are_asked_within(ask: Ask) -> None:
    rows = ask(lambda t: shares(t, ["importer"], ["exporter"]), TRADE)
    assert one(rows, year=2020, exporter="A", importer="X")["share"] == pytest.approx(40 / 60)
    assert one(ask(lambda t: shares(t, ["exporter"]), TRADE), year=2022, exporter="B")["share"] == pytest.approx(60 / 140)
    assert one(ask(market_shares, TRADE), year=2020, importer="X", product="p", exporter="A")["share"] == pytest.approx(0.75)


def test_a_share_of_nothing_is_null(ask: Ask) -> None:
    empty = table("exporter importer product value", ("A", "X", "p", 0.0))
    assert ask(market_shares, empty)[0]["share"] is None
    assert ask(rca, empty)[0]["rca"] is None


def test_concentration_says_what_n_is(ask: Ask) -> None:
    active = one(ask(lambda t: concentration(t, ["importer"]), TRADE), year=2022, exporter="A")
    assert (active["active"], active["n"], active["n_rule"]) == (2, 2, "active")
    assert active["hhi"] == pytest.approx(0.75**2 + 0.25**2)
    assert active["hhi_normalised"] == pytest.approx((0.625 - 0.5) / 0.5)
    assert active["equivalent"] == pytest.approx(1.6)
    assert active["theil"] == pytest.approx(0.75 * 0.4054651081081644 + 0.25 * -0.6931471805599453)
    every = one(ask(lambda t: concentration(t, ["importer", "product"], n="all"), TRADE), year=2022, exporter="A")
    assert (every["active"], every["n"], every["n_rule"]) == (2, 2, "all")
    every = one(ask(lambda t: concentration(t, ["importer", "product"], n="all"), TRADE), year=2020, exporter="B")
    assert (every["active"], every["n"]) == (2, 4)
    given = one(ask(lambda t: concentration(t, ["importer"], n=195), TRADE), year=2022, exporter="A")
    assert (given["n"], given["n_rule"]) == (195, "given")


def test_one_member_alone_has_no_normalised_index(ask: Ask) -> None:
    rows = ask(lambda t: concentration(t, ["importer"]), table("exporter importer value", ("A", "X", 5.0)))
    assert (rows[0]["hhi"], rows[0]["hhi_normalised"], rows[0]["theil"]) == (1.0, None, 0.0)


def test_diversification_counts_and_new_lines_add_up(ask: Ask) -> None:
    before = one(ask(diversification, TRADE), year=2020, exporter="A")
    assert (before["markets"], before["products"], before["lines"], before["value"]) == (2, 2, 3, 60.0)
    assert before["equivalent_markets"] == pytest.approx(1 / (4 / 9 + 1 / 9))
    change = one(ask(new_and_lost, TRADE), exporter="A")
    assert (change["since"], change["year"]) == (2020, 2022)
    assert (change["new"], change["lost"], change["continued"], change["change"]) == (20.0, 30.0, 30.0, 20.0)
    assert (change["new_lines"], change["lost_lines"], change["continued_lines"]) == (1, 2, 1)


def test_the_year_before_is_the_one_before_in_the_table(ask: Ask, world: pa.Table) -> None:
    assert {(row["since"], row["year"]) for row in ask(new_and_lost, world)} == {(2019, 2021), (2021, 2022)}
    for row in ask(new_and_lost, world):
        assert row["change"] == pytest.approx(row["continued"] + row["new"] - row["lost"])


def test_dependence_flags_what_reaches_the_threshold(ask: Ask) -> None:
    row = one(ask(lambda t: dependence(t, "X"), TRADE), year=2020, product="p", exporter="A")
    assert (row["share"], row["suppliers"], row["supplier_hhi"]) == (0.75, 2, pytest.approx(0.625))
    assert row["world_share"] == pytest.approx(50 / 60)
    assert (row["by_share"], row["by_concentration"], row["by_world"], row["flags"]) == (True, True, True, 3)
    strict = Thresholds(share=0.8, concentration=0.7, world=0.9)
    assert one(ask(lambda t: dependence(t, "X", strict), TRADE), year=2020, product="p", exporter="A")["flags"] == 0


def test_exposure_adds_up_what_is_flagged_by_supplier(ask: Ask, world: pa.Table) -> None:
    measured = ask(lambda t: dependence(t, 3), world)
    for row in ask(lambda t: exposure(dependence(t, 3)), world):
        mine = [r for r in measured if (r["year"], r["exporter"]) == (row["year"], row["exporter"])]
        whole = sum(r["value"] for r in measured if r["year"] == row["year"])
        flagged = [r for r in mine if r["by_share"]]
        assert row["products"] == len(flagged)
        assert row["flagged"] == pytest.approx(sum(r["value"] for r in flagged))
        assert row["share"] == pytest.approx(sum(r["value"] for r in mine) / whole)
        assert row["flagged_share"] == pytest.approx(row["flagged"] / whole)


def test_stored_exports_give_the_same_dependence(ask: Ask, world: pa.Table) -> None:
    plain = ask(lambda t: dependence(t, 3), world)
    with_margin = ask(
        lambda t: dependence(t, 3, exports=t.group_by("year", "exporter", "product").agg(value=t.value.sum())), world
    )
    same(with_margin, plain, 1e-12)


def test_alternatives_name_size_share_and_growth(ask: Ask) -> None:
    rows = ask(lambda t: alternatives(t, "X", "p", "A"), TRADE)
    assert rows == [
        {
            "exporter": "B", "exports": 40.0, "world_share": 0.4, "supplied": 40.0, "elsewhere": 0.0, "cover": 0.0,
            "growth": pytest.approx(1.0),
        }
    ]  # fmt: skip
    assert ask(lambda t: alternatives(t, "X", "p", "A").drop("growth"), TRADE.drop_columns(["year"]))[0]["exports"] == 50.0


def test_complementarity_is_its_definition(ask: Ask, world: pa.Table) -> None:
    one_year = world.filter(pa.compute.equal(world["year"], 2022)).drop_columns(["year"])
    index = {row["importer"]: row["tci"] for row in ask(lambda t: complementarity(t, exporter=1), one_year)}
    sold, bought = (
        ask(lambda t: shares(t, ["product"], ["exporter"]), one_year),
        ask(lambda t: shares(t, ["product"], ["importer"]), one_year),
    )
    x = {row["product"]: row["share"] for row in sold if row["exporter"] == 1}
    for importer, tci in index.items():
        m = {row["product"]: row["share"] for row in bought if row["importer"] == importer}
        assert tci == pytest.approx(100 * (1 - sum(abs(m.get(k, 0) - x.get(k, 0)) for k in x.keys() | m.keys()) / 2))
    assert 1 not in index
    assert len(index) == 7


def test_growth_and_the_change_of_the_share(ask: Ask) -> None:
    row = one(ask(lambda t: growth(t, 2020, 2022, ["exporter"]), TRADE), exporter="A")
    assert (row["start"], row["end"], row["change"]) == (60.0, 80.0, 20.0)
    assert row["growth"] == pytest.approx((80 / 60) ** 0.5 - 1)
    assert row["share_change"] == pytest.approx(80 / 140 - 60 / 100)
    began = one(
        ask(lambda t: growth(t, 2020, 2022, ["exporter", "importer", "product"], ["product"]), TRADE),
        exporter="A",
        importer="Y",
        product="q",
    )
    assert (began["start"], began["growth"], began["end_share"]) == (0.0, None, 0.5)


def test_the_four_terms_by_hand(ask: Ask) -> None:
    # World 100 -> 140 (r .4); p 60 -> 100, q 40 -> 40; X 50 -> 100, Y 50 -> 40;
    # Xp 40 -> 100, Xq 10 -> 0, Yp 20 -> 0, Yq 30 -> 40.
    product = ask(lambda t: decomposition(t, "A", 2020, 2022, order="product"), TRADE)[0]
    assert product["world"] == pytest.approx(24)
    assert product["product_mix"] == pytest.approx((2 / 3 - 0.4) * 50 + (0 - 0.4) * 10)
    assert product["market_mix"] == pytest.approx((1.5 - 2 / 3) * 30 + (-1 - 0) * 10 + (-1 - 2 / 3) * 20)
    assert product["competitiveness"] == pytest.approx(60 - 30 - 45 + 0 + 0 + 20)
    market = ask(lambda t: decomposition(t, "A", 2020, 2022, order="market"), TRADE)[0]
    assert market["market_mix"] == pytest.approx((1 - 0.4) * 40 + (-0.2 - 0.4) * 20)
    mean = ask(lambda t: decomposition(t, "A", 2020, 2022), TRADE)[0]
    assert mean["product_mix"] == pytest.approx((product["product_mix"] + market["product_mix"]) / 2)


@pytest.mark.parametrize("by", [[], ["importer"], ["product"], ["importer", "product"]])
def test_the_four_terms_add_up_in_every_cut(ask: Ask, world: pa.Table, by: list[str]) -> None:
    rows = ask(lambda t: decomposition(t, 2, 2019, 2022, by), world)
    for row in rows:
        terms = row["world"] + row["product_mix"] + row["market_mix"] + row["competitiveness"]
        assert terms == pytest.approx(row["end"] - row["start"], rel=1e-9)
    exports = {row["year"]: row["value"] for row in ask(diversification, world) if row["exporter"] == 2}
    assert sum(row["change"] for row in rows) == pytest.approx(exports[2022] - exports[2019])


def test_competitors_are_ranked_with_gain_and_unit_value(ask: Ask) -> None:
    rows = ask(lambda t: competitors(t, "X", "p"), TRADE)
    assert [(row["exporter"], row["rank"], row["value"], row["share"]) for row in rows] == [
        ("A", 1, 60.0, 0.6),
        ("B", 2, 40.0, 0.4),
    ]
    assert rows[1]["share_change"] == pytest.approx(0.15)
    assert rows[1]["growth"] == pytest.approx(1.0)
    assert rows[1]["unit_value"] is None
    weighed = table("exporter importer product value quantity", ("A", "X", "p", 12.0, 4.0), ("A", "X", "q", 50.0, None))
    assert ask(lambda t: competitors(t, "X"), weighed)[0]["unit_value"] == 3.0


TARIFFS = table(
    "importer exporter product mfn preferential",
    ("X", "A", "p", 0.10, 0.0), ("X", "B", "p", 0.10, None), ("X", "C", "p", 0.10, 0.05), ("X", "A", "q", 0.2, 0.1),
)  # fmt: skip


def test_margins_by_hand_and_against_what_others_pay(ask: Ask) -> None:
    plain = one(ask(preference_margins, TARIFFS), exporter="A", product="p")
    assert (plain["paid"], plain["margin"]) == (0.0, pytest.approx(0.1 / 1.1))
    # D has no row and pays the general tariff: the others pay (20 x .10 + 40 x .05 + 20 x .10) / 80 = .075.
    sales = table(
        "importer exporter product value",
        ("X", "A", "p", 10.0), ("X", "B", "p", 20.0), ("X", "C", "p", 40.0), ("X", "D", "p", 20.0), ("X", "A", "q", 5.0),
    )  # fmt: skip
    rows = ask(preference_margins, TARIFFS, sales)
    adjusted = one(rows, exporter="A", product="p")
    assert adjusted["others_pay"] == pytest.approx(0.075)
    assert adjusted["adjusted_margin"] == pytest.approx(0.075 / 1.075)
    worse = one(rows, exporter="B", product="p")
    assert worse["others_pay"] == pytest.approx((40 * 0.05 + 20 * 0.1) / 70)
    assert worse["adjusted_margin"] < 0
    assert one(rows, exporter="A", product="q")["adjusted_margin"] is None


def test_utilisation_and_what_is_left_to_save(ask: Ask) -> None:
    use = table(
        "importer exporter product eligible claimed mfn preferential",
        ("X", "A", "p", 100.0, 60.0, 0.1, 0.0), ("X", "A", "q", 50.0, 50.0, 0.2, 0.15), ("X", "A", "r", 70.0, 0.0, 0.0, 0.0),
    )  # fmt: skip
    row = ask(utilisation, use)[0]
    assert (row["eligible"], row["claimed"], row["unclaimed"]) == (150.0, 110.0, 40.0)
    assert row["utilisation"] == pytest.approx(110 / 150)
    assert row["savings_left"] == pytest.approx(4.0)
    assert row["saved"] == pytest.approx(6.0 + 2.5)
    assert len(ask(lambda t: utilisation(t, ["product"]), use)) == 2


def test_a_missing_column_is_named_with_those_that_exist(engines: list[ibis.BaseBackend]) -> None:
    with pytest.raises(InvalidInput) as caught:
        rca(ibis.memtable({"country": ["A"], "product": ["p"], "value": [1.0]}))
    assert [problem.field for problem in caught.value.problems] == ["exporter"]
    assert "country, product, value" in str(caught.value)


def test_lines_known_to_stand_alone_give_the_same_without_adding_up(ask: Ask, world: pa.Table) -> None:
    same(ask(lambda t: market_shares(t, unique=True), world), ask(market_shares, world), 1e-12)
    same(ask(lambda t: diversification(t, unique=True), world), ask(diversification, world), 1e-12)


def test_doubled_rows_are_added_up_and_not_dropped(ask: Ask, world: pa.Table) -> None:
    half = world.set_column(4, "value", pa.compute.divide(world["value"], 2.0))
    for measure in (rca, market_shares, diversification, new_and_lost, lambda t: dependence(t, 3)):
        same(ask(measure, pa.concat_tables([half, half])), ask(measure, world))
