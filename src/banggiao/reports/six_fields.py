"""How does each commitment stand in the six fields of a progress report: lead, partner, content, timeline, difficulties, asks?

`six_of` makes the six fields of records and of what was last reported about them, whether these are read as they stand or as
they were known at a moment; the questions ask it of the registers as they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Max, OuterRef, QuerySet, Subquery, Value, When
from django.utils import timezone

from banggiao.commitments.models import Commitment, CommitmentBody, Task, TaskBody
from banggiao.commitments.questions import COMMITMENTS
from banggiao.core import kept
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, InvalidInput
from banggiao.core.periods import is_partial_date, period_holding, period_label
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Ref, Row, register_question
from banggiao.core.registers import narrowed
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.models import ProgressUpdate
from banggiao.followup.planning.models import Difficulty
from banggiao.followup.questions import timeliness
from banggiao.followup.services import OPEN_STATES
from banggiao.partners.models import Institution, Partner

#: The six fields, in the order of the form; the same on page, form, export and paper.
SIX_COLUMNS = (
    Column("lead", N_("Cơ quan chủ trì"), "record"),
    Column("partner", N_("Đối tác"), "record"),
    Column("content", N_("Nội dung cam kết"), "lead"),
    Column("timeline", N_("Tiến độ thời gian"), "bilingual"),
    Column("difficulties", N_("Khó khăn, vướng mắc"), "bilingual"),
    Column("recommendations", N_("Kiến nghị")),
)
_TITLE = Bi("Tình hình thực hiện cam kết", "Implementation of commitments")
_WORDS = {
    "due": Bi("hạn {due}", "due {due}"),
    "first": Bi("hạn {due} (ban đầu {first})", "due {due} (first {first})"),
    "none": Bi("chưa đặt thời hạn", "no deadline set"),
    "claimed": Bi("tự báo đạt {share}%", "{share}% claimed"),
    "with": Bi("phối hợp: {bodies}", "with: {bodies}"),
}


@dataclass(frozen=True, slots=True)
class SixFields:
    """The six fields of one record, and the day and claimed share (0 to 1) of what was last reported about it."""

    id: UUID
    record_type: str
    code: str
    version: int
    exercise: bool
    lead: Ref | None
    coordinating: tuple[Ref, ...]
    partner: Ref | None
    content: Ref
    timeline: Bi
    difficulties: Bi
    recommendations: str
    reported_on: date | None
    claimed: Any

    def cells(self) -> tuple[Any, ...]:
        """The values of `SIX_COLUMNS`."""
        return (self.lead, self.partner, self.content, self.timeline, self.difficulties, self.recommendations or None)


def six_of(
    records: Sequence[Any],
    viewer: Viewer,
    *,
    latest: Mapping[UUID, ProgressUpdate],
    difficulties: Mapping[UUID, Sequence[Difficulty]],
    coordinating: Mapping[UUID, Sequence[UUID]],
    today: date,
) -> list[SixFields]:
    """The six fields of commitments and tasks, in the order given; bodies and partners the viewer may not know of stay unnamed.

    `latest` is what was last reported, `difficulties` what still stands in the way, `coordinating` the ids of bodies beside the
    lead, all by record: the caller says as of when.
    """
    bodies = _refs(Institution, {r.lead_id for r in records} | {b for ids in coordinating.values() for b in ids}, viewer)
    partners = _refs(Partner, {getattr(r, "partner_id", None) for r in records}, viewer)
    found = []
    for record in records:
        told = latest.get(record.pk)
        found.append(
            SixFields(
                id=record.pk,
                record_type=record.record_type(),
                code=record.code,
                version=record.version,
                exercise=record.exercise,
                lead=bodies.get(record.lead_id),
                coordinating=tuple(bodies[pk] for pk in coordinating.get(record.pk, ()) if pk in bodies),
                partner=partners.get(getattr(record, "partner_id", None)),
                content=Ref(record.pk, record.record_type(), Bi(record.text_vi, record.text_en)),
                timeline=timeline_of(record, told, today),
                difficulties=difficulties_of(record, told, difficulties.get(record.pk, ()), today),
                recommendations=told.recommendation if told else "",
                reported_on=told.day if told else None,
                claimed=told.claimed if told else None,
            )
        )
    return found


def six_now(records: Sequence[Any], viewer: Viewer, today: date) -> list[SixFields]:
    """The six fields of records as they stand."""
    ids = [record.pk for record in records]
    return six_of(
        records,
        viewer,
        latest=latest_reports(ids, viewer),
        difficulties=open_difficulties(ids, viewer),
        coordinating=coordinating_bodies(ids),
        today=today,
    )


def latest_reports(ids: Sequence[UUID], viewer: Viewer) -> dict[UUID, ProgressUpdate]:
    """What was last reported about each record: of the latest day, of one day what was written last."""
    rows = ProgressUpdate.objects.visible_to(viewer).filter(subject_id__in=list(ids)).order_by("day", "pk")
    return {update.subject_id: update for update in rows}


def open_difficulties(ids: Sequence[UUID], viewer: Viewer) -> dict[UUID, list[Difficulty]]:
    """What still stands in the way of each record, the oldest first."""
    found: dict[UUID, list[Difficulty]] = {}
    rows = Difficulty.objects.visible_to(viewer).filter(subject_id__in=list(ids), resolved_on="").order_by("since", "pk")
    for each in rows.select_related("unblocker"):
        found.setdefault(each.subject_id, []).append(each)
    return found


def coordinating_bodies(ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """The bodies that co-ordinate each record, in their order."""
    found: dict[UUID, list[UUID]] = {}
    for model, near in ((CommitmentBody, "commitment_id"), (TaskBody, "task_id")):
        rows = model._default_manager.filter(**{f"{near}__in": list(ids)}).order_by("position")
        for pk, body in rows.values_list(near, "institution_id"):
            found.setdefault(pk, []).append(body)
    return found


def timeline_of(record: Any, told: ProgressUpdate | None, today: date | None) -> Bi:
    """Due date (the first one too where it moved), whether that is kept on the day, and the share last claimed."""
    said = []
    for language in ("vi", "en"):
        due, first = (period_label(text, language) for text in (record.current_due, record.first_due))
        key = "none" if not record.current_due else "first" if record.first_due not in ("", record.current_due) else "due"
        parts = [_WORDS[key].get(language).format(due=due, first=first)]
        if today and record.current_due:
            timely = timeliness(due=record.current_due, done_on=record.done_on, state=record.work_state, today=today)
            parts.append(vocabulary("timeliness").label_at(timely, language, today).lower())
        if told and told.claimed is not None:
            parts.append(_WORDS["claimed"].get(language).format(share=round(told.claimed * 100)))
        text = "; ".join(parts)
        said.append(text[:1].upper() + text[1:])
    return Bi(*said)


def difficulties_of(record: Any, told: ProgressUpdate | None, standing: Sequence[Difficulty], today: date) -> Bi:
    """What stands in the way: difficulties on record, what was last reported, why work is blocked; each kind named once.

    Kinds are called as they were called on that day.
    """
    named: list[tuple[str, str]] = [(each.code, each.text) for each in standing]
    if told and (told.difficulty or told.difficulty_text) and (told.difficulty, told.difficulty_text) not in named:
        named.append((told.difficulty, told.difficulty_text))
    if record.blocked_reason and record.blocked_reason not in {code for code, _text in named}:
        named.append((record.blocked_reason, record.unblocker))
    terms = vocabulary("difficulty_code")

    def say(language: str) -> str:
        return "; ".join(
            ": ".join(filter(None, (terms.label_at(c, language, today) if c else "", text.strip()))) for c, text in named
        )

    return Bi(say("vi"), say("en"))


def coordinated(six: SixFields) -> Bi:
    """The bodies beside the lead, in words; empty without any."""
    if not six.coordinating:
        return Bi("")
    names = [Bi("; ".join(r.title.vi for r in six.coordinating), "; ".join(r.title.get("en") for r in six.coordinating))]
    return Bi(*(_WORDS["with"].get(lang).format(bodies=names[0].get(lang)) for lang in ("vi", "en")))


# --- the questions

_NARROWING = ("lead", "partner", "side", "period", "work_state", "overdue_on")
_FILTERS = {f.parameter.name: f.parameter for f in COMMITMENTS.filters}
_REPORTED = Column("reported_on", N_("Báo cáo gần nhất"), "date")


def commitments_asked(params: Mapping[str, str], viewer: Viewer) -> QuerySet[Any]:
    """The commitments that the parameters leave, by lead and due date, those without a date last. Raises InvalidInput."""
    rows = narrowed(COMMITMENTS, {name: params.get(name, "") for name in _NARROWING}, viewer)
    if params.get("open"):
        vocabulary("yes_no").term(params["open"])
        rows = rows.filter(work_state__in=OPEN_STATES) if params["open"] == "yes" else rows.exclude(work_state__in=OPEN_STATES)
    if params.get("reported"):
        vocabulary("yes_no").term(params["reported"])
        told = ProgressUpdate.objects.visible_to(viewer)
        if params.get("since"):
            told = told.filter(day__gte=_day(params["since"]))
        ids = told.values("subject_id")
        rows = rows.filter(pk__in=ids) if params["reported"] == "yes" else rows.exclude(pk__in=ids)
    dateless = Case(When(current_due="", then=Value(1)), default=Value(0), output_field=IntegerField())
    leaderless = Case(When(lead=None, then=Value(1)), default=Value(0), output_field=IntegerField())
    ordered: QuerySet[Any] = rows.annotate(_dateless=dateless, _leaderless=leaderless)
    return ordered.order_by("_leaderless", "lead__sort_key", "_dateless", "current_due", "pk")


def _six(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    rows = commitments_asked(params, viewer)
    start = int(page.cursor) if page.cursor.isdigit() else 0
    total = rows.count()
    part = list(rows[start : start + page.size] if page.size else rows[start:])
    listed = tuple(
        Row((*six.cells(), six.reported_on), six.id, six.record_type, exercise=six.exercise)
        for six in six_now(part, viewer, timezone.localdate(at))
    )
    after = start + len(listed)
    return Answer(
        SIX_FIELDS.name,
        SIX_FIELDS.title,
        SIX_FIELDS.columns,
        listed,
        total,
        at,
        "six_fields",
        next_cursor=str(after) if listed and after < total else "",
        parameters={n: v for n, v in params.items() if v},
    )


@dataclass(frozen=True, slots=True)
class Reporting:
    """How far a lead has reported: of `total` open commitments so many since the day, the others not."""

    lead: Ref
    code: str
    total: int
    reported: int
    last: date | None
    exercise: bool


def reporting_of(viewer: Viewer, since: date, *, exercise: bool | None = None) -> list[Reporting]:
    """Every lead of open commitments and how many of them it has reported since the day, those with most silence first."""
    rows = Commitment.objects.visible_to(viewer).filter(work_state__in=OPEN_STATES, lead__isnull=False)
    if exercise is not None:
        rows = rows.filter(exercise=exercise)
    told = ProgressUpdate.objects.visible_to(viewer)
    since_then = rows.filter(pk__in=told.filter(day__gte=since).values("subject_id"))
    newest = Subquery(told.filter(subject_id=OuterRef("pk")).order_by("-day").values("day")[:1])
    ever = rows.filter(pk__in=told.values("subject_id")).annotate(told_on=newest)
    total, reported, last = (
        dict(kept.listed(them.order_by().values_list("lead_id").annotate(found=found)))
        for them, found in ((rows, Count("pk")), (since_then, Count("pk")), (ever, Max("told_on")))
    )
    refs = _refs(Institution, set(total), viewer)
    codes = {b.pk: b for b in Institution.objects.filter(pk__in=refs)}
    found = [
        Reporting(refs[lead], codes[lead].code, total[lead], reported.get(lead, 0), last.get(lead), codes[lead].exercise)
        for lead in total
        if lead in refs
    ]
    return sorted(found, key=lambda r: (r.reported - r.total, codes[r.lead.id].sort_key))


def _reporting(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    since = _day(params["since"]) if params["since"] else date.fromisoformat(period_holding(timezone.localdate(at)).start + "-01")
    found = reporting_of(viewer, since)
    if params["exercise"]:
        found = [one for one in found if one.exercise == (params["exercise"] == "yes")]
    start = int(page.cursor) if page.cursor.isdigit() else 0
    part = found[start : start + page.size] if page.size else found[start:]
    listed = tuple(
        Row((r.lead, r.total, r.reported, r.total - r.reported, r.last), r.lead.id, r.lead.record_type, exercise=r.exercise)
        for r in part
    )
    after = start + len(listed)
    return Answer(
        WHO_REPORTED.name,
        WHO_REPORTED.title,
        WHO_REPORTED.columns,
        listed,
        len(found),
        at,
        "reported_commitments",
        next_cursor=str(after) if listed and after < len(found) else "",
        parameters={"since": since.isoformat(), **({"exercise": params["exercise"]} if params["exercise"] else {})},
    )


SIX_FIELDS = register_question(
    Question(
        "six_fields",
        _TITLE,
        "reports.view",
        (
            *(_FILTERS[name] for name in _NARROWING),
            Parameter("open", N_("Chưa kết thúc"), "code", "yes_no"),
            Parameter("reported", N_("Đã có báo cáo"), "code", "yes_no"),
            Parameter("since", N_("Báo cáo từ ngày"), "date"),
        ),
        (*SIX_COLUMNS, _REPORTED),
        _six,
    )
)
WHO_REPORTED = register_question(
    Question(
        "who_reported",
        Bi("Cơ quan đã và chưa báo cáo tiến độ", "Who has reported progress and who has not"),
        "reports.view",
        (Parameter("since", N_("Báo cáo từ ngày"), "date"), Parameter("exercise", N_("Diễn tập"), "code", "yes_no")),
        (
            Column("lead", N_("Cơ quan chủ trì"), "record"),
            Column("total", N_("Cam kết chưa kết thúc"), "number"),
            Column("reported", N_("Đã báo cáo"), "number"),
            Column("silent", N_("Chưa báo cáo"), "number"),
            Column("last", N_("Báo cáo gần nhất"), "date"),
        ),
        _reporting,
    )
)


def _refs(model: Any, ids: Iterable[UUID | None], viewer: Viewer) -> dict[Any, Ref]:
    rows = model.objects.visible_to(viewer).filter(pk__in={pk for pk in ids if pk})
    return {pk: Ref(pk, model.record_type(), Bi(vi, en)) for pk, vi, en in rows.values_list("pk", "name_vi", "name_en")}


def _day(text: str) -> date:
    if len(text) != 10 or not is_partial_date(text):
        raise InvalidInput(N_("Không hiểu giá trị lọc hoặc vị trí trang."), remedy=N_("Hãy mở lại danh sách từ trang đầu."))
    return date.fromisoformat(text)


#: The followed records that a body reports on.
REPORTED_KINDS: tuple[Any, ...] = (Commitment, Task)
