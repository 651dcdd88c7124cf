"""What is a relational measure asked on: DuckDB always, and Spark beside it when BANGGIAO_TEST_SPARK names it.

BANGGIAO_TEST_SPARK=1 starts Spark in this process on two cores; any spark:// address is taken as it stands.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cache

import ibis
import numpy as np
import pyarrow as pa
import pytest

from banggiao.analytics import engine
from tests.factories.measures import Ask, Row, rows_in_order, same

SPARK = os.environ.get("BANGGIAO_TEST_SPARK", "")


@cache
def _spark() -> ibis.BaseBackend:
    return engine.open_engine("spark://local[2]" if SPARK == "1" else SPARK)


@pytest.fixture
def engines() -> Iterator[list[ibis.BaseBackend]]:
    """The engines to ask: what is true on one must be true on the other."""
    with engine.engine(threads=2) as duckdb:
        yield [duckdb, _spark()] if SPARK else [duckdb]


@pytest.fixture
def ask(engines: list[ibis.BaseBackend]) -> Ask:
    """ask(measure, table, ...): the rows of a measure of Arrow tables, sorted; every engine must tell the same."""

    def asked(measure: Callable[..., ibis.Table], *tables: pa.Table) -> list[Row]:
        answers = []
        for backend in engines:
            result = engine.arrow(measure(*(engine.from_arrow(backend, table) for table in tables)))
            answers.append((result.schema, rows_in_order(result)))
        for schema, rows in answers[1:]:
            assert schema == answers[0][0]
            same(rows, answers[0][1])
        return answers[0][1]

    return asked


@pytest.fixture
def world() -> pa.Table:
    """Three years of trade among eight countries in twelve products, drawn once and for all; some lines open, some close."""
    rng = np.random.default_rng(20261124)
    year, exporter, importer, product = (
        axis.ravel() for axis in np.meshgrid([2019, 2021, 2022], range(1, 9), range(1, 9), range(10100, 10112), indexing="ij")
    )
    kept = (exporter != importer) & (rng.random(len(year)) < 0.4)
    value = rng.lognormal(5, 2, len(year))
    return pa.table(
        {
            "year": pa.array(year[kept], pa.int16()),
            "exporter": pa.array(exporter[kept], pa.int16()),
            "importer": pa.array(importer[kept], pa.int16()),
            "product": pa.array(product[kept], pa.int32()),
            "value": value[kept],
            "quantity": pa.array([None if n % 25 == 0 else v / 3 for n, v in enumerate(value[kept])], pa.float64()),
        }
    )
