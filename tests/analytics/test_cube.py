"""Does a year's cube hold what the rows tell, and refuse rows that cannot be trade?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from banggiao.analytics.cube import COLUMNS, Margins, YearCube
from banggiao.core.errors import InvalidInput, NotFound, Unreadable

ROWS = [(704, 842, 10121, 5.0), (156, 704, 851712, 9.0), (704, 156, 10129, 2.0), (704, 842, 851712, 1.5), (842, 704, 10121, 4.0)]


def made(rows: list[tuple[int, int, int, float]] = ROWS, **options: object) -> YearCube:
    return YearCube.from_arrays(*zip(*rows, strict=True), **options)  # type: ignore[arg-type]


def table(cube: YearCube) -> list[tuple[int, int, int, float]]:
    """The rows of a cube, by code, ascending."""
    found = []
    for i, code in enumerate(cube.countries):
        for j, k, v in zip(*cube.flows(i), strict=True):
            found.append((int(code), int(cube.countries[j]), int(cube.products[k]), float(v)))
    return sorted(found)


def written(folder: Path, cube: YearCube, rows: list[tuple[int, int, int, float]] = ROWS) -> tuple[Path, dict[str, Path]]:
    """A trade file and the margins of a cube, as the store keeps them."""
    trade = folder / "trade.parquet"
    pq.write_table(pa.table(dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True))), trade)
    margins = {}
    for name, keys, sums, labels in (
        ("exporter_product", ("exporter", "product"), cube.exports, (cube.countries, cube.products)),
        ("importer_product", ("importer", "product"), cube.imports, (cube.countries, cube.products)),
        ("pair", ("exporter", "importer"), cube.pair, (cube.countries, cube.countries)),
    ):
        at = np.nonzero(sums)
        columns = {keys[0]: labels[0][at[0]], keys[1]: labels[1][at[1]], "value": sums[at]}
        margins[name] = folder / f"{name}.parquet"
        pq.write_table(pa.table(columns), margins[name])
    return trade, margins


def test_margins_are_the_sums_of_the_flows() -> None:
    cube = made(year=2022)
    assert list(cube.countries) == [156, 704, 842] and list(cube.products) == [10121, 10129, 851712]
    assert cube.exports.tolist() == [[0, 0, 9], [5, 2, 1.5], [4, 0, 0]]
    assert cube.imports.tolist() == [[0, 2, 0], [4, 0, 9], [5, 0, 1.5]]
    assert cube.pair.tolist() == [[0, 9, 0], [2, 0, 6.5], [0, 4, 0]]
    assert cube.total == 21.5 and cube.rows == 5
    assert table(cube) == sorted(ROWS)
    assert not cube.exports.flags.writeable and not cube.value.flags.writeable


@pytest.mark.parametrize("stored", [False, True])
def test_a_cube_of_files_is_the_cube_of_the_rows(tmp_path: Path, stored: bool) -> None:
    cube = made()
    trade, margins = written(tmp_path, cube, ROWS[::-1])
    read = YearCube.from_parquet([trade], margins=margins if stored else None, year=2022)
    for name in ("countries", "products", "exports", "imports", "pair", "start", "importer", "product", "value"):
        assert np.array_equal(getattr(read, name), getattr(cube, name)), name
        assert not getattr(read, name).flags.writeable, name
    assert np.array_equal(Margins.stored(margins).imports, cube.imports)


def test_stored_sums_of_other_rows_are_refused(tmp_path: Path) -> None:
    _, margins = written(tmp_path, made())
    (tmp_path / "other").mkdir()
    trade, _ = written(tmp_path / "other", made(), ROWS[:2])
    with pytest.raises(InvalidInput, match="không khớp"):
        YearCube.from_parquet([trade], margins=margins)


def test_the_order_of_rows_does_not_matter_and_many_stretches_are_one() -> None:
    rng = np.random.default_rng(3)
    cells = rng.choice(40 * 40 * 300, 200_000, replace=False)
    i, j, k = cells // 12_000, cells // 300 % 40, cells % 300
    v = rng.lognormal(size=len(cells))
    first = YearCube.from_arrays(i, j, k, v)
    order = np.lexsort((j, i, k))
    second = YearCube.from_arrays(i[order], j[order], k[order], v[order])
    assert np.array_equal(first.value, second.value) and np.array_equal(first.product, second.product)
    dense = np.zeros((40, 40, 300))
    dense[i, j, k] = v
    assert np.allclose(first.exports, dense.sum(1), rtol=1e-13) and np.allclose(second.imports, dense.sum(0), rtol=1e-13)
    assert np.allclose(first.pair, dense.sum(2), rtol=1e-13)


def test_a_row_told_twice_is_refused_or_summed_never_dropped() -> None:
    twice = [*ROWS, (704, 842, 10121, 5.0)]
    with pytest.raises(InvalidInput) as refused:
        made(twice)
    assert "704" in str(refused.value) and "842" in str(refused.value) and "010121" in str(refused.value)
    summed = made(twice, duplicates="sum")
    assert summed.rows == 5 and summed.total == 26.5 and (704, 842, 10121, 10.0) in table(summed)
    assert summed.exports.sum() == summed.value.sum()


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_a_value_that_cannot_be_one_is_refused_with_its_row(value: float) -> None:
    with pytest.raises(InvalidInput) as refused:
        made([*ROWS, (156, 842, 10129, value)])
    assert "156" in str(refused.value) and "842" in str(refused.value) and "10129" in str(refused.value)


def test_nothing_unequal_columns_and_impossible_codes_are_refused() -> None:
    for rows in ([], [(1, 2, 3, 0.0)]):
        with pytest.raises(InvalidInput):
            YearCube.from_arrays(*(np.array([row[n] for row in rows], float if n == 3 else int) for n in range(4)))
    with pytest.raises(InvalidInput):
        YearCube.from_arrays([1, 2], [2, 1], [3], [1.0, 1.0])
    for wrong in ((-1, 2, 3), (1, 40_000, 3), (1, 2, 1_000_000)):
        with pytest.raises(InvalidInput):
            made([(*wrong, 1.0)])
    with pytest.raises(InvalidInput):
        YearCube.from_arrays(["vnm"], ["usa"], ["010121"], [1.0])


def test_rows_of_nothing_are_left_out() -> None:
    assert table(made([*ROWS, (156, 842, 10129, 0.0)])) == sorted(ROWS)


def test_a_file_that_is_no_trade_table_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "bad.parquet").write_bytes(b"not a table")
    pq.write_table(pa.table({"exporter": [1], "value": [2.0]}), tmp_path / "short.parquet")
    for name in ("bad.parquet", "short.parquet", "missing.parquet"):
        with pytest.raises(Unreadable, match=name):
            YearCube.from_parquet([tmp_path / name])


def test_headings_and_chapters_are_sums_of_their_products() -> None:
    cube = made()
    heading = cube.coarser(4)
    assert list(heading.products) == [101, 8517] and heading.total == cube.total
    assert heading.exports.tolist() == [[0, 9], [7, 1.5], [4, 0]] and np.array_equal(heading.pair, cube.pair)
    assert list(cube.coarser(2).products) == [1, 85]


def test_trade_among_some_countries() -> None:
    among = made().among([704, 842])
    assert table(among) == sorted(row for row in ROWS if 156 not in row[:2])
    with pytest.raises(NotFound):
        made().among([704, 999])


def test_a_floor_of_exports_and_people() -> None:
    cube = made()
    assert cube.at_least(exports=8.5) == (156, 704)
    assert cube.at_least(exports=0, population={156: 1.4e9, 704: 1e8}, people=1e6) == (156, 704)


def test_positions() -> None:
    cube = made()
    assert cube.country_position(704) == 1 and cube.product_position(851712) == 2
    with pytest.raises(NotFound):
        cube.country_position(705)
    with pytest.raises(NotFound):
        cube.product_position(999_998)
