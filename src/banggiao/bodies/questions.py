"""Every read of bodies: the registers, who sits on what, what meetings decided and what came of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from banggiao.bodies import proposals  # noqa: F401  its question is registered there
from banggiao.bodies.lines import DECISIONS, subjects_seen
from banggiao.bodies.models import Body, ConclusionNotice, Meeting, MeetingDecision, Member
from banggiao.bodies.states import BODY, MEETING, NOTICE
from banggiao.commitments.models import Task
from banggiao.commitments.questions_repeated import asks_in_series
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.lines import rows_of
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Ref, Row, register_question
from banggiao.core.registers import Face, Field, Filter, Order, Register, declare, find_record, keyed, register_named
from banggiao.core.search import Words, searchable
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.escalations.models import Escalation
from banggiao.followup.questions import timeliness
from banggiao.partners.models import Institution


def _series_of_meetings(ids: Collection[UUID]) -> dict[UUID, list[str]]:
    return {pk: [f"body {body}"] for pk, body in Meeting.objects.filter(pk__in=ids).values_list("pk", "body_id") if body}


def _series_of_notices(ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """Directives that are issued conclusions stand in the series of the body whose meeting they conclude."""
    rows = ConclusionNotice.objects.filter(directive__in=ids, meeting__body__isnull=False)
    return {pk: [f"body {body}"] for pk, body in rows.values_list("directive_id", "meeting__body_id")}


asks_in_series(Meeting.record_type(), _series_of_meetings)
asks_in_series("commitments.directive", _series_of_notices)


@dataclass(frozen=True, slots=True)
class Followed:
    """A decision of a meeting, its lead and the task given from it: None where there is none the viewer may know of."""

    decision: MeetingDecision
    lead: Institution | None
    task: Task | None
    timely: str


def seats_of(institution_id: UUID, viewer: Viewer, day: date) -> list[Member]:
    """The seats an institution holds on a day in bodies that have not ended, by name of the body."""
    now = day.isoformat()
    held = (Q(since="") | Q(since__lte=now)) & (Q(until="") | Q(until__gte=now))
    rows = Member.objects.visible_to(viewer).filter(held, institution=institution_id, body__retracted=False)
    known = Body.objects.visible_to(viewer).exclude(state="ended").values("pk")
    return list(rows.filter(body__in=known).select_related("body").order_by("body__name_vi", "pk"))


def decisions_of(meeting: Meeting, viewer: Viewer, today: date) -> list[Followed]:
    """What a meeting decided, in the order of its entry, each with what has come of it (rule `meeting_decisions`)."""
    return _followed([meeting], viewer, today)


def escalations_decided(meeting: Meeting, viewer: Viewer) -> list[tuple[MeetingDecision, Escalation]]:
    """What a meeting decided under agenda lines that stand for an escalation, each with it, in the order of entry."""
    rows = rows_of(DECISIONS, meeting, viewer).filter(item__subject_type=Escalation.record_type()).select_related("item")
    known = Escalation.objects.visible_to(viewer).select_related("decider").in_bulk([row.item.subject_id for row in rows])
    return [(row, known[row.item.subject_id]) for row in rows if row.item.subject_id in known]


def last_meeting_of(meeting: Meeting, viewer: Viewer) -> Meeting | None:
    """The meeting of the same body before this one, of those that were held."""
    held = Meeting.objects.visible_to(viewer).filter(body=meeting.body_id, state__in=("held", "minuted"))
    found: Meeting | None = held.filter(number__lt=meeting.number).order_by("-number").first()
    return found


def notices_of(viewer: Viewer, **of: Any) -> list[ConclusionNotice]:
    """The notices that conclude this meeting or activity, latest first."""
    return list(ConclusionNotice.objects.visible_to(viewer).filter(**of).order_by("-pk"))


def _followed(meetings: Sequence[Meeting], viewer: Viewer, today: date) -> list[Followed]:
    ids = [meeting.pk for meeting in meetings]
    rows = subjects_seen(MeetingDecision.objects.filter(meeting__in=ids, retracted=False), viewer, "item__")
    rows = rows.filter(classification__in=viewer.cleared_levels())
    keys = [str(pk) for pk in rows.values_list("pk", flat=True)]
    tasks = Task.objects.visible_to(viewer).filter(origin_type="bodies.meeting", origin_id__in=ids, origin_key__in=keys)
    given = {task.origin_key: task for task in tasks}
    leads = Institution.objects.visible_to(viewer).in_bulk([pk for pk in rows.values_list("lead_id", flat=True) if pk])
    found = []
    for decision in rows.select_related("meeting").order_by("-meeting__day", "meeting_id", "pk"):
        task = given.get(str(decision.pk))
        timely = (
            timeliness(due=task.current_due, done_on=task.done_on, state=task.work_state, today=today) if task is not None else ""
        )
        found.append(Followed(decision, leads.get(decision.lead_id), task, timely))
    return found


@searchable(Body)
def _body_words(body: Body) -> Words:
    terms = vocabulary("body_kind")
    seats = Member.objects.filter(body=body, retracted=False).order_by("pk").values_list("position", flat=True)
    return Words(
        body.name_vi, body.name_en, terms.label(body.kind, "vi"), terms.label(body.kind, "en"),
        names=(body.code, body.decision_number), body=" ".join([body.mandate, *seats]), day=body.starts, weight=2,
    )  # fmt: skip


@searchable(Meeting)
def _meeting_words(meeting: Meeting) -> Words:
    # Agenda and decisions may name what not everybody who sees the meeting may know of: they are not search words.
    return Words(meeting.name_vi, meeting.name_en, names=(meeting.code,), body=meeting.place, day=meeting.day, weight=1)


@searchable(ConclusionNotice)
def _notice_words(notice: ConclusionNotice) -> Words:
    return Words(notice.name_vi, notice.name_en, names=(notice.code,), body=notice.text, day=notice.issued_on, weight=1)


def _heads(ids: Sequence[UUID]) -> Mapping[UUID, str]:
    rows = Member.objects.filter(body__in=list(ids), role="head", retracted=False, until="").order_by("-pk")
    return dict(rows.values_list("body_id", "position"))


BODIES = declare(
    Register(
        name="bodies",
        model=Body,
        title=Bi("Tổ chức phối hợp", "Bodies"),
        one=Bi("Tổ chức phối hợp", "Body"),
        fields=(
            Field(Column("name", N_("Tên"), "bilingual"), ("name_vi", "name_en")),
            Field(Column("kind", N_("Loại"), "code", "body_kind"), ("kind",)),
            Field(Column("head", N_("Người đứng đầu")), lookup=_heads),
            Field(
                Column("standing", N_("Cơ quan thường trực"), "record"),
                ("standing_id", "standing__name_vi", "standing__name_en"),
                "partners.institution",
            ),
            Field(
                Column("partner", N_("Đối tác"), "record"),
                ("partner_id", "partner__name_vi", "partner__name_en"),
                "partners.partner",
            ),
            Field(Column("starts", N_("Bắt đầu"), "date"), ("starts",)),
            Field(Column("ends", N_("Kết thúc"), "date"), ("ends",)),
            Field(Column("state", N_("Tình trạng"), "code", "body_state"), ("state",)),
        ),
        page_fields=(
            Field(Column("code", N_("Mã")), ("code",)),
            Field(Column("decision_number", N_("Số quyết định thành lập")), ("decision_number",)),
            Field(Column("decision_on", N_("Ngày quyết định"), "date"), ("decision_on",)),
            Field(Column("decision_issuer", N_("Người ký, cơ quan ban hành quyết định")), ("decision_issuer",)),
            Field(
                Column("directive", N_("Quyết định trong sổ văn bản"), "record"),
                ("directive_id", "directive__number", "directive__number"),
                "commitments.directive",
            ),
            Field(Column("mandate", N_("Nhiệm vụ, quyền hạn")), ("mandate",)),
            Field(Column("contact", N_("Đầu mối liên hệ")), ("contact",)),
        ),
        orders=(Order("code", N_("Mã"), ("code",)), Order("starts", N_("Mới nhất"), ("starts",), descending=True)),
        filters=(
            Filter(Parameter("kind", N_("Loại"), "code", "body_kind"), "kind"),
            Filter(Parameter("state", N_("Tình trạng"), "code", "body_state"), "state"),
            Filter(Parameter("partner", N_("Đối tác"), "partner"), "partner__code"),
            Filter(Parameter("standing", N_("Cơ quan thường trực"), "institution"), "standing__code"),
        ),
        related=(("meetings", "body"), ("meeting_decisions", "body")),
        entry=(
            "kind", "name_vi", "name_en", "standing_id", "partner_id", "mandate", "decision_number", "decision_on",
            "decision_issuer", "directive_id", "starts", "ends", "contact",
        ),
        required=("kind", "name_vi", "standing_id"),
        editable=(
            "name_vi", "name_en", "standing_id", "partner_id", "mandate", "decision_number", "decision_on", "decision_issuer",
            "directive_id", "starts", "ends", "contact",
        ),
        edit_permission="bodies.edit",
        machines=(BODY,),
    )
)  # fmt: skip

MEETINGS = declare(
    Register(
        name="meetings",
        model=Meeting,
        title=Bi("Phiên họp", "Meetings"),
        one=Bi("Phiên họp", "Meeting"),
        fields=(
            Field(Column("day", N_("Ngày họp"), "date"), ("day",)),
            Field(Column("name", N_("Tên"), "bilingual"), ("name_vi", "name_en")),
            Field(Column("body", N_("Tổ chức phối hợp"), "record"), ("body_id", "body__name_vi", "body__name_en"), "bodies.body"),
            Field(Column("number", N_("Phiên thứ"), "number"), ("number",)),
            Field(Column("place", N_("Địa điểm")), ("place",)),
            Field(Column("state", N_("Tình trạng"), "code", "meeting_state"), ("state",)),
        ),
        page_fields=(
            Field(Column("code", N_("Mã")), ("code",)),
            Field(Column("time", N_("Giờ họp")), ("time",)),
            Field(Column("form", N_("Hình thức"), "code", "activity_format"), ("form",)),
            Field(Column("chair", N_("Chủ trì")), ("chair",)),
            Field(Column("secretary", N_("Thư ký")), ("secretary",)),
            Field(Column("minutes_number", N_("Số biên bản"), "number"), ("minutes_number",)),
            Field(Column("minutes_on", N_("Ngày biên bản"), "date"), ("minutes_on",)),
            Field(Column("signer_title", N_("Chức vụ người ký")), ("signer_title",)),
            Field(Column("signer_name", N_("Họ tên người ký")), ("signer_name",)),
        ),
        orders=(Order("recent", N_("Mới nhất"), ("day",), descending=True), Order("code", N_("Mã"), ("code",))),
        filters=(
            Filter(Parameter("body", N_("Tổ chức phối hợp"), "id"), "body_id"),
            Filter(Parameter("state", N_("Tình trạng"), "code", "meeting_state"), "state"),
            Filter(Parameter("period", N_("Kỳ"), "period"), "day"),
        ),
        related=(("conclusion_notices", "meeting"),),
        entry=("body_id", "day", "time", "place", "form", "chair", "secretary", "name_vi", "name_en"),
        required=("body_id",),
        editable=("name_vi", "name_en", "day", "time", "place", "form", "chair", "secretary"),
        edit_permission="bodies.edit",
        machines=(MEETING,),
        faces=(Face("board", machine=MEETING), Face("calendar", dates=("day",))),
    )
)

NOTICES = declare(
    Register(
        name="conclusion_notices",
        model=ConclusionNotice,
        title=Bi("Thông báo kết luận", "Conclusion notices"),
        one=Bi("Thông báo kết luận", "Conclusion notice"),
        fields=(
            Field(Column("name", N_("Trích yếu"), "bilingual"), ("name_vi", "name_en")),
            Field(
                Column("meeting", N_("Phiên họp"), "record"),
                ("meeting_id", "meeting__name_vi", "meeting__name_en"),
                "bodies.meeting",
            ),
            Field(
                Column("activity", N_("Hoạt động"), "record"),
                ("activity_id", "activity__name_vi", "activity__name_en"),
                "activities.activity",
            ),
            Field(
                Column("issuer", N_("Cơ quan ban hành"), "record"),
                ("issuer_id", "issuer__name_vi", "issuer__name_en"),
                "partners.institution",
            ),
            Field(Column("number", N_("Số văn bản"), "number"), ("number",)),
            Field(Column("issued_on", N_("Ngày ban hành"), "date"), ("issued_on",)),
            Field(Column("state", N_("Tình trạng"), "code", "notice_state"), ("state",)),
        ),
        page_fields=(
            Field(Column("code", N_("Mã")), ("code",)),
            Field(Column("place", N_("Nơi ban hành")), ("place",)),
            Field(Column("signer_title", N_("Chức vụ người ký")), ("signer_title",)),
            Field(Column("signer_name", N_("Họ tên người ký")), ("signer_name",)),
            Field(
                Column("directive", N_("Văn bản trong sổ"), "record"),
                ("directive_id", "directive__number", "directive__number"),
                "commitments.directive",
            ),
        ),
        orders=(Order("recent", N_("Mới nhất"), ("issued_on",), descending=True), Order("code", N_("Mã"), ("code",))),
        filters=(
            Filter(Parameter("state", N_("Tình trạng"), "code", "notice_state"), "state"),
            Filter(Parameter("meeting", N_("Phiên họp"), "id"), "meeting_id"),
            Filter(Parameter("activity", N_("Hoạt động"), "id"), "activity_id"),
            Filter(Parameter("issuer", N_("Cơ quan ban hành"), "institution"), "issuer__code"),
            Filter(Parameter("period", N_("Kỳ"), "period"), "issued_on"),
        ),
        entry=("name_vi", "issuer_id", "meeting_id", "activity_id", "text", "receivers", "place", "name_en"),
        required=("name_vi", "issuer_id"),
        editable=(
            "name_vi", "name_en", "text", "receivers", "number", "issued_on", "place", "signer_title", "signer_name",
        ),
        edit_permission="bodies.edit",
        machines=(NOTICE,),
        faces=(Face("board", machine=NOTICE),),
    )
)  # fmt: skip


def _seats(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    """All seats stand on one page."""
    institution = find_record(register_named("institutions"), params["institution"], viewer)
    rows = tuple(
        Row(
            (Ref(seat.body_id, "bodies.body", Bi(seat.body.name_vi, seat.body.name_en)), seat.body.kind, seat.role, seat.position,
             seat.since or None, seat.until or None),
            seat.body_id, "bodies.body", exercise=seat.exercise,
        )
        for seat in seats_of(institution.pk, viewer, timezone.localdate(at))
    )  # fmt: skip
    used = {"institution": str(institution.pk)}
    return Answer("body_seats", SEATS.title, SEATS.columns, rows, len(rows), at, "body_seats", parameters=used)


SEATS = register_question(
    Question(
        "body_seats",
        Bi("Cơ quan tham gia tổ chức phối hợp nào", "Bodies that an institution sits in"),
        "registers.view",
        (Parameter("institution", N_("Cơ quan"), "id", needed=True),),
        (
            Column("body", N_("Tổ chức phối hợp"), "record"),
            Column("kind", N_("Loại"), "code", "body_kind"),
            Column("role", N_("Vai trò"), "code", "body_role"),
            Column("position", N_("Chức danh")),
            Column("since", N_("Từ"), "date"),
            Column("until", N_("Đến ngày"), "date"),
        ),
        _seats,
    )
)


def _decided(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    """All decisions stand on one page: of one meeting, of the meetings of one body, or of all that the viewer may know of."""
    meetings = Meeting.objects.visible_to(viewer)
    if params["meeting"]:
        meetings = meetings.filter(pk__in=keyed(MEETINGS, params["meeting"], viewer))
    if params["body"]:
        meetings = meetings.filter(body__in=keyed(BODIES, params["body"], viewer))
    found = _followed(list(meetings), viewer, timezone.localdate(at))
    rows = []
    for each in found:
        decision, task = each.decision, each.task
        meeting, lead = decision.meeting, each.lead
        cells = (
            Ref(meeting.pk, "bodies.meeting", _short_name(meeting) if params["body"] else Bi(meeting.name_vi, meeting.name_en)),
            decision.kind,
            Bi(decision.text_vi, decision.text_en),
            Ref(lead.pk, "partners.institution", Bi(lead.name_vi, lead.name_en)) if lead else None,
            decision.due or None,
            Ref(task.pk, "commitments.task", Bi(task.code, task.code)) if task else None,
            task.work_state if task else None,
            each.timely or None,
        )
        rows.append(Row(cells, meeting.pk, "bodies.meeting", exercise=decision.exercise))
    used = {name: value for name, value in params.items() if value}
    shown = tuple(rows)
    return Answer(
        "meeting_decisions", DECIDED.title, DECIDED.columns, shown, len(shown), at, "meeting_decisions", parameters=used
    )


def _short_name(meeting: Meeting) -> Bi:
    """A meeting among others of its body: the name of the body would stand in every line."""
    return Bi(f"Phiên thứ {meeting.number}", f"Meeting {meeting.number}")


DECIDED = register_question(
    Question(
        "meeting_decisions",
        Bi("Kết luận của các phiên họp và việc đã làm", "What meetings decided and what came of it"),
        "registers.view",
        (Parameter("meeting", N_("Phiên họp"), "id"), Parameter("body", N_("Tổ chức phối hợp"), "id")),
        (
            Column("meeting", N_("Phiên họp"), "record"),
            Column("kind", N_("Loại"), "code", "meeting_decision_kind"),
            Column("text", N_("Nội dung"), "bilingual"),
            Column("lead", N_("Cơ quan chủ trì"), "record"),
            Column("due", N_("Hạn"), "date"),
            Column("task", N_("Nhiệm vụ đã giao"), "record"),
            Column("work_state", N_("Tình trạng thực hiện"), "code", "work_state"),
            Column("timeliness", N_("Thời hạn"), "code", "timeliness"),
        ),
        _decided,
    )
)
