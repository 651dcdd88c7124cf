"""What can be asked: a question with typed parameters gives one flat answer that page, API, CLI and report all render.

No face holds SQL or computes a figure. An `Answer` carries columns, lazy rows, total, as-of, counting rule and sources; titles
in two languages travel as `Bi`, and the face picks. Questions register themselves by name when their package is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, FieldProblem, InvalidInput, NotFound
from banggiao.core.folding import is_text
from banggiao.core.vocabulary import vocabulary


class Bi(NamedTuple):
    """A value in Vietnamese and in English; English falls back to Vietnamese where it is not written."""

    vi: str
    en: str = ""

    def get(self, language: str) -> str:
        """The text for a reader of that language."""
        return self.vi if language == "vi" or not self.en else self.en

    def __str__(self) -> str:
        return self.vi


@dataclass(frozen=True, slots=True)
class Ref:
    """A cell that leads to a record: its id, kind and title."""

    id: UUID
    record_type: str
    title: Bi


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an answer. `type`: text, bilingual, record, records, code, date, number, percent, flag.

    A `code` column names its vocabulary; a `number` column names its unit.
    """

    key: str
    label: str
    type: str = "text"
    vocabulary: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something the asker may set. `kind`: text, period, date, code (of `vocabulary`), partner, institution, flag, moment.

    A `needed` one has no answer without it.
    """

    name: str
    label: str
    kind: str = "text"
    vocabulary: str = ""
    default: str = ""
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of an answer; `id` and `record_type` lead to the record behind it, `mark` says how its evidence was obtained.

    `recorded_at` is when the record was last written.
    """

    cells: tuple[Any, ...]
    id: UUID | None = None
    record_type: str = ""
    exercise: bool = False
    mark: str = ""
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where the figures of an answer come from."""

    label: Bi
    url: str = ""
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of an answer is wanted; the cursor comes from the answer before. `size` 0 means all rows."""

    size: int = 50
    cursor: str = ""

    def __post_init__(self) -> None:
        if self.size < 0:
            raise InvalidInput(N_("Số dòng của một trang không được âm."), remedy=N_("Hãy chọn số dòng từ 1 trở lên."))


ALL = Page(size=0)


@dataclass(frozen=True)
class Answer:
    """What a question yields: `total` counts all rows, not only the page; `rule` names the counting rule."""

    question: str
    title: Bi
    columns: tuple[Column, ...]
    rows: Iterable[Row]
    total: int
    as_of: datetime
    rule: str
    sources: tuple[Source, ...] = ()
    next_cursor: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)

    def listed(self) -> Answer:
        """The same answer with its rows read into a tuple, so that they can be walked more than once."""
        return replace(self, rows=tuple(self.rows))


Ask = Callable[[Mapping[str, str], Viewer, Page, datetime], Answer]


@dataclass(frozen=True)
class Question:
    """A named read that every face offers."""

    name: str
    title: Bi
    permission: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    answer: Ask


_questions: dict[str, Question] = {}


def register_question(question: Question) -> Question:
    """Make a question known to all faces; a name is taken once."""
    if question.name in _questions:
        raise ValueError(f"question {question.name} is registered twice")
    _questions[question.name] = question
    return question


def questions() -> Iterator[Question]:
    """Every registered question, by name."""
    return iter(sorted(_questions.values(), key=lambda q: q.name))


def question_named(name: str) -> Question:
    """The question, or NotFound."""
    try:
        return _questions[name]
    except KeyError:
        raise NotFound(N_("Không có câu hỏi này."), subject=name) from None


def ask(name: str, params: Mapping[str, str], viewer: Viewer, *, at: datetime, page: Page = Page()) -> Answer:  # noqa: B008
    """Put the question. Empty parameters take their default; unknown ones raise InvalidInput. Raises NotFound, NotPermitted."""
    question = question_named(name)
    return question.answer(filled(question, params, viewer), viewer, page, at)


def filled(question: Question, params: Mapping[str, str], viewer: Viewer) -> dict[str, str]:
    """Every parameter of the question with its value or default. Raises NotPermitted, InvalidInput."""
    viewer.require(question.permission, subject=question.name)
    known = {p.name: p for p in question.parameters}
    unknown = [n for n in params if n not in known]
    if unknown:
        raise InvalidInput(
            N_("Không có tham số “%(name)s”."),
            name=unknown[0],
            subject=question.name,
            remedy=N_("Hãy dùng các tham số được liệt kê cho câu hỏi này."),
            problems=[FieldProblem(n, N_("Tham số không được biết.")) for n in unknown],
        )
    for name, value in params.items():
        if not is_text(value):
            raise InvalidInput(
                N_("Giá trị có ký tự không hợp lệ."),
                subject=name,
                remedy=N_("Hãy xóa ký tự đó rồi hỏi lại."),
                problems=[FieldProblem(name, N_("Có ký tự không hợp lệ."))],
            )
    values = {n: params.get(n, "") or p.default for n, p in known.items()}
    strangers = [n for n, p in known.items() if p.vocabulary and values[n] and values[n] not in vocabulary(p.vocabulary)]
    if strangers:
        raise InvalidInput(
            N_("Giá trị “%(value)s” không hợp lệ."),
            value=values[strangers[0]][:80],
            subject=question.name,
            remedy=N_("Hãy chọn một giá trị trong danh sách."),
            problems=[FieldProblem(n, N_("Giá trị không hợp lệ.")) for n in strangers],
        )
    missing = [p.name for p in question.parameters if p.needed and not values[p.name]]
    if missing:
        raise InvalidInput(
            N_("Câu hỏi này chưa đủ thông tin để trả lời."),
            subject=question.name,
            remedy=N_("Hãy chọn giá trị cho các tham số được nêu."),
            problems=[FieldProblem(n, N_("Không được để trống.")) for n in missing],
        )
    return values
