"""What do requests and answers about comments and saved views look like?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class CommentIn(BaseModel):
    """A comment on the record that `register` and `key` (id or code) name."""

    model_config = ConfigDict(extra="forbid")
    register_name: str = Field(alias="register", min_length=1, max_length=64)
    key: str = Field(min_length=1, max_length=80)
    text: str = Field(min_length=1, max_length=4000)


class CommentOut(BaseModel):
    """A comment; `author` is empty for what the programme said."""

    id: UUID
    version: int
    author: str | None
    at: datetime
    text: str
    resolved: bool
    exercise: bool


class CommentsOut(BaseModel):
    """Comments newest first; `next` is the `before` of the next page."""

    total: int
    comments: list[CommentOut]
    next: str | None


class SavedViewIn(BaseModel):
    """A view to keep: the parameters of a register's list, and whom it is shared with."""

    model_config = ConfigDict(extra="forbid")
    register_name: str = Field(alias="register", min_length=1, max_length=64)
    name: str = Field(min_length=1, max_length=80)
    parameters: dict[str, str] = {}
    share_with: UUID | None = None


class SavedViewOut(BaseModel):
    """A view with its parameters as they are today."""

    id: UUID
    register_name: str = Field(serialization_alias="register")
    name: str
    own: bool
    shared_with: UUID | None
    face: str | None
    parameters: dict[str, str]


class SavedViewsOut(BaseModel):
    """The views you may use."""

    views: list[SavedViewOut]
