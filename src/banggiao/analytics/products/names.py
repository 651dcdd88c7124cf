"""What does a code of the Harmonized System mean, in Vietnamese or in English?

English descriptions are those of the packaged set `hs_nomenclature` (HS 2022). Vietnamese names of chapters and headings are our
own translation (`data/lexicon/hs_*.csv`), and every answer says so: the legal wording stands in the tariff of Viet Nam alone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from banggiao.core.errors import N_, NotFound

Language = Literal["vi", "en"]
#: Our lists of names, in `data/lexicon`.
OWN = ("hs_chapters", "hs_headings", "hs_subheadings")
_DATA = files("banggiao").joinpath("data")


@dataclass(frozen=True, slots=True)
class ProductName:
    """A name to show: the words, the language they are in, and whether they are our translation (no official wording)."""

    text: str
    language: Language
    own_translation: bool


@dataclass(frozen=True, slots=True)
class Product:
    """A chapter (level 2), heading (4) or subheading (6). `name_vi` is empty where we have no Vietnamese name of our own."""

    code: str
    level: int
    name_vi: str
    name_en: str


@cache
def descriptions() -> Mapping[str, str]:
    """Code -> English description of HS 2022, in order of code: 97 chapters, 1,229 headings, 5,613 subheadings.

    The packaged file holds only the words that differ from the row above (see `tools/make_hs_nomenclature.py`).
    """
    known: dict[str, str] = {}
    above: list[str] = []
    for row in _rows("reference", "hs_nomenclature"):
        head, tail = int(row["head"] or 0), int(row["tail"] or 0)
        above = above[:head] + row["words"].split() + (above[-tail:] if tail else [])
        known[row["code"]] = " ".join(above)
    return MappingProxyType(known)


@cache
def own_names() -> Mapping[str, str]:
    """Code -> Vietnamese name, our translation: all chapters, the headings and subheadings that Viet Nam trades most."""
    return MappingProxyType({row["code"]: row["name_vi"] for kind in OWN for row in _rows("lexicon", kind)})


def is_code(code: str) -> bool:
    """Whether `code` is a chapter, heading or subheading of HS 2022, as text with its leading zeros."""
    return code in descriptions()


def product(code: str) -> Product:
    """The chapter, heading or subheading. Raises NotFound for what HS 2022 does not have."""
    if not is_code(code):
        raise NotFound(
            N_("HS 2022 không có mã “%(code)s”."),
            remedy=N_("Mã HS gồm 2, 4 hoặc 6 chữ số, kể cả số 0 ở đầu."),
            code=code,
        )
    return Product(code, len(code), own_names().get(code, ""), descriptions()[code])


def product_name(code: str | int, language: str = "vi") -> ProductName:
    """The name of a code for readers of `language`: ours in Vietnamese where there is one, the English description elsewhere.

    A number is read as a subheading (`%06d`), which is how trade tables hold it. A code that HS 2022 does not have is named
    by itself, so that a table of an older revision still shows every row.
    """
    text = f"{code:06d}" if isinstance(code, int) else code
    if not language.startswith("en") and text in own_names():
        return ProductName(own_names()[text], "vi", own_translation=True)
    return ProductName(descriptions().get(text, text), "en", own_translation=False)


def children(code: str) -> tuple[str, ...]:
    """The codes one level down, in order; empty for a subheading. Raises NotFound for an unknown code."""
    product(code)
    return _below().get(code, ())


def section_of(code: str) -> tuple[str, ProductName, ProductName]:
    """The section of a code: its Roman numeral, its Vietnamese name (ours) and its English name. Raises NotFound."""
    chapter = product(code).code[:2]
    for row in _rows("reference", "hs_sections"):
        if row["first_chapter"] <= chapter <= row["last_chapter"]:
            return row["section"], ProductName(row["name_vi"], "vi", True), ProductName(row["name_en"], "en", False)
    raise NotFound(N_("Mã “%(code)s” không thuộc phần nào của HS 2022."), code=code)


@cache
def _below() -> Mapping[str, tuple[str, ...]]:
    below: dict[str, list[str]] = {}
    for code in descriptions():
        if len(code) > 2:
            below.setdefault(code[:-2], []).append(code)
    return {parent: tuple(codes) for parent, codes in below.items()}


@cache
def _rows(folder: str, name: str) -> tuple[Mapping[str, str], ...]:
    place = _DATA.joinpath(folder)
    if folder == "reference":
        place = place.joinpath(name, max(edition.name for edition in place.joinpath(name).iterdir() if edition.is_dir()))
    text = place.joinpath(f"{name}.csv").read_bytes().decode("utf-8")
    return tuple(csv.DictReader(io.StringIO(text, newline="")))
