"""Trade tables as their sources lay them out, small enough to see every line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from banggiao.analytics.ingest.annual import Outcome, Wanted, ingest
from banggiao.analytics.store import Check, Store

HEADER = "t,i,j,k,v,q"
#: Viet Nam 704, USA 842, China 156, Germany 276; coffee, telephones, circuits.
ROWS = (
    "2022,704,842,090111,100.5,40",
    "2022,704,156,851713,900,3.5",
    "2022,842,704,854231,300,NA",
    "2022,156,704,851713,700,2",
    "2022,276,842,090111,50,20",
)
AT = "2026-11-24T00:00:00+00:00"


def baci(folder: Path, rows: Iterable[str] = ROWS, *, name: str = "BACI_HS22_Y2022_V202501.csv", header: str = HEADER) -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def taken(store: Store, *paths: Path, **wanted: Any) -> Outcome:
    return ingest(store, paths, at=AT, wanted=Wanted(**wanted))


def check(checks: Sequence[Check], name: str) -> Check:
    (found,) = [each for each in checks if each.name == name]
    return found


COMTRADE = (
    "typeCode\tfreqCode\trefYear\treporterCode\tflowCode\tpartnerCode\tpartner2Code\tclassificationCode\tcmdCode\tcustomsCode\t"
    "motCode\tnetWgt\tprimaryValue"
)


def line(reporter: int, flow: str, partner: int, product: str, value: float, **more: object) -> str:
    cells = {
        "type": "C",
        "freq": "A",
        "year": 2022,
        "reporter": reporter,
        "flow": flow,
        "partner": partner,
        "second": 0,
        "classification": "H6",
        "product": product,
        "customs": "C00",
        "mot": 0,
        "weight": 1000,
        "value": value,
    }
    return "\t".join(str(each) for each in (cells | more).values())


def comtrade(folder: Path, rows: Iterable[str], *, name: str = "comtrade.txt", header: str = COMTRADE) -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def api(folder: Path, rows: Iterable[dict[str, object]]) -> Path:
    path = folder / "comtrade.json"
    path.write_text(json.dumps({"elapsedTime": "1", "count": 1, "data": list(rows), "error": ""}), encoding="utf-8")
    return path
