"""Which reference sets the programme carries, where each comes from, and whether its rows hold together.

A set lies in `data/reference/<set>/<edition>/` as `<set>.csv` beside `origin.toml`, which names producer, licence, digest, key,
known gaps and one rule per column. A rule reads `<what> [argument] [list] [required]`: `date`, `country list`,
`vocabulary relation_level required`, `link activities id required`; parts of a list stand between `|`.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

from banggiao.core.errors import N_, NotFound, SetupProblem, fill
from banggiao.core.vocabulary import vocabulary

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class KnownGap:
    """Something that a set is known not to hold, by a code that can be cited."""

    code: str
    vi: str
    en: str

    def text(self, language: str) -> str:
        """The gap in English for an English language code, in Vietnamese for any other."""
        return self.en if language.startswith("en") else self.vi


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an edition of a set comes from and what it promises. `columns` holds the rule of each column in file order."""

    set: str
    version: date
    title_vi: str
    title_en: str
    producer: str
    citation: str
    url: str
    published: date
    accessed: date
    licence: str
    sha256: str
    rows: int
    steps: tuple[str, ...]
    known_gaps: tuple[KnownGap, ...]
    key: tuple[str, ...]
    columns: Mapping[str, str]

    def title(self, language: str) -> str:
        """The title in English for an English language code, in Vietnamese for any other."""
        return self.title_en if language.startswith("en") else self.title_vi

    def key_of(self, row: Mapping[str, str]) -> str:
        """The natural key of a row, its parts between `|`: stable between editions."""
        return "|".join(row[column] for column in self.key)


@dataclass(frozen=True, slots=True)
class SetProblem:
    """One fault of a set: the line of the file (1 is the header), the column, what is wrong and with which value."""

    set: str
    line: int
    field: str
    message: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.set}.csv:{self.line}: {self.field}: {fill(self.message, {'value': self.value})}"


@cache
def packaged_sets() -> tuple[Origin, ...]:
    """The newest edition of every packaged set, by name. Raises SetupProblem for a damaged origin file."""
    return tuple(origin(entry.name) for entry in sorted(_root().iterdir(), key=lambda entry: entry.name) if entry.is_dir())


def editions(name: str) -> tuple[str, ...]:
    """The editions of a set (ISO dates), oldest first. Raises NotFound when there is no such set."""
    folder = _root().joinpath(name)
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or not folder.is_dir():
        raise NotFound(
            N_("Không có bộ dữ liệu “%(name)s”."), subject=name, remedy=N_("Hãy chọn một bộ dữ liệu đã đóng gói."), name=name
        )
    return tuple(sorted(entry.name for entry in folder.iterdir() if entry.is_dir()))


@cache
def origin(name: str, version: str | None = None) -> Origin:
    """The origin of an edition of a set, the newest unless one is named. Raises NotFound or SetupProblem."""
    known = editions(name)
    if version is not None and version not in known:
        raise NotFound(N_("Bộ dữ liệu không có phiên bản “%(version)s”."), subject=name, version=version)
    folder = _root().joinpath(name, version or known[-1])
    try:
        return _parse_origin(tomllib.loads(folder.joinpath("origin.toml").read_text(encoding="utf-8")))
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise SetupProblem(
            N_("Không đọc được nguồn gốc của bộ dữ liệu (%(error)s)."), subject=name, remedy=_REINSTALL, error=repr(error)
        ) from error


def read_set(name: str, version: str | None = None) -> list[Row]:
    """The rows of a set as text, in file order. Raises SetupProblem when digest, header or row count differ from its origin."""
    return [dict(row) for row in _verified(name, version)]


def check_set(name: str) -> list[SetProblem]:
    """Every fault in the newest edition of a set: keys, columns, links to other sets, counts. Empty when all is well."""
    source, rows = origin(name), _verified(name, None)
    rules = {column: _Rule.of(text) for column, text in source.columns.items()}
    problems: list[SetProblem] = []
    seen: dict[str, int] = {}
    for line, row in enumerate(rows, 2):
        key = source.key_of(row)
        if seen.setdefault(key, line) != line:
            problems.append(SetProblem(name, line, "+".join(source.key), N_("Khóa “%(value)s” bị trùng."), key))
        for column, rule in rules.items():
            problems += [SetProblem(name, line, column, message, value) for value, message in rule.faults(row[column])]
        if row.get("evidence") == "recalled" and row.get("confidence") == "high":
            problems.append(SetProblem(name, line, "confidence", N_("Dòng ghi theo trí nhớ không được có độ tin cậy cao.")))
    further = _FURTHER.get(name)
    problems += [SetProblem(name, *fault) for fault in further(rows)] if further else []
    return problems


def partner_codes() -> frozenset[str]:
    """Every code that may stand for a partner: ISO 3166-1, blocs, organisations and regions."""
    return country_codes() | frozenset(_column("blocs", "code")) | frozenset(_column("organisations", "code"))


def country_codes() -> frozenset[str]:
    """The ISO 3166-1 alpha-3 codes of the packaged countries and territories."""
    return frozenset(_column("countries", "iso3"))


# --- reading

_REINSTALL = N_("Hãy cài lại gói chương trình.")


def _root() -> Traversable:
    return files("banggiao").joinpath("data", "reference")


def _parse_origin(raw: Mapping[str, Any]) -> Origin:
    return Origin(
        set=raw["set"],
        version=date.fromisoformat(raw["version"]),
        title_vi=raw["title_vi"],
        title_en=raw["title_en"],
        producer=raw["producer"],
        citation=raw["citation"],
        url=raw["url"],
        published=date.fromisoformat(raw["published"]),
        accessed=date.fromisoformat(raw["accessed"]),
        licence=raw["licence"],
        sha256=raw["sha256"],
        rows=int(raw["rows"]),
        steps=tuple(raw["steps"]),
        known_gaps=tuple(KnownGap(**gap) for gap in raw["known_gaps"]),
        key=tuple(raw["key"]),
        columns=MappingProxyType(dict(raw["columns"])),
    )


@cache
def _verified(name: str, version: str | None) -> tuple[Row, ...]:
    source = origin(name, version)
    content = _root().joinpath(name, source.version.isoformat(), f"{name}.csv").read_bytes()
    return parse_rows(source, content)


def parse_rows(source: Origin, content: bytes) -> tuple[Row, ...]:
    """The rows in `content`, which must be the file that `source` describes. Raises SetupProblem otherwise."""
    if hashlib.sha256(content).hexdigest() != source.sha256:
        raise SetupProblem(N_("Nội dung bộ dữ liệu không khớp với mã sha256 đã ghi."), subject=source.set, remedy=_REINSTALL)
    reader = csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""), strict=True)
    rows = tuple(reader)
    if tuple(reader.fieldnames or ()) != tuple(source.columns) or any(None in row or None in row.values() for row in rows):
        raise SetupProblem(N_("Các cột của bộ dữ liệu không khớp với phần mô tả."), subject=source.set, remedy=_REINSTALL)
    if len(rows) != source.rows:
        raise SetupProblem(
            N_("Bộ dữ liệu có %(found)s dòng, phần mô tả ghi %(expected)s."),
            subject=source.set,
            remedy=_REINSTALL,
            found=len(rows),
            expected=source.rows,
        )
    return rows


@cache
def _column(name: str, column: str) -> frozenset[str]:
    return frozenset(row[column] for row in _verified(name, None))


# --- the rule of one column


@dataclass(frozen=True, slots=True)
class _Rule:
    what: str
    arguments: tuple[str, ...]
    is_list: bool
    required: bool

    @staticmethod
    def of(text: str) -> _Rule:
        words = text.split()
        flags = {"list", "required"}
        plain = [word for word in words if word not in flags]
        if plain[0] not in _TESTS:
            raise SetupProblem(N_("Không có quy tắc cột “%(rule)s”."), remedy=_REINSTALL, rule=text)
        return _Rule(plain[0], tuple(plain[1:]), "list" in words, "required" in words)

    def faults(self, cell: str) -> Iterator[tuple[str, str]]:
        """(value, message) for everything wrong in the cell."""
        if cell != cell.strip():
            yield cell, N_("Thừa khoảng trắng: “%(value)s”.")
        if not cell:
            if self.required:
                yield cell, N_("Thiếu giá trị.")
            return
        for value in cell.split("|") if self.is_list else (cell,):
            if not _TESTS[self.what](value, *self.arguments):
                yield value, N_("Giá trị “%(value)s” không hợp lệ.")


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _matches(pattern: str) -> Callable[[str], bool]:
    return lambda value: re.fullmatch(pattern, value) is not None


def _in_vocabulary(value: str, name: str) -> bool:
    return any(value in term.reference_values for term in vocabulary(name).terms)


_POINT = r"\d{4}(-(0[1-9]|1[0-2])(-\d\d)?|-H[12]|-Q[1-4])?"
_TESTS: Mapping[str, Callable[..., bool]] = {
    "text": lambda value: True,
    "url": _matches(r"https?://[a-z0-9.-]+\.[a-z]{2,}(:\d+)?(/\S*)?"),
    "date": _is_date,
    "year": _matches(r"(19|20)\d\d"),
    "period": _matches(rf"{_POINT}(/{_POINT})?|cumulative"),
    "number": _matches(r"-?\d+(\.\d+)?"),
    "count": _matches(r"\d+"),
    "percent": lambda value: re.fullmatch(r"\d+(\.\d+)?", value) is not None and float(value) <= 100,
    "iso2": _matches(r"[A-Z]{2}"),
    "iso3": _matches(r"[A-Z]{3}"),
    "m49": _matches(r"\d{3}"),
    "hs": lambda value: re.fullmatch(r"\d\d", value) is not None and 1 <= int(value) <= 97,
    "hs_code": _matches(r"\d\d(\d\d){0,2}"),
    "country": lambda value: value in country_codes(),
    "partner": lambda value: value in partner_codes(),
    "figure": lambda value: value in partner_codes() or value in vocabulary("figure_code"),
    "vocabulary": _in_vocabulary,
    "link": lambda value, name, column: value in _column(name, column),
}

# --- what a single cell cannot show: (line, column, message, value)

_Fault = tuple[int, str, str, str]
_Rows = tuple[Row, ...]


def _countries(rows: _Rows) -> Iterator[_Fault]:
    if len(rows) != 249:
        yield 1, "iso3", N_("ISO 3166-1 có 249 mã, tìm thấy %(value)s."), str(len(rows))
    for column in ("iso2", "m49"):
        seen: set[str] = set()
        for line, row in enumerate(rows, 2):
            if row[column] in seen:
                yield line, column, N_("Mã “%(value)s” bị trùng."), row[column]
            seen.add(row[column])
    members = {row["code"]: set(row["members_iso3"].split("|")) for row in _verified("blocs", None)}
    for line, row in enumerate(rows, 2):
        if row["iso3"] in ("XKX", "XXK", "KOS"):
            yield line, "iso3", N_("“%(value)s” không phải mã ISO."), row["iso3"]
        if set(filter(None, row["blocs"].split("|"))) != {code for code, inside in members.items() if row["iso3"] in inside}:
            yield line, "blocs", N_("Khối “%(value)s” không khớp với danh sách thành viên."), row["blocs"]


def _blocs(rows: _Rows) -> Iterator[_Fault]:
    for line, row in enumerate(rows, 2):
        if len(set(row["members_iso3"].split("|"))) != int(row["member_count"]):
            yield line, "member_count", N_("Số thành viên ghi là %(value)s, khác với danh sách."), row["member_count"]


def _provinces(rows: _Rows) -> Iterator[_Fault]:
    if len(rows) != 34 or sum(int(row["merged_from_count"]) for row in rows) != 63:
        yield 1, "code", N_("Phải có 34 tỉnh, thành phố hợp từ 63; tìm thấy %(value)s."), str(len(rows))
    for line, row in enumerate(rows, 2):
        if not len(row["merged_from_vi"].split("|")) == len(row["merged_from_codes"].split("|")) == int(row["merged_from_count"]):
            yield line, "merged_from_count", N_("Số tỉnh cũ ghi là %(value)s, khác với danh sách."), row["merged_from_count"]


def _activities(rows: _Rows) -> Iterator[_Fault]:
    for line, row in enumerate(rows, 2):
        if row["end_date"] < row["start_date"]:
            yield line, "end_date", N_("Ngày kết thúc %(value)s trước ngày bắt đầu."), row["end_date"]


def _agreements(rows: _Rows) -> Iterator[_Fault]:
    for line, row in enumerate(rows, 2):
        if not row["id"].startswith(row["activity_id"] + "-"):
            yield line, "id", N_("Mã “%(value)s” không theo mã hoạt động."), row["id"]


def _commitments(rows: _Rows) -> Iterator[_Fault]:
    activities = {row["id"]: row for row in _verified("activities", None)}
    said: set[tuple[str, str]] = set()
    for line, row in enumerate(rows, 2):
        activity = activities.get(row["activity_id"])
        if activity and row["partner_iso3"] not in activity["partner_codes"].split("|"):
            yield line, "partner_iso3", N_("Đối tác “%(value)s” không có trong hoạt động."), row["partner_iso3"]
        if activity and row["deadline"] and row["deadline"] < activity["start_date"]:
            yield line, "deadline", N_("Thời hạn %(value)s trước hoạt động."), row["deadline"]
        text = (row["activity_id"], row["text_own_words_en"].lower())
        if text in said:
            yield line, "text_own_words_en", N_("Cam kết ghi hai lần: “%(value)s”."), row["text_own_words_en"]
        said.add(text)


def _fdi_by_province(rows: _Rows) -> Iterator[_Fault]:
    present = {former: row["code"] for row in _verified("provinces", None) for former in row["merged_from_vi"].split("|")}
    for line, row in enumerate(rows, 2):
        if present.get(row["former_name_vi"]) != row["province_code"]:
            yield line, "former_name_vi", N_("Tỉnh cũ “%(value)s” không thuộc tỉnh này."), row["former_name_vi"]


def _institution_names(rows: _Rows) -> Iterator[_Fault]:
    yield from _half_open(rows)
    present = {former: row["code"] for row in _verified("provinces", None) for former in row["merged_from_vi"].split("|")}
    for line, row in enumerate(rows, 2):
        if row["successor_set"] not in ("institutions", "provinces") or row["successor_code"] not in _column(
            row["successor_set"], "code"
        ):
            yield line, "successor_code", N_("Không có cơ quan kế nhiệm “%(value)s”."), row["successor_code"]
        if row["successor_set"] == "provinces" and present.get(row["name_vi"], row["successor_code"]) != row["successor_code"]:
            yield line, "successor_code", N_("Tỉnh kế tiếp “%(value)s” không khớp với bộ provinces."), row["successor_code"]
        if not row["valid_to"] and row["change"] != "unchanged":
            yield line, "valid_to", N_("Thiếu ngày kết thúc của tên “%(value)s”."), row["name_vi"]
    missing = present.keys() - {row["name_vi"] for row in rows}
    for name in sorted(missing):
        yield 1, "name_vi", N_("Thiếu tỉnh cũ “%(value)s”."), name


def _print_names(rows: _Rows) -> Iterator[_Fault]:
    yield from _half_open(rows)
    kinds = {row["code"]: row["kind"] for row in _verified("partner_kinds", None)}
    for line, row in enumerate(rows, 2):
        if row["kind"] not in ("sea", "islands") and kinds.get(row["code"]) != row["kind"]:
            yield line, "kind", N_("Loại của “%(value)s” khác với bộ partner_kinds."), row["code"]


def _partner_kinds(rows: _Rows) -> Iterator[_Fault]:
    by_code = {row["code"]: row for row in rows}
    for code in sorted(partner_codes() - by_code.keys()):
        yield 1, "code", N_("Thiếu đối tác “%(value)s”."), code
    members = sum(row["un_status"] == "member" for row in rows)
    if members != 193:
        yield 1, "un_status", N_("Liên hợp quốc có 193 thành viên, tìm thấy %(value)s."), str(members)
    for line, row in enumerate(rows, 2):
        if row["rights"] and row["kind"] in ("territory", "economy", "region"):
            yield line, "rights", N_("“%(value)s” không có mức quan hệ, cờ, đại sứ hay điều ước."), row["code"]


def _half_open(rows: _Rows) -> Iterator[_Fault]:
    for line, row in enumerate(rows, 2):
        if row["valid_from"] and row["valid_to"] and row["valid_to"] <= row["valid_from"]:
            yield line, "valid_to", N_("Ngày kết thúc %(value)s không sau ngày bắt đầu."), row["valid_to"]


_FURTHER: Mapping[str, Callable[[_Rows], Iterator[_Fault]]] = {
    "countries": _countries,
    "blocs": _blocs,
    "provinces": _provinces,
    "activities": _activities,
    "agreements": _agreements,
    "commitments": _commitments,
    "fdi_by_province": _fdi_by_province,
    "institution_names": _institution_names,
    "print_names": _print_names,
    "partner_kinds": _partner_kinds,
}
