"""Which country does a number in a trade table mean, and is it a country at all?

UN Comtrade and CEPII BACI use the M49 numbers of the United Nations with exceptions of their own (842 for the United States with
its territories, 490 for what is in substance Taiwan) and numbers for groups and for what could not be placed ("nes").
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal

Kind = Literal["country", "former", "nes", "group"]
_DATA = files("banggiao.data")


@dataclass(frozen=True, slots=True)
class Area:
    """A number of a trade table: its ISO 3166 alpha-3 code (empty where it is no present country), English name and kind.

    `former` has ceased to be, `nes` is trade that could not be placed, `group` would count its members twice.
    """

    code: int
    iso3: str
    name: str
    kind: Kind = "country"
    region: str = ""

    @property
    def trades(self) -> bool:
        """Whether it stands for one economy, present or former."""
        return self.kind in ("country", "former")


@cache
def areas() -> dict[int, Area]:
    """Number -> area, for every number that BACI or Comtrade may use, in order."""
    known = {int(row["m49"]): _country(row) for row in packaged("countries")}
    regions = {each.iso3: each.region for each in known.values()}
    with (_DATA / "lexicon" / "trade_areas.csv").open(encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            kind: Kind = row["kind"]  # type: ignore[assignment]
            known[int(row["code"])] = Area(int(row["code"]), row["iso3"], row["name"], kind, regions.get(row["iso3"], ""))
    return dict(sorted(known.items()))


@cache
def by_iso3() -> dict[str, int]:
    """ISO 3166 alpha-3 -> the number that trade tables use today (842 and not 840 for USA)."""
    ours = {each.iso3: code for code, each in areas().items() if each.iso3 and each.kind == "country"}
    with (_DATA / "lexicon" / "trade_areas.csv").open(encoding="utf-8") as handle:
        ours |= {row["iso3"]: int(row["code"]) for row in csv.DictReader(handle) if row["iso3"] and row["kind"] == "country"}
    return ours


def packaged(name: str) -> Iterator[dict[str, str]]:
    """The rows of the newest edition of a packaged reference set, as text."""
    editions = sorted((each for each in (_DATA / "reference" / name).iterdir() if each.is_dir()), key=_name)
    text = (editions[-1] / f"{name}.csv").read_bytes().decode("utf-8")
    yield from csv.DictReader(io.StringIO(text, newline=""))


def _country(row: dict[str, str]) -> Area:
    return Area(int(row["m49"]), row["iso3"], row["name_en"], "country", row["sub_region"])


def _name(folder: Traversable) -> str:
    return folder.name
