"""Which shapes do the facts of documents have over HTTP?"""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class KnownLineOut(BaseModel):
    """A field of the register beside what the fact says; `state` is known, same, adds or differs."""

    field: str
    known: Any = None
    said: Any = None
    state: str


class KnownOut(BaseModel):
    """The record the fact joins (`sure`) or comes near to; `choices` are what a ruling may be, empty when none is needed."""

    type: str
    record: UUID
    version: int
    sure: bool
    lines: list[KnownLineOut]
    choices: list[str]


class FactOut(BaseModel):
    """A fact with its words and sentence; `record` is what it became, `known` what the register holds beside it."""

    id: UUID
    document: UUID
    kind: str
    state: str
    version: int
    certainty: float
    rule: str
    start: int
    end: int
    words: str
    sentence: str
    value: dict[str, Any]
    exercise: bool
    record_type: str
    record: UUID | None
    known: KnownOut | None = None


class FactsOut(BaseModel):
    """A page of the facts of a document, in the order in which they were read."""

    total: int
    facts: list[FactOut]
    next: UUID | None


class RulingIn(BaseModel):
    """What a person decided where fact and register differ: `record` and `version` are those of `known`, as they were read."""

    model_config = ConfigDict(extra="forbid")

    choice: Literal["keep", "take", "separate"]
    record: UUID
    version: int | None = Field(default=None, ge=1, le=2**31 - 1)


class FactDeedIn(BaseModel):
    """What goes with accepting, rejecting or undoing."""

    model_config = ConfigDict(extra="forbid")

    ruling: RulingIn | None = None
    reason: str = Field(default="", max_length=2000)
