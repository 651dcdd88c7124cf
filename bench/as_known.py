"""How long does a report of a past day take when the ledger is long? `python bench/as_known.py [COMMITMENTS] [ENTRIES EACH]`.

Rows are put into a database of its own without the services, which would take an hour; the hashes are not those of chains.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any


def main(count: int, each: int) -> None:
    """Fill, then read as of days before none, some, half and nearly all that was written."""
    with tempfile.TemporaryDirectory(prefix="banggiao-bench-") as folder:
        os.environ |= {"BANGGIAO_DATA": folder, "DJANGO_SETTINGS_MODULE": "banggiao.config.settings"}
        sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        start = time.perf_counter()
        first, last = _fill(count, each)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        print(f"{count:,} commitments, {count * each:,} entries made in {time.perf_counter() - start:.0f} s")
        _measure(first, last)


def _fill(count: int, each: int) -> tuple[Any, Any]:
    from django.db import transaction

    from banggiao.commitments.models import Commitment
    from banggiao.core.ledger import LedgerEntry
    from banggiao.core.record import writing
    from tests.factories.rows import AT, institution, partner

    lead, land = institution(), partner()
    for begin in range(0, count, 5000):
        rows, entries = [], []
        for n in range(begin, min(begin + 5000, count)):
            # Records are written in turn: what is changed late is spread over all of them.
            moments = [AT + timedelta(minutes=n + turn * count) for turn in range(each)]
            values = {
                "code": f"CK-{n}", "text_vi": f"Cam kết {n}", "side": "ours", "partner_id": str(land.pk), "lead_id": str(lead.pk),
                "made_on": f"{2015 + n % 100 // 10}-03-11", "first_due": "2025-12-31", "current_due": "2025-12-31",
                "work_state": "active", "weight": "1", "cycle_days": 90, "classification": "internal", "evidence": "",
            }  # fmt: skip
            row = Commitment(**values, version=each, recorded_at=moments[-1], product=f"bản {each - 1}")
            rows.append(row)
            for turn, at in enumerate(moments):
                changes = (
                    {f: [None, v] for f, v in values.items()} if not turn else {"product": [f"bản {turn - 1}", f"bản {turn}"]}
                )
                entries.append(
                    LedgerEntry(
                        record_type="commitments.commitment", record_id=row.pk, sequence=turn + 1, action="revise",
                        recorded_at=at, actor_label="đo", changes=changes, previous_hash="", hash="",
                    )
                )  # fmt: skip
        with transaction.atomic(), writing():
            Commitment.objects.bulk_create(rows, batch_size=500)
            LedgerEntry.objects.bulk_create(entries, batch_size=2000)
    return AT, AT + timedelta(minutes=count * each)


def _measure(first: Any, last: Any) -> None:
    from django.db.models import Q

    from banggiao.commitments.models import Commitment
    from banggiao.core.history import as_known
    from banggiao.reports.commitments_known import Asked, known
    from tests.factories.rows import viewer

    desk = viewer("desk")
    inside = Q(made_on__gte="2024", made_on__lt="2025")
    for share in (0.0, 0.001, 0.01, 0.1, 0.5, 0.9):
        at = last - (last - first) * share
        took, rows = _timed(partial(as_known, Commitment, desk, at, where=inside, holds=lambda c: c.made_on[:4] == "2024"))
        print(f"{share:6.1%} of the entries later: {took:6.2f} s for {len(rows):,} commitments of one year")
    took, found = _timed(lambda: known(desk, last - timedelta(days=1), Asked(period="2024")))
    print(f"the report of one year, {len(found.lines):,} commitments: {took:.2f} s")


def _timed(read: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    found = read()
    return time.perf_counter() - start, found


if __name__ == "__main__":
    main(*(int(text) for text in (sys.argv[1:] or ("100000", "10"))))
