"""What bodies and meetings consist of: seats; agenda, attendance and decisions; each line declared once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q, QuerySet

from banggiao.activities.conference import represented
from banggiao.activities.services_involving import involve
from banggiao.bodies.models import Body, DecisionBody, Meeting, MeetingAttendance, MeetingDecision, MeetingItem, Member
from banggiao.commitments.models import Task
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, FieldProblem, WrongState
from banggiao.core.lines import Lines, declare_lines
from banggiao.core.questions import Bi, Column, Ref
from banggiao.core.registers import Field, Order, Register, register_of

#: What an agenda line may stand for.
SUBJECTS = ("commitments.commitment", "commitments.task", "followup.escalation")
_MEMBER, _ATTENDS = "member", "attends"
#: States in which what a meeting consists of stands still.
_CLOSED = ("minuted", "cancelled")


def sitting(body: Body, day: str) -> QuerySet[Member]:
    """The seats of a body that are held on a day (ISO): begun, and not ended before it."""
    begun = Q(since="") | Q(since__lte=day)
    held = Q(until="") | Q(until__gte=day)
    return Member.objects.filter(begun, held, body=body, retracted=False)


def members_of(body: Body, day: str) -> list[UUID]:
    """The institutions that hold a seat on a day, without repeats, heads first."""
    order = {"head": 0, "deputy": 1, "member": 2, "secretary": 3}
    rows = sitting(body, day).exclude(institution=None).values_list("institution_id", "role", "pk")
    return list(dict.fromkeys(pk for pk, _role, _key in sorted(rows, key=lambda row: (order.get(row[1], 9), str(row[2])))))


def share_with_members(body: Body, act: Act) -> None:
    """Who holds a seat today may know of the body and of all its meetings."""
    bodies = members_of(body, act.at.date().isoformat())
    involve(_MEMBER, body.pk, bodies)
    for meeting in body.meetings.all():
        involve(_MEMBER, meeting.pk, bodies)


def stands_still(meeting: Meeting) -> bool:
    """Whether agenda, roll and decisions are written no more: the minutes are done, or the meeting is cancelled."""
    return meeting.state in _CLOSED


def coordinating_of(ids: Sequence[UUID]) -> dict[UUID, tuple[Ref, ...]]:
    """The bodies that co-ordinate each decision with its lead, in order."""
    rows = DecisionBody.objects.filter(decision_id__in=ids).order_by("decision_id", "position")
    found: dict[UUID, list[Ref]] = {}
    for decision, pk, vi, en in rows.values_list("decision_id", "institution_id", "institution__name_vi", "institution__name_en"):
        found.setdefault(decision, []).append(Ref(pk, "partners.institution", Bi(vi, en)))
    return {decision: tuple(refs) for decision, refs in found.items()}


def require_open(meeting: Meeting, act: Act) -> None:
    """Raise WrongState once the minutes are done or the meeting is cancelled: what it consists of then stands still."""
    if Meeting.objects.filter(pk=meeting.pk, state__in=_CLOSED).exists():
        raise WrongState(
            N_("Phiên họp đã kết thúc nên không sửa được chương trình, điểm danh và kết luận."),
            subject=str(meeting),
            remedy=N_("Hãy mở lại biên bản, có lý do, rồi sửa."),
        )


def share_with_attending(meeting: Meeting, act: Act) -> None:
    """Whoever is expected at a meeting may know of it, a member of the body or not. Raises as `require_open`."""
    require_open(meeting, act)
    expected = MeetingAttendance.objects.filter(meeting=meeting, retracted=False)
    involve(_ATTENDS, meeting.pk, list(expected.values_list("institution_id", flat=True)))


def subjects_seen(rows: QuerySet[Any], viewer: Viewer, prefix: str = "") -> QuerySet[Any]:
    """Lines whose subject, where they have one, the viewer may know of."""
    wanted = dict.fromkeys(rows.exclude(**{f"{prefix}subject_id": None}).values_list(f"{prefix}subject_id", flat=True))
    seen = Q(**{f"{prefix}subject_id": None})
    for kind in SUBJECTS if wanted else ():
        known = apps.get_model(kind)._default_manager.visible_to(viewer).filter(pk__in=list(wanted)).values("pk")
        seen |= Q(**{f"{prefix}subject_type": kind, f"{prefix}subject_id__in": known})
    return rows.filter(seen)


def subject_refs(ids: Sequence[UUID]) -> Mapping[UUID, Any]:
    """Agenda line -> the record it stands for, to be shown to those who may know of it."""
    lines = MeetingItem.objects.filter(pk__in=list(ids)).exclude(subject_id=None).values_list("pk", "subject_type", "subject_id")
    by_kind: dict[str, list[UUID]] = {}
    for _pk, kind, subject in lines:
        by_kind.setdefault(kind, []).append(subject)
    titles: dict[UUID, Bi] = {}
    for kind, subjects in by_kind.items():
        book = register_of(kind)
        for record in apps.get_model(kind)._default_manager.filter(pk__in=subjects):
            titles[record.pk] = book.title_of(record) if book else Bi(str(record))
    return {pk: Ref(subject, kind, titles[subject]) for pk, kind, subject in lines if subject in titles}


def given_from(ids: Sequence[UUID]) -> Mapping[UUID, Any]:
    """Decision -> the task that was given from it, to be shown to those who may know of it."""
    found = Task.objects.filter(origin_type="bodies.meeting", origin_key__in=[str(pk) for pk in ids], retracted=False)
    return {UUID(t.origin_key): Ref(t.pk, "commitments.task", Bi(t.code, t.code)) for t in found}


def _sound_member(line: Member, act: Act) -> Sequence[FieldProblem]:
    if line.since and line.until and line.until < line.since[: len(line.until)]:
        return [FieldProblem("until", N_("Đứng trước ngày bắt đầu."))]
    return []


def _sound_attendance(line: MeetingAttendance, act: Act) -> Sequence[FieldProblem]:
    same = MeetingAttendance.objects.filter(meeting_id=line.meeting_id, institution_id=line.institution_id, retracted=False)
    twice = same.exclude(pk=line.pk).exists()
    again = [FieldProblem("institution_id", N_("Cơ quan này đã có trong danh sách điểm danh."))] if twice else []
    return [*again, *represented(line)]


def _sound_decision(line: MeetingDecision, act: Act) -> Sequence[FieldProblem]:
    if line.item_id and not MeetingItem.objects.filter(pk=line.item_id, meeting_id=line.meeting_id, retracted=False).exists():
        return [FieldProblem("item_id", N_("Mục này không thuộc chương trình của phiên họp."))]
    return []


_INSTITUTION = Field(
    Column("institution", N_("Cơ quan"), "record"),
    ("institution_id", "institution__name_vi", "institution__name_en"),
    leads_to="partners.institution",
)

MEMBERS = declare_lines(
    Lines(
        Register(
            name="members",
            model=Member,
            title=Bi("Thành phần", "Members"),
            one=Bi("Thành viên", "Member"),
            fields=(
                Field(Column("role", N_("Vai trò"), "code", "body_role"), ("role",)),
                Field(Column("position", N_("Chức danh"), "lead"), ("position",)),
                _INSTITUTION,
                Field(
                    Column("person", N_("Trong danh bạ"), "record"),
                    ("person_id", "person__name", "person__name"),
                    leads_to="partners.person",
                ),
                Field(Column("since", N_("Từ"), "date"), ("since",)),
                Field(Column("until", N_("Đến ngày"), "date"), ("until",)),
            ),
            orders=(Order("entered", N_("Thứ tự nhập"), ()),),
            entry=("role", "position", "institution_id", "person_id", "since", "until"),
            required=("role", "position"),
            edit_permission="bodies.edit",
            title_paths=("position", ""),
            code_path="",
        ),
        "body",
        _sound_member,
        after=share_with_members,
    )
)

ITEMS = declare_lines(
    Lines(
        Register(
            name="items",
            model=MeetingItem,
            title=Bi("Chương trình", "Agenda"),
            one=Bi("Mục chương trình", "Agenda item"),
            fields=(
                Field(Column("place", N_("Mục chương trình"), "number"), ("place",)),
                Field(Column("title", N_("Nội dung"), "bilingual"), ("title_vi", "title_en")),
                Field(Column("reason", N_("Lý do"), "code", "agenda_reason"), ("reason",)),
                Field(Column("subject", N_("Việc liên quan"), "record"), lookup=subject_refs),
                Field(Column("presenter", N_("Người trình bày")), ("presenter",)),
                Field(Column("discussion", N_("Ý kiến tại phiên họp")), ("discussion",)),
            ),
            orders=(Order("place", N_("Thứ tự"), ("place",)),),
            entry=("place", "title_vi", "title_en", "presenter", "discussion"),
            required=("title_vi",),
            edit_permission="bodies.edit",
            title_paths=("title_vi", "title_en"),
            code_path="",
        ),
        "meeting",
        narrow=subjects_seen,
        after=require_open,
        closed=stands_still,
    )
)

ROLL = declare_lines(
    Lines(
        Register(
            name="attendance",
            model=MeetingAttendance,
            title=Bi("Điểm danh", "Attendance"),
            one=Bi("Cơ quan được mời", "Invited body"),
            fields=(
                _INSTITUTION,
                Field(Column("name", N_("Họ tên")), ("name",)),
                Field(Column("post", N_("Chức vụ")), ("post",)),
                Field(Column("presence", N_("Có mặt"), "code", "presence"), ("presence",)),
                Field(Column("represented_by", N_("Người dự thay")), ("represented_by",)),
                Field(Column("basis", N_("Căn cứ mời"), "code", "attendance_basis"), ("basis",)),
            ),
            orders=(Order("institution", N_("Theo tên cơ quan"), ("institution__sort_key",)),),
            entry=("institution_id", "name", "post", "presence", "represented_by"),
            required=("institution_id", "presence"),
            edit_permission="bodies.edit",
            title_paths=("title_vi", "title_en"),
            code_path="",
        ),
        "meeting",
        _sound_attendance,
        after=share_with_attending,
        closed=stands_still,
    )
)

DECISIONS = declare_lines(
    Lines(
        Register(
            name="decisions",
            model=MeetingDecision,
            title=Bi("Kết luận của phiên họp", "Decisions"),
            one=Bi("Kết luận", "Decision"),
            fields=(
                Field(Column("kind", N_("Loại"), "code", "meeting_decision_kind"), ("kind",)),
                Field(Column("text", N_("Nội dung"), "bilingual"), ("text_vi", "text_en")),
                Field(
                    Column("lead", N_("Cơ quan chủ trì"), "record"),
                    ("lead_id", "lead__name_vi", "lead__name_en"),
                    leads_to="partners.institution",
                ),
                Field(Column("coordinating", N_("Phối hợp"), "records"), lookup=coordinating_of),
                Field(Column("due", N_("Hạn"), "date"), ("due",)),
                Field(Column("product", N_("Sản phẩm")), ("product",)),
                Field(Column("task", N_("Nhiệm vụ đã giao"), "record"), lookup=given_from),
            ),
            page_fields=(
                Field(
                    Column("item", N_("Mục chương trình"), "record"),
                    ("item_id", "item__title_vi", "item__title_en"),
                    leads_to="bodies.meetingitem",
                ),
            ),
            orders=(Order("entered", N_("Thứ tự nhập"), ()),),
            entry=("item_id", "kind", "text_vi", "text_en", "lead_id", "coordinating", "due", "product"),
            required=("kind", "text_vi"),
            edit_permission="bodies.edit",
            title_paths=("text_vi", "text_en"),
            code_path="",
        ),
        "meeting",
        _sound_decision,
        narrow=lambda rows, viewer: subjects_seen(rows, viewer, "item__"),
        after=require_open,
        closed=stands_still,
    )
)
