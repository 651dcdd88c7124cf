"""How near to raw SQL are the relational measures, and when does Spark pay? `python bench/markets_relational.py [--spark N ...]`.

Each measure of `analytics.measures` is put beside the same question in DuckDB's own SQL, written by hand over the same Parquet of
an invented year, in turns in one process; figures are equal before a time is told. The figure is the quickest round, the ratio
ours over theirs, of processor time too, which others on the machine disturb less. `--spark 1 3` (needs Java and the extra
`spark`) asks DuckDB and Spark on the two cores here for so many years; no cluster is measured.
"""

# ruff: noqa: S608  raw SQL is what this is about; only numbers are put into it.

from __future__ import annotations

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import ibis
import markets
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from banggiao.analytics import engine
from banggiao.analytics.measures.competitors import competitors
from banggiao.analytics.measures.complementarity import complementarity
from banggiao.analytics.measures.concentration import concentration
from banggiao.analytics.measures.dependence import dependence
from banggiao.analytics.measures.diversification import diversification
from banggiao.analytics.measures.growth import decomposition, growth
from banggiao.analytics.measures.rca import rca
from banggiao.analytics.measures.shares import market_shares

Measure = Callable[[ibis.Table], ibis.Table]
TARGET = 1.3


def cases(exporter: int, importer: int, product: int, years: tuple[int, int]) -> dict[str, tuple[Measure, str, str]]:
    """By name: the measure, the raw SQL over the view `trade`, and the column whose sum must be equal."""
    first, last = years
    return {
        "RCA": (
            rca,
            """WITH c AS (SELECT year, exporter, product, sum(value) v FROM trade GROUP BY ALL),
               i AS (SELECT year, exporter, sum(v) vi FROM c GROUP BY ALL),
               k AS (SELECT year, product, sum(v) vk FROM c GROUP BY ALL),
               w AS (SELECT year, sum(v) vw FROM c GROUP BY ALL)
               SELECT year, exporter, product, v AS value, (v / vi) / (vk / vw) AS rca
               FROM c JOIN i USING (year, exporter) JOIN k USING (year, product) JOIN w USING (year)""",
            "rca",
        ),
        "shares of all markets": (
            lambda t: market_shares(t, unique=True),
            """WITH m AS (SELECT year, importer, product, sum(value) w FROM trade GROUP BY ALL)
               SELECT year, importer, product, exporter, value, value / w AS share
               FROM trade JOIN m USING (year, importer, product)""",
            "share",
        ),
        "concentration across markets": (
            lambda t: concentration(t, ["importer"]),
            """WITH c AS (SELECT year, exporter, importer, sum(value) v FROM trade GROUP BY ALL)
               SELECT year, exporter, sum(v) AS value, sum(v * v) / (sum(v) ^ 2) AS hhi, count(*) AS n,
               ln(count(*)) + sum(v * ln(v)) / sum(v) - ln(sum(v)) AS theil FROM c GROUP BY ALL""",
            "hhi",
        ),
        "diversification": (
            lambda t: diversification(t, unique=True),
            """WITH m AS (SELECT year, exporter, importer, sum(value) v FROM trade GROUP BY ALL),
               p AS (SELECT year, exporter, product, sum(value) v FROM trade GROUP BY ALL),
               l AS (SELECT year, exporter, sum(value) AS value, count(*) AS lines FROM trade GROUP BY ALL),
               hm AS (SELECT year, exporter, count(*) AS markets, sum(v * v) / (sum(v) ^ 2) AS hhi_markets FROM m GROUP BY ALL),
               hp AS (SELECT year, exporter, count(*) AS products, sum(v * v) / (sum(v) ^ 2) AS hhi_products FROM p GROUP BY ALL)
               SELECT * FROM l JOIN hm USING (year, exporter) JOIN hp USING (year, exporter)""",
            "hhi_products",
        ),
        "dependence of one importer": (
            lambda t: dependence(t, importer),
            f"""WITH x AS (SELECT year, exporter, product, sum(value) s FROM trade GROUP BY ALL),
               k AS (SELECT year, product, sum(s) w FROM x GROUP BY ALL), b AS (SELECT * FROM trade WHERE importer = {importer}),
               h AS (SELECT year, product, sum(value) t, sum(value * value) / (sum(value) ^ 2) AS supplier_hhi
                 FROM b GROUP BY ALL)
               SELECT year, product, exporter, value, value / t AS share, supplier_hhi, s / w AS world_share
               FROM b JOIN h USING (year, product) JOIN x USING (year, exporter, product) JOIN k USING (year, product)""",
            "world_share",
        ),
        "complementarity of one exporter": (
            lambda t: complementarity(t, exporter=exporter),
            f"""WITH x AS (SELECT year, product, sum(value) v FROM trade WHERE exporter = {exporter} GROUP BY ALL),
               xt AS (SELECT year, sum(v) t FROM x GROUP BY ALL),
               m AS (SELECT year, importer, product, sum(value) v FROM trade GROUP BY ALL),
               mt AS (SELECT year, importer, sum(v) t FROM m GROUP BY ALL)
               SELECT year, importer, 100 * sum(least(x.v / xt.t, m.v / mt.t)) AS tci FROM m JOIN mt USING (year, importer)
               JOIN x USING (year, product) JOIN xt USING (year) WHERE importer <> {exporter} GROUP BY ALL""",
            "tci",
        ),
        "competitors in one market, one product": (
            lambda t: competitors(t, importer, product),
            f"""WITH r AS (SELECT * FROM trade WHERE importer = {importer} AND product = {product}),
               y AS (SELECT min(year) a, max(year) z FROM r),
               s AS (SELECT exporter, sum(value) FILTER (year = z) AS value, sum(value) FILTER (year = a) AS began,
                 sum(value) FILTER (year = z AND quantity IS NOT NULL) / sum(quantity) FILTER (year = z) AS unit_value
                 FROM r, y GROUP BY ALL)
               SELECT exporter, rank() OVER (ORDER BY value DESC), value, value / sum(value) OVER () AS share,
                 value / sum(value) OVER () - began / sum(began) OVER () AS share_change, unit_value FROM s WHERE value > 0""",
            "share",
        ),
        "growth of products": (
            lambda t: growth(t, first, last, ["product"]),
            f"""SELECT product, sum(value) FILTER (year = {last}) - coalesce(sum(value) FILTER (year = {first}), 0) AS change
               FROM trade WHERE year IN ({first}, {last}) GROUP BY ALL""",
            "change",
        ),
        "growth of one exporter taken apart": (
            lambda t: decomposition(t, exporter, first, last, ["product"], "product"),
            f"""WITH c AS (SELECT importer, product, coalesce(sum(value) FILTER (year = {first}), 0) w0,
                 coalesce(sum(value) FILTER (year = {last}), 0) w1,
                 coalesce(sum(value) FILTER (year = {first} AND exporter = {exporter}), 0) v0,
                 coalesce(sum(value) FILTER (year = {last} AND exporter = {exporter}), 0) v1
                 FROM trade WHERE year IN ({first}, {last}) GROUP BY ALL),
               k AS (SELECT product, sum(w1) / nullif(sum(w0), 0) - 1 AS rk FROM c GROUP BY ALL),
               w AS (SELECT sum(w1) / sum(w0) - 1 AS r FROM c)
               SELECT product, sum(r * v0) AS world, sum(coalesce((rk - r) * v0, 0)) AS product_mix,
                 sum(coalesce((w1 / nullif(w0, 0) - 1 - rk) * v0, 0)) AS market_mix,
                 sum(v1 - v0 - coalesce((w1 / nullif(w0, 0) - 1) * v0, 0)) AS competitiveness
               FROM c JOIN k USING (product), w WHERE v0 > 0 OR v1 > 0 GROUP BY ALL""",
            "competitiveness",
        ),
    }


def main() -> None:
    """Make the years, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--spark", type=int, nargs="*", help="numbers of years to ask on both engines")
    parser.add_argument("--folder", type=Path, help="keep the data here, and use what is here")
    chosen = parser.parse_args()
    print(
        f"machine: {os.cpu_count()} cores, {platform.machine()}, DuckDB {duckdb.__version__}, Ibis {ibis.__version__};", end=" "
    )
    print(f"load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.folder or Path(scratch)
        made = markets.made(folder / "year", 226, 5020)
        years = [Path(made["trade"]), *(_earlier(folder, Path(made["trade"]), n) for n in range(1, max(chosen.spark or [2])))]
        print(f"a year: {made['rows']:,} rows, invented")
        if chosen.spark:
            both_engines(years, chosen.spark, chosen.rounds)
        else:
            against_sql(years[:2], chosen.rounds)
    print(f"load at the end {os.getloadavg()[0]:.1f}")


def against_sql(files: list[Path], rounds: int) -> None:
    """Every measure beside raw SQL. Growth takes both years, the others one."""
    heads = f"{'target':>7} {'ours ms':>9} {'SQL ms':>9} {'ratio':>6} {'of CPU':>7} {'spread':>11}"
    print(f"{'measure, over raw DuckDB SQL':<42} {heads}")
    exporter, importer, product = _largest(files[0])
    for name, (measure, sql, column) in cases(exporter, importer, product, (markets.YEAR - 1, markets.YEAR)).items():
        read = files if "growth" in name else files[:1]
        # Each side opens its own connection and names its own files: what a call costs is in the figure.
        ours: Callable[[], pa.Table] = lambda: _ours(read, measure)  # noqa: B023, E731
        theirs: Callable[[], pa.Table] = lambda: _theirs(read, sql)  # noqa: B023, E731
        one, other = ours(), theirs()
        assert one.num_rows == other.num_rows, (name, one.num_rows, other.num_rows)
        a, b = pc.sum(one[column]).as_py(), pc.sum(other[column]).as_py()
        assert abs(a - b) <= 1e-9 * max(abs(a), pc.sum(pc.abs(one[column])).as_py()), (name, a, b)
        times: tuple[list[float], list[float]] = ([], [])
        spent: tuple[list[float], list[float]] = ([], [])
        for _ in range(rounds):
            for side, ask in enumerate((ours, theirs)):
                clock, cpu = time.perf_counter(), time.process_time()
                ask()
                times[side].append(time.perf_counter() - clock)
                spent[side].append(time.process_time() - cpu)
        best, peer = min(times[0]) * 1e3, min(times[1]) * 1e3
        spread = f"{best:.0f}-{max(times[0]) * 1e3:.0f}"
        ratios = f"{best / peer:>6.2f} {min(spent[0]) / min(spent[1]):>7.2f}"
        told = f"{name:<42} {f'<= {TARGET}x':>7} {best:>9,.0f} {peer:>9,.0f} {ratios} {spread:>11}"
        print(told, flush=True)


def both_engines(files: list[Path], numbers: list[int], rounds: int) -> None:
    """The same measures on DuckDB and on Spark in this process, for growing numbers of years; the first question apart."""
    exporter, importer, product = _largest(files[0])
    asked = cases(exporter, importer, product, (markets.YEAR - 1, markets.YEAR))
    names = ("RCA", "concentration across markets", "dependence of one importer", "competitors in one market, one product")
    print(f"{'years':>5} {'rows':>12} {'measure':<40} {'DuckDB s':>9} {'Spark first s':>13} {'Spark s':>8} {'ratio':>6}")
    begun = time.perf_counter()
    spark = engine.open_engine("spark://local[2]", memory="6GB")
    print(f"Spark opened in {time.perf_counter() - begun:.1f} s")
    with engine.engine(memory="6GB") as here:
        for number in numbers:
            rows = sum(pq.read_metadata(file).num_rows for file in files[:number])
            for name in names:
                figures = []
                for backend in (here, spark):
                    table = engine.read_parquet(backend, files[:number])
                    times, answer = [], pa.table({})
                    for _ in range(rounds):
                        clock = time.perf_counter()
                        answer = engine.arrow(asked[name][0](table))
                        times.append(time.perf_counter() - clock)
                    figures.append((times, answer.num_rows, pc.sum(answer[asked[name][2]]).as_py()))
                (quick, n, a), (slow, m, b) = figures
                assert n == m and abs(a - b) <= 1e-9 * abs(a), (name, n, m, a, b)
                ratio = min(slow) / min(quick)
                print(
                    f"{number:>5} {rows:>12,} {name:<40} {min(quick):>9.2f} {slow[0]:>13.2f} {min(slow):>8.2f} {ratio:>6.1f}",
                    flush=True,
                )


def _ours(files: list[Path], measure: Measure) -> pa.Table:
    with engine.engine() as backend:
        return engine.arrow(measure(engine.read_parquet(backend, files)))


def _theirs(files: list[Path], sql: str) -> pa.Table:
    with engine.duckdb_connection() as connection:
        listed = ", ".join(f"'{file}'" for file in files)
        connection.execute(f"CREATE VIEW trade AS FROM read_parquet([{listed}], hive_partitioning = false)")
        return connection.sql(sql).to_arrow_table()


def _largest(file: Path) -> tuple[int, int, int]:
    """Codes of the largest exporter, importer and product."""
    with engine.duckdb_connection() as connection:
        found = [
            connection.sql(f"SELECT {key} FROM '{file}' GROUP BY {key} ORDER BY sum(value) DESC LIMIT 1").fetchall()[0][0]
            for key in ("exporter", "importer", "product")
        ]
    return found[0], found[1], found[2]


def _earlier(folder: Path, file: Path, back: int) -> Path:
    """The same year with another date and other values, which is enough to be read, grouped and compared."""
    wanted = folder / "earlier" / f"{markets.YEAR - back}.parquet"
    if not wanted.exists():
        wanted.parent.mkdir(exist_ok=True)
        with engine.duckdb_connection() as connection:
            connection.execute(
                f"""COPY (SELECT CAST(year - {back} AS SMALLINT) AS year, exporter, importer, product,
                      value * (0.5 + (hash(exporter, product, importer) % 1000) / 1000.0) AS value, quantity FROM '{file}'
                      WHERE hash(importer, product, exporter, {back}) % 10 > 0)
                    TO '{wanted}' (FORMAT parquet, COMPRESSION zstd)"""
            )
    return wanted


if __name__ == "__main__":
    main()
