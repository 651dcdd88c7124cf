"""What do answers about the lines of a record look like?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import BaseModel

from banggiao.api.schemas import BiOut


class PartOut(BaseModel):
    """A part of a record that consists of lines: `entry` are the fields a new line takes, `required` those it needs."""

    name: str
    title: BiOut
    total: int
    entry: list[str]
    required: list[str]
    kept_as_written: bool
    may_edit: bool


class PartsOut(BaseModel):
    """The parts of a record."""

    parts: list[PartOut]


class LineOut(BaseModel):
    """A line: `fields` as they are shown, `values` by the names that adding and changing take."""

    id: UUID
    version: int
    exercise: bool
    fields: dict[str, Any]
    values: dict[str, Any]


class LinesOut(BaseModel):
    """The lines of one part, in order."""

    part: str
    title: BiOut
    total: int
    lines: list[LineOut]
