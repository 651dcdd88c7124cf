"""Where are questions about trade tables computed: in this process (DuckDB) or on a cluster (Spark)?

The only module that opens DuckDB or Spark. The measures are Ibis expressions and run unchanged on either; `arrow` brings their
result home. An engine belongs to one thread; opening one on DuckDB takes milliseconds.
"""

from __future__ import annotations

import secrets
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from banggiao.core.errors import N_, FieldProblem, InvalidInput, SetupProblem

#: What DuckDB may hold in memory before it writes to disk; a year of world trade needs about half of it.
MEMORY = "2GB"
DUCKDB, SPARK = "duckdb://", "spark://"


def duckdb_connection(
    *, memory: str = MEMORY, threads: int | None = None, scratch: Path | None = None, file: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection (in memory, or on `file`) that never fetches extensions and spills to `scratch`.

    `memory` is a size as DuckDB writes it ("2GB"), `threads` the number of cores to use (None: all). Without `scratch` what does
    not fit goes to a folder of the system's temporary files that exists only while it is needed. Raises SetupProblem for a
    memory size that cannot be read.
    """
    # Left alone, an in-memory DuckDB spills into `.tmp` of whatever folder the process was started in.
    spill = scratch or Path(tempfile.gettempdir()) / f"banggiao-duckdb-{secrets.token_hex(8)}"
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "temp_directory": str(spill),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
    }
    if threads is not None:
        settings["threads"] = threads
    try:
        connection = duckdb.connect(str(file) if file else ":memory:", config=settings)
    except duckdb.ParserException as error:
        raise SetupProblem(
            N_("Không hiểu giới hạn bộ nhớ hoặc số luồng đã đặt cho DuckDB."),
            subject=memory,
            remedy=N_("Hãy viết như 2GB và số luồng từ 1 trở lên."),
        ) from error
    # A bar drawn into standard output would spoil what is printed there; how far a query is can still be asked.
    connection.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
    return connection


def open_engine(
    url: str | None = None, *, memory: str = MEMORY, threads: int | None = None, scratch: Path | None = None
) -> ibis.BaseBackend:
    """The Ibis backend that `url` names: None or "duckdb://" here, "spark://local[2]" or "spark://host:7077" on Spark.

    `memory` and `threads` are DuckDB's; on Spark `memory` is the driver's, where no session runs yet. Raises InvalidInput for
    another kind of address and SetupProblem where Spark or its Java is missing or does not answer.
    """
    if not url or url == DUCKDB:
        return ibis.duckdb.from_connection(duckdb_connection(memory=memory, threads=threads, scratch=scratch))
    if url.startswith(SPARK) and len(url) > len(SPARK):
        return _spark(url, memory)
    message = N_("Không biết máy tính toán này; hãy dùng duckdb:// hoặc spark://máy:cổng.")
    raise InvalidInput(message, subject=url, problems=[FieldProblem("engine", message)])


@contextmanager
def engine(url: str | None = None, **options: Any) -> Iterator[ibis.BaseBackend]:
    """`open_engine` for the length of a block. A Spark session goes on, because starting another takes seconds."""
    backend = open_engine(url, **options)
    try:
        yield backend
    finally:
        if backend.name == "duckdb":
            backend.disconnect()


def read_parquet(backend: ibis.BaseBackend, files: Iterable[Path]) -> ibis.Table:
    """The rows of several Parquet files of one layout as one table, with the columns written in them.

    Years are read from the column, not from folder names such as `year=2022`, so both engines see the same. Raises InvalidInput
    without any file.
    """
    paths = [str(path) for path in files]
    if not paths:
        message = N_("Không có tệp dữ liệu nào để đọc.")
        raise InvalidInput(message, problems=[FieldProblem("files", message)])
    if backend.name == "duckdb":
        return backend.read_parquet(paths, hive_partitioning=False)
    name = f"read_{secrets.token_hex(8)}"
    # Spark takes paths for patterns; the backend's own reader takes one path only.
    escaped = ["".join(f"\\{c}" if c in "*?[]{}\\" else c for c in path) for path in paths]
    frame = backend._session.read.schema(_spark_schema(Path(paths[0]))).parquet(*escaped)
    frame.createOrReplaceTempView(name)
    return backend.table(name)


def from_arrow(backend: ibis.BaseBackend, rows: pa.Table) -> ibis.Table:
    """An Arrow table as a table of the engine; on DuckDB without a copy."""
    name = f"arrow_{secrets.token_hex(8)}"
    if backend.name == "duckdb":
        backend.con.register(name, rows)
    else:
        backend._session.createDataFrame(rows).createOrReplaceTempView(name)
    return backend.table(name)


def arrow(expression: ibis.Table) -> pa.Table:
    """The result of an expression as an Arrow table with the expression's column types; the order of rows is not promised.

    Raises SetupProblem when the engine runs out of memory or disk.
    """
    backend = expression.get_backend()
    try:
        if backend.name == "duckdb":
            return backend.to_pyarrow(expression)
        backend._run_pre_execute_hooks(expression)
        # `to_pyarrow` of this backend takes the way over pandas.
        rows = backend._session.sql(backend.compile(expression)).toArrow()
        return rows.cast(expression.schema().to_pyarrow())
    except duckdb.OutOfMemoryException as error:
        raise SetupProblem(
            N_("Phép tính cần nhiều bộ nhớ hoặc chỗ trên đĩa hơn mức cho phép."),
            remedy=N_("Hãy hỏi ít năm hơn, nâng giới hạn bộ nhớ hoặc dọn chỗ cho tệp tạm."),
        ) from error


def _spark(url: str, memory: str) -> ibis.BaseBackend:
    try:
        from pyspark.sql import SparkSession
    except ModuleNotFoundError as error:
        raise SetupProblem(
            N_("Chưa cài Spark."), subject=url, remedy=N_('Hãy chạy: pip install "banggiao[markets,spark]".')
        ) from error
    place = url.removeprefix(SPARK)
    local = place == "local" or place.startswith("local[")
    builder = SparkSession.builder.master(place if local else url).appName("banggiao")
    options = {
        "spark.driver.memory": memory.lower().removesuffix("b"),
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        # An overflow is an error, as on DuckDB; so is dividing by zero, which measures therefore avoid.
        "spark.sql.ansi.enabled": "true",
    }
    if local:
        # Two hundred partitions, the default, cost more than they save on one machine; executors need this Python.
        options |= {
            "spark.sql.shuffle.partitions": "8",
            "spark.pyspark.python": sys.executable,
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
        }
    for key, value in options.items():
        builder = builder.config(key, value)
    running = SparkSession.getActiveSession()
    # Spark would silently give back the session that runs, wherever it runs.
    if running is not None and running.sparkContext.master != (place if local else url):
        raise SetupProblem(
            N_("Tiến trình này đang dùng một Spark khác."),
            subject=running.sparkContext.master,
            remedy=N_("Hãy dừng Spark đang chạy rồi mở lại."),
        )
    try:
        return ibis.pyspark.connect(builder.getOrCreate())
    except Exception as error:  # Py4J and Spark raise families of their own, some of them before Spark is there
        raise SetupProblem(
            N_("Không mở được Spark."), subject=url, remedy=N_("Hãy kiểm tra địa chỉ và xem đã cài Java 17 trở lên chưa.")
        ) from error


def _spark_schema(file: Path) -> Any:
    """The columns of a Parquet file for Spark, which would otherwise add those it reads out of folder names."""
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(pq.read_schema(file))
