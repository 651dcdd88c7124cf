"""What a conference has beside other activities: who speaks and hands in a statement, who is expected, and who came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from banggiao.activities import lines as of_all  # noqa: F401  the parts of every activity come before those of conferences
from banggiao.activities.models import Activity, Attendance, Site, Speaker
from banggiao.activities.services_involving import involve
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, FieldProblem
from banggiao.core.lines import Lines, declare_lines, written_of
from banggiao.core.questions import Bi, Column, Parameter, Ref
from banggiao.core.registers import Field, Filter, Order, Register, declare
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.data_calls.models import DataCallAnswer
from banggiao.followup.data_calls.questions import PRESETS
from banggiao.followup.data_calls.states import ANSWERED
from banggiao.partners.models import Institution

#: Kinds of activity that have speakers and a roll by nature; others show them once they are entered.
CONFERENCES = ("conference", "review", "forum", "training", "dialogue", "summit")
#: The rules that name the expected bodies by their kind, as data calls name their addressees.
RULES = tuple(PRESETS)
_INVITED = "invited"


def expected_by_rule(rule: str, day: str, viewer: Viewer, *, exercise: bool) -> QuerySet[Institution]:
    """The institutions a rule expects: those of its kinds that existed on `day` (ISO), as far as the viewer may know."""
    there = Q(valid_from="") | Q(valid_from__lte=day)
    not_over = Q(valid_to="") | Q(valid_to__gt=day)
    rows = Institution.objects.visible_to(viewer).filter(there, not_over, kind__in=PRESETS[rule], exercise=exercise)
    return rows.order_by("sort_key", "pk")


def turnout(lines: Lines, parent: Any, viewer: Viewer) -> dict[str, int]:
    """How many of the bodies expected at an activity or a meeting are in each state of `presence` (rule `attendance`)."""
    rows = written_of(lines, parent, viewer).filter(retracted=False).values("presence")
    counted = {row["presence"]: row["n"] for row in rows.annotate(n=Count("pk"))}
    return {code: counted.get(code, 0) for code in vocabulary("presence").codes}


def _invite(activity: Activity, act: Act) -> None:
    """Whoever is expected at an activity, or speaks at it, may know of it."""
    named: list[UUID] = []
    for model in (Attendance, Speaker):
        rows = model.objects.filter(activity=activity, retracted=False).exclude(institution=None)
        named += rows.values_list("institution_id", flat=True)
    involve(_INVITED, activity.pk, named)


def _its_site(line: Any) -> list[FieldProblem]:
    if line.site_id and not Site.objects.filter(pk=line.site_id, activity_id=line.activity_id, retracted=False).exists():
        return [FieldProblem("site_id", N_("Điểm cầu này không thuộc hoạt động."))]
    return []


def represented(line: Any) -> list[FieldProblem]:
    """Who came instead is said where somebody did, and only there."""
    if line.presence == "represented" and not line.represented_by.strip():
        return [FieldProblem("represented_by", N_("Hãy ghi ai dự thay (họ tên, chức vụ)."))]
    if line.represented_by.strip() and line.presence != "represented":
        return [FieldProblem("represented_by", N_("Chỉ ghi người dự thay khi cơ quan cử người dự thay."))]
    return []


def _sound_attendance(line: Attendance, act: Act) -> Sequence[FieldProblem]:
    same = Attendance.objects.filter(activity_id=line.activity_id, institution_id=line.institution_id, retracted=False)
    twice = same.exclude(pk=line.pk).exists()
    again = [FieldProblem("institution_id", N_("Cơ quan này đã có trong danh sách điểm danh."))] if twice else []
    return [*again, *_its_site(line), *represented(line)]


def _sound_speaker(line: Speaker, act: Act) -> Sequence[FieldProblem]:
    problems = _its_site(line)
    if not (line.institution_id or line.name.strip()):
        problems.append(FieldProblem("institution_id", N_("Hãy chọn cơ quan hoặc ghi họ tên người phát biểu.")))
    if line.turn and Speaker.objects.filter(
        activity_id=line.activity_id, turn=line.turn, retracted=False
    ).exclude(pk=line.pk).exists():  # fmt: skip
        problems.append(FieldProblem("turn", N_("Thứ tự này đã có người phát biểu.")))
    return problems


def _handed_in(ids: Sequence[UUID]) -> Mapping[UUID, Any]:
    """Speaker -> the answer to the call for its statement, called by its state; whoever may not see the answer sees nothing."""
    speakers = dict(Speaker.objects.filter(pk__in=list(ids)).exclude(call=None).values_list("pk", "call_id"))
    bodies = dict(Speaker.objects.filter(pk__in=speakers).values_list("pk", "institution_id"))
    answers = DataCallAnswer.objects.filter(call__in=set(speakers.values()), retracted=False)
    found = {(a.call_id, a.institution_id): a for a in answers}
    terms, refs = vocabulary("data_call_answer_state"), {}
    for pk, call in speakers.items():
        if answer := found.get((call, bodies[pk])):
            state = Bi(terms.label(answer.state, "vi"), terms.label(answer.state, "en"))
            refs[pk] = Ref(answer.pk, "followup.datacallanswer", state)
    return refs


def handing_in(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    """Those whose body has answered the call for statements, or has not though it was asked."""
    pairs = DataCallAnswer.objects.filter(state__in=ANSWERED, retracted=False).values_list("call_id", "institution_id")
    calls = set(rows.exclude(call=None).values_list("call_id", flat=True))
    given: dict[UUID, list[UUID]] = {}
    for call, body in pairs.filter(call__in=calls):
        given.setdefault(call, []).append(body)
    some = Q(pk__in=[])
    for call, bodies in given.items():
        some |= Q(call_id=call, institution_id__in=bodies)
    return rows.filter(some) if value == "yes" else rows.exclude(call=None).exclude(some)


_INSTITUTION = Field(
    Column("institution", N_("Cơ quan"), "record"),
    ("institution_id", "institution__name_vi", "institution__name_en"),
    leads_to="partners.institution",
)
_SITE = Field(Column("site", N_("Điểm cầu"), "record"), ("site_id", "site__name", "site__name"), leads_to="activities.site")
_ACTIVITY = Field(
    Column("activity", N_("Hoạt động"), "record"),
    ("activity_id", "activity__name_vi", "activity__name_en"),
    leads_to="activities.activity",
)

SPEAKERS = declare_lines(
    Lines(
        Register(
            name="speakers",
            model=Speaker,
            title=Bi("Tham luận", "Statements"),
            one=Bi("Tham luận", "Statement"),
            fields=(
                Field(Column("turn", N_("Thứ tự"), "number"), ("turn",)),
                _INSTITUTION,
                Field(Column("name", N_("Họ tên")), ("name",)),
                Field(Column("post", N_("Chức vụ")), ("post",)),
                Field(Column("topic", N_("Chủ đề tham luận"), "lead"), ("topic",)),
                Field(Column("minutes", N_("Thời lượng"), "number", unit=N_("phút")), ("minutes",)),
                _SITE,
                Field(Column("state", N_("Tình trạng"), "code", "speaker_state"), ("state",)),
                Field(Column("handed_in", N_("Bài nộp"), "record"), lookup=_handed_in),
                Field(
                    Column("document", N_("Tài liệu"), "record"),
                    ("document_id", "document__title", "document__title"),
                    leads_to="sources.document",
                ),
            ),
            page_fields=(Field(Column("text", N_("Nội dung tham luận")), ("text",)),),
            orders=(Order("turn", N_("Thứ tự phát biểu"), ("turn",)),),
            entry=(
                "turn", "institution_id", "name", "post", "topic", "minutes", "site_id", "state", "text", "document_id",
            ),
            required=("state",),
            edit_permission="activities.edit",
            title_paths=("title_vi", ""),
            code_path="",
        ),
        "activity",
        _sound_speaker,
        after=_invite,
    )
)  # fmt: skip

ATTENDANCE = declare_lines(
    Lines(
        Register(
            name="attendance",
            model=Attendance,
            title=Bi("Điểm danh", "Attendance"),
            one=Bi("Cơ quan được mời", "Invited body"),
            fields=(
                _INSTITUTION,
                Field(Column("name", N_("Họ tên")), ("name",)),
                Field(Column("post", N_("Chức vụ")), ("post",)),
                _SITE,
                Field(Column("presence", N_("Có mặt"), "code", "presence"), ("presence",)),
                Field(Column("represented_by", N_("Người dự thay")), ("represented_by",)),
                Field(Column("basis", N_("Căn cứ mời"), "code", "attendance_basis"), ("basis",)),
            ),
            orders=(Order("institution", N_("Theo tên cơ quan"), ("institution__sort_key",)),),
            entry=("institution_id", "name", "post", "site_id", "presence", "represented_by"),
            required=("institution_id", "presence"),
            edit_permission="activities.edit",
            title_paths=("title_vi", "title_en"),
            code_path="",
        ),
        "activity",
        _sound_attendance,
        after=_invite,
    )
)

STATEMENTS = declare(
    replace(
        SPEAKERS.book,
        name="statements",
        page_fields=(_ACTIVITY, *SPEAKERS.book.page_fields),
        orders=(Order("recent", N_("Hoạt động mới nhất"), ("activity__start",), descending=True),),
        filters=(
            Filter(Parameter("activity", N_("Hoạt động"), "id"), "activity_id"),
            Filter(Parameter("state", N_("Tình trạng"), "code", "speaker_state"), "state"),
            Filter(Parameter("institution", N_("Cơ quan"), "institution"), "institution__code"),
            Filter(Parameter("handed_in", N_("Đã nộp bài"), "code", "yes_no"), narrow=handing_in),
        ),
        entry=(),
        required=(),
        edit_permission="",
    )
)

ATTENDANCES = declare(
    replace(
        ATTENDANCE.book,
        name="attendances",
        title=Bi("Điểm danh hội nghị", "Attendance at conferences"),
        page_fields=(_ACTIVITY,),
        orders=(
            Order("recent", N_("Hoạt động mới nhất"), ("activity__start",), descending=True),
            Order("institution", N_("Theo tên cơ quan"), ("institution__sort_key",)),
        ),
        filters=(
            Filter(Parameter("activity", N_("Hoạt động"), "id"), "activity_id"),
            Filter(Parameter("presence", N_("Có mặt"), "code", "presence"), "presence"),
            Filter(Parameter("basis", N_("Căn cứ mời"), "code", "attendance_basis"), "basis"),
            Filter(Parameter("institution", N_("Cơ quan"), "institution"), "institution__code"),
        ),
        entry=(),
        required=(),
        edit_permission="",
    )
)


def day_of(activity: Activity, act: Act) -> str:
    """The day by which the expected bodies are chosen: the first of the activity, else that of the act."""
    start = activity.start
    return start if len(start) == 10 else date.isoformat(act.at.date())
