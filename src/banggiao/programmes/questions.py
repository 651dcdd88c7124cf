"""Every read of missions' work programmes: the register, and how each mission stands, over all missions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, InvalidInput
from banggiao.core.periods import parse_period, period_holding, period_label
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Ref, Row, register_question
from banggiao.core.registers import Face, Field, Filter, Order, Register, declare
from banggiao.core.search import Words, searchable
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.data_calls.models import DataCall, DataCallAnswer
from banggiao.followup.data_calls.states import ANSWERED
from banggiao.partners.models import Institution
from banggiao.programmes.lines import OPPORTUNITIES, PROPOSALS, TASKS
from banggiao.programmes.models import FoundOpportunity, MissionProposal, ProgrammeTask, WorkProgramme
from banggiao.programmes.services import missions_of
from banggiao.programmes.states import PROGRAMME


@dataclass(frozen=True, slots=True)
class MissionStanding:
    """One mission in a period: its programme if there is one, what it holds, and the state of its half-year report."""

    mission: Institution
    programme: WorkProgramme | None
    tasks: int
    opportunities: int
    proposals: int
    answered: int
    report: str


def standings(viewer: Viewer, period: str, *, exercise: bool) -> list[MissionStanding]:
    """Every mission of one world that the viewer may know of, in Vietnamese order. A half-year falls back on the year's.

    Those who do not see every institution's records learn of their own missions only. Raises InvalidInput for what is no period.
    """
    periods = [period, period[:4]] if len(period) > 4 else [period]
    parse_period(period)
    known = Institution.objects.visible_to(viewer).filter(pk__in=missions_of(exercise=exercise).values("pk"))
    missions = list(known if viewer.sees_all else known.filter(pk__in=viewer.institutions))
    rows = WorkProgramme.objects.visible_to(viewer).filter(mission__in=missions, period__in=periods)
    by_mission: dict[UUID, WorkProgramme] = {}
    for programme in sorted(rows, key=lambda p: -periods.index(p.period)):
        by_mission[programme.mission_id] = programme
    ids = [programme.pk for programme in by_mission.values()]
    counted = [_counts(model, ids) for model in (ProgrammeTask, FoundOpportunity, MissionProposal)]
    replied = _counts(MissionProposal, ids, ~Q(answered_on=""))
    reports = _reports(viewer, period, exercise=exercise)
    found = []
    for mission in sorted(missions, key=lambda m: (m.sort_key, str(m.pk))):
        own = by_mission.get(mission.pk)
        key = own.pk if own else None
        tasks, opportunities, proposals = (each.get(key, 0) for each in counted)
        found.append(
            MissionStanding(mission, own, tasks, opportunities, proposals, replied.get(key, 0), reports.get(mission.pk, ""))
        )
    return found


def reports_called(viewer: Viewer, period: str, *, exercise: bool) -> DataCall | None:
    """The latest data call for the reports of this period."""
    rows = DataCall.objects.visible_to(viewer).filter(form="programme", period=period, exercise=exercise)
    found: DataCall | None = rows.exclude(state="withdrawn").order_by("-pk").first()
    return found


def _reports(viewer: Viewer, period: str, *, exercise: bool) -> dict[UUID, str]:
    call = reports_called(viewer, period, exercise=exercise)
    if call is None:
        return {}
    return dict(DataCallAnswer.objects.visible_to(viewer).filter(call=call).values_list("institution_id", "state"))


def _counts(model: Any, ids: Sequence[UUID], *where: Q) -> dict[Any, int]:
    rows = model.objects.filter(*where, programme__in=list(ids), retracted=False).values_list("programme_id")
    return dict(rows.annotate(n=Count("pk")).order_by())


def _by_mission(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    period = params["period"] or period_holding(timezone.localdate(at)).code
    if params["exercise"]:
        vocabulary("yes_no").term(params["exercise"])
    # What is made up and what is real are never counted together; everybody begins with the world they work in.
    made_up = Institution.objects.filter(pk__in=viewer.institutions, exercise=True).exists()
    found = standings(viewer, period, exercise=params["exercise"] == "yes" if params["exercise"] else made_up)
    if params["kind"]:
        vocabulary("institution_kind").term(params["kind"])
        found = [each for each in found if each.mission.kind == params["kind"]]
    for name in ("has_programme", "reported"):
        if params[name]:
            vocabulary("yes_no").term(params[name])
            wanted = params[name] == "yes"
            found = [s for s in found if wanted == (s.report in ANSWERED if name == "reported" else s.programme is not None)]
    start = _start(page.cursor)
    part = found[start : start + page.size] if page.size else found[start:]
    listed = tuple(
        Row(
            (
                Ref(s.mission.pk, "partners.institution", Bi(s.mission.name_vi, s.mission.name_en)),
                Ref(s.programme.pk, "programmes.workprogramme", Bi(s.programme.code)) if s.programme else None,
                s.programme.state if s.programme else None,
                s.tasks,
                s.opportunities,
                f"{s.answered}/{s.proposals}" if s.proposals else None,
                s.report or None,
            ),
            s.mission.pk,
            "partners.institution",
            exercise=s.mission.exercise,
        )
        for s in part
    )
    after = start + len(listed)
    return Answer(
        BY_MISSION.name,
        Bi(
            f"{BY_MISSION.title.vi}, {period_label(period, 'vi')}: đã báo cáo {_share(found)}",
            f"{BY_MISSION.title.en}, {period_label(period, 'en')}: {_share(found)} reported",
        ),
        BY_MISSION.columns,
        listed,
        len(found),
        at,
        "missions_reporting",
        next_cursor=str(after) if listed and after < len(found) else "",
        parameters={n: v for n, v in {**params, "period": period}.items() if v},
    )


def _share(found: Sequence[MissionStanding]) -> str:
    """ "62/96": how many missions have reported, of all in the table."""
    return f"{sum(each.report in ANSWERED for each in found)}/{len(found)}"


def _start(cursor: str) -> int:
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 7):
        raise InvalidInput(N_("Không hiểu giá trị lọc hoặc vị trí trang."), remedy=N_("Hãy mở lại danh sách từ trang đầu."))
    return int(cursor or 0)


@searchable(WorkProgramme)
def _words(programme: WorkProgramme) -> Words:
    said = [
        *(f"{line.text_vi} {line.text_en}" for line in programme.task_lines.filter(retracted=False)),
        *(f"{line.text_vi} {line.text_en} {line.product}" for line in programme.opportunity_lines.filter(retracted=False)),
        *(f"{line.text_vi} {line.text_en}" for line in programme.proposal_lines.filter(retracted=False)),
    ]
    terms = vocabulary("programme_state")
    return Words(
        programme.title_vi,
        programme.title_en,
        terms.label(programme.state, "vi"),
        terms.label(programme.state, "en"),
        names=(programme.code,),
        body=" ".join([programme.summary_vi, programme.summary_en, *said]),
        day=programme.period_start,
        weight=2,
    )


def _number_of(model: Any) -> Any:
    return lambda ids: _counts(model, ids)


PROGRAMMES = declare(
    Register(
        name="programmes",
        model=WorkProgramme,
        title=Bi("Chương trình công tác của cơ quan đại diện", "Work programmes of missions"),
        one=Bi("Chương trình công tác", "Work programme"),
        fields=(
            Field(Column("code", N_("Mã"), "mono"), ("code",)),
            Field(
                Column("mission", N_("Cơ quan đại diện"), "record"),
                ("mission_id", "mission__name_vi", "mission__name_en"),
                leads_to="partners.institution",
            ),
            Field(Column("period", N_("Kỳ"), "period"), ("period",)),
            Field(Column("state", N_("Tình trạng"), "code", "programme_state"), ("state",)),
            Field(Column("tasks", N_("Số nhiệm vụ"), "number"), lookup=_number_of(ProgrammeTask)),
            Field(Column("opportunities", N_("Số cơ hội"), "number"), lookup=_number_of(FoundOpportunity)),
            Field(Column("proposals", N_("Số đề xuất"), "number"), lookup=_number_of(MissionProposal)),
        ),
        page_fields=(
            Field(Column("summary", N_("Trọng tâm"), "bilingual"), ("summary_vi", "summary_en")),
            Field(Column("head_title", N_("Trưởng cơ quan đại diện")), ("head_title",)),
            Field(
                Column("head", N_("Người giữ chức, theo văn bản công khai"), "record"),
                ("head_id", "head__person__name", "head__person__name"),
                leads_to="partners.post",
            ),
            Field(
                Column("directive", N_("Văn bản chỉ đạo"), "record"),
                ("directive_id", "directive__number", "directive__number"),
                leads_to="commitments.directive",
            ),
            Field(Column("submitted_on", N_("Ngày trình"), "date"), ("submitted_on",)),
            Field(Column("approved_by", N_("Người phê duyệt")), ("approved_by",)),
            Field(Column("approved_on", N_("Ngày phê duyệt"), "date"), ("approved_on",)),
            Field(Column("closed_on", N_("Ngày kết thúc"), "date"), ("closed_on",)),
        ),
        orders=(
            Order("recent", N_("Kỳ mới nhất"), ("period_start",), descending=True),
            Order("code", N_("Mã"), ("code",)),
        ),
        filters=(
            Filter(Parameter("state", N_("Tình trạng"), "code", "programme_state"), "state"),
            Filter(Parameter("mission", N_("Cơ quan đại diện"), "institution"), "mission__code"),
            Filter(Parameter("period", N_("Kỳ"), "period"), "period_start"),
        ),
        entry=("mission_id", "period", "head_id", "head_title", "directive_id", "summary_vi", "summary_en"),
        required=("mission_id", "period"),
        editable=("period", "head_id", "head_title", "directive_id", "summary_vi", "summary_en"),
        machines=(PROGRAMME,),
        faces=(Face("board", machine=PROGRAMME),),
        edit_permission="programmes.edit",
        title_paths=("title_vi", "title_en"),
    )
)
#: The lines of a programme, in the order of its page and paper.
PARTS = (TASKS, OPPORTUNITIES, PROPOSALS)

BY_MISSION = register_question(
    Question(
        "programmes_by_mission",
        Bi("Chương trình và báo cáo của các cơ quan đại diện", "Programmes and reports of the missions"),
        "registers.view",
        (
            Parameter("period", N_("Kỳ"), "period"),
            Parameter("kind", N_("Loại cơ quan"), "code", "institution_kind"),
            Parameter("has_programme", N_("Đã có chương trình"), "code", "yes_no"),
            Parameter("reported", N_("Đã gửi báo cáo"), "code", "yes_no"),
            Parameter("exercise", N_("Diễn tập"), "code", "yes_no"),
        ),
        (
            Column("mission", N_("Cơ quan đại diện"), "record"),
            Column("programme", N_("Chương trình"), "record"),
            Column("state", N_("Tình trạng"), "code", "programme_state"),
            Column("tasks", N_("Số nhiệm vụ"), "number"),
            Column("opportunities", N_("Số cơ hội"), "number"),
            Column("proposals", N_("Đề xuất đã trả lời")),
            Column("report", N_("Báo cáo kỳ"), "code", "data_call_answer_state"),
        ),
        _by_mission,
    )
)
