"""Every write of conferences beyond single lines: the expected bodies, the roll, the call for written statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from banggiao.activities.conference import ATTENDANCE, RULES, SPEAKERS, day_of, expected_by_rule, represented
from banggiao.activities.models import Activity, Attendance, Speaker
from banggiao.core import records
from banggiao.core.acts import Act
from banggiao.core.errors import N_, FieldProblem, InvalidInput, NotFound, StaleEdit
from banggiao.core.lines import Lines, add_lines, change_line, written_of
from banggiao.core.search import index_records
from banggiao.followup.data_calls.asked import asked_of, rows_of
from banggiao.followup.data_calls.models import DataCall, DataCallAnswer
from banggiao.followup.data_calls.services import create_call
from banggiao.followup.data_calls.states import ANSWERED
from banggiao.partners.models import Institution

#: Label of a column of the call -> (the field of a statement it fills, its kind, its unit, whether it must be answered).
STATEMENT_COLUMNS: Mapping[str, tuple[str, str, str, bool]] = {
    N_("Chủ đề tham luận"): ("topic", "text", "", True),
    N_("Người phát biểu (họ tên)"): ("name", "text", "", True),
    N_("Chức vụ"): ("post", "text", "", False),
    N_("Thời lượng đề nghị"): ("minutes", "number", "phút", False),
    N_("Nội dung tham luận"): ("text", "text", "", True),
}
#: What a roll call may say of a body.
_ROLL = ("presence", "represented_by", "site_id", "name", "post")


@transaction.atomic
def expect(*, act: Act, activity: Activity, rule: str = "", institutions: Sequence[Any] = ()) -> list[Attendance]:
    """Put the bodies a rule names, or the chosen ones, on the list of those expected; who stands there already is not repeated.

    A rule is read as of the first day of the activity. Raises NotPermitted, InvalidInput (unknown rule, nobody named).
    """
    act.viewer.require(ATTENDANCE.book.edit_permission, subject=str(activity))
    if rule and rule not in RULES:
        raise InvalidInput(
            N_("Không có căn cứ mời này."),
            subject=str(activity),
            remedy=N_("Hãy chọn một giá trị trong danh sách."),
            problems=[FieldProblem("rule", N_("Giá trị không hợp lệ."))],
        )
    if rule:
        found = list(expected_by_rule(rule, day_of(activity, act), act.viewer, exercise=activity.exercise))
    else:
        found = _named(institutions, activity, act)
    if not found:
        raise InvalidInput(
            N_("Chưa chọn cơ quan nào để mời."),
            subject=str(activity),
            remedy=N_("Hãy chọn một nhóm cơ quan hoặc từng cơ quan."),
            problems=[FieldProblem("institutions", N_("Chưa chọn cơ quan nào."))],
        )
    records.lock(Activity, activity.pk)
    there = set(Attendance.objects.filter(activity=activity, retracted=False).values_list("institution_id", flat=True))
    rows = [{"institution_id": body.pk, "basis": rule or "chosen"} for body in found if body.pk not in there]
    return add_lines(act=act, lines=ATTENDANCE, parent=activity, rows=rows) if rows else []


@transaction.atomic
def call_the_roll(*, act: Act, lines: Lines, parent: Any, rows: Mapping[UUID, tuple[int, Mapping[str, Any]]]) -> int:
    """Write down who came: line -> (the version seen, what is said of it). Returns how many lines changed; all or none.

    A line that somebody else changed meanwhile and that is sent as it was seen keeps what they wrote. Raises NotPermitted,
    NotFound for a line of another record, InvalidInput naming `<line>.<field>`, StaleEdit.
    """
    act.viewer.require(lines.book.edit_permission, subject=str(parent))
    records.lock(type(parent), parent.pk)
    standing = {line.pk: line for line in written_of(lines, parent, act.viewer).filter(retracted=False, pk__in=list(rows))}
    if unknown := set(rows) - set(standing):
        raise NotFound(N_("Không tìm thấy dòng này."), subject=str(min(unknown)), remedy=N_("Hãy tải lại trang của bản ghi."))
    problems, changed = [], 0
    for pk, (version, given) in rows.items():
        line = standing[pk]
        values = {name: value for name, value in given.items() if name in _ROLL and hasattr(line, name)}
        trial = type(line)(**{f.attname: getattr(line, f.attname) for f in line._meta.concrete_fields})
        for name, value in values.items():
            setattr(trial, name, value)
        problems += [FieldProblem(f"{pk}.{p.field}", p.message) for p in (*represented(trial), *lines.check(trial, act))][:1]
        if problems or all(getattr(line, name) == value for name, value in values.items()):
            continue
        before = line.version
        try:
            line = records.revise(line, act=act, values=values, version=version, action="call the roll")
        except StaleEdit as stale:
            if all(d.mine == d.seen for d in stale.differences):
                continue
            raise
        changed += line.version != before
    if problems:
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."), subject=str(parent), remedy=N_("Hãy sửa các trường được nêu."), problems=problems
        )
    if changed:
        lines.after(parent, act)
        index_records(type(parent), [parent])
    return changed


@transaction.atomic
def call_statements(
    *, act: Act, activity: Activity, asker_id: Any, deadline: str, institutions: Sequence[Any], purpose: str = ""
) -> DataCall:
    """Draft the data call that asks bodies for a written statement by a day, and put each on the speakers' list as invited.

    Nobody is asked before the call is sent from its own page. Who is on the list already keeps its line, now tied to the call.
    Raises NotPermitted, InvalidInput.
    """
    act.viewer.require(SPEAKERS.book.edit_permission, subject=str(activity))
    bodies = _named(institutions, activity, act)
    if not bodies:
        raise InvalidInput(
            N_("Chưa chọn cơ quan nào để mời."),
            subject=str(activity),
            remedy=N_("Hãy chọn một nhóm cơ quan hoặc từng cơ quan."),
            problems=[FieldProblem("addressees", N_("Chưa chọn cơ quan nào."))],
        )
    name = N_("Tham luận: %(name)s") % {"name": activity.name_vi}
    values = {
        "name_vi": name[:300],
        "name_en": f"Statements: {activity.name_en}"[:300] if activity.name_en else "",
        "purpose": purpose or N_("Bài tham luận gửi trước hội nghị, để xếp thứ tự phát biểu và in tài liệu."),
        "asker_id": asker_id,
        "deadline": deadline,
        "classification": activity.classification,
        "questions": [
            {"label": label, "kind": kind, "unit": unit, "required": must}
            for label, (_field, kind, unit, must) in STATEMENT_COLUMNS.items()
        ],
    }
    call = create_call(act=act, values=values, addressees=[body.pk for body in bodies])
    _require_one_world(call, activity)
    listed: dict[UUID, Speaker] = {}
    for speaker in Speaker.objects.filter(activity=activity, retracted=False).exclude(institution=None).order_by("-pk"):
        listed[speaker.institution_id] = speaker
    for body in bodies:
        if standing := listed.get(body.pk):
            records.revise(standing, act=act, values={"call_id": call.pk}, version=standing.version)
    fresh = [body for body in bodies if body.pk not in listed]
    if fresh:
        rows = [{"institution_id": body.pk, "state": "invited", "call_id": call.pk} for body in fresh]
        add_lines(act=act, lines=SPEAKERS, parent=activity, rows=rows)
    return call


@transaction.atomic
def take_statements(*, act: Act, activity: Activity) -> int:
    """Bring what was handed in over to the speakers' list: topic, text, name, post, minutes, each only where nothing stands yet.

    Who was invited and has handed in is registered. Returns how many lines changed. Raises NotPermitted.
    """
    act.viewer.require(SPEAKERS.book.edit_permission, subject=str(activity))
    changed = 0
    answers = DataCallAnswer.objects.visible_to(act.viewer).filter(state__in=ANSWERED).select_related("call")
    for speaker in Speaker.objects.filter(activity=activity, retracted=False).exclude(call=None).order_by("pk"):
        answer = answers.filter(call=speaker.call_id, institution=speaker.institution_id).first()
        if answer is None or not answer.rows:
            continue
        said = _said(answer)
        values: dict[str, Any] = {field: value for field, value in said.items() if not getattr(speaker, field)}
        if speaker.state == "invited":
            values["state"] = "registered"
        if values:
            change_line(act=act, lines=SPEAKERS, parent=activity, line=speaker, values=values, version=speaker.version)
            changed += 1
    return changed


def _said(answer: DataCallAnswer) -> dict[str, Any]:
    """Field of a statement -> what the body answered; columns are known by their label, their keys may have moved."""
    keys = {column.label: column.key for column in asked_of(answer.call.questions)}
    given = rows_of(answer.rows)[0].values
    said: dict[str, Any] = {}
    for label, (field, kind, _unit, _must) in STATEMENT_COLUMNS.items():
        value = given.get(keys.get(label, ""), "")
        if not value:
            continue
        if kind == "number":
            whole = int(float(value))
            if 0 < whole < 1000:
                said[field] = whole
        else:
            column: Any = Speaker._meta.get_field(field)
            longest = column.max_length
            said[field] = value[:longest] if longest else value
    return said


def _named(institutions: Sequence[Any], activity: Activity, act: Act) -> list[Institution]:
    wanted = list(dict.fromkeys(str(getattr(body, "pk", body)) for body in institutions))
    known = {str(b.pk): b for b in Institution.objects.visible_to(act.viewer).filter(pk__in=wanted)}
    if any(pk not in known for pk in wanted) or any(body.exercise != activity.exercise for body in known.values()):
        raise InvalidInput(
            N_("Có cơ quan không mời được."),
            subject=str(activity),
            remedy=N_("Hãy chọn lại trong danh bạ; cơ quan diễn tập chỉ dự hoạt động diễn tập."),
            problems=[FieldProblem("institutions", N_("Không tìm thấy bản ghi."))],
        )
    return [known[pk] for pk in wanted]


def _require_one_world(call: DataCall, activity: Activity) -> None:
    if call.exercise != activity.exercise:
        raise InvalidInput(
            N_("Dữ liệu diễn tập và dữ liệu thật không gắn với nhau."),
            subject=str(activity),
            remedy=N_("Hãy chọn cơ quan cùng loại với hoạt động."),
            problems=[FieldProblem("asker_id", N_("Khác loại: thật và diễn tập."))],
        )
