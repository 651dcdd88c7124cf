"""Which typed parts has the page where the paragraphs of a directive become tasks?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from banggiao.web.parts import Action, Badge, Field, Header, Kpi, Link


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskForm:
    """A task that can be confirmed: the box that takes it, what it says, what is asked of it, and what to look at first."""

    take: Field
    fields: Sequence[Field]
    said: str = ""
    open: bool = False
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """A task that stands: its code and words, lead, due date, state."""

    link: Link
    text: str
    badge: Badge
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphRow:
    """A paragraph beside its tasks, its proposals and the reason for none; a heading has words only."""

    id: str
    number: str
    text: str
    heading: bool = False
    badge: Badge | None = None
    tasks: Sequence[TaskLine] = ()
    proposals: Sequence[TaskForm] = ()
    reason: Sequence[Field] = ()
    said: str = ""
    add_url: str = ""
    undo_url: str = ""
    links: Sequence[Link] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitPage:
    """split.html: the paragraphs of a directive left, what becomes of each right; one button writes all that is ticked."""

    header: Header
    action: str
    kpis: Sequence[Kpi]
    rows: Sequence[ParagraphRow]
    filters: Sequence[Link] = ()
    actions: Sequence[Action] = ()
    next_url: str = ""
    submit: str = ""
    errors: Sequence[str] = ()
    empty: str = ""
