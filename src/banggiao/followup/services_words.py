"""What a list says of the progress of many duties, written in few queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from banggiao.core import records
from banggiao.core.acts import Act
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
