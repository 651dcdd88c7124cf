"""How strongly do imports of a product answer to its price, and where does that figure come from?"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from statistics import median
from typing import Literal

import numpy as np
import numpy.typing as npt

from banggiao.core.errors import N_, FieldProblem, InvalidInput

Floats = npt.NDArray[np.float64]
#: own: estimated for this importer; median: over the countries with an estimate for the group of products; overall: the median of
#: those medians; assumed: no estimate is at hand; given: the user's.
Source = Literal["own", "median", "overall", "assumed", "given"]
#: Import demand is not estimated in the packaged table. 1.5 is what SMART takes for substitution where nobody sets it; half and
#: double of it, the range of every answer, are 0.75 and 3.
ASSUMED_DEMAND = 1.5


@dataclass(frozen=True, slots=True)
class Elasticities:
    """Elasticities of each product (in ascending order), all positive pure numbers, with where they come from.

    `demand` of imports to their price (absolute value), `substitution` between suppliers, `supply` of exports to the price they
    fetch (infinite: the importer is too small to matter to it).
    """

    product: npt.NDArray[np.int64]
    demand: Floats
    substitution: Floats
    supply: Floats
    demand_source: tuple[Source, ...]
    substitution_source: tuple[Source, ...]

    def scaled(self, factor: float) -> Elasticities:
        """Demand and substitution times a factor, for the range of an answer; supply stays."""
        return Elasticities(
            self.product,
            self.demand * factor,
            self.substitution * factor,
            self.supply,
            self.demand_source,
            self.substitution_source,
        )


def elasticities(
    products: Iterable[int],
    importer: str = "",
    *,
    demand: float | Mapping[int, float] | None = None,
    substitution: float | Mapping[int, float] | None = None,
    supply: float | Mapping[int, float] | None = None,
) -> Elasticities:
    """The elasticities to take for HS6 products in an importer's market (ISO3): the user's where given, else packaged ones.

    Substitution: Broda and Weinstein 2006 by HS3, the importer's own, else the median over their 73 countries (Viet Nam is not
    among them), else the median over all groups. Demand: ASSUMED_DEMAND. Supply: infinite. A mapping may hold some products
    only. Raises InvalidInput for an elasticity that is not above zero.
    """
    codes = np.array(sorted({int(product) for product in products}), dtype=np.int64)
    found = [_substitution(int(code), importer, substitution) for code in codes]
    wanted = [_given(int(code), demand) for code in codes]
    offered = [_given(int(code), supply) for code in codes]
    result = Elasticities(
        codes,
        np.array([ASSUMED_DEMAND if value is None else value for value in wanted], dtype=np.float64),
        np.array([value for value, _ in found], dtype=np.float64),
        np.array([np.inf if value is None else value for value in offered], dtype=np.float64),
        tuple("assumed" if value is None else "given" for value in wanted),
        tuple(source for _, source in found),
    )
    for name in ("demand", "substitution", "supply"):
        if not bool(np.all(getattr(result, name) > 0)):
            message = N_("Độ co giãn phải lớn hơn 0.")
            raise InvalidInput(message, problems=[FieldProblem(name, message)])
    return result


@cache
def packaged() -> Mapping[tuple[str, str], float]:
    """Elasticities of substitution by ISO3 and HS3 (text of three figures): the reference set substitution_elasticities."""
    folder = files("banggiao").joinpath("data", "reference", "substitution_elasticities")
    newest = max((entry for entry in folder.iterdir() if entry.is_dir()), key=lambda entry: entry.name)
    text = newest.joinpath("substitution_elasticities.csv").read_text(encoding="utf-8")
    return {(row["iso3"], row["hs3"]): float(row["sigma"]) for row in csv.DictReader(text.splitlines())}


@cache
def _medians() -> Mapping[str, float]:
    groups: dict[str, list[float]] = {}
    for (_country, group), sigma in packaged().items():
        groups.setdefault(group, []).append(sigma)
    return {group: median(values) for group, values in groups.items()}


def _substitution(code: int, importer: str, given: float | Mapping[int, float] | None) -> tuple[float, Source]:
    if (value := _given(code, given)) is not None:
        return value, "given"
    group = f"{code:06d}"[:3]
    if (own := packaged().get((importer, group))) is not None:
        return own, "own"
    medians = _medians()
    return (medians[group], "median") if group in medians else (median(medians.values()), "overall")


def _given(code: int, given: float | Mapping[int, float] | None) -> float | None:
    if given is None or isinstance(given, Mapping):
        return None if given is None else given.get(code)
    return float(given)
