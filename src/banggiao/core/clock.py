"""What time is it for this installation? The clock that pages, API, commands and jobs read, held against what was recorded.

A report of a past day stays the same only if nothing can be written into the past. A clock that was set back, or a machine that
lost its time, would do just that: so no write is taken at a moment before the latest one in the ledger.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone
from uuid_utils.compat import uuid7

from banggiao.core.acts import Act
from banggiao.core.errors import N_, ClockSetBack, InvalidInput
from banggiao.core.ledger import LedgerEntry, append
from banggiao.core.zones import HOME

#: So far two machines, or one after a correction, may differ: the moment recorded last is then taken for now.
SKEW = timedelta(minutes=5)
ACCEPTED = "core.clock"


def now() -> datetime:
    """The moment to read by: a clock a little behind what was recorded waits there, one far behind is taken as it is."""
    clock, last = _clock(), _last()
    return last if last is not None and timedelta() < last - clock <= SKEW else clock


def now_to_write() -> datetime:
    """The moment to record a deed at, never before one already recorded.

    Raises ClockSetBack where the clock is further behind than SKEW, unless an administrator has accepted it (`accept`): then
    everything is recorded at the last moment until the clock has passed it.
    """
    clock, last = _clock(), _last()
    if last is None or clock >= last:
        return clock
    if last - clock <= SKEW or _accepted(clock, last):
        return last
    raise ClockSetBack(
        N_("Đồng hồ máy chủ chỉ %(clock)s, trong khi đã có việc được ghi lúc %(last)s; chưa có gì được ghi thêm."),
        remedy=N_(
            "Hãy chỉnh lại đồng hồ. Nếu đồng hồ nay mới đúng, quản trị viên chạy “banggiao audit clock --accept LÝ DO”: mọi việc "
            "sẽ được ghi vào mốc cuối cùng cho tới khi đồng hồ vượt mốc đó."
        ),
        clock=_told(clock),
        last=_told(last),
    )


def accept(*, act: Act) -> None:
    """Go on recording with a clock that is behind, for a reason that stays in the ledger. Raises NotPermitted."""
    act.viewer.require("audit.view")
    last = _last()
    at = act.at if last is None else max(act.at, last)
    append(Act(act.viewer, at, act.reason), ACCEPTED, uuid7(), "accept clock", {"clock": [None, act.at.isoformat()]})


def behind() -> timedelta:
    """How far the clock is behind what was recorded last; nothing where it is not."""
    last = _last()
    return max(timedelta(), last - _clock()) if last else timedelta()


def as_of_moment(text: str, at: datetime) -> datetime:
    """The moment meant by an as-of date: a day means its end in Viet Nam, the present day what is known by now.

    Raises InvalidInput for what is no day or moment, and for the future: what will be known is not known.
    """
    try:
        if len(text) == 10:
            day = datetime.fromisoformat(text).date()
            if day == timezone.localdate(at):
                return at
            moment = datetime.combine(day, time.max, HOME)
        else:
            moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise InvalidInput(
            N_("Không hiểu ngày “%(text)s”."), text=text[:40], remedy=N_("Hãy viết 2026-11-24 hoặc 2026-11-24T12:00+07:00.")
        ) from None
    if moment.tzinfo is None:
        moment = timezone.make_aware(moment)
    if moment > at:
        raise InvalidInput(
            N_("Ngày “%(text)s” chưa tới: chưa thể biết điều sẽ được ghi."),
            text=text[:40],
            remedy=N_("Hãy chọn một ngày đã qua, hoặc bỏ trống để xem đến lúc này."),
        )
    return moment


def _clock() -> datetime:
    return timezone.now()


def _last() -> datetime | None:
    return LedgerEntry.objects.order_by("-recorded_at").values_list("recorded_at", flat=True).first()


def _accepted(clock: datetime, last: datetime) -> bool:
    """Whether this set-back was accepted: what is recorded since stands at the same moment, until the clock has passed it."""
    told = LedgerEntry.objects.filter(record_type=ACCEPTED, recorded_at=last).order_by("-id").values_list("changes", flat=True)
    reading = told.first()
    return reading is not None and datetime.fromisoformat(reading["clock"][1]) - SKEW <= clock


def _told(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")
