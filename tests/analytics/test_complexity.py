"""Does complexity leave out what cannot be ranked, refuse what means nothing, and hand over tables a page can use?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq
import pytest

from banggiao.analytics.complexity import complexity, rca
from banggiao.analytics.country_product import CountryProduct
from banggiao.analytics.cube import COLUMNS, YearCube
from banggiao.analytics.relatedness import proximity, spread
from banggiao.core.errors import InvalidInput, NotFound, Unreadable
from tests.analytics.test_cube import written

VALUES = np.array([[50, 40, 60, 40, 30], [90, 10, 0, 12, 0], [10, 60, 70, 0, 0], [80, 0, 25, 0, 0]], float)
NAMES = np.array(list("ABCD")), np.array(["010121", "010129", "0201", "8517", "9999"])


def tiny(values: np.ndarray[Any, Any] = VALUES) -> CountryProduct:
    return CountryProduct(NAMES[0][: len(values)], NAMES[1][: values.shape[1]], values)


def test_what_exports_nothing_is_left_out_and_named() -> None:
    grown = np.zeros((5, 6))
    grown[:4, :5] = VALUES
    found = complexity(CountryProduct(np.array([*"ABCDE"]), np.array([*"pqrstu"]), grown))
    assert found.dropped_countries == ("E",) and found.dropped_products == ("u",)
    assert np.allclose(found.eci, complexity(tiny()).eci, atol=1e-12)


def test_too_few_countries_or_products_are_refused() -> None:
    with pytest.raises(InvalidInput, match="ít nhất 3"):
        complexity(tiny(VALUES[:2]))
    with pytest.raises(InvalidInput, match="ít nhất 3"):
        complexity(tiny(VALUES[:, :2]))


def test_two_directions_equally_good_are_refused() -> None:
    """Four countries on a ring, each sharing a product with two neighbours: turned by a quarter it is the same."""
    ring = np.eye(4) + np.roll(np.eye(4), 1, axis=1)
    with pytest.raises(InvalidInput, match="không tách nhau"):
        complexity(CountryProduct(np.arange(4), np.arange(4), ring))


def test_countries_equally_diversified_say_nothing_of_what_is_complex() -> None:
    """A chain closed to equal diversity: d is the same everywhere, so no end is the more complex."""
    values = np.array([[1, 1, 0, 0, 0], [0, 1, 1, 0, 0], [0, 0, 1, 1, 0], [0, 0, 0, 1, 1]], float)
    with pytest.raises(InvalidInput, match="không cho biết đầu nào"):
        complexity(CountryProduct(np.arange(4), np.arange(5), values), threshold=0.01)


def test_tables_tell_every_cell_with_its_labels() -> None:
    found = complexity(tiny())
    table = found.to_arrow()
    assert table.num_rows == 20 and table["country"].to_pylist()[:6] == [*"AAAAAB"]
    assert table.column_names == ["country", "product", "rca", "present", "density", "distance", "cog", "pci"]
    one = found.to_arrow("C")
    assert one["product"].to_pylist() == NAMES[1].tolist() and one["rca"].to_pylist()[1] == pytest.approx(2.248052, abs=1e-6)
    assert found.of_countries()["country"].to_pylist() == [*"ABCD"] and found.of_products().num_rows == 5
    assert found.nearest("8517", 2).to_pylist()[0]["proximity"] == 0.5
    assert np.allclose(found.distance + found.density, 1)
    for refused in (lambda: found.to_arrow("Z"), lambda: found.nearest("0000")):
        with pytest.raises(InvalidInput):
            refused()


def test_rca_is_nan_where_nothing_is_exported() -> None:
    found = rca(CountryProduct(np.arange(3), np.arange(2), np.array([[1.0, 0], [3, 0], [0, 0]])))
    assert np.array_equal(found, [[1, np.nan], [1, np.nan], [np.nan, np.nan]], equal_nan=True)


def test_a_tie_counts_as_advantage_whatever_the_rounding() -> None:
    """Where each country exports the world's mix, every RCA is 1 exactly; quotients of floats would say .9999 for some."""
    values = np.multiply.outer([7.0, 49, 3, 11], [3.0, 13, 29, 31, 101])
    with pytest.raises(InvalidInput, match="không tách nhau"):  # M is full: one direction only
        complexity(CountryProduct(np.arange(4), np.arange(5), values))


def test_spreading_over_proximity_never_writes_it_but_says_the_same() -> None:
    rng = np.random.default_rng(11)
    present = rng.random((30, 1100)) < rng.random(1100) * 0.5 + 0.05  # more products than two blocks, many ties in ubiquity
    present[0] = True
    phi = present.astype(float).T @ present / np.maximum.outer(present.sum(0), present.sum(0))
    rows = rng.normal(size=(7, 1100))
    assert np.allclose(proximity(present), phi, atol=1e-7)
    assert np.allclose(spread(present, rows, np.float64), rows @ phi, rtol=1e-11, atol=1e-11)
    assert np.allclose(spread(present, rows), rows @ phi, atol=2e-3)


def test_every_way_in_gives_the_same_matrix(tmp_path: Path) -> None:
    rows = [
        (704, 842, 10121, 5.0),
        (156, 704, 851712, 9.0),
        (704, 156, 10129, 2.0),
        (704, 842, 851712, 1.5),
        (842, 704, 10121, 4.0),
    ]
    cube = YearCube.from_arrays(*zip(*rows, strict=True))  # type: ignore[arg-type]
    trade, margins = written(tmp_path, cube, rows)
    table = pa.table(dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True)))
    names = {"country": "exporter", "product": "product", "value": "value"}
    pcsv.write_csv(table, tmp_path / "trade.csv")
    first = CountryProduct.from_margins(cube)
    for other in (
        CountryProduct.from_margin_file(margins["exporter_product"]),
        CountryProduct.from_trade([trade]),
        CountryProduct.from_table(table, **names, duplicates="sum"),
        CountryProduct.from_file(trade, **names, duplicates="sum"),
    ):
        assert np.array_equal(first.values, other.values)
        assert first.countries.tolist() == other.countries.tolist() and first.products.tolist() == other.products.tolist()
    text = CountryProduct.from_file(tmp_path / "trade.csv", **names, duplicates="sum")
    assert text.countries.tolist() == ["156", "704", "842"] and np.array_equal(text.values, first.values)


def test_a_long_table_is_refused_with_the_row_or_column_at_fault(tmp_path: Path) -> None:
    good = {"country": ["A", "A", "B"], "product": ["p", "q", "p"], "value": [1.0, 2.0, 3.0]}
    names = {"country": "country", "product": "product", "value": "value"}
    for change, said in (
        ({"product": ["p", "p", "p"]}, "2 dòng cho nước A, mặt hàng p"),
        ({"value": [1.0, -2.0, 3.0]}, "nước A, mặt hàng q"),
        ({"value": [1.0, float("nan"), 3.0]}, "nước A, mặt hàng q"),
        ({"value": [1.0, None, 3.0]}, "để trống ở dòng 2"),
        ({"value": ["1", "x", "3"]}, "phải là số"),
        ({"value": [0.0, 0.0, 0.0]}, "lớn hơn 0"),
    ):
        with pytest.raises(InvalidInput, match=said):
            CountryProduct.from_table(pa.table(good | change), **names)
    with pytest.raises(InvalidInput, match="không có cột weight"):
        CountryProduct.from_table(pa.table(good), country="country", product="product", value="weight")
    (tmp_path / "x.parquet").write_bytes(b"no")
    with pytest.raises(Unreadable):
        CountryProduct.from_file(tmp_path / "x.parquet", **names)
    pq.write_table(pa.table({"exporter": [1], "product": [2], "value": [-2.0]}), tmp_path / "y.parquet")
    with pytest.raises(InvalidInput):
        CountryProduct.from_trade([tmp_path / "y.parquet"])


def test_only_the_countries_asked_for() -> None:
    kept = tiny().among(["A", "C", "D"])
    assert kept.countries.tolist() == ["A", "C", "D"] and np.array_equal(kept.values, VALUES[[0, 2, 3]])
    with pytest.raises(NotFound, match="Z"):
        tiny().among(["A", "Z"])


def test_a_matrix_of_the_wrong_shape_is_refused() -> None:
    with pytest.raises(InvalidInput):
        CountryProduct(np.arange(3), np.arange(5), VALUES)
