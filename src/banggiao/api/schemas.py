"""What do requests and answers of the API look like? The models from which the OpenAPI document is drawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class FieldMessage(BaseModel):
    """A field and what is wrong with it or still missing."""

    field: str
    message: str


class DifferenceOut(BaseModel):
    """A field that somebody else changed: as you saw it, as you want it, as it stands."""

    field: str
    seen: Any = None
    mine: Any = None
    current: Any = None


class Problem(BaseModel):
    """The one shape of every error."""

    code: str
    message: str
    subject: str
    remedy: str
    problems: list[FieldMessage]
    differences: list[DifferenceOut]


class BiOut(BaseModel):
    """A text in both languages; `en` is empty where it is not written."""

    vi: str
    en: str


class ColumnOut(BaseModel):
    """A column: `type` is text, bilingual, record, records, list, code (of `vocabulary`), date, number (in `unit`), ..."""

    key: str
    label: str
    type: str
    vocabulary: str | None
    unit: str | None


class ParameterOut(BaseModel):
    """Something the asker may set: `kind` is text, period, date, code (of `vocabulary`), partner, institution or id.

    Without a `needed` one there is no answer.
    """

    name: str
    label: str
    kind: str
    vocabulary: str | None
    default: str | None
    needed: bool


class QuestionOut(BaseModel):
    """A question with all it takes and yields; `permitted` says whether you may put it."""

    name: str
    title: BiOut
    permission: str
    permitted: bool
    parameters: list[ParameterOut]
    columns: list[ColumnOut]


class QuestionsOut(BaseModel):
    """All questions."""

    questions: list[QuestionOut]


class SourceOut(BaseModel):
    """Where figures come from."""

    label: BiOut
    url: str
    as_of: str


class AnswerOut(BaseModel):
    """An answer: `total` counts all rows, `rule` names the counting rule, `next` is the cursor of the next page.

    A row holds `id`, `exercise`, `mark` and one value for each column.
    """

    question: str
    title: BiOut
    as_of: datetime
    rule: str
    total: int
    exercise: bool
    notice: BiOut | None
    parameters: dict[str, str]
    sources: list[SourceOut]
    columns: list[ColumnOut]
    rows: list[dict[str, Any]]
    next: str | None


class StateMachineOut(BaseModel):
    """One axis of state: its field, where it begins, and its states."""

    name: str
    field: str
    initial: str
    states: list[str]


class EntryFieldOut(BaseModel):
    """A field that a new record takes: `kind` is text, long, code (of `vocabulary`), date, due, day, period, number, flag, list,
    record or records (by id, code or name).
    """

    name: str
    label: str
    kind: str
    required: bool
    vocabulary: str | None


class RegisterOut(BaseModel):
    """A register: its list is the question of the same name; `editable` are the fields a PATCH takes, `entry` those of a POST."""

    name: str
    title: BiOut
    one: BiOut
    type: str
    permitted: bool
    may_edit: bool
    editable: list[str]
    may_add: bool
    entry: list[EntryFieldOut]
    machines: list[StateMachineOut]


class RegistersOut(BaseModel):
    """All registers."""

    registers: list[RegisterOut]


class StepOut(BaseModel):
    """A step you may take now: `asks` are the fields it takes, `missing` what the record still lacks for it."""

    action: str
    label: str
    machine: str
    target: str
    asks: list[str]
    reason_required: bool
    missing: list[FieldMessage]


class CitationOut(BaseModel):
    """The words and the sentence in a document that a field rests on; `start` and `end` count characters of its text."""

    field: str
    document: UUID
    title: str
    outlet: str
    published: str
    url: str
    start: int
    end: int
    words: str
    sentence: str
    rule: str


class RecordOut(BaseModel):
    """A record: `fields` by column key, `editable` by the names a PATCH takes, and what can be done next."""

    register_name: str = Field(serialization_alias="register")
    type: str
    id: UUID
    title: BiOut
    version: int
    exercise: bool
    mark: str | None
    columns: list[ColumnOut]
    fields: dict[str, Any]
    may_edit: bool
    editable: dict[str, Any]
    steps: list[StepOut]
    citations: list[CitationOut]


class ChangeOut(BaseModel):
    """How one field changed."""

    field: str
    old: Any = None
    new: Any = None


class EntryOut(BaseModel):
    """One entry of the ledger: who did what to the record, when, why, and what changed."""

    sequence: int
    action: str
    at: datetime
    valid_from: str | None
    actor: str
    reason: str
    changes: list[ChangeOut]
    hash: str


class HistoryOut(BaseModel):
    """The ledger of a record, oldest first; `next` is the `after` of the next page."""

    total: int
    entries: list[EntryOut]
    next: int | None


class Change(BaseModel):
    """The fields to change, by name, beside an optional `reason`, which goes into the ledger."""

    model_config = ConfigDict(extra="allow")
    reason: str = Field("", max_length=2000)


class TokenIn(BaseModel):
    """A token wanted: what it is for, whether it may write, and for how many days."""

    model_config = ConfigDict(extra="forbid")
    label: str = Field(min_length=1, max_length=80)
    may_write: bool = False
    days: int = Field(90, ge=1, le=366)


class TokenOut(BaseModel):
    """A token without its secret."""

    id: UUID
    label: str
    may_write: bool
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class IssuedOut(TokenOut):
    """A new token; `secret` is shown this once."""

    secret: str


class TokensOut(BaseModel):
    """Your tokens, newest first."""

    tokens: list[TokenOut]
