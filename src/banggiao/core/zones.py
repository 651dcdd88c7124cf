"""What time is it at a post? The time zone of each country's capital, and of the posts that lie in another zone of theirs."""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

HOME = ZoneInfo("Asia/Ho_Chi_Minh")


def zone_of(*places: str) -> ZoneInfo:
    """The time zone of the first place that is known, an institution's code or an ISO 3166-1 alpha-3 code; else of Ha Noi.

    The zones are those of the IANA time zone database, in `data/calendar/zones.csv`.
    """
    known = _zones()
    return next((ZoneInfo(known[place]) for place in places if place in known), HOME)


@cache
def _zones() -> dict[str, str]:
    text = (files("banggiao.data") / "calendar" / "zones.csv").read_text(encoding="utf-8")
    return {row["place"]: row["zone"] for row in csv.DictReader(io.StringIO(text))}
