"""Do the relational measures give the figures that other programmes and pencils give for the same small tables?

The tiny matrix and its figures come from ecomplexity 0.5.3 and econcomplex 1.0.1; the three countries were worked out by hand.
"""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import pyarrow as pa
import pytest

from banggiao.analytics import engine
from banggiao.analytics.measures.complementarity import complementarity
from banggiao.analytics.measures.concentration import concentration
from banggiao.analytics.measures.preference import preference_margins, utilisation
from banggiao.analytics.measures.rca import rca

TINY = {"A": (50, 40, 60, 40, 30), "B": (90, 10, 0, 12, 0), "C": (10, 60, 70, 0, 0), "D": (80, 0, 25, 0, 0)}
THREE = {
    "p": {"AB": 30, "AC": 10, "BA": 20, "BC": 20, "CA": 5, "CB": 15},
    "q": {"AB": 5, "AC": 15, "BC": 40, "CA": 30, "CB": 10},
}


@pytest.fixture
def backend() -> Iterator[ibis.BaseBackend]:
    with engine.engine(threads=2) as opened:
        yield opened


@pytest.fixture
def tiny(backend: ibis.BaseBackend) -> ibis.Table:
    rows = [
        {"exporter": country, "product": f"p{n}", "value": float(value)}
        for country, values in TINY.items()
        for n, value in enumerate(values, 1)
    ]
    return engine.from_arrow(backend, pa.Table.from_pylist(rows))


@pytest.fixture
def three(backend: ibis.BaseBackend) -> ibis.Table:
    rows = [
        {"exporter": pair[0], "importer": pair[1], "product": product, "value": float(value)}
        for product, flows in THREE.items()
        for pair, value in flows.items()
    ]
    return engine.from_arrow(backend, pa.Table.from_pylist(rows))


def test_advantage_of_the_tiny_matrix(tiny: ibis.Table) -> None:
    found = {(row["exporter"], row["product"]): row["rca"] for row in engine.arrow(rca(tiny)).to_pylist()}
    assert [found["A", f"p{n}"] for n in range(1, 6)] == pytest.approx(
        [0.570158, 0.953719, 1.015249, 2.017483, 2.622727], abs=5e-7
    )
    others = [found["B", "p1"], found["B", "p4"], found["C", "p2"], found["C", "p3"], found["D", "p1"], found["D", "p3"]]
    assert others == pytest.approx([2.015916, 1.188874, 2.248052, 1.861290, 1.911387, 0.886329], abs=5e-7)


def test_normalised_concentration_over_all_five_products(tiny: ibis.Table) -> None:
    rows = engine.arrow(concentration(tiny, ["product"], n="all").order_by("exporter")).to_pylist()
    assert [row["hhi_normalised"] for row in rows] == pytest.approx([0.013430, 0.581473, 0.298469, 0.546485], abs=5e-7)
    assert {row["n"] for row in rows} == {5}
    assert [row["active"] for row in rows] == [5, 3, 3, 2]


def test_advantage_and_concentration_agree_with_econcomplex(tiny: ibis.Table) -> None:
    """Its `hhi` is the normalised one, over all products."""
    econcomplex = pytest.importorskip("econcomplex")
    frame = engine.arrow(tiny).to_pandas().pivot(index="exporter", columns="product", values="value")
    theirs = econcomplex.hhi(frame)
    ours = {row["exporter"]: row["hhi_normalised"] for row in engine.arrow(concentration(tiny, ["product"], n="all")).to_pylist()}
    assert [ours[country] for country in TINY] == pytest.approx(
        [float(theirs.loc[country].squeeze()) for country in TINY], rel=1e-12
    )


def test_concentration_over_markets_and_complementarity_of_three_countries(three: ibis.Table) -> None:
    """HHI of A over its markets .513889, normalised for n = 2 .027778; TCI of A with B 91.666667."""
    a = engine.arrow(concentration(three, ["importer"]).filter(lambda t: t.exporter == "A")).to_pylist()[0]
    assert (a["hhi"], a["hhi_normalised"], a["n"]) == (pytest.approx(0.513889, abs=5e-7), pytest.approx(0.027778, abs=5e-7), 2)
    index = engine.arrow(complementarity(three, exporter="A", importer="B")).to_pylist()
    assert index == [{"exporter": "A", "importer": "B", "tci": pytest.approx(91.666667, abs=5e-7)}]


def test_a_preference_of_ten_points(backend: ibis.BaseBackend) -> None:
    """Margin (0.20 - 0.10) / 1.20; 60 of 100 claimed leaves 40 x 0.10 to save. By hand."""
    row = {"importer": "X", "exporter": "A", "product": "p", "mfn": 0.2, "preferential": 0.1, "eligible": 100.0, "claimed": 60.0}
    table = engine.from_arrow(backend, pa.Table.from_pylist([row]))
    assert engine.arrow(preference_margins(table)).to_pylist()[0]["margin"] == pytest.approx(0.083333, abs=5e-7)
    used = engine.arrow(utilisation(table)).to_pylist()[0]
    assert (used["utilisation"], used["savings_left"], used["saved"]) == (
        pytest.approx(0.6),
        pytest.approx(4.0),
        pytest.approx(6.0),
    )
