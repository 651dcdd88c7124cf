"""What a list says of the progress of many duties, written in few queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import transaction

from banggiao.core import records
from banggiao.core.acts import Act
from banggiao.core.ledger import entries_of
from banggiao.core.record import Record
from banggiao.followup.models import ProgressUpdate
from banggiao.followup.planning.services_totals import settle
from banggiao.followup.services import about_of, require_part

_CHUNK = 500


@transaction.atomic
def report_words(*, act: Act, told: Sequence[tuple[Record, str]], day: date) -> list[ProgressUpdate]:
    """Words about each record, as `services.report_progress` writes them for one; all or none. Raises NotPermitted."""
    act.viewer.require("followup.report")
    for record, _words in told:
        require_part(act, record)
    rows: list[tuple[Mapping[str, Any], records.LinkRows]] = [
        ({**about_of(record), "day": day, "text": words}, {}) for record, words in told if words.strip()
    ]
    made = records.create_many(ProgressUpdate, act=act, rows=rows)
    subjects = [record for record, _words in told]
    for n in range(0, len(subjects), _CHUNK):
        settle(subjects[n : n + _CHUNK], act)
    return made


@transaction.atomic
def withdraw_words(*, act: Act, ids: Sequence[UUID]) -> list[ProgressUpdate]:
    """The actor's own words taken back, where nothing rests on them and nobody has changed them; gives what was taken back."""
    if not ids:
        return []
    act.viewer.require("followup.report")
    gone: list[ProgressUpdate] = []
    standing = ProgressUpdate.objects.visible_to(act.viewer).filter(pk__in=ids, retracted=False, version=1, evidence=None)
    for update in standing:
        first = entries_of(update.pk).first()
        if first is not None and act.viewer.id is not None and first.actor_id == act.viewer.id:
            records.retract(update, act=act)
            gone.append(update)
    for label in {update.subject_type for update in gone}:
        rows: Any = apps.get_model(label)._default_manager
        settle(list(rows.filter(pk__in=[u.subject_id for u in gone if u.subject_type == label])), act)
    return gone
