"""What each contender of `bench/markets.py` does with the same Parquet files, in a process of its own, so its memory is its own.

Run by the bench: `python markets_contenders.py NAME ROUNDS FILES.json OUT`. Prints seconds of each round and peak memory as JSON
and leaves its results for comparison. Peers are imported only by their own contender: one needs an environment of its own.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Found = dict[str, Any]
#: Loaded before the clock starts, so that a single round does not count it.
IMPORTED = {
    "ours": ("banggiao.analytics.complexity",),
    "textbook": ("duckdb", "pyarrow.parquet"),
    "ecomplexity": ("pandas", "pyarrow.parquet", "ecomplexity"),
    "economic_complexity": ("pandas", "pyarrow.parquet", "economic_complexity"),
    "potential_of_everyone": ("banggiao.analytics.potential_of_all",),
    "rca_of_many_years": ("banggiao.analytics.measures.rca", "banggiao.analytics.engine"),
}


def ours_from_rows(files: dict[str, Any]) -> Found:
    """Bilateral rows -> RCA, ECI, PCI, proximity, density, COI, COG."""
    from banggiao.analytics.complexity import complexity
    from banggiao.analytics.country_product import CountryProduct

    return _ours(complexity(CountryProduct.from_trade([Path(files["trade"])])))


def ours_from_margins(files: dict[str, Any]) -> Found:
    """The same from the stored sums of exporter and product."""
    from banggiao.analytics.complexity import complexity
    from banggiao.analytics.country_product import CountryProduct

    return _ours(complexity(CountryProduct.from_margin_file(Path(files["exporter_product"]))))


def _ours(found: Any) -> Found:
    names = ("rca", "eci", "pci", "density", "coi", "cog")
    return {name: getattr(found, name) for name in names} | {"proximity": found.proximity()}


def textbook_from_rows(files: dict[str, Any]) -> Found:
    """The honest peer: DuckDB sums the rows, NumPy writes the definitions down, with the symmetric solver."""
    import duckdb

    sql = f"SELECT exporter, product, sum(value) AS value FROM '{files['trade']}' GROUP BY ALL"  # noqa: S608
    return _textbook(duckdb.sql(sql).fetchnumpy())


def textbook_from_margins(files: dict[str, Any]) -> Found:
    """The same from the stored sums."""
    import pyarrow.parquet as pq

    table = pq.read_table(files["exporter_product"])
    return _textbook({name: table[name].to_numpy() for name in table.column_names})


def _textbook(long: dict[str, Any]) -> Found:
    countries, i = np.unique(long["exporter"], return_inverse=True)
    products, k = np.unique(long["product"], return_inverse=True)
    values = np.zeros((len(countries), len(products)))
    values[i, k] = long["value"]
    rca = (values / values.sum(axis=1, keepdims=True)) / (values.sum(axis=0) / values.sum())
    m = (rca >= 1).astype(float)
    d, u = m.sum(axis=1), m.sum(axis=0)
    half = m / np.sqrt(d)[:, None] / np.sqrt(u)
    vectors = np.linalg.eigh(half @ half.T)[1]
    y = vectors[:, -2] / np.sqrt(d)
    y *= np.sign(np.corrcoef(y, d)[0, 1])
    p = (m.T @ y) / u
    c = (m @ p) / d
    eci, pci = (c - c.mean()) / c.std(), (p - c.mean()) / c.std()
    phi = (m.T @ m) / np.maximum(u[:, None], u[None, :])
    np.fill_diagonal(phi, 1)
    density = (m @ phi) / phi.sum(axis=0)
    outlook = (density * (1 - m)) @ p
    coi = (outlook - outlook.mean()) / outlook.std()
    cog = (1 - m) * (((1 - m) * (p / phi.sum(axis=1))) @ phi) / c.std()
    return {"rca": rca, "eci": eci, "pci": pci, "density": density, "coi": coi, "cog": cog, "proximity": phi}


def ecomplexity(files: dict[str, Any]) -> Found:
    """Harvard Growth Lab; from sums ready in memory, its own long table out. The check of log-supermodularity is off."""
    from ecomplexity import ecomplexity as peer

    frame = _frame(files).rename(columns={"exporter": "country"}).assign(year=2022)
    keys = {"time": "year", "loc": "country", "prod": "product", "val": "value"}
    found = peer(frame, keys, verbose=False, check_logsupermodularity=False).sort_values(["country", "product"])
    shape = (found["country"].nunique(), found["product"].nunique())
    wide = {name: found[name].to_numpy().reshape(shape) for name in ("rca", "density", "cog", "eci", "pci", "coi")}
    return wide | {"eci": wide["eci"][:, 0], "coi": wide["coi"][:, 0], "pci": wide["pci"][0]}


def economic_complexity(files: dict[str, Any]) -> Found:
    """Datawheel; reflections in place of the eigenproblem; COI is not in it and its gain is another measure."""
    import economic_complexity as peer

    wide = _frame(files).pivot(index="exporter", columns="product", values="value").fillna(0)
    rca = peer.rca(wide)
    eci, pci = peer.complexity(rca)
    phi = peer.proximity(rca)
    found = {"rca": rca, "eci": eci, "pci": pci, "proximity": phi, "density": peer.relatedness(rca, proximities=phi)}
    peer.opportunity_gain(rca, pci=pci, proximities=phi)
    return {name: np.asarray(value) for name, value in found.items()}


def _frame(files: dict[str, Any]) -> Any:
    import pandas as pd

    return pd.read_parquet(files["exporter_product"])


def cube(files: dict[str, Any]) -> Found:
    """Loads the flows of the year for export potential."""
    return {"total": np.array(_cube(files).total)}


def potential_of_one(files: dict[str, Any]) -> Found:
    """All markets and products of one exporter, unrealised, exact top 1,000; the cube is loaded before."""
    from banggiao.analytics.potential import potential

    held = _cube(files)
    found = potential(held, int(held.countries[int(np.argsort(held.exports.sum(axis=1))[-20])]))
    return {"top": np.asarray(found.top(1000)["unrealised"])}


def potential_of_everyone(files: dict[str, Any]) -> Found:
    """The same of all exporters."""
    from banggiao.analytics.potential_of_all import potential_of_all

    found = potential_of_all(_cube(files))
    return {"potential": found.potential, "top": found.values}


_held: list[Any] = []


def _cube(files: dict[str, Any]) -> Any:
    from banggiao.analytics.cube import YearCube

    if _held:
        return _held[0]
    made = YearCube.from_parquet(
        [Path(files["trade"])], margins={name: Path(files[name]) for name in ("exporter_product", "importer_product", "pair")}
    )
    if files["keep_cube"]:
        _held.append(made)
    return made


def rca_of_many_years(files: dict[str, Any]) -> Found:
    """The relational measure over many years at once, written to Parquet, in no more memory than asked for."""
    import ibis
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from banggiao.analytics import engine
    from banggiao.analytics.measures.rca import rca

    with engine.engine(memory=files["memory"]) as backend:
        year = engine.read_parquet(backend, [Path(files["trade"])])
        years = [year.mutate(year=ibis.literal(1990 + n, "int16")) for n in range(files["count"])]
        rca(ibis.union(*years)).to_parquet(files["out"])
    # Every year says the same as the first: the dates were kept apart.
    found = pq.read_table(files["out"], columns=["year", "rca"])
    sums = found.group_by("year").aggregate([("rca", "sum")])["rca_sum"]
    return {"rows": np.array(found.num_rows), "apart": np.array(pc.max(sums).as_py() / pc.min(sums).as_py() - 1)}


def _peak() -> float:
    """Peak memory of this process in MB; of getrusage the child would inherit its parent's."""
    told = Path("/proc/self/status").read_text()
    return float(told.split("VmHWM:")[1].split()[0]) / 1e3


def main(name: str, rounds: int, described: str, out: str) -> None:
    """Runs one contender so many times."""
    files = json.loads(Path(described).read_text()) | {"out": out + ".parquet"}
    contender: Callable[[dict[str, Any]], Found] = globals()[name]
    if files.get("keep_cube"):
        _cube(files)
    for module in IMPORTED.get(name.split("_from_")[0], ()):
        importlib.import_module(module)
    times: list[float] = []
    found: Found = {}
    for _ in range(rounds):
        found = {}  # the results of the round before are not held while the next runs
        clock = time.process_time if files.get("cpu") else time.perf_counter
        begun = clock()
        found = contender(files)
        times.append(clock() - begun)
    peak = _peak()
    np.savez(out, **found)
    print(json.dumps({"times": times, "peak": peak}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4])
