"""What can go wrong: one family of errors, each saying what happened, to which record, and what to do.

No HTTP here: each face maps `code` once. Messages are Vietnamese source strings for gettext with `%(name)s`
placeholders; a face translates `message` and `remedy` first and fills in `params` afterwards, so pure packages need no Django.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


def N_(message: str) -> str:
    """Mark a message for translation where it stands; the face translates it when it shows it."""
    return message


class BangGiaoError(Exception):
    """Base of the family. `subject` names the record, file or line; `remedy` says what to do."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str, *, subject: str = "", remedy: str = "", **params: object) -> None:
        self.message, self.subject, self.remedy, self.params = message, subject, remedy, params
        super().__init__(message)

    def __str__(self) -> str:
        parts = [fill(self.message, self.params), fill(self.remedy, self.params)]
        text = " ".join(part for part in parts if part)
        return f"{self.subject}: {text}" if self.subject else text


class NotFound(BangGiaoError):
    """The record does not exist, or the asker may not know that it does: both read the same."""

    code = "not_found"


class NotPermitted(BangGiaoError):
    """The asker may see the record but lacks the right to do this."""

    code = "not_permitted"


class WrongState(BangGiaoError):
    """The record's state does not allow the action."""

    code = "wrong_state"


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing that is missing or wrong: `field` is the code name, `message` a source message."""

    field: str
    message: str


class MissingInformation(BangGiaoError):
    """Something needed for the step is missing; `problems` lists each field."""

    code = "missing_information"

    def __init__(self, message: str, *, problems: Sequence[FieldProblem] = (), **kwargs: Any) -> None:
        self.problems = tuple(problems)
        super().__init__(message, **kwargs)


class InvalidInput(MissingInformation):
    """What was sent cannot be understood; `problems` lists each field or line."""

    code = "invalid_input"


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """How a field differs between what the editor saw, what the editor wants and what stands now."""

    field: str
    seen: object
    mine: object
    current: object


class StaleEdit(BangGiaoError):
    """Somebody changed the record since it was read; `differences` says in which fields."""

    code = "stale_edit"

    def __init__(
        self, message: str, *, differences: Sequence[FieldDifference] = (), current_version: int = 0, **kwargs: Any
    ) -> None:
        self.differences, self.current_version = tuple(differences), current_version
        super().__init__(message, **kwargs)


class VersionRequired(BangGiaoError):
    """A write came without the version it is based on."""

    code = "version_required"


class SecrecyRefused(BangGiaoError):
    """The content is above the secrecy level this installation was set up for."""

    code = "secrecy_refused"


class Unreadable(BangGiaoError):
    """A file could not be read; the subject is its name and the remedy says what to send instead."""

    code = "unreadable"


class ClockSetBack(BangGiaoError):
    """The clock reads earlier than what is already recorded: a write would slip into the past and change old reports."""

    code = "clock_set_back"


class SetupProblem(BangGiaoError):
    """The installation itself is not in order (data folder, database, settings, locks)."""

    code = "setup"


def fill(message: str, params: Mapping[str, object]) -> str:
    """`message` with its `%(name)s` placeholders filled in; unchanged when there is nothing to fill in."""
    return message % params if params and message else message
