"""Which values a closed list has, what they are called in both languages, and which foreign words they stand for.

Each list stands once, in `data/vocabulary/<name>.csv`, with the values of facts and reference sets that mean a term. Further
columns (`growth_driver`, `rank`, ...) are attributes of the term. What a term was called, or how a rule counted, before it was
changed stands in `data/vocabulary/earlier/<name>.csv`: a report of a past day reads the version of that day.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from banggiao.core.errors import N_, NotFound, SetupProblem

COLUMNS = ("code", "label_vi", "label_en", "sort", "fact_values", "reference_values", "note")
#: Of an earlier version: `until` is the first day on which it held no more. Further columns are attributes, as above.
EARLIER = ("code", "version", "until", "label_vi", "label_en", "note")


@dataclass(frozen=True, slots=True)
class Term:
    """One value of a closed list. `fact_values` and `reference_values` are the words that other sources use for it.

    `version` counts from 1; it held from the day `since` to the day before `until`, without end where there is none.
    """

    code: str
    label_vi: str
    label_en: str
    sort: int
    fact_values: tuple[str, ...] = ()
    reference_values: tuple[str, ...] = ()
    note: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    version: int = 1
    since: date | None = None
    until: date | None = None

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
    _earlier: Mapping[str, tuple[Term, ...]] = field(default_factory=dict, repr=False)

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

    def versions(self, code: str) -> tuple[Term, ...]:
        """Every version of a term, the one that holds now last."""
        return (*self._earlier.get(code, ()), self.term(code))

    def term_at(self, code: str, day: date) -> Term:
        """The version of a term that held on a day; of a day before the list had it, the first one."""
        return next(term for term in self.versions(code) if term.until is None or day < term.until)

    def label_at(self, code: str, language: str, day: date) -> str:
        """What a code was called on a day, in `vi` or `en`."""
        return self.term_at(code, day).label(language)

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
    folder = files("banggiao").joinpath("data", "vocabulary")
    now = parse(name, folder.joinpath(f"{name}.csv").read_text(encoding="utf-8"))
    before = folder.joinpath("earlier", f"{name}.csv")
    return with_earlier(now, before.read_text(encoding="utf-8")) if before.is_file() else now


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


def with_earlier(now: Vocabulary, text: str) -> Vocabulary:
    """The list with the earlier versions of its terms, written in `text` (CSV), oldest first.

    Raises SetupProblem for a term the list does not have, and for versions or days that do not follow each other.
    """
    reader = csv.DictReader(io.StringIO(text), strict=True)
    header = tuple(reader.fieldnames or ())
    if header[: len(EARLIER)] != EARLIER:
        raise _damaged(f"earlier/{now.name}", 1, N_("Thiếu cột của danh mục."))
    earlier: dict[str, list[Term]] = {}
    for line, row in enumerate(reader, 2):
        if None in row or None in row.values() or not (row["label_vi"] and row["label_en"]):
            raise _damaged(f"earlier/{now.name}", line, N_("Số ô của dòng không khớp với tiêu đề."))
        before = earlier.setdefault(row["code"], [])
        last = before[-1].until if before else None
        try:
            until = date.fromisoformat(row["until"])
        except ValueError:
            raise _damaged(
                f"earlier/{now.name}", line, N_("Ngày không hợp lệ. Hãy viết NNNN-TT-NN, NNNN-TT hoặc NNNN.")
            ) from None
        if row["code"] not in now or row["version"] != str(len(before) + 1) or (last and until <= last):
            raise _damaged(f"earlier/{now.name}", line, N_("Phiên bản trước của mã không nối tiếp nhau."))
        attributes = MappingProxyType({column: row[column] for column in header[len(EARLIER) :]})
        before.append(
            replace(
                now.term(row["code"]), label_vi=row["label_vi"], label_en=row["label_en"], note=row["note"],
                attributes=attributes, version=len(before) + 1, since=last, until=until,
            )
        )  # fmt: skip
    held = {code: replace(now.term(code), version=len(terms) + 1, since=terms[-1].until) for code, terms in earlier.items()}
    return replace(
        now,
        terms=tuple(held.get(term.code, term) for term in now.terms),
        _by_code=MappingProxyType({**now._by_code, **held}),
        _earlier=MappingProxyType({code: tuple(terms) for code, terms in earlier.items()}),
    )


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(value for value in cell.split("|") if value)


def _damaged(name: str, line: int, message: str) -> SetupProblem:
    return SetupProblem(message, subject=f"{name}.csv:{line}", remedy=N_("Hãy cài lại gói chương trình."))
