"""Which typed parts are pages put together from?

The macros of `templates/components/` draw these: badges, figures, tables, facts, citations, fields. Texts arrive already
translated; figures and dates arrive as numbers and dates and are written out in the reader's language by the macros.
A URL that is "" makes no link.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from banggiao.web.parts_plan import StandingPanel
    from banggiao.web.parts_reading import KnownRecord

ValueKind = Literal["text", "code", "number", "percent", "year", "date", "datetime", "bool"]
"""How a value is written: `code` and `year` never get thousands marks; `percent` takes 57.8 for 57,8 %."""

Value = str | int | float | Decimal | date | datetime | bool | None

Tone = Literal["neutral", "active", "good", "risk", "bad"]
"""What a badge tells at a glance; each tone has its own colour and its own shape (ring, square, disc, triangle, diamond)."""


# --- Small parts -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A button. `get` is a link; `post` is a form of its own that sends `fields`, among them the version it is based on.

    `key` is a one-letter keyboard help inside a fact card; `confirm` is the question of a dialog asked first.
    """

    label: str
    url: str
    method: Literal["get", "post"] = "get"
    style: Literal["plain", "primary", "danger"] = "plain"
    icon: str = ""
    key: str = ""
    confirm: str = ""
    fields: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """A status: colour, shape and word. `axis` names which of the separate axes it stands on (work, validation, time)."""

    label: str
    tone: Tone = "neutral"
    axis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A share done, 0 to 100, and its name for those who hear the page."""

    percent: int
    label: str
    tone: Tone = "active"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Where a fact stands: the sentence, its document and a link to the sentence's anchor. `number` is unique on the page."""

    number: int
    sentence: str
    document: str
    url: str
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What every figure carries: counting rule, as-of date, sources, and how many records the viewer may not see."""

    as_of: date | datetime
    rule: str
    rule_url: str = ""
    sources: Sequence[Link] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """A figure of the strip; `url` opens the list it counted, `note` is one line of comparison."""

    label: str
    value: Value
    basis: Basis
    url: str = ""
    kind: ValueKind = "number"
    unit: str = ""
    note: str = ""
    alarming: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A filter in force (`active`, `url` removes it) or on offer (`url` sets it)."""

    label: str
    url: str
    active: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Head of a page: kicker (kind and code), title, one line below, badges one per axis, actions."""

    title: str
    kicker: str = ""
    subtitle: str = ""
    badges: Sequence[Badge] = ()
    actions: Sequence[Action] = ()
    trail: Sequence[Link] = ()


# --- Tables ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumn:
    """A column as a question declares it. `sort_url` makes the heading a link; `lead` is the row's title on a phone."""

    key: str
    label: str
    kind: ValueKind = "text"
    unit: str = ""
    sort_url: str = ""
    sorted: Literal["", "ascending", "descending"] = ""
    lead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A value with what may go with it. `recalled` marks a value that nobody has checked against its source yet.

    `links` stand instead of the value where it leads to several records, `parts` where it is running text with notes, `actions`
    where something can be done about the row.
    """

    value: Value = None
    url: str = ""
    links: Sequence[Link] = ()
    parts: Sequence[TextPart] = ()
    note: str = ""
    note_tone: Tone = "neutral"
    badge: Badge | None = None
    progress: Progress | None = None
    citations: Sequence[Citation] = ()
    recalled: bool = False
    actions: Sequence[Action] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """Cells in the order of the columns; `exercise` marks a made-up record, `overdue` tints the row's edge.

    `fresh` marks what is new or was changed since the reader's last visit.
    """

    cells: Sequence[Cell]
    exercise: bool = False
    overdue: bool = False
    fresh: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`caption` names the table for those who hear it. `next_url` is the keyset link; `total` counts beyond this page.

    The headings of a `compact` one may take several lines, where there are many narrow columns.
    """

    caption: str
    columns: Sequence[TableColumn]
    rows: Sequence[TableRow]
    total: int | None = None
    basis: Basis | None = None
    next_url: str = ""
    first_url: str = ""
    empty: Empty | None = None
    compact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Empty:
    """What an empty place says: what would stand here and what to do next."""

    title: str
    text: str
    action: Action | None = None


# --- Parts of record pages -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One line of the facts table: what it is called and its value, with its citations."""

    label: str
    cell: Cell
    kind: ValueKind = "text"
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """Something at a date; `state` past, next or alarm decides the dot. `when_text` replaces a date known only roughly."""

    when: date | datetime | None
    title: str
    when_text: str = ""
    text: str = ""
    url: str = ""
    state: Literal["past", "next", "alarm"] = "past"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One changed field in the history; `restricted` hides both values from this viewer."""

    label: str
    old: Value = None
    new: Value = None
    kind: ValueKind = "text"
    restricted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One ledger entry: when, who, what they did, why, and what changed; `undo` takes back the reader's own last change."""

    at: datetime
    actor: str
    action: str
    reason: str = ""
    changes: Sequence[Change] = ()
    undo: Action | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingItem:
    """Something that must be there before the next step; `url` leads to the field."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """The next step of an axis, what is missing for it, and the action, absent for whoever may not take it."""

    label: str
    missing: Sequence[MissingItem] = ()
    action: Action | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAxis:
    """One axis of state: where the record stands on it, its next step, and the other steps the reader may take."""

    title: str
    state: Badge
    next: NextStep | None = None
    others: Sequence[Action] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """One line of a panel: a name and how many, leading to where they are."""

    label: str
    url: str
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A titled panel; shows whichever of its parts is filled, `empty` when none is; `actions` and `note` stand below.

    A `folded` one shows its title alone until the reader opens it.
    """

    id: str
    title: str
    meta: str = ""
    link: Link | None = None
    standing: StandingPanel | None = None
    table: Table | None = None
    definitions: Sequence[Definition] = ()
    tallies: Sequence[Tally] = ()
    timeline: Sequence[TimelineEntry] = ()
    citations: Sequence[Citation] = ()
    history: Sequence[HistoryEntry] = ()
    chart: Chart | None = None
    text: str = ""
    empty: Empty | None = None
    form: Form | None = None
    actions: Sequence[Action] = ()
    note: str = ""
    folded: bool = False


# --- Texts and forms -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPart:
    """A stretch of text. `fact` names the fact card it belongs to; `mark` highlights a search hit; `citation` a note.

    `anchors` are the facts that begin here: a citation leads to them.
    """

    text: str
    fact: str = ""
    mark: bool = False
    strong: bool = False
    citation: Citation | None = None
    note: int | None = None
    anchors: Sequence[str] = ()
    emphasis: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of a document; `number` makes the anchor #s123, `offset` is where it begins in the whole text."""

    number: int
    parts: Sequence[TextPart]
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBlock:
    """A paragraph, heading or list item of a document, or what stands beside its text (caption, boilerplate).

    `page` stands in the margin where a page of the source begins.
    """

    sentences: Sequence[Sentence]
    kind: Literal["paragraph", "heading", "item", "aside"] = "paragraph"
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactCard:
    """A fact read from a document. `id` is unique on the page and named by the text parts; `sentences` are anchors.

    `confidence` is 0 to 1, None for a fact added by hand; `known` is what the register already holds; `actions` accept, correct
    and reject with keys a, c and r, undo with u; `note` says what has just happened to it.
    """

    id: str
    kind: str
    title: str
    slots: Sequence[Definition] = ()
    badge: Badge | None = None
    confidence: float | None = None
    sentences: Sequence[int] = ()
    record: Link | None = None
    known: KnownRecord | None = None
    waiting: bool = False
    settled: str = ""
    note: str = ""
    actions: Sequence[Action] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart as an image of our own, what it says in one sentence, and its table twin.

    `drawing` is the image itself where it stands in the page, so that its parts can be links; `image_url` is then empty, and
    `legend` names its colours where the drawing does not.
    """

    title: str
    image_url: str
    summary: str
    table: Table
    drawing: str = ""
    legend: Sequence[tuple[str, str]] = ()
    meta: str = ""
    link: Link | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    value: str
    label: str
    selected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A form field with what was typed and what is wrong with it. `value` is the text of the control, dates as ISO.

    `suggest` is the address that gives the choices for what is typed so far; without it, or without script, the text is enough.
    """

    name: str
    label: str
    kind: Literal["text", "textarea", "select", "date", "number", "checkbox", "file", "password", "email", "hidden"] = "text"
    value: str = ""
    choices: Sequence[Choice] = ()
    required: bool = False
    help: str = ""
    errors: Sequence[str] = ()
    autocomplete: str = ""
    checked: bool = False
    multiple: bool = False
    suggest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSet:
    title: str
    fields: Sequence[Field]
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A small form inside a page: its fields in one line with the button."""

    action: str
    fields: Sequence[Field]
    submit: str
    icon: str = ""
    method: Literal["get", "post"] = "post"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field that somebody else changed meanwhile: as read, as typed here, as it stands now."""

    label: str
    seen: Value
    mine: Value
    current: Value
    kind: ValueKind = "text"
