"""Is the SQL that each measure becomes on each engine the one that was looked at?

It changes with an expression or with Ibis; then read the difference, and write the files anew:
`UPDATE_GOLDEN=1 python -m pytest tests/analytics/measures/test_sql.py`, where the extra `spark` is installed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import ibis
import pytest

from banggiao.analytics.measures.competitors import competitors
from banggiao.analytics.measures.complementarity import complementarity
from banggiao.analytics.measures.concentration import concentration
from banggiao.analytics.measures.dependence import alternatives, dependence
from banggiao.analytics.measures.diversification import diversification, new_and_lost
from banggiao.analytics.measures.growth import decomposition, growth
from banggiao.analytics.measures.preference import preference_margins, utilisation
from banggiao.analytics.measures.rca import rca
from banggiao.analytics.measures.shares import market_shares

pytestmark = pytest.mark.relational

#: Ibis writes Spark's SQL only where Spark is installed: in the gate's step for it.
ENGINES = ["duckdb", *(["pyspark"] if find_spec("pyspark") else [])]
GOLDEN = Path(__file__).resolve().parent.parent.parent / "golden" / "measures"
LINE = {"year": "int16", "exporter": "int16", "importer": "int16", "product": "int32"}
TRADE = ibis.table(LINE | {"value": "float64", "quantity": "float64"}, name="trade")
TARIFFS = ibis.table(LINE | {"mfn": "float64", "preferential": "float64"}, name="tariffs")
USE = ibis.table(LINE | {name: "float64" for name in ("eligible", "claimed", "mfn", "preferential")}, name="use")

MEASURES: dict[str, Callable[[], ibis.Table]] = {
    "rca": lambda: rca(TRADE),
    "market_shares": lambda: market_shares(TRADE),
    "concentration": lambda: concentration(TRADE, ["importer"], n="all"),
    "diversification": lambda: diversification(TRADE),
    "new_and_lost": lambda: new_and_lost(TRADE),
    "dependence": lambda: dependence(TRADE, 704),
    "alternatives": lambda: alternatives(TRADE, 704, 310210, 643),
    "complementarity": lambda: complementarity(TRADE, exporter=704),
    "growth": lambda: growth(TRADE, 2017, 2022, ["exporter", "product"], ["product"]),
    "decomposition": lambda: decomposition(TRADE, 704, 2017, 2022, ["product"]),
    "competitors": lambda: competitors(TRADE, 842, 90111),
    "preference_margins": lambda: preference_margins(TARIFFS, TRADE),
    "utilisation": lambda: utilisation(USE),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", MEASURES)
def test_the_sql_is_the_pinned_one(name: str, engine: str) -> None:
    getattr(ibis, engine)  # Ibis registers the options of an engine when it is first named.
    sql = str(ibis.to_sql(MEASURES[name](), dialect=engine)) + "\n"
    pinned = GOLDEN / f"{name}.{engine}.sql"
    if os.environ.get("UPDATE_GOLDEN"):
        pinned.parent.mkdir(parents=True, exist_ok=True)
        pinned.write_text(sql, encoding="utf-8")
    assert sql == pinned.read_text(encoding="utf-8")


def test_every_pinned_file_has_its_measure() -> None:
    assert {path.name.split(".")[0] for path in GOLDEN.iterdir()} == set(MEASURES)
