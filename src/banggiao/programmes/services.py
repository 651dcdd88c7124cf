"""Every write to missions' work programmes; their tasks, opportunities and proposals are lines (`core.lines`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from banggiao.commitments.models import Task
from banggiao.commitments.services import create_task
from banggiao.core import records, transitions
from banggiao.core.acts import CLASSIFICATIONS, Act
from banggiao.core.errors import N_, FieldProblem, InvalidInput, NotPermitted, WrongState
from banggiao.core.ledger import entries_of
from banggiao.core.lines import change_line, follow_parent
from banggiao.core.numbering import next_codes
from banggiao.core.periods import parse_period
from banggiao.followup.data_calls.models import DataCall
from banggiao.followup.data_calls.questions import PRESETS
from banggiao.followup.data_calls.services import create_call, move_call
from banggiao.partners.models import Institution, Post
from banggiao.programmes.lines import TASKS
from banggiao.programmes.models import ProgrammeTask, WorkProgramme
from banggiao.programmes.states import PROGRAMME

MISSIONS = PRESETS["missions"]
#: Programmes whose text and tasks are still being written.
_WRITTEN = ("draft",)
_TEXT_FIELDS = frozenset({"period", "mission_id", "head_id", "head_title", "directive_id"})


def create_programme(*, act: Act, values: Mapping[str, Any]) -> WorkProgramme:
    """A mission's programme for a period. Raises as `create_programmes`."""
    return create_programmes(act=act, rows=[values])[0]


@transaction.atomic
def create_programmes(*, act: Act, rows: Sequence[Mapping[str, Any]]) -> list[WorkProgramme]:
    """Programmes of missions, all or none, drafted; each belongs to its mission and to the mission's world.

    Raises NotPermitted for another mission's, InvalidInput (no mission, no year or half-year, one that stands already).
    """
    act.viewer.require("programmes.edit")
    ready: list[tuple[dict[str, Any], records.LinkRows]] = []
    asked = [values["mission_id"] for values in rows if values.get("mission_id")]
    missions = {str(pk): each for pk, each in Institution.objects.visible_to(act.viewer).in_bulk(asked).items()}
    standing = set(WorkProgramme.objects.filter(mission__in=asked).values_list("mission_id", "period"))
    for values in rows:
        mission = _own_mission(missions.get(str(values.get("mission_id"))), act)
        period = _period(str(values.get("period", "")), mission)
        if (mission.pk, period) in standing:
            raise InvalidInput(
                N_("Cơ quan đại diện này đã có chương trình của kỳ này."),
                subject=str(mission),
                remedy=N_("Hãy mở chương trình đã có."),
                problems=[FieldProblem("period", N_("Đã có trong sổ."))],
            )
        standing.add((mission.pk, period))
        _check_head(values.get("head_id"), mission)
        level = max("internal", str(values.get("classification") or "internal"), key=CLASSIFICATIONS.index)
        ready.append(
            (
                {
                    **values, "mission_id": mission.pk, "period": period, "period_start": parse_period(period).start,
                    "owner": mission.pk, "exercise": mission.exercise, "classification": level,
                },
                {},
            )
        )  # fmt: skip
    for exercise, prefix in ((False, "CT"), (True, "DT-CT")):
        own = [values for values, _links in ready if values["exercise"] == exercise and not values.get("code")]
        for values, code in zip(own, next_codes(WorkProgramme, prefix, [v["period"][:4] for v in own]), strict=True):
            values["code"] = code
    return records.create_many(WorkProgramme, act=act, rows=ready)


def revise_programme(*, act: Act, programme: WorkProgramme, values: Mapping[str, Any], version: int | None) -> WorkProgramme:
    """Change a programme; once submitted its mission, period and head stand still.

    Raises NotPermitted, WrongState, InvalidInput, VersionRequired, StaleEdit.
    """
    require_part(act, programme)
    values = dict(values)
    fixed = [n for n in _TEXT_FIELDS & values.keys() if values[n] != getattr(programme, n)]
    if programme.state not in _WRITTEN and fixed:
        raise WrongState(
            N_("Chương trình đã trình nên không đổi được kỳ, cơ quan và người đứng đầu."),
            subject=str(programme),
            remedy=N_("Hãy đề nghị trả lại để sửa."),
        )
    mission = _mission(values.get("mission_id", programme.mission_id), act)
    if "period" in values:
        values["period"] = _period(str(values["period"]), mission)
        values["period_start"] = parse_period(values["period"]).start
    if "classification" in values:
        values["classification"] = max("internal", str(values["classification"]), key=CLASSIFICATIONS.index)
    _check_head(values.get("head_id", programme.head_id), mission)
    with transaction.atomic():
        changed = records.revise(programme, act=act, values=values, version=version)
        follow_parent(act=act, parent=changed)
    return changed


def move_programme(
    *, act: Act, programme: WorkProgramme, action: str, version: int | None, values: Mapping[str, Any] | None = None
) -> WorkProgramme:
    """Take a step. Whoever submitted a programme, and the mission itself, do not approve it.

    Raises what `transitions.apply` raises, and NotPermitted for another mission's.
    """
    require_part(act, programme)
    if action == "approve":
        act.viewer.require("programmes.approve", subject=str(programme))
    if action == "approve" and (programme.mission_id in act.viewer.institutions or _submitted_by_actor(programme, act)):
        raise WrongState(
            N_("Người trình và cơ quan đại diện không tự phê duyệt chương trình của mình."),
            subject=str(programme),
            remedy=N_("Hãy để người khác có thẩm quyền phê duyệt."),
        )
    today = timezone.localdate(act.at).isoformat()
    also = {"submit": {"submitted_on": today}, "approve": {"approved_on": today}, "close": {"closed_on": today},
            "reopen": {"closed_on": ""}}.get(action, {})  # fmt: skip
    return transitions.apply(programme, PROGRAMME, action, act=act, version=version, values=values, also=also)


@transaction.atomic
def give_task(*, act: Act, programme: WorkProgramme, line: ProgrammeTask, version: int | None) -> Task:
    """A task of a programme becomes a task of the register, led by the mission and due on the same day; once.

    Raises NotPermitted (also without the right to enter tasks), WrongState before approval or when it is one already, StaleEdit.
    """
    require_part(act, programme)
    line = records.lock(ProgrammeTask, line.pk)
    if programme.state not in ("approved", "running") or line.task_id is not None:
        raise WrongState(
            N_("Chỉ nhiệm vụ của chương trình đã phê duyệt, chưa được giao, mới đưa vào sổ nhiệm vụ."),
            subject=str(line),
            remedy=N_("Hãy phê duyệt chương trình trước, hoặc mở nhiệm vụ đã giao."),
        )
    values = {
        "text_vi": line.text_vi, "text_en": line.text_en, "lead_id": programme.mission_id, "deadline": line.due,
        "product": "; ".join(filter(None, (line.indicator, line.target))), "directive_id": programme.directive_id,
        "given_on": timezone.localdate(act.at).isoformat(), "period": programme.period, "enumerator": str(line.number),
        "owner": programme.owner, "classification": programme.classification, "exercise": programme.exercise,
    }  # fmt: skip
    task = create_task(act=act, values=values)
    change_line(act=act, lines=TASKS, parent=programme, line=line, values={"task_id": task.pk}, version=version)
    return task


def call_reports(*, act: Act, asker_id: Any, period: str, deadline: str, purpose: str = "", send: bool = True) -> DataCall:
    """The half-year report: a data call with the standard form to every mission of the asker's world, sent at once or drafted.

    Raises NotPermitted, InvalidInput (no year or half-year, no whole day), MissingInformation.
    """
    act.viewer.require("programmes.approve")
    asker = Institution.objects.visible_to(act.viewer).filter(pk=asker_id).first() if asker_id else None
    parsed = parse_period(period)
    missions = missions_of(exercise=bool(asker and asker.exercise))
    values = {
        "name_vi": _REPORT[0] % {"period": parsed.label("vi")}, "name_en": _REPORT[1] % {"period": parsed.label("en")},
        "purpose": purpose.strip() or _PURPOSE % {"period": parsed.label("vi")}, "asker_id": asker_id, "deadline": deadline,
        "form": "programme", "period": period,
    }  # fmt: skip
    with transaction.atomic():
        call = create_call(act=act, values=values, addressees=list(missions))
        return move_call(act=act, call=call, action="open", version=call.version) if send else call


def missions_of(*, exercise: bool) -> Any:
    """The missions that exist today, of one world, in Vietnamese order: the denominator of every count of missions."""
    rows = Institution.objects.filter(kind__in=MISSIONS, valid_to="", retracted=False, exercise=exercise)
    return rows.order_by("sort_key", "pk")


def require_part(act: Act, programme: WorkProgramme) -> None:
    """Raise NotPermitted for those who neither belong to the mission nor see every institution's records."""
    viewer = act.viewer
    if not (viewer.is_system or viewer.sees_all or programme.mission_id in viewer.institutions):
        raise NotPermitted(
            N_("Đơn vị của bạn không tham gia việc này."),
            subject=str(programme),
            remedy=N_("Hãy mở chương trình của cơ quan mình."),
        )


_REPORT = (N_("Báo cáo thực hiện chương trình công tác, %(period)s"), "Report on the work programme, %(period)s")
_PURPOSE = N_("Báo cáo kết quả thực hiện chương trình công tác của Trưởng cơ quan đại diện, %(period)s.")


def _mission(pk: Any, act: Act) -> Institution:
    return _own_mission(Institution.objects.visible_to(act.viewer).filter(pk=pk).first() if pk else None, act)


def _own_mission(found: Institution | None, act: Act) -> Institution:
    if found is None or found.kind not in MISSIONS:
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."),
            remedy=N_("Hãy sửa các trường được nêu."),
            problems=[FieldProblem("mission_id", N_("Hãy chọn một cơ quan đại diện."))],
        )
    if not (act.viewer.is_system or act.viewer.sees_all or found.pk in act.viewer.institutions):
        raise NotPermitted(
            N_("Đơn vị của bạn không tham gia việc này."), subject=str(found), remedy=N_("Hãy chọn cơ quan của bạn.")
        )
    return found


def _period(text: str, mission: Institution) -> str:
    period = parse_period(text).code if text else ""
    if not (len(period) == 4 or (len(period) == 7 and period[5] == "H")):
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."),
            subject=str(mission),
            remedy=N_("Hãy sửa các trường được nêu."),
            problems=[FieldProblem("period", N_("Kỳ của chương trình là một năm (2026) hoặc nửa năm (2026-H1)."))],
        )
    return period


def _check_head(pk: Any, mission: Institution) -> None:
    if pk and not Post.objects.filter(pk=pk, institution=mission).exists():
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."),
            subject=str(mission),
            remedy=N_("Hãy sửa các trường được nêu."),
            problems=[FieldProblem("head_id", N_("Người này không được ghi ở chức vụ của cơ quan đại diện."))],
        )


def _submitted_by_actor(programme: WorkProgramme, act: Act) -> bool:
    sent = entries_of(programme.pk).filter(action="submit").last()
    return sent is not None and act.viewer.id is not None and sent.actor_id == act.viewer.id
