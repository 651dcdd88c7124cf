"""Which parts are the reading room and the taking in of files put together from?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from banggiao.web.parts import Action, Badge, Choice, Field, Link, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLine:
    """A field of the register beside what the text says: `state` is known (the text says nothing), same, adds or differs."""

    label: str
    known: Value = None
    said: Value = None
    state: Literal["known", "same", "adds", "differs"] = "known"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRecord:
    """The record that a fact joins or comes near to.

    `words` says where the two differ; `choices` are what a person may decide then, each a button of one form to `action`.
    """

    heading: str
    record: Link
    lines: Sequence[KnownLine] = ()
    words: str = ""
    choices: Sequence[Choice] = ()
    action: str = ""
    id: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPanel:
    """Accepting above a confidence: the number with its live count (`preview_url`), what is running, one undo for the last."""

    action: str
    preview_url: str
    field: Field
    running: str = ""
    poll_url: str = ""
    undo: Action | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldFact:
    """A fact that a batch would leave to a person, and why."""

    link: Link
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPreview:
    """batch_preview.html: what a batch would do."""

    words: str
    held: Sequence[HeldFact] = ()
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Where one is in a long document: `words` names the part, the links lead to the ones before and after."""

    words: str
    before: str = ""
    after: str = ""
    all: Sequence[Choice] = ()
    action: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A file of a batch: its name as a label, what became of it, and where it stands now."""

    name: str
    size: str
    badge: Badge
    document: Link | None = None
    text: str = ""
    remedy: str = ""
