"""Which country, product or number does a cell mean, however a source writes it?"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

from banggiao.analytics.ingest.areas import areas, by_iso3, packaged
from banggiao.core.folding import fold

#: Stands for every partner together where a table tells a total of partners, or a duty asked of everybody.
EVERYBODY = 0
_WORLD = frozenset({"000", "0", "wld", "world", "the gioi", "all", "tong", "total", "tong so", "tong tri gia", "tat ca"})
_EUROPEAN_UNION = frozenset({"eun", "eu", "918", "97", "european union", "lien minh chau au", "eu27", "eu28", "eec"})


def country_code(text: str) -> int | None:
    """The number that trade tables use for a country: from its number, ISO code or name in either language; 0 for everybody.

    97 for the European Union as one customs territory. None for what is neither.
    """
    plain = fold(text.replace("_", " "))
    if plain in _WORLD:
        return EVERYBODY
    if plain in _EUROPEAN_UNION:
        return 97
    if plain.isdigit():
        number = int(plain)
        # ISO numbers that trade tables write otherwise (840 is their 842).
        return by_iso3().get(areas()[number].iso3, number) if number in areas() else None
    return _named().get(plain)


def product_code(text: str) -> tuple[int, int] | None:
    """(code filled up to six digits, digits told) of an HS code: dots and blanks are dropped, tariff lines cut to six digits.

    A chapter or heading counts as itself: `03` is (30000, 2). None for what is no HS code. A number that lost its leading zero
    (`30617`) is read with it.
    """
    digits = re.sub(r"[\s.\-']", "", text.strip())
    digits = re.sub(r"^(HS|H[0-6]_?)", "", digits, flags=re.IGNORECASE)
    if not digits.isdecimal() or not digits.isascii() or not 1 <= len(digits) <= 12:
        return None
    if len(digits) % 2:
        digits = f"0{digits}"
    told = min(len(digits), 6)
    code = int(digits[:told]) * 10 ** (6 - told)
    return (code, told) if code >= 10_000 else None


def number_of(text: str, decimal: str = ".") -> float | None:
    """The number in a cell, with that decimal mark, blanks and the other mark between thousands; None for what is no number."""
    other = "," if decimal == "." else "."
    plain = re.sub(r"[\s\u00a0\u202f']", "", text).replace(other, "").replace(decimal, ".").replace("\u2212", "-")
    return float(plain) if re.fullmatch(r"-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", plain) else None


def decimal_mark(cells: list[str]) -> str | None:
    """`.` or `,`: the decimal mark that makes sense of all these cells; None where nothing tells (1.234 may be either).

    A cell with both marks tells by the later one; a mark followed by other than three digits, or standing once behind more than
    three, is a decimal mark; one that stands twice is none.
    """
    votes = {".": 0, ",": 0}
    for cell in cells:
        plain = re.sub(r"[\s\u00a0\u202f']", "", cell)
        marks = [mark for mark in plain if mark in votes]
        if len(set(marks)) == 2:
            votes[marks[-1]] += 1
        elif len(marks) > 1:
            votes["," if marks[0] == "." else "."] += 1
        elif marks:
            before, after = plain.lstrip("-").split(marks[0])
            if len(after) != 3 or len(before) > 3 or before == "0":
                votes[marks[0]] += 1
    if votes["."] and votes[","]:
        return None
    return max(votes, key=lambda mark: votes[mark]) if any(votes.values()) else "" if _no_marks(cells) else None


def _no_marks(cells: list[str]) -> bool:
    return not any("." in cell or "," in cell for cell in cells)


@cache
def _named() -> dict[str, int]:
    known: dict[str, int] = {}
    ours = by_iso3()
    for row in packaged("countries"):
        if row["iso3"] in ours:
            names = (row["iso3"], row["iso2"], row["name_en"], row["name_vi"], *row["variants_vi"].split("|"))
            known |= {fold(name): ours[row["iso3"]] for name in names if name}
    with files("banggiao").joinpath("data", "lexicon", "area_names.csv").open(encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            known |= {fold(name): ours[row["iso3"]] for name in row["names"].split("|")}
    for code, area in areas().items():
        known.setdefault(fold(area.name), ours.get(area.iso3, code))
    return known
