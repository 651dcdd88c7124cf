"""How does a question on world trade become an answer with its release, year, licence and rule?

A package module gives only the rows; where nothing was ingested the answer is empty and its source says what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Row, Source, register_question
from banggiao.markets.store import Chosen, chosen, has_libraries
from banggiao.partners.questions_levels import paged

PERMISSION = "markets.view"
RELEASE = Parameter("release", N_("Bản phát hành"))
YEAR = Parameter("year", N_("Năm"))
EXPORTER = Parameter("exporter", N_("Nước xuất khẩu"), "partner", default="VNM")
#: Rows that a question of the largest tables yields, and the most that may be asked for.
TOP, MOST = 200, 5000
MILLION = N_("triệu USD")

NO_DATA = Bi(
    "Chưa nạp dữ liệu thương mại: banggiao markets ingest, hoặc banggiao markets demo để xem thử",
    "No trade data ingested: banggiao markets ingest, or banggiao markets demo to try",
)
NO_LIBRARIES = Bi(
    'Chưa có thư viện phân tích thị trường: pip install "banggiao[markets]"',
    'The libraries of the market analyses are not installed: pip install "banggiao[markets]"',
)
SYNTHETIC = Bi("TỔNG HỢP (diễn tập, không phải số thật): ", "SYNTHETIC (exercise, not real figures): ")
#: Cells of rows about the release, or whole rows where they come from somewhere else.
Rows = Callable[[Mapping[str, str], Chosen, Viewer], Sequence[tuple[Any, ...] | Row]]


def market_question(
    name: str,
    title: Bi,
    parameters: Sequence[Parameter],
    columns: Sequence[Column],
    rule: str,
    rows: Rows,
    *,
    kind: str = "annual",
) -> Question:
    """Register a question whose `rows` gives the cells for the parameters, the release and year chosen, and the viewer."""

    def answer(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
        picked = chosen(params, kind) if has_libraries() else None
        if picked is None:
            empty = paged(question, (), page, at, rule, params)
            return replace(empty, sources=(Source(NO_DATA if has_libraries() else NO_LIBRARIES),))
        made_up = picked.release.synthetic
        found = rows(params, picked, viewer)
        listed = [each if isinstance(each, Row) else Row(each, exercise=made_up) for each in found]
        asked = {**params, "release": picked.release.id, "year": str(picked.year)}
        return replace(paged(question, listed, page, at, rule, asked), sources=sources(picked))

    question = Question(name, title, PERMISSION, (*parameters, RELEASE, YEAR), tuple(columns), answer)
    return register_question(question)


def sources(picked: Chosen) -> tuple[Source, ...]:
    """The release as a source: title or citation, licence, and that it is made up where it is."""
    release = picked.release
    told = release.citation or release.title or release.id
    licence = f" ({release.licence})" if release.licence else ""
    made_up = SYNTHETIC if release.synthetic else Bi("", "")
    url = release.url if release.url.startswith("https://") else ""
    return (Source(Bi(f"{made_up.vi}{told}{licence}", f"{made_up.en}{told}{licence}"), url, str(picked.year)),)


def million(value: float) -> float:
    """Thousand USD as million USD, rounded to what a reader can use: the unit of every answer."""
    amount = float(value) / 1000.0
    # Nothing is not written as minus nothing.
    return round(amount, 1 if abs(amount) >= 10 else 2 if abs(amount) >= 1 else 3) or 0.0


def percent(share: float | None) -> float | None:
    """A share as per cent with one figure after the mark; None where there is none."""
    return None if share is None or share != share else round(100 * float(share), 1)


def known(value: float, figures: int = 4) -> float | None:
    """A figure rounded to so many places; None for what is not a number."""
    return None if value != value else round(float(value), figures)


def top_of(params: Mapping[str, str]) -> int:
    """How many rows are asked for. Raises InvalidInput."""
    text = params.get("top", "")
    if not text:
        return TOP
    if not (text.isascii() and text.isdigit() and 0 < int(text[:7]) <= MOST):
        raise _unusable("top", N_("Số dòng phải từ 1 tới %(most)s."), most=MOST)
    return int(text)


def codes_of(text: str, field: str) -> tuple[int, ...]:
    """Codes of the Harmonized System as they are typed, of two to six figures, set off by commas. Raises InvalidInput."""
    found = []
    for part in filter(None, (p.strip() for p in text.replace(";", ",").replace(" ", ",").split(","))):
        if not (part.isascii() and part.isdigit() and 1 < len(part) < 7):
            raise _unusable(field, N_("Mã HS “%(code)s” không hợp lệ."), code=part[:20])
        found.append((int(part), len(part)))
    return tuple(code * 10 ** (6 - length) for code, length in found)


def ranges_of(text: str, field: str) -> list[range]:
    """The products that codes of two, four or six figures stand for, as ranges of six-figure codes. Raises InvalidInput."""
    lengths = [len(p.strip()) for p in text.replace(";", ",").replace(" ", ",").split(",") if p.strip()]
    return [range(code, code + 10 ** (6 - length)) for code, length in zip(codes_of(text, field), lengths, strict=True)]


def _unusable(field: str, message: str, **params: object) -> InvalidInput:
    problems = [FieldProblem(field, N_("Giá trị không hợp lệ."))]
    return InvalidInput(message, subject=field, remedy=N_("Hãy sửa lại rồi hỏi lại."), problems=problems, **params)
