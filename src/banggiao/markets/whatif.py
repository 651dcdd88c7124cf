"""What would an agreement change, computed on the packaged figures of every installation: GDP, trade totals, distances?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.sources.datasets import origin, read_set

if TYPE_CHECKING:
    from banggiao.analytics.gravity.whatif import AgreementEffects, World

#: Packaged sets that the world is made of.
SETS = ("gravity_countries", "gravity_pairs", "world_trade_totals", "world_trade_partners", "ftas", "blocs")
#: Blocs whose members trade freely with each other; other blocs of the set are forums, or stand in `ftas`.
FREE_TRADE = ("EU", "EFTA", "MERCOSUR", "GCC", "SACU", "EAEU", "ASEAN", "PACIFIC_ALLIANCE")
#: Which estimate of the average effect of agreements is taken.
ESTIMATES = ("average", "phased")


@dataclass(frozen=True, slots=True)
class Asked:
    """An agreement asked about: the country on one side, the members of the other, the estimate taken."""

    home: str
    others: tuple[str, ...]
    estimate: str = "average"


def asked(home: str, others: str, estimate: str) -> Asked:
    """What is typed: a country, and countries or blocs (codes set off by commas). Raises InvalidInput."""
    held, blocs = set(countries()), members_of_blocs()
    found: list[str] = []
    for part in filter(None, (p.strip().upper() for p in others.replace(";", ",").split(","))):
        inside = blocs.get(part, (part,))
        known = [code for code in inside if code in held]
        if not known:
            raise _unusable("others", N_("Không có số liệu của “%(name)s”."), name=part[:40])
        found += [code for code in known if code not in found]
    home = home.strip().upper()
    if home not in held:
        raise _unusable("home", N_("Không có số liệu của “%(name)s”."), name=home[:40])
    found = [code for code in found if code != home]
    if not found:
        raise _unusable("others", N_("Hãy chọn nước hoặc khối ở phía bên kia."))
    if (estimate or "average") not in ESTIMATES:
        raise _unusable("estimate", N_("Không có ước lượng “%(name)s”."), name=estimate[:40])
    return Asked(home, tuple(found), estimate or "average")


@lru_cache(maxsize=32)
def effects(question: Asked) -> AgreementEffects:
    """The effects of the agreement in both modes with their range. Raises InvalidInput where no pair of countries is left."""
    from banggiao.analytics.gravity.whatif import RTA, RTA_PHASED, agreement_effects

    taken = RTA if question.estimate == "average" else RTA_PHASED
    return agreement_effects(world(), [[question.home], list(question.others)], assumed=taken)


@lru_cache(maxsize=1)
def world() -> World:
    """Every country with GDP, distances and trade totals, its trade spread over partners around the published shares."""
    import pyarrow as pa

    from banggiao.analytics.gravity.whatif import world_from_totals

    totals = {flow: _latest_totals(flow) for flow in ("export", "import")}
    gdp = {row["iso3"]: float(row["gdp_usd_million"]) for row in read_set("gravity_countries")}
    codes = [code for code in countries() if code in gdp]
    pairs = [row for row in read_set("gravity_pairs") if row["iso3_a"] in gdp and row["iso3_b"] in gdp]
    shares = [
        (row["reporter_iso3"], row["partner_iso3"], float(row["share_pct"]) / 100, row["flow"], row["year"])
        for row in read_set("world_trade_partners")
        if row["share_pct"]
    ]
    newest: dict[tuple[str, str], str] = {}
    for reporter, _partner, _share, flow, year in shares:
        newest[reporter, flow] = max(year, newest.get((reporter, flow), ""))
    kept = [s for s in shares if s[4] == newest[s[0], s[3]] and s[0] in gdp and s[1] in gdp]
    return world_from_totals(
        pa.table(
            {
                "iso3": codes,
                "gdp": [gdp[code] for code in codes],
                "exports": [totals["export"][code] for code in codes],
                "imports": [totals["import"][code] for code in codes],
            }
        ),
        pa.table(
            {
                "iso3_a": [row["iso3_a"] for row in pairs],
                "iso3_b": [row["iso3_b"] for row in pairs],
                **{
                    name: [float(row[name]) for row in pairs]
                    for name in ("distance_km", "contiguous", "common_language", "colonial")
                },
            }
        ),
        shares=pa.table(
            {
                "exporter": [r if flow == "export" else p for r, p, _s, flow, _y in kept],
                "importer": [p if flow == "export" else r for r, p, _s, flow, _y in kept],
                "share": [share for _r, _p, share, _f, _y in kept],
                "flow": [flow for _r, _p, _s, flow, _y in kept],
            }
        ),
        in_force=in_force_between(),
    )


@lru_cache(maxsize=1)
def countries() -> tuple[str, ...]:
    """The countries (ISO3) of which GDP, distances and both trade totals are known, in order."""
    sold, bought = _latest_totals("export"), _latest_totals("import")
    return tuple(
        sorted(
            row["iso3"]
            for row in read_set("gravity_countries")
            if row["gdp_usd_million"] and sold.get(row["iso3"], 0) > 0 and bought.get(row["iso3"], 0) > 0
        )
    )


@lru_cache(maxsize=1)
def members_of_blocs() -> dict[str, tuple[str, ...]]:
    """Code of a bloc -> its members (ISO3)."""
    return {row["code"].upper(): tuple(row["members_iso3"].split("|")) for row in read_set("blocs")}


def in_force_between() -> list[tuple[str, ...]]:
    """The member lists of agreements known to be in force: those of Viet Nam, and blocs of free trade."""
    blocs = members_of_blocs()
    lists = [blocs[code] for code in FREE_TRADE if code in blocs]
    for row in read_set("ftas"):
        if row["status"] == "in_force":
            parties = [member for code in row["parties_iso3"].split("|") for member in blocs.get(code, (code,))]
            lists.append(tuple(dict.fromkeys(parties)))
    return lists


def gaps(language: str) -> list[str]:
    """What is missing in the sets the world is made of, in the reader's language."""
    told = [(gap.vi, gap.en) for name in SETS[:2] for gap in origin(name).known_gaps]
    return [en if language == "en" else vi for vi, en in told]


@lru_cache(maxsize=2)
def _latest_totals(flow: str) -> dict[str, float]:
    latest: dict[str, tuple[str, float]] = {}
    for row in read_set("world_trade_totals"):
        if row["flow"] == flow and row["value_usd_million"]:
            latest[row["reporter_iso3"]] = max(
                latest.get(row["reporter_iso3"], ("", 0.0)), (row["year"], float(row["value_usd_million"]))
            )
    return {code: value for code, (_year, value) in latest.items()}


def _unusable(field: str, message: str, **params: object) -> InvalidInput:
    problems = [FieldProblem(field, message)]
    return InvalidInput(message, subject=field, remedy=N_("Hãy sửa lại rồi hỏi lại."), problems=problems, **params)
