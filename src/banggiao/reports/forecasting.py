"""When will a duty be done? From what became of those like it: its chance to keep the first deadline, and two dates.

A model's chance is shown only where it was right more often than the base rate in the past (measures, section 9e); otherwise the
base rate, named as such; with fewer than twenty like it nothing. What the viewer may not know of is not learnt from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.utils import timezone

from banggiao.analytics.delivery.forecast import (
    CANCELLED,
    DONE,
    FEWEST,
    OPEN,
    Forecast,
    Past,
    Time,
    backtest,
    base_rate,
    competing_model,
    gated,
    reference_curve,
)
from banggiao.analytics.delivery.numbers import shown
from banggiao.commitments.models import Commitment, Task
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.ledger import LedgerEntry
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Row, register_question
from banggiao.core.registers import find_record, register_named
from banggiao.followup.services import GIVEN_STATES

#: More of the past than this tells little more and takes long; the latest are taken.
MOST = 1000
_CHUNK = 400
#: In how many past moments a model is tried.
ORIGINS = 8
_ENDED = {"done": DONE, "cancelled": CANCELLED}
#: From the narrowest class to the widest: the fields in which a duty of the past must be like this one.
CLASSES: dict[str, tuple[tuple[str, ...], ...]] = {
    "commitments.commitment": (
        ("side", "field", "partner__kind", "lead_id"),
        ("side", "field", "partner__kind"),
        ("side", "field"),
        ("side",),
        (),
    ),
    "commitments.task": (("lead_id", "topic"), ("lead_id",), ()),
}


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the past says of one duty: `forecast` of its first deadline; the days by which half and four fifths like it were done.

    `alike` names the fields of the class, `size` how many it holds. `half` and `four_fifths` are None where so many never were.
    """

    forecast: Forecast
    half: date | None
    four_fifths: date | None
    alike: tuple[str, ...]
    size: int
    as_of: date


def outlook(record: Any, viewer: Viewer, at: datetime) -> Outlook | None:
    """The outlook of an open duty with full days for its beginning and first deadline; None where the past says too little."""
    today = timezone.localdate(at)
    begun, due = _begun(record), record.first_due
    if record.work_state not in ("proposed", *GIVEN_STATES) or len(begun) != 10 or len(due) != 10:
        return None
    first, deadline = date.fromisoformat(begun), date.fromisoformat(due)
    age, horizon = (today - first).days, (deadline - first).days
    if horizon <= 0 or age < 0:
        return None
    for names in CLASSES[record.record_type()]:
        past = _history(type(record), {name: _value(record, name) for name in names}, viewer, record, today)
        matured = [p for p in past if p.made + p.horizon <= 0]
        if sum(p.what == DONE for p in past) < FEWEST or len(matured) < FEWEST:
            continue
        chance = None
        if age < horizon:
            chance = competing_model([(p.lasted, p.what) for p in past])(age, horizon)
        seen = backtest(past, _origins(past), competing_model)
        curve = reference_curve([(Fraction(p.lasted) / p.horizon, p.what == DONE) for p in past])
        said = gated(chance, base_rate(matured), seen) if age < horizon else gated(Fraction(0), Fraction(0), None)
        return Outlook(said, _day(first, horizon, curve.half), _day(first, horizon, curve.four_fifths), names, len(past), today)
    return None


def _history(model: Any, like: dict[str, Any], viewer: Viewer, record: Any, today: date) -> list[Past]:
    """What became of duties like this one, with times in days and today as 0."""
    made = "made_on" if model is Commitment else "given_on"
    rows = model.objects.visible_to(viewer).filter(exercise=record.exercise, **like).exclude(pk=record.pk)
    rows = rows.exclude(work_state__in=("superseded", "lapsed")).order_by(f"-{made}", "-pk")
    found = []
    told = list(rows.values_list("pk", made, "first_due", "done_on", "work_state")[:MOST])
    ended = _cancelled_on([pk for pk, *_more, state in told if _ENDED.get(state) == CANCELLED])
    for pk, begun, due, done, state in told:
        if len(begun) != 10 or len(due) != 10:
            continue
        first, horizon = date.fromisoformat(begun), (date.fromisoformat(due) - date.fromisoformat(begun)).days
        what = _ENDED.get(state, OPEN)
        last = today
        if what == DONE and len(done) == 10:
            last = date.fromisoformat(done)
        elif what == CANCELLED:
            last = ended.get(pk, today)
        lasted = (min(last, today) - first).days
        if horizon > 0 and lasted >= 0:
            found.append(Past((first - today).days, lasted, what if last <= today else OPEN, horizon))
    return found


def _cancelled_on(ids: Sequence[UUID]) -> dict[UUID, date]:
    """The day on which each duty was cancelled: of the step, or of the entry with which it came in as cancelled."""
    found: dict[UUID, date] = {}
    for n in range(0, len(ids), _CHUNK):
        rows = LedgerEntry.objects.filter(record_id__in=ids[n : n + _CHUNK], action__in=("create", "cancel"))
        for pk, held, recorded in rows.order_by("sequence").values_list("record_id", "valid_from", "recorded_at"):
            found[pk] = held or timezone.localdate(recorded)
    return found


def _origins(past: Sequence[Past]) -> list[Time]:
    """Past moments spread evenly over the time in which the promises were made, the first quarter left to learn from."""
    begun = min(p.made for p in past)
    return [int(begun * 3 * (ORIGINS - n)) // (4 * ORIGINS) for n in range(ORIGINS)]


def _begun(record: Commitment | Task) -> str:
    return record.made_on if isinstance(record, Commitment) else record.given_on


def _value(record: Any, path: str) -> Any:
    value: Any = record
    for name in path.split("__"):
        value = getattr(value, name) if value is not None else None
    return value


def _day(first: date, horizon: int, ratio: Time | None) -> date | None:
    return None if ratio is None else first + timedelta(days=int(horizon * ratio + Fraction(1, 2)))


def _answer(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    """The outlook of one duty as a row; no row where there is none. Raises NotFound, InvalidInput."""
    record = find_record(register_named(params["of"]), params["code"], viewer)
    found = outlook(record, viewer, at)
    rows: tuple[Row, ...] = ()
    if found is not None:
        chance, seen = found.forecast.chance, found.forecast.skill
        rows = (
            Row(
                (
                    shown(chance * 100, 1),
                    "model" if found.forecast.by_model else "base_rate",
                    None if seen is None else shown(seen, 3),
                    found.half.isoformat() if found.half else "",
                    found.four_fifths.isoformat() if found.four_fifths else "",
                    found.size,
                ),
                record.pk,
                record.record_type(),
                exercise=record.exercise,
            ),
        )
    used = {name: value for name, value in params.items() if value}
    return Answer(OUTLOOK.name, OUTLOOK.title, OUTLOOK.columns, rows, len(rows), at, "outlook", parameters=used)


OUTLOOK = register_question(
    Question(
        "outlook",
        Bi("Dự báo hoàn thành", "Forecast of completion"),
        "reports.view",
        (
            Parameter("of", N_("Sổ"), "code", "kpi_subject", default="commitments"),
            Parameter("code", N_("Mã"), needed=True),
        ),
        (
            Column("chance", N_("Khả năng đúng hạn ban đầu"), "percent"),
            Column("basis", N_("Dựa trên"), "code", "forecast_basis"),
            Column("skill", N_("Điểm hơn tỷ lệ nền (Brier)"), "number"),
            Column("half", N_("Một nửa số việc tương tự xong trước"), "date"),
            Column("four_fifths", N_("Bốn phần năm xong trước"), "date"),
            Column("size", N_("Số việc tương tự"), "number"),
        ),
        _answer,
    )
)
