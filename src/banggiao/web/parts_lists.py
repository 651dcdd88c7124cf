"""Which typed parts are the faces of a list put together from: board, timeline, calendar, and what is kept of lists?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from banggiao.web.parts import Badge, Chip, Field, Link, StepAxis


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A record on a board or in a calendar. `steps` are what can be done with it, and what is missing for it."""

    title: str
    url: str
    code: str = ""
    note: str = ""
    note_tone: str = ""
    lead: str = ""
    exercise: bool = False
    fresh: bool = False
    steps: StepAxis | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A column of a board; `all_url` lists what it holds beyond the cards shown."""

    state: Badge
    total: int
    cards: Sequence[Card]
    all_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A list by state; `most` cards stand in each lane."""

    lanes: Sequence[Lane]
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What stands in a month of a record's line: a date, or the stretch between two of them."""

    kind: Literal["", "between", "first", "current", "both"] = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A record on the timeline: a mark for each month; the note of its card says the same in words."""

    card: Card
    marks: Sequence[Mark]
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Records along twelve months; `total` of `beyond` that pass the filters have a date in them."""

    months: Sequence[date]
    this_month: date
    lines: Sequence[Line]
    total: int
    beyond: int
    previous_url: str
    next_url: str
    now_url: str
    more_url: str = ""
    first_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of the calendar. `holiday` says what it is called, `off` that offices are closed."""

    day: date
    in_month: bool
    today: bool
    off: bool
    holiday: str
    cards: Sequence[Card] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """A month; `undated` are records of which only the month is known."""

    title: str
    weekdays: Sequence[str]
    weeks: Sequence[Sequence[Day]]
    undated: Sequence[Card]
    shown: int
    total: int
    beyond: int
    previous: Link
    next: Link
    now_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """Saved views of a list: `chips` open them, the form keeps the present one, `manage` leads to one's own."""

    chips: Sequence[Chip] = ()
    fields: Sequence[Field] = ()
    url: str = ""
    manage: Sequence[Link] = ()
