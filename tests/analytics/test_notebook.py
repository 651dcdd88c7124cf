"""Does a table of one's own, file or Arrow or frame, get the same figures as the measures, whatever its columns are called?"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from banggiao.analytics import notebook
from banggiao.core.errors import InvalidInput, NotFound, Unreadable

#: The tiny matrix of the known answers: ECI and COI by ecomplexity 0.5.3.
CELLS = {"A": (50, 40, 60, 40, 30), "B": (90, 10, 0, 12, 0), "C": (10, 60, 70, 0, 0), "D": (80, 0, 25, 0, 0)}
ECI = {"A": 0.508801, "B": -0.673426, "C": 1.361779, "D": -1.197154}
COI = {"A": -0.415614, "B": 1.670507, "C": -0.274393, "D": -0.980500}
COLUMNS = {"country": "land", "product": "hang", "value": "usd"}
#: Three countries, two products: EPI(p) A->C is 13.043478 against 10 sold (design of the analytics, 5.4).
FLOWS = [
    ("A", "B", "p", 30), ("A", "C", "p", 10), ("B", "A", "p", 20), ("B", "C", "p", 20), ("C", "A", "p", 5), ("C", "B", "p", 15),
    ("A", "B", "q", 5), ("A", "C", "q", 15), ("B", "C", "q", 40), ("C", "A", "q", 30), ("C", "B", "q", 10),
]  # fmt: skip


def tiny() -> pa.Table:
    rows = [(c, f"01010{n}", v) for c, values in CELLS.items() for n, v in enumerate(values, 1) if v]
    land, hang, usd = zip(*rows, strict=True)
    return pa.table({"land": land, "hang": hang, "usd": usd})


def flows() -> pa.Table:
    exporter, importer, product, value = zip(*FLOWS, strict=True)
    return pa.table({"exporter": exporter, "importer": importer, "product": product, "value": value})


@pytest.fixture(params=["csv", "parquet", "arrow", "pandas"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> object:
    rows = tiny()
    if request.param == "arrow":
        return rows
    if request.param == "pandas":
        return rows.to_pandas()
    path = tmp_path / f"bang.{request.param}"
    if request.param == "csv":
        rows.to_pandas().to_csv(path, index=False)
    else:
        pq.write_table(rows, path)
    return path


def test_complexity_of_a_table_of_ones_own(source: object) -> None:
    found = notebook.complexity(source, COLUMNS).to_pylist()
    assert {r["country"]: r["eci"] for r in found} == pytest.approx(ECI, abs=1e-6)
    assert {r["country"]: r["coi"] for r in found} == pytest.approx(COI, abs=1e-5)


def test_codes_keep_their_zero(source: object) -> None:
    assert set(notebook.products(source, COLUMNS)["product"].to_pylist()) == {f"01010{n}" for n in range(1, 6)}
    near = notebook.proximity(source, "010101", 4, COLUMNS).to_pylist()
    assert near[0] == {"product": "010104", "proximity": 0.5}
    space = notebook.space(source, "A", COLUMNS).to_pandas().set_index("product")
    assert space.loc["010101", "rca"] == pytest.approx(0.570158, abs=1e-6)
    assert space.loc["010103", "density"] == pytest.approx(0.8, abs=1e-6)


def test_bilateral_measures() -> None:
    best = notebook.potential(flows(), "A").to_pandas().set_index(["importer", "product"])
    assert best.loc[("C", "p"), "unrealised"] == pytest.approx(3.043478, abs=1e-5)
    assert list(best["unrealised"]) == sorted(best["unrealised"], reverse=True)
    fit = {(r["exporter"], r["importer"]): r["tci"] for r in notebook.complementarity(flows(), "A").to_pylist()}
    assert fit["A", "B"] == pytest.approx(91.666667, abs=1e-5)
    hhi = {r["exporter"]: r["hhi"] for r in notebook.concentration(flows()).to_pylist()}
    assert hhi["A"] == pytest.approx(0.513889, abs=1e-6)
    sellers = notebook.competitors(flows(), "C", "p").to_pandas().set_index("exporter")
    assert sellers.loc["B", "share"] == pytest.approx(20 / 30)
    shares = {(r["product"], r["exporter"]): r["share"] for r in notebook.dependence(flows(), "C").to_pylist()}
    assert shares["q", "B"] == pytest.approx(40 / 55)


def test_growth_parts_add_up_to_the_change() -> None:
    later = flows().to_pandas().assign(value=lambda t: t.value * 1.5 + 1)
    both = pd.concat([flows().to_pandas().assign(year=2020), later.assign(year=2021)])
    for row in notebook.growth(pa.Table.from_pandas(both), "A", 2020, 2021).to_pylist():
        parts = (row[n] for n in ("world", "product_mix", "market_mix", "competitiveness"))
        assert sum(parts) == pytest.approx(row["change"])


def test_preference_margin_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "thue.csv"
    path.write_text("importer,exporter,product,mfn,preferential\nDEU,VNM,090111,0.1,0\nDEU,USA,090111,0.1,\n", encoding="utf-8")
    found = {r["exporter"]: r["margin"] for r in notebook.preference(path).to_pylist()}
    assert found == pytest.approx({"VNM": 0.1 / 1.1, "USA": 0.0})


def test_what_is_missing_or_no_table_is_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as raised:
        notebook.rca(tiny(), {"product": "hang"})
    assert {p.field for p in raised.value.problems} == {"exporter", "value"}
    with pytest.raises(InvalidInput):
        notebook.potential(flows(), "Z")
    with pytest.raises(InvalidInput):
        notebook.rca(flows().set_column(3, "value", pa.array(["một"] * len(FLOWS))))
    with pytest.raises(NotFound):
        notebook.rca(tmp_path / "khong-co.csv")
    broken = tmp_path / "hong.parquet"
    broken.write_bytes(b"khong phai parquet")
    with pytest.raises(Unreadable):
        notebook.rca(broken)
