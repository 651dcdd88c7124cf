"""Which typed parts are comments and the inbox put together from?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from banggiao.web.parts import Action, Badge, Chip, Empty, Header, TextPart


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A comment: who, when, the words with those they call, and what the reader may do with it."""

    id: str
    author: str
    at: datetime
    parts: Sequence[TextPart]
    changed: bool = False
    resolved: bool = False
    actions: Sequence[Action] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """The comments on a record, newest first; `url` takes a new one, `people_url` finds who can be called by name."""

    items: Sequence[Said]
    total: int
    url: str
    people_url: str
    older_url: str = ""
    newest_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An item of the inbox."""

    kind: Badge
    title: str
    url: str
    at: datetime
    sender: str = ""
    text: Sequence[TextPart] = ()
    unread: bool = False
    exercise: bool = False
    action: Action | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage:
    """inbox.html: what waits, newest first."""

    header: Header
    letters: Sequence[Letter]
    total: int
    views: Sequence[Chip]
    empty: Empty
    next_url: str = ""
    first_url: str = ""
