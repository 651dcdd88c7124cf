"""Which values a closed list has, what they are called in both languages, and which foreign words they stand for.

Each list stands once, in `data/vocabulary/<name>.csv`, with the values of facts and reference sets that mean a term. Further
columns (`growth_driver`, `rank`, ...) are attributes of the term.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from banggiao.core.errors import N_, NotFound, SetupProblem

COLUMNS = ("code", "label_vi", "label_en", "sort", "fact_values", "reference_values", "note")


@dataclass(frozen=True, slots=True)
class Term:
    """One value of a closed list. `fact_values` and `reference_values` are the words that other sources use for it."""

    code: str
    label_vi: str
    label_en: str
    sort: int
    fact_values: tuple[str, ...] = ()
    reference_values: tuple[str, ...] = ()
    note: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)

    def label(self, language: str) -> str:
        """The name in English for an English language code, in Vietnamese for any other."""
        return self.label_en if language.startswith("en") else self.label_vi


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """A closed list in its order. Every lookup of something that is not there raises NotFound naming the list and the value."""

    name: str
    terms: tuple[Term, ...]
    _by_code: Mapping[str, Term] = field(repr=False)
    _by_fact: Mapping[str, str] = field(repr=False)
    _by_reference: Mapping[str, str] = field(repr=False)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes in their order."""
        return tuple(term.code for term in self.terms)

    def term(self, code: str) -> Term:
        """The term with this code."""
        try:
            return self._by_code[code]
        except KeyError:
            raise self._not_found(code) from None

    def label(self, code: str, language: str) -> str:
        """The name of a code in `vi` or `en`."""
        return self.term(code).label(language)

    def attribute(self, code: str, name: str) -> str:
        """What a further column of the list says of a code; empty when the list has no such column."""
        return self.term(code).attributes.get(name, "")

    def from_fact(self, value: str) -> str:
        """The code for a value of the fact contract, exact first and then without regard to case."""
        return self._mapped(self._by_fact, value)

    def from_reference(self, value: str) -> str:
        """The code for a value of the packaged reference sets."""
        return self._mapped(self._by_reference, value)

    def choices(self, language: str) -> list[tuple[str, str]]:
        """(code, label) in order, as forms and filters want them."""
        return [(term.code, term.label(language)) for term in self.terms]

    def _mapped(self, table: Mapping[str, str], value: str) -> str:
        code = table.get(value) or table.get(value.casefold())
        if code is None:
            raise self._not_found(value)
        return code

    def _not_found(self, value: str) -> NotFound:
        return NotFound(
            N_("Danh mục “%(name)s” không có giá trị “%(value)s”."),
            subject=self.name,
            remedy=N_("Hãy chọn một giá trị của danh mục."),
            name=self.name,
            value=value,
        )


@cache
def vocabulary(name: str) -> Vocabulary:
    """The closed list of this name. Raises NotFound when there is none, SetupProblem when its file is damaged."""
    if name not in vocabulary_names():
        raise NotFound(N_("Không có danh mục “%(name)s”."), subject=name, remedy=N_("Hãy chọn một danh mục đã có."), name=name)
    return parse(name, files("banggiao").joinpath("data", "vocabulary", f"{name}.csv").read_text(encoding="utf-8"))


@cache
def vocabulary_names() -> tuple[str, ...]:
    """The names of all closed lists, sorted."""
    folder = files("banggiao").joinpath("data", "vocabulary")
    return tuple(sorted(entry.name.removesuffix(".csv") for entry in folder.iterdir() if entry.name.endswith(".csv")))


def parse(name: str, text: str) -> Vocabulary:
    """The list written in `text` (CSV). Raises SetupProblem for a missing column or label and for a code or value given twice."""
    reader = csv.DictReader(io.StringIO(text), strict=True)
    header = tuple(reader.fieldnames or ())
    if header[: len(COLUMNS)] != COLUMNS:
        raise _damaged(name, 1, N_("Thiếu cột của danh mục."))
    terms: list[Term] = []
    by_code: dict[str, Term] = {}
    tables: dict[Literal["fact_values", "reference_values"], dict[str, str]] = {"fact_values": {}, "reference_values": {}}
    for line, row in enumerate(reader, 2):
        if None in row or None in row.values():
            raise _damaged(name, line, N_("Số ô của dòng không khớp với tiêu đề."))
        if not (row["code"] and row["label_vi"] and row["label_en"] and row["sort"].isdigit()):
            raise _damaged(name, line, N_("Thiếu mã, tên hoặc thứ tự."))
        term = Term(
            code=row["code"],
            label_vi=row["label_vi"],
            label_en=row["label_en"],
            sort=int(row["sort"]),
            fact_values=_listed(row["fact_values"]),
            reference_values=_listed(row["reference_values"]),
            note=row["note"],
            attributes=MappingProxyType({column: row[column] for column in header[len(COLUMNS) :]}),
        )
        if term.code in by_code:
            raise _damaged(name, line, N_("Mã đã có ở dòng trên."))
        by_code[term.code] = term
        terms.append(term)
        for column, table in tables.items():
            for value in row[column].split("|") if row[column] else ():
                if table.setdefault(value, term.code) != term.code:
                    raise _damaged(name, line, N_("Một giá trị được gán cho hai mã."))
    for table in tables.values():
        for value, code in list(table.items()):
            table.setdefault(value.casefold(), code)
    return Vocabulary(
        name=name,
        terms=tuple(sorted(terms, key=lambda term: term.sort)),
        _by_code=MappingProxyType(by_code),
        _by_fact=MappingProxyType(tables["fact_values"]),
        _by_reference=MappingProxyType(tables["reference_values"]),
    )


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(value for value in cell.split("|") if value)


def _damaged(name: str, line: int, message: str) -> SetupProblem:
    return SetupProblem(message, subject=f"{name}.csv:{line}", remedy=N_("Hãy cài lại gói chương trình."))
