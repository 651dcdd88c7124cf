"""Does a file that a person names become a trade table, and is each fault told with its column and line?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from banggiao.analytics import engine
from banggiao.analytics.measures.rca import rca
from banggiao.analytics.named import read_named
from banggiao.core.errors import InvalidInput, NotFound, Unreadable

NAMES = {"exporter": "country", "product": "hs", "value": "usd"}


@pytest.fixture
def backend() -> Iterator[ibis.BaseBackend]:
    with engine.engine(threads=2) as opened:
        yield opened


def written(folder: Path, text: str, name: str = "data.csv") -> Path:
    """A file with this text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_any_names_and_separators_are_read_and_zeros_kept(tmp_path: Path, backend: ibis.BaseBackend) -> None:
    path = written(tmp_path, "hs;other;country;usd\n010121;x;VNM; 5 \n010121;y;VNM;1e3\n020110;z;LAO;2.5\n", "it's.csv")
    found = read_named(backend, path, NAMES)
    assert (found.rows, found.repeated) == (3, 1)
    rows = sorted(engine.arrow(rca(found.table)).to_pylist(), key=lambda row: str(row["product"]))
    assert [(row["exporter"], row["product"], row["value"]) for row in rows] == [
        ("VNM", "010121", 1005.0),
        ("LAO", "020110", 2.5),
    ]


def test_parquet_is_read_too_with_years(tmp_path: Path, backend: ibis.BaseBackend) -> None:
    path = tmp_path / "year=1999" / "t.parquet"
    path.parent.mkdir()
    pq.write_table(pa.table({"Năm": [2020, 2021], "c": [704, 704], "p": [10121, 10121], "v": [1, 2]}), path)
    found = read_named(backend, path, {"year": "Năm", "exporter": "c", "product": "p", "value": "v"})
    assert engine.arrow(found.table).to_pylist()[0] == {"year": 2020, "exporter": "704", "product": "10121", "value": 1.0}
    assert (found.rows, found.repeated) == (2, 0)


def test_a_column_that_is_not_there_is_named_with_those_that_are(tmp_path: Path, backend: ibis.BaseBackend) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_named(backend, written(tmp_path, "nation,hs,usd\na,b,1\n"), NAMES)
    assert "country" in str(caught.value) and "nation, hs, usd" in str(caught.value)
    assert caught.value.problems[0].field == "exporter"
    with pytest.raises(InvalidInput, match="land"):
        read_named(backend, written(tmp_path, "a\n1\n"), {"land": "a"})


@pytest.mark.parametrize(
    ("line", "field", "words"),
    [
        ("VNM,01,-3", "value", "âm"),
        ("VNM,01,abc", "value", "không phải là số"),
        ('VNM,01,"1.234,5"', "value", "không phải là số"),
        ("VNM,01,", "value", "không phải là số"),
        ("VNM,01,nan", "value", "không phải là số"),
        (" ,01,5", "exporter", "trống"),
    ],
)
def test_a_bad_line_is_told_by_its_number(tmp_path: Path, backend: ibis.BaseBackend, line: str, field: str, words: str) -> None:
    path = written(tmp_path, "country,hs,usd\nVNM,01,1\n" + f"{line}\n" + "VNM,02,1\n" * 3)
    with pytest.raises(InvalidInput, match="dòng 3") as caught:
        read_named(backend, path, NAMES)
    assert words in str(caught.value)
    assert caught.value.problems[0].field == field
    assert caught.value.subject == str(path)


def test_lines_keep_their_numbers_in_a_long_file_read_by_several_threads(tmp_path: Path, backend: ibis.BaseBackend) -> None:
    lines = [f"VNM,{n:06d},{n}\n" for n in range(400_000)]
    for bad in (200_000, 399_999):
        lines[bad] = "VNM,01,x\n"
    with pytest.raises(InvalidInput, match=r"2 dòng .*200002, 400001"):
        read_named(backend, written(tmp_path, "country,hs,usd\n" + "".join(lines)), NAMES)


def test_what_is_no_table_is_refused(tmp_path: Path, backend: ibis.BaseBackend) -> None:
    with pytest.raises(NotFound):
        read_named(backend, tmp_path / "none.csv", NAMES)
    with pytest.raises(Unreadable):
        read_named(backend, written(tmp_path, "PAR1 no parquet", "a.parquet"), NAMES)
    with pytest.raises(Unreadable):
        read_named(backend, written(tmp_path, "country,hs,usd\n"), NAMES)
    broken = tmp_path / "latin.csv"
    broken.write_bytes(b"country,hs,usd\n" + "Việt".encode("utf-16") + b",01,5\n")
    with pytest.raises((Unreadable, InvalidInput)):
        read_named(backend, broken, NAMES)
