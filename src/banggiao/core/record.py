"""What every record has, and the guard that lets only services write it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from uuid_utils.compat import uuid7

from banggiao.core.acts import CLASSIFICATIONS, Viewer
from banggiao.core.errors import N_
from banggiao.core.periods import is_partial_date
from banggiao.core.visibility import visible

_writing: ContextVar[bool] = ContextVar("banggiao_writing", default=False)


class WriteOutsideService(RuntimeError):
    """A programming error: a record was written without its ledger entry."""


@contextmanager
def writing() -> Iterator[None]:
    """Open the door for `core.records` and nobody else; an architecture test checks who opens it."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


class RecordQuerySet(models.QuerySet[Any]):
    """Reads are free; bulk writes raise unless `core.records` makes them, since they would leave no ledger entry."""

    def visible_to(self, viewer: Viewer) -> RecordQuerySet:
        """The records this viewer may know of: the one filter behind page, search, API, export and report."""
        return visible(self, viewer, record_id=self.model.visible_by)

    def update(self, **kwargs: Any) -> int:
        _guard("update")
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        _guard("delete")
        return super().delete()

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[Any]:
        _guard("bulk_create")
        return super().bulk_create(*args, **kwargs)

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        _guard("bulk_update")
        return super().bulk_update(*args, **kwargs)


if TYPE_CHECKING:
    _CharField = models.CharField[str, str]
else:
    _CharField = models.CharField


@dataclass(frozen=True, slots=True)
class Link:
    """A many-valued field: rows of `through` join the record (`near`) to others (`far`), in order of `position`.

    The ledger keeps it as a list of far ids; `extra` columns ride along as [id, extra, ...].
    """

    through: str
    near: str
    far: str
    extra: tuple[str, ...] = ()


class Record(models.Model):
    """Base of everything the registers hold. Version, ledger and visibility come with it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    classification = models.CharField(max_length=16, default="internal", choices=[(c, c) for c in CLASSIFICATIONS])
    # The owning institution by id: institutions stand above this package, so there is no foreign key.
    owner = models.UUIDField(null=True, blank=True)
    exercise = models.BooleanField(default=False)
    retracted = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(editable=False)

    objects = RecordQuerySet.as_manager()

    #: Fields kept out of the ledger (secrets such as password hashes, and what is derived).
    untracked: ClassVar[frozenset[str]] = frozenset()
    links: ClassVar[dict[str, Link]] = {}
    #: Field -> the closed list its values are taken from.
    closed: ClassVar[dict[str, str]] = {}
    #: Role -> the field with the institution (or the link with those) that has to do with the record and may therefore see it.
    involves: ClassVar[dict[str, str]] = {}
    #: The column with the id of the record whose involvements count: what is said about a record is seen by those who see it.
    visible_by: ClassVar[str] = "pk"

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields = kwargs.get("update_fields")
        if not (fields and frozenset(fields) <= self.untracked):
            _guard("save")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        _guard("delete")
        return super().delete(*args, **kwargs)

    @classmethod
    def tracked_fields(cls) -> tuple[str, ...]:
        """The attribute names the ledger follows, in the order of declaration."""
        skip = {"id", "version", "recorded_at"} | cls.untracked
        return tuple(f.attname for f in cls._meta.concrete_fields if f.name not in skip)

    def snapshot(self) -> dict[str, Any]:
        """Tracked values as JSON-ready values, without links."""
        return {name: plain(getattr(self, name)) for name in self.tracked_fields()}

    @classmethod
    def record_type(cls) -> str:
        """`package.model`, the name the ledger and the links between records use."""
        return cls._meta.label_lower


class PartialDateField(_CharField):
    """An ISO date of which day or month may be unknown (`2025-07`); empty when nothing is known. Sorts as text."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 10)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(validators=[partial_date_or_empty], **{k: v for k, v in kwargs.items() if k != "validators"})


def partial_date_or_empty(value: str) -> None:
    """Raise ValidationError unless the value is empty or a partial ISO date."""
    if value and not is_partial_date(value):
        raise ValidationError(N_("Ngày không hợp lệ. Hãy viết NNNN-TT-NN, NNNN-TT hoặc NNNN."), code="date")


def plain(value: Any) -> Any:
    """A field value as JSON can hold it, written the same way before and after the database; the reverse is `field.to_python`."""
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"  # a database pads with zeros
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(UTC).isoformat()
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def _guard(what: str) -> None:
    if not _writing.get():
        raise WriteOutsideService(f"{what} outside core.records: use the package's services")
