"""What does the made-up desk follow in the trade data? Made-up releases only, as every watch of an exercise."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from importlib.resources import files
from uuid import UUID

from banggiao.core.acts import Act, Viewer
from banggiao.intelligence.watching.models import Watch
from banggiao.intelligence.watching.services import create_watch

At = Callable[[int, Viewer, str], Act]


def set_watches(at: At, desk: Viewer, follower: UUID) -> None:
    """Set up the watches that are not there yet; the worker looks through the data when it runs next."""
    text = (files("banggiao.data") / "exercise" / "watches.csv").read_text(encoding="utf-8")
    known = set(Watch.objects.values_list("name_vi", flat=True))
    for row in csv.DictReader(io.StringIO(text)):
        if row["name_vi"] in known:
            continue
        values = {name: row[name] for name in ("name_vi", "name_en", "measure", "flow", "product")} | {
            "threshold": Decimal(row["threshold"]),
            "value_floor": Decimal(row["value_floor"]),
            "follower_id": follower,
        }
        create_watch(act=at(0, desk, ""), values=values)
