"""What must hold for relational measures of any trade table: shares add up, units and names do not matter, terms add up."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banggiao.analytics import engine
from banggiao.analytics.measures.complementarity import complementarity
from banggiao.analytics.measures.concentration import concentration
from banggiao.analytics.measures.growth import decomposition, growth
from banggiao.analytics.measures.rca import rca
from banggiao.analytics.measures.shares import market_shares
from tests.factories.measures import Row

COLUMNS = ("year", "exporter", "importer", "product", "value")
tables = st.lists(
    st.tuples(
        st.sampled_from([2020, 2021]),
        st.sampled_from("ABC"),
        st.sampled_from("XYZ"),
        st.sampled_from(["p", "q", "r"]),
        st.floats(0.01, 1e6),
    ),
    min_size=1,
    max_size=25,
)
Trade = list[tuple[int, str, str, str, float]]


@cache
def _backend() -> ibis.BaseBackend:
    return engine.open_engine(threads=1)


def asked(rows: Trade, measure: Any) -> list[Row]:
    """The rows of a measure of these rows, in order of their keys."""
    table = engine.from_arrow(_backend(), pa.Table.from_pylist([dict(zip(COLUMNS, row, strict=True)) for row in rows]))
    found: list[Row] = engine.arrow(measure(table)).to_pylist()
    return sorted(found, key=lambda row: [str(value) for value in row.values() if not isinstance(value, float)])


@settings(max_examples=25, deadline=None)
@given(tables)
def test_shares_add_up_to_one_in_each_market(rows: Trade) -> None:
    whole: dict[Any, float] = {}
    for row in asked(rows, market_shares):
        market = row["year"], row["importer"], row["product"]
        whole[market] = whole.get(market, 0.0) + row["share"]
    assert list(whole.values()) == pytest.approx([1.0] * len(whole))


@settings(max_examples=25, deadline=None)
@given(tables, st.floats(1e-3, 1e3))
def test_the_unit_does_not_matter(rows: Trade, factor: float) -> None:
    scaled = [(*row[:4], row[4] * factor) for row in rows]
    measures = (rca, lambda t: concentration(t, ["importer"]), lambda t: complementarity(t, exporter="A"))
    for measure, figure in zip(measures, ("rca", "hhi", "tci"), strict=True):
        one, other = asked(rows, measure), asked(scaled, measure)
        assert [row[figure] for row in one] == pytest.approx([row[figure] for row in other], rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(tables)
def test_other_names_give_the_same_figures(rows: Trade) -> None:
    renamed = [(year, {"A": "C", "B": "A", "C": "B"}[i], j, {"p": "r", "q": "p", "r": "q"}[k], v) for year, i, j, k, v in rows]
    one, other = asked(rows, rca), asked(renamed, rca)
    assert sorted(row["rca"] for row in one) == pytest.approx(sorted(row["rca"] for row in other), rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(tables, st.sampled_from(["product", "market", "neither"]))
def test_the_terms_of_growth_add_up(rows: Trade, order: Any) -> None:
    for row in asked(rows, lambda t: decomposition(t, "A", 2020, 2021, ["importer"], order)):
        terms = row["world"], row["product_mix"], row["market_mix"], row["competitiveness"]
        # Terms of opposite sign may be far larger than their sum.
        assert math.isclose(sum(terms), row["change"], rel_tol=1e-9, abs_tol=1e-9 * (1 + sum(map(abs, terms))))


@settings(max_examples=25, deadline=None)
@given(tables)
def test_concentration_keeps_its_bounds(rows: Trade) -> None:
    for row in asked(rows, lambda t: concentration(t, ["importer", "product"])):
        assert 1 / row["active"] - 1e-12 <= row["hhi"] <= 1 + 1e-12
        assert -1e-9 <= row["theil"] <= math.log(row["active"]) + 1e-9
        assert row["hhi_normalised"] is None if row["n"] == 1 else -1e-12 <= row["hhi_normalised"] <= 1 + 1e-12


@settings(max_examples=25, deadline=None)
@given(tables)
def test_shares_won_are_shares_lost(rows: Trade) -> None:
    if {row[0] for row in rows} == {2020, 2021}:
        assert sum(row["share_change"] for row in asked(rows, lambda t: growth(t, 2020, 2021, ["exporter"]))) == pytest.approx(
            0, abs=1e-12
        )
