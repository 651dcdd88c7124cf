"""Which typed parts do the pages of entry receive: the form of a new record, and a pasted table?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from banggiao.web.parts import Field, Header, Link, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """A record that may be the same as the one being typed in."""

    link: Link
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarPart:
    """similar.html: the records much like what is typed so far; `asked` when the reader wanted to know."""

    rows: Sequence[Similar] = ()
    asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """entry_form.html: `fields` are asked of everybody, `more` folded away unless something stands in them."""

    header: Header
    action: str
    similar_url: str
    fields: Sequence[Field]
    more: Sequence[Field]
    cancel_url: str
    more_open: bool = False
    errors: Sequence[str] = ()
    similar: SimilarPart = SimilarPart()  # noqa: RUF009


@dataclass(frozen=True, slots=True, kw_only=True)
class PastePage:
    """paste_form.html: where a table is pasted or a file given; `limits` says how much is taken, `waiting` what was left."""

    header: Header
    action: str
    area: Field
    file: Field
    columns: Sequence[str]
    limits: str
    cancel_url: str
    waiting: Sequence[Link] = ()
    errors: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many rows are of a kind; `url` shows only those."""

    label: str
    value: int
    url: str
    active: bool = False
    tone: str = "neutral"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPage:
    """paste_preview.html: what would be written, with what is wrong cell by cell; nothing is written yet.

    `mapping` says for each column of the table which field it fills, `options` how cells and likely duplicates are taken,
    `sheets` which table of the file is shown. `gone` are records whose rows the list does not have any more, `dropped` the lines
    that are no rows; `seen` is what is confirmed. `mend_url` gives the faulty rows as a file, `again_url` leads back to the text
    of the table, `forget_url` throws it away.
    """

    header: Header
    action: str
    mapping: Sequence[Field]
    counts: Sequence[Count]
    table: Table
    choices: Sequence[Field]
    submit: str
    ready: int
    again_url: str
    forget_url: str
    cancel_url: str
    sheets: Field | None = None
    options: Sequence[Field] = ()
    gone: Sequence[Link] = ()
    dropped: Sequence[str] = ()
    warnings: Sequence[str] = ()
    seen: str = ""
    mend_url: str = ""
    errors: Sequence[str] = ()
    note: str = ""
