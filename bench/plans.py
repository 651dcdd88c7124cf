"""What stands behind the commitments of `world`: plans with their milestones, claims, evidence, and a long history of edits.

Milestones are made by the services' own door. The history is written by the ledger's own digest in bulk, so its chains verify; a
year of work cannot be waited for.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import world

MILESTONES_EACH = 10
ENTRIES = 5_000_000
#: The history runs over two years up to this moment.
SINCE = world.AT - timedelta(days=730)


def fill(milestones_each: int = MILESTONES_EACH) -> None:
    """An approved plan for every commitment; one in three has claims, one in five accepted evidence."""
    from banggiao.commitments.models import Commitment
    from banggiao.core import records
    from banggiao.core.acts import Act, system_viewer
    from banggiao.followup.models import Evidence
    from banggiao.followup.planning.models import Baseline, Milestone, MilestoneClaim
    from banggiao.followup.planning.services_totals import settle
    from banggiao.followup.services import about_of

    act = Act(system_viewer("đo"), world.AT, "đo tốc độ", exercise=True)
    source = random.Random(11)  # noqa: S311  rows, not secrets
    weight = Decimal(1) / milestones_each
    for duties in _batches(Commitment.objects.order_by("pk"), 500):
        plans = records.create_many(
            Baseline,
            act=act,
            rows=[
                ({**about_of(d), "number": 0, "state": "approved", "starts": d.made_on, "approved_on": d.made_on}, {})
                for d in duties
            ],
        )
        rows: list[tuple[dict[str, Any], dict[str, Any]]] = []
        for duty, plan in zip(duties, plans, strict=True):
            begun = date.fromisoformat(duty.made_on)
            common = {**about_of(duty), "baseline_id": plan.pk, "weight": weight}
            rows += [
                ({**common, "position": n, "name_vi": f"Mốc {n + 1}", "due": begun + timedelta(days=60 * (n + 1))}, {})
                for n in range(milestones_each)
            ]
        made = records.create_many(Milestone, act=act, rows=rows)
        first = [made[n * milestones_each] for n in range(len(duties))]
        claims, proofs = [], []
        for duty, milestone in zip(duties, first, strict=True):
            day = date.fromisoformat(duty.made_on) + timedelta(days=40)
            if source.random() < 1 / 3:
                claims.append(({**about_of(duty), "milestone": milestone.key, "day": day, "quantity": 1}, {}))
                if source.random() < 3 / 5:
                    values = {"milestone": milestone.key, "day": day, "grade": 3, "description": "Biên bản", "state": "accepted"}
                    proofs.append(({**about_of(duty), **values}, {}))
        records.create_many(MilestoneClaim, act=act, rows=claims)
        records.create_many(Evidence, act=act, rows=proofs)
        settle(duties, act)


def lengthen(entries: int = ENTRIES) -> int:
    """Edits of the commitments until the ledger holds so many entries, over two years; returns how many it holds."""
    from django.db import connection

    from banggiao.commitments.models import Commitment
    from banggiao.core.ledger import LedgerEntry

    missing = entries - LedgerEntry.objects.count()
    duties = list(Commitment.objects.order_by("pk").values_list("pk", flat=True))
    each = max(0, missing // len(duties))
    if not each:
        return LedgerEntry.objects.count()
    table, step = connection.ops.quote_name(LedgerEntry._meta.db_table), timedelta(days=730) / (each + 1)
    with connection.cursor() as cursor:
        # The chains begin with the history, so that the first entries lie before it.
        cursor.execute(f"UPDATE {table} SET recorded_at = %s", [SINCE])  # noqa: S608
    for start in range(0, len(duties), 200):
        _write(duties[start : start + 200], each, step)
    return LedgerEntry.objects.count()


def write_once() -> None:
    """Somebody edits a commitment."""
    from banggiao.commitments.models import Commitment
    from banggiao.core import clock, records
    from banggiao.core.acts import Act, system_viewer

    code = f"DT-CK-{random.randrange(1_000):06}"  # noqa: S311  a row, not a secret
    one = Commitment.objects.get(code=code)
    act = Act(system_viewer("đo"), clock.now_to_write(), "đo tốc độ")
    records.revise(one, act=act, values={"responsibility": f"Sửa lúc {act.at}"}, version=one.version)


def _write(duties: Sequence[UUID], each: int, step: timedelta) -> None:
    from banggiao.commitments.models import Commitment
    from banggiao.core.ledger import LedgerEntry
    from banggiao.core.record import RecordQuerySet, writing

    kind = Commitment.record_type()
    heads = {e.record_id: e for e in LedgerEntry.objects.filter(record_id__in=duties, sequence=1)}
    made: list[LedgerEntry] = []
    for pk in duties:
        head = heads[pk]
        head.hash = head.digest()
        previous, sequence, said = head.hash, 1, ""
        for n in range(each):
            now = f"Phần việc {n}"
            entry = LedgerEntry(
                record_type=kind,
                record_id=pk,
                sequence=sequence + 1,
                action="revise",
                recorded_at=SINCE + step * (n + 1),
                actor_label="đo",
                reason="",
                changes={"responsibility": [said, now]},
                previous_hash=previous,
            )
            entry.hash = entry.digest()
            previous, sequence, said = entry.hash, entry.sequence, now
            made.append(entry)
    LedgerEntry.objects.bulk_update(heads.values(), ["hash"])
    LedgerEntry.objects.bulk_create(made, batch_size=500)
    with writing():
        rows: RecordQuerySet = Commitment.objects.filter(pk__in=duties)
        rows.update(version=each + 1, recorded_at=SINCE + step * each, responsibility=f"Phần việc {each - 1}")


def _batches(rows: Any, size: int) -> Iterator[list[Any]]:
    last = None
    while True:
        batch = list((rows.filter(pk__gt=last) if last else rows)[:size])
        if not batch:
            return
        yield batch
        last = batch[-1].pk


def middle() -> datetime:
    """A moment in the middle of the history."""
    return (SINCE + timedelta(days=365)).astimezone(UTC)
