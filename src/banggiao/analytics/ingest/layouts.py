"""Whose table is this, by its header: CEPII BACI, UN Comtrade, or the lists of names that come beside them?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from banggiao.analytics.ingest.opening import Opened
from banggiao.core.errors import N_, FieldProblem, InvalidInput


@dataclass(frozen=True, slots=True)
class Layout:
    """A source's table: what we call its columns, the headers they may bear (lower case), which it cannot do without."""

    name: str
    columns: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]

    def found(self, header: Sequence[str]) -> dict[str, str]:
        """Our names -> the header's, for the columns that are there; what stands nearer the front of a tuple wins."""
        by_lower = {" ".join(each.lower().split()): each for each in reversed(header)}
        chosen = {
            key: next((by_lower[each] for each in spellings if each in by_lower), "") for key, spellings in self.columns.items()
        }
        return {key: each for key, each in chosen.items() if each}

    def fits(self, header: Sequence[str]) -> float:
        """The share of the required columns that the header has."""
        found = self.found(header)
        return sum(each in found for each in self.required) / len(self.required)

    def taken(self, file: Opened) -> dict[str, str]:
        """`found`, where nothing required is missing; otherwise InvalidInput names each missing column."""
        found = self.found(file.header)
        missing = [each for each in self.required if each not in found]
        twice = sorted({each for each in file.header if file.header.count(each) > 1})
        if missing or twice:
            expected = ", ".join(self.columns[each][0] for each in self.required)
            raise InvalidInput(
                N_("Dòng tiêu đề không đúng: cần các cột %(expected)s; tệp có %(found)s."),
                subject=file.name,
                remedy=N_("Hãy xuất lại tệp với đủ các cột, hoặc nêu đúng nguồn bằng --source."),
                expected=expected,
                found=", ".join(file.header) or "-",
                problems=[
                    *(FieldProblem(self.columns[each][0], N_("Thiếu cột này.")) for each in missing),
                    *(FieldProblem(each, N_("Cột này có hai lần.")) for each in twice),
                ],
            )
        return found


BACI = Layout(
    "baci",
    {"year": ("t",), "exporter": ("i",), "importer": ("j",), "product": ("k",), "value": ("v",), "quantity": ("q",)},
    ("year", "exporter", "importer", "product", "value", "quantity"),
)
COMTRADE = Layout(
    "comtrade",
    {
        "year": ("refyear", "year", "period"),
        "reporter": ("reportercode", "reporter code"),
        "partner": ("partnercode", "partner code"),
        "second": ("partner2code", "2nd partner code"),
        "flow": ("flowcode", "trade flow code"),
        "product": ("cmdcode", "commodity code"),
        "value": ("primaryvalue", "trade value (us$)"),
        "weight": ("netwgt", "netweight (kg)"),
        "customs": ("customscode",),
        "transport": ("motcode",),
        "frequency": ("freqcode",),
        "revision": ("classificationcode", "classification"),
    },
    ("year", "reporter", "partner", "flow", "product", "value"),
)
COUNTRIES = Layout(
    "countries",
    {
        "code": ("country_code",),
        "name": ("country_name", "country_name_full", "country_name_abbreviation"),
        "iso3": ("country_iso3", "iso_3digit_alpha"),
    },
    ("code", "name"),
)
PRODUCTS = Layout("products", {"code": ("code",), "description": ("description",)}, ("code", "description"))
TABLES = (BACI, COMTRADE)

_REVISION = re.compile(r"HS\W?(\d{2}|\d{4})(?!\d)", re.IGNORECASE)
_COMTRADE_REVISIONS = {"H0": "HS92", "H1": "HS96", "H2": "HS02", "H3": "HS07", "H4": "HS12", "H5": "HS17", "H6": "HS22"}
REVISIONS = tuple(_COMTRADE_REVISIONS.values())


def layout_of(file: Opened, source: str | None = None) -> Layout:
    """The layout of a file. Raises InvalidInput for one that is none of those known (or not the one named)."""
    for names in (COUNTRIES, PRODUCTS):
        if names.fits(file.header) == 1 and len(file.header) <= 8:
            return names
    if file.header and all(re.fullmatch(r"-?[\d.]*", each) for each in file.header):
        raise InvalidInput(
            N_("Tệp không có dòng tiêu đề."),
            subject=file.name,
            remedy=N_("Hãy thêm dòng đầu ghi tên cột, ví dụ t,i,j,k,v,q."),
            problems=[FieldProblem("header", ", ".join(file.header)[:200])],
        )
    best = next((each for each in TABLES if each.name == source), None) or max(TABLES, key=lambda each: each.fits(file.header))
    if best.fits(file.header) < 0.5:
        raise InvalidInput(
            N_("Không nhận ra bảng này; tệp có các cột %(found)s."),
            subject=file.name,
            remedy=N_("Nhận được BACI (t,i,j,k,v,q) và UN Comtrade (refYear, reporterCode, flowCode, cmdCode, primaryValue…)."),
            found=", ".join(file.header)[:300] or "-",
            problems=[FieldProblem("header", N_("Không phải tiêu đề của một nguồn được biết."))],
        )
    return best


def revision_in(name: str) -> str:
    """The HS revision that a file name tells ("HS92" in BACI_HS92_Y2022_V202501.csv), or nothing."""
    found = _REVISION.search(name)
    return known_revision(found.group(1)) if found else ""


def known_revision(text: str) -> str:
    """HS92 … HS22 from "92", "1992", "HS92", "HS1992" or Comtrade's "H0"; empty for anything else."""
    text = text.strip().upper()
    if text in _COMTRADE_REVISIONS:
        return _COMTRADE_REVISIONS[text]
    digits = text.removeprefix("HS").strip()
    short = f"HS{digits[-2:]}"
    return short if digits.isdigit() and len(digits) in (2, 4) and short in REVISIONS else ""
