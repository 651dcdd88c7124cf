"""Does the engine open what is named, keep to its limits, and read files as they are written?"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from banggiao.analytics import engine
from banggiao.core.errors import InvalidInput, SetupProblem


def test_nothing_is_fetched_and_what_spills_goes_where_it_is_told(tmp_path: Path) -> None:
    with engine.duckdb_connection(memory="300MB", threads=1, scratch=tmp_path / "spill") as connection:
        settings = dict(connection.sql("SELECT name, value FROM duckdb_settings()").fetchall())
    assert settings["autoinstall_known_extensions"] == settings["autoload_known_extensions"] == "false"
    assert (settings["memory_limit"], settings["threads"], settings["temp_directory"]) == (
        "286.1 MiB",
        "1",
        str(tmp_path / "spill"),
    )
    assert not (tmp_path / "spill").exists()


def test_another_kind_of_engine_is_refused() -> None:
    for url in ("postgres://somewhere", "spark://", "duckdb:///a/file"):
        with pytest.raises(InvalidInput) as caught:
            engine.open_engine(url)
        assert caught.value.subject == url


def test_a_memory_size_nobody_understands_is_refused() -> None:
    with pytest.raises(SetupProblem):
        engine.duckdb_connection(memory="much")


def test_more_than_memory_and_disk_hold_is_said_in_words(tmp_path: Path) -> None:
    with engine.engine(memory="20MB", threads=1, scratch=tmp_path) as backend:
        backend.con.execute("SET max_temp_directory_size = '1MB'")
        backend.con.execute("CREATE VIEW numbers AS SELECT range AS n, hash(range) AS h FROM range(20_000_000)")
        numbers = backend.table("numbers")
        with pytest.raises(SetupProblem):
            engine.arrow(numbers.group_by("h").agg(n=numbers.n.sum()).order_by("n"))


def test_the_year_is_the_one_written_in_the_file(tmp_path: Path) -> None:
    odd = tmp_path / "a [b]" / "year=2020"
    odd.mkdir(parents=True)
    pq.write_table(pa.table({"year": pa.array([2019], pa.int16()), "value": [1.0]}), odd / "part.parquet")
    with engine.engine() as backend:
        read = engine.read_parquet(backend, [odd / "part.parquet", odd / "part.parquet"])
        assert engine.arrow(read).to_pydict() == {"year": [2019, 2019], "value": [1.0, 1.0]}
        with pytest.raises(InvalidInput):
            engine.read_parquet(backend, [])
