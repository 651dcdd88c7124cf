"""What was known of the commitments on a day, by whom they were led and with whom made, and how each of them counted?

Everything is read as known at that moment: the commitments, what was reported, planned and proved of them, the names of bodies
and partners, what codes were called, and the counting rule. What was written later, also about earlier days, is not in it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from banggiao.analytics.delivery.timeliness import Item, Rates, Tally, rates, tally_of
from banggiao.commitments.models import Commitment
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, FieldProblem, InvalidInput, SetupProblem
from banggiao.core.history import all_links_then, as_known
from banggiao.core.periods import is_partial_date, last_day, parse_period
from banggiao.core.questions import Bi, Ref
from banggiao.core.record import Record
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.models import Evidence, ProgressUpdate
from banggiao.followup.outcomes import CELLS, COHORT
from banggiao.followup.planning.models import Baseline, Difficulty, Milestone, MilestoneClaim
from banggiao.followup.planning.questions import standings_from
from banggiao.followup.planning.standing import Standing
from banggiao.followup.questions import timeliness
from banggiao.followup.services import GIVEN_STATES
from banggiao.partners.models import Institution, Partner

R = TypeVar("R", bound=Record)
RULE = "commitments_report"
#: What the report adds up, in its order; terms of the vocabulary `commitment_total`. Every record counts for itself, so the
#: difference of a total is the sum of the differences of records.
TOTALS = (
    "all", "proposed", "under_way", "done", "ended", "verified", "past_due", "blocked", "with_difficulty", "with_recommendation",
    *(f"first_{name}" for name in CELLS), *(f"come_{name}" for name in COHORT),
    "planned", "colour_done", "colour_on_course", "colour_at_risk", "colour_off_course", "colour_unknown",
    "weight", "claimed_weight", "verified_weight",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """Which commitments are asked for: made in a period, with a partner, led by a body (both by code); of which world."""

    period: str = ""
    partner: str = ""
    lead: str = ""
    exercise: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One commitment as known then; `timely` is by the current deadline, `outcome` by the first one ("" where not counted)."""

    record: Commitment
    lead: Ref | None
    partner: Ref | None
    coordinating: tuple[Ref, ...]
    told: ProgressUpdate | None
    difficulties: tuple[Difficulty, ...]
    standing: Standing
    timely: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Known:
    """The report's rows in order, the moment and day they hold for, and the version of the rule they are counted by."""

    asked: Asked
    at: datetime
    day: date
    version: int
    lines: tuple[Line, ...]

    def totals(self) -> dict[str, Decimal]:
        """Every total, by the rule of the day."""
        return added(counts(line, self.day, self.version) for line in self.lines)


def known(viewer: Viewer, at: datetime, asked: Asked, *, on: date | None = None) -> Known:
    """The commitments asked for, as known at `at`, by lead and deadline; as they would stand `on` a later day, if one is given.

    Raises NotPermitted, InvalidInput for what cannot be asked for.
    """
    viewer.require("reports.view")
    day = on or timezone.localdate(at)

    def read(model: type[R], where: Q, holds: Callable[[R], bool], within: tuple[str, Collection[UUID]] | None = None) -> list[R]:
        return as_known(
            model,
            viewer,
            at,
            where=where & Q(exercise=asked.exercise),
            holds=lambda r: r.exercise == asked.exercise and holds(r),
            within=within,
        )

    def about(model: type[R]) -> list[R]:
        kind = Commitment.record_type()
        return read(model, Q(subject_type=kind), lambda r: r.subject_type == kind, ("subject_id", ids))  # type: ignore[attr-defined]

    partners: dict[UUID | None, Partner] = {p.pk: p for p in as_known(Partner, viewer, at, where=Q(), holds=lambda _p: True)}
    bodies: dict[UUID | None, Institution] = {
        i.pk: i for i in as_known(Institution, viewer, at, where=Q(), holds=lambda _i: True)
    }
    records = read(Commitment, *_narrowed(asked, partners, bodies))
    ids = {r.pk for r in records}
    coordinating = all_links_then(records, "coordinating")
    updates = about(ProgressUpdate)
    latest = {u.subject_id: u for u in sorted(updates, key=lambda u: (u.day, u.pk)) if u.day <= day}
    difficulties: dict[UUID, list[Difficulty]] = {}
    for each in sorted(about(Difficulty), key=lambda d: (d.since, d.pk)):
        if each.since <= day and not (each.resolved_on and each.resolved_on <= day.isoformat()):
            difficulties.setdefault(each.subject_id, []).append(each)
    standings = standings_from(
        records, day, baselines=about(Baseline), milestones=about(Milestone), claims=about(MilestoneClaim),
        evidence=about(Evidence), updates=updates,
    )  # fmt: skip
    lines = [
        Line(
            record=r,
            lead=_ref(bodies.get(r.lead_id)),
            partner=_ref(partners.get(r.partner_id)),
            coordinating=tuple(ref for one in coordinating[r.pk] if (ref := _ref(bodies.get(UUID(str(one)))))),
            told=latest.get(r.pk),
            difficulties=tuple(difficulties.get(r.pk, ())),
            standing=standings[r.pk],
            timely=timeliness(due=r.current_due, done_on=r.done_on, state=r.work_state, today=day),
            outcome=outcome(r, day),
        )
        for r in records
    ]
    order: dict[UUID | None, str] = {pk: body.sort_key for pk, body in bodies.items()}
    lines.sort(
        key=lambda n: (
            n.lead is None,
            order.get(n.record.lead_id, ""),
            not n.record.current_due,
            n.record.current_due,
            n.record.pk,
        )
    )
    return Known(asked, at, day, vocabulary("counting_rule").term_at(RULE, day).version, tuple(lines))


def outcome(record: Commitment, day: date) -> str:
    """What became of it against its first deadline: a cell of `followup.outcomes`, "" for what others replaced."""
    if record.work_state == "superseded":
        return ""
    if record.work_state in ("cancelled", "proposed"):
        return "cancelled" if record.work_state == "cancelled" else "not_given"
    tally = tally_of([_item(record)], day)
    return "on_time" if tally.on_time else "late" if tally.late else "overdue" if tally.overdue else "open_in_time"


def counts(line: Line, day: date, version: int) -> dict[str, Decimal]:
    """What one commitment adds to each total on a day, by that version of the rule. Raises SetupProblem for an unknown one."""
    try:
        rule = RULES[version]
    except KeyError:
        raise SetupProblem(
            N_("Chương trình này không có phiên bản %(version)s của quy tắc đếm “%(rule)s”."),
            subject=RULE,
            remedy=N_("Hãy cài bản chương trình đã lập báo cáo này hoặc bản mới hơn."),
            version=version,
            rule=RULE,
        ) from None
    return rule(line, day)


def added(rows: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """The sums of totals, all of them named."""
    sums = dict.fromkeys(TOTALS, Decimal(0))
    for row in rows:
        for name, value in row.items():
            sums[name] += value
    return sums


def on_time_rates(totals: Mapping[str, Decimal]) -> Rates:
    """On-time, completion and overdue rates of those whose first deadline has come, with their denominator and interval."""
    on_time, late, overdue = (int(totals[f"come_{name}"]) for name in COHORT)
    return rates(Tally(on_time, late, 0, overdue))


def _version_1(line: Line, day: date) -> dict[str, Decimal]:
    record, found = line.record, ["all"]
    states = {"proposed": "proposed", "done": "done"} | dict.fromkeys(GIVEN_STATES, "under_way")
    found.append(states.get(record.work_state, "ended"))
    if record.validation_state == "verified":
        found.append("verified")
    if line.timely == "overdue":
        found.append("past_due")
    if record.work_state == "blocked":
        found.append("blocked")
    if has_difficulty(line):
        found.append("with_difficulty")
    if line.told and line.told.recommendation:
        found.append("with_recommendation")
    sums = dict.fromkeys(found, Decimal(1))
    if not line.outcome:  # replaced: it counts in what replaced it
        return sums
    found = [f"first_{line.outcome}", f"colour_{line.standing.colour}"]
    if line.outcome in COHORT and record.first_due and last_day(record.first_due) <= day:
        found.append(f"come_{line.outcome}")
    if line.standing.planned:
        found.append("planned")
    weight = record.weight
    return sums | dict.fromkeys(found, Decimal(1)) | {
        "weight": weight, "claimed_weight": weight * line.standing.claimed, "verified_weight": weight * line.standing.verified,
    }  # fmt: skip


#: How each version of the rule counts. A changed rule is a new version here and in `data/vocabulary`, with the day it began.
RULES: dict[int, Callable[[Line, date], dict[str, Decimal]]] = {1: _version_1}


def has_difficulty(line: Line) -> bool:
    """Whether anything stands in the way: on record, as last reported, or because work is blocked."""
    told = line.told
    return bool(line.difficulties or line.record.blocked_reason or (told and (told.difficulty or told.difficulty_text)))


def _narrowed(asked: Asked, partners: Mapping[UUID | None, Partner], bodies: Mapping[UUID | None, Institution]) -> tuple[Q, Any]:
    period = parse_period(asked.period) if asked.period else None
    partner = _named(asked.partner, partners, N_("Không có đối tác này."), "partner")
    lead = _named(asked.lead, bodies, N_("Không có cơ quan này."), "lead")
    where = Q()
    if period:
        where &= Q(made_on__gte=period.start, made_on__lt=period.end)
    if partner:
        where &= Q(partner_id=partner)
    if lead:
        where &= Q(lead_id=lead)

    def holds(record: Commitment) -> bool:
        return (
            (period is None or period.holds(record.made_on))
            and (partner is None or record.partner_id == partner)
            and (lead is None or record.lead_id == lead)
        )

    return where, holds


def _named(code: str, rows: Mapping[UUID | None, Any], message: str, field: str) -> UUID | None:
    if not code:
        return None
    found = next((pk for pk, row in rows.items() if row.code.casefold() == code.casefold()), None)
    if found is None:
        remedy = N_("Hãy kiểm tra mã, và xem mã đã có trong sổ vào ngày đó chưa.")
        raise InvalidInput(message, subject=code[:40], remedy=remedy, problems=[FieldProblem(field, message)])
    return found


def _ref(record: Any) -> Ref | None:
    return Ref(record.pk, record.record_type(), Bi(record.name_vi, record.name_en)) if record else None


def _item(record: Commitment) -> Item:
    first = last_day(record.first_due) if record.first_due else None
    done = record.done_on if record.work_state == "done" else ""
    return Item(first, last_day(done) if done and is_partial_date(done) else None)
