"""Do the measures agree with the same questions put to DuckDB in plain SQL, written without looking at the expressions?"""

from __future__ import annotations

from collections.abc import Callable

import ibis
import pyarrow as pa
import pytest

from banggiao.analytics.engine import duckdb_connection
from banggiao.analytics.measures.complementarity import complementarity
from banggiao.analytics.measures.concentration import concentration
from banggiao.analytics.measures.dependence import dependence
from banggiao.analytics.measures.diversification import new_and_lost
from banggiao.analytics.measures.growth import growth
from banggiao.analytics.measures.rca import rca
from banggiao.analytics.measures.shares import market_shares
from tests.factories.measures import Ask, rows_in_order, same

pytestmark = pytest.mark.relational

CASES: dict[str, tuple[Callable[[ibis.Table], ibis.Table], str]] = {
    "rca": (
        lambda t: rca(t).drop("value"),
        """SELECT DISTINCT year, exporter, product,
             sum(value) OVER (PARTITION BY year, exporter, product) / sum(value) OVER (PARTITION BY year, exporter)
             / (sum(value) OVER (PARTITION BY year, product) / sum(value) OVER (PARTITION BY year)) AS rca FROM world""",
    ),
    "market_shares": (
        lambda t: market_shares(t).drop("value"),
        """SELECT year, importer, product, exporter, value / sum(value) OVER (PARTITION BY year, importer, product) AS share
             FROM world""",
    ),
    "hhi of markets": (
        lambda t: concentration(t, ["importer"]).select("year", "exporter", "hhi", "theil"),
        """WITH m AS (SELECT year, exporter, importer, sum(value) v FROM world GROUP BY ALL),
             s AS (SELECT *, v / sum(v) OVER (PARTITION BY year, exporter) AS s FROM m)
           SELECT year, exporter, sum(s * s) AS hhi, avg(s * count_ * ln(s * count_)) AS theil
           FROM (SELECT *, count(*) OVER (PARTITION BY year, exporter) AS count_ FROM s) GROUP BY ALL""",
    ),
    "dependence": (
        lambda t: dependence(t, 3).select("year", "importer", "product", "exporter", "share", "supplier_hhi", "world_share"),
        """WITH s AS (SELECT *, value / sum(value) OVER (PARTITION BY year, importer, product) AS share,
             sum(value) OVER (PARTITION BY year, exporter, product) / sum(value) OVER (PARTITION BY year, product) AS world_share
             FROM world)
           SELECT year, importer, product, exporter, share, sum(share * share) OVER (PARTITION BY year, importer, product)
             AS supplier_hhi, world_share FROM s WHERE importer = 3""",
    ),
    "complementarity": (
        lambda t: complementarity(t, importer=4),
        """WITH k AS (SELECT DISTINCT product FROM world), y AS (SELECT DISTINCT year FROM world),
             i AS (SELECT DISTINCT exporter FROM world WHERE exporter <> 4),
             x AS (SELECT year, exporter, product, sum(value) v FROM world GROUP BY ALL),
             m AS (SELECT year, product, sum(value) v FROM world WHERE importer = 4 GROUP BY ALL)
           SELECT y.year, i.exporter, 4 :: SMALLINT AS importer, 100 * (1 - sum(abs(
             coalesce(x.v, 0) / (SELECT sum(v) FROM x WHERE x.year = y.year AND x.exporter = i.exporter)
             - coalesce(m.v, 0) / (SELECT sum(v) FROM m WHERE m.year = y.year))) / 2) AS tci
           FROM y CROSS JOIN i CROSS JOIN k LEFT JOIN x ON (x.year, x.exporter, x.product) = (y.year, i.exporter, k.product)
             LEFT JOIN m ON (m.year, m.product) = (y.year, k.product) GROUP BY y.year, i.exporter""",
    ),
    "growth": (
        lambda t: growth(t, 2019, 2022, ["product"]).select("product", "change", "growth"),
        """SELECT product, b - a AS change, pow(b / a, 1 / 3) - 1 AS growth FROM (SELECT product,
             sum(value) FILTER (year = 2019) AS a, sum(value) FILTER (year = 2022) AS b FROM world GROUP BY ALL)""",
    ),
    "new lines": (
        lambda t: new_and_lost(t).filter(lambda t: t.year == 2022).select("exporter", "new", "new_lines"),
        """SELECT exporter, sum(value) AS new, count(*) AS new_lines FROM world AS now WHERE year = 2022 AND NOT EXISTS (SELECT 1
             FROM world AS old WHERE old.year = 2021 AND (old.exporter, old.importer, old.product) =
             (now.exporter, now.importer, now.product)) GROUP BY exporter""",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_plain_sql_says_the_same(ask: Ask, world: pa.Table, name: str) -> None:
    measure, sql = CASES[name]
    with duckdb_connection(threads=2) as connection:
        connection.register("world", world)
        wanted = connection.sql(sql).to_arrow_table()
    same(ask(measure, world), rows_in_order(wanted))
