"""What does a returned progress form say, row by row, against the duties as they stand; and how is it written once confirmed?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.db import transaction
from django.utils import timezone

from banggiao.core import records
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, FieldProblem, InvalidInput, MissingInformation, NotFound, Unreadable
from banggiao.core.folding import fold
from banggiao.core.questions import Bi
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.data_calls.asked import AnswerRow, plain_number
from banggiao.followup.data_calls.form_blocks import read_blocks
from banggiao.followup.data_calls.form_words import FormCode, Language, Returned
from banggiao.followup.data_calls.form_xlsx import read_xlsx
from banggiao.followup.data_calls.models import DataCall, DataCallAnswer
from banggiao.followup.data_calls.progress import FILLED, progress_columns
from banggiao.followup.data_calls.questions import answer_of_body
from banggiao.followup.data_calls.returned import code_in
from banggiao.followup.data_calls.services import move_answer, require_fillable, save_rows
from banggiao.followup.evidence.services import add_evidence
from banggiao.followup.models import DueDateMove, Evidence, ProgressUpdate
from banggiao.followup.services import move_due_date, report_progress
from banggiao.partners.models import Institution
from banggiao.reports.progress_form import (
    PROGRESS,
    SINGLE,
    Scope,
    body_named,
    duties_of,
    form_code_of,
    has_part,
    parse_stamp,
    printed_now,
    printed_then,
    reports_of,
    require_reporter,
    stamp,
)
from banggiao.reports.six_fields import REPORTED_KINDS

Standing = Literal[
    "report", "conflict", "repeated", "empty", "wrong", "unknown", "foreign", "twice", "added", "removed"
]  # terms of `progress_row`
_BEHALF = Bi("Thay mặt {body}, theo phiếu báo cáo trả lại", "On behalf of {body}, from the progress form returned")
_LETTER = Bi("công văn {letter}", "letter {letter}")
_OWN_STATEMENT = 1


@dataclass(frozen=True, slots=True)
class Difference:
    """A printed cell: what the form went out with (`was`), what stands now, what the returned form says."""

    key: str
    was: str
    now: str
    form: str


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """One row: how it stands to the duty, what was filled in, what changed since, which printed cells were written over."""

    row_id: str
    place: str
    standing: Standing
    record: Any | None = None
    values: Mapping[str, str] | None = None
    changed: tuple[Difference, ...] = ()
    altered: tuple[Difference, ...] = ()
    problems: tuple[FieldProblem, ...] = ()
    seen: str = ""

    @property
    def key(self) -> str:
        """What a decision names: the row and the state of the duty it was taken on, so that it does not hold for another."""
        return f"{self.row_id}@{self.seen}"

    @property
    def taken(self) -> bool:
        """Whether confirming may write it."""
        return self.standing in ("report", "conflict")


@dataclass(frozen=True, slots=True)
class ReturnedForm:
    """A returned form: whose it is, the call it answers if any, and its rows; `lost` rows went out and are not in it."""

    body: Institution
    call: DataCall | None
    answer: DataCallAnswer | None
    scope: Scope
    code: FormCode
    language: Language
    rows: tuple[ReturnedRow, ...]
    lost: int
    filled: Returned


def is_progress_form(data: bytes, viewer: Viewer) -> bool:
    """Whether the file bears the code of a progress form. Raises Unreadable for what is no form at all."""
    code = code_in(data)
    return code.call.startswith(SINGLE) or bool(_call_of(code, viewer))


def read_returned(data: bytes, viewer: Viewer, *, today: date) -> ReturnedForm:
    """What a returned XLSX or DOCX progress form says; nothing is written.

    Raises Unreadable for what is no such form, is damaged or harmful; NotFound for a body or call that is not known.
    """
    code = code_in(data)
    language, form = _read(data)
    return compared(form, viewer, language=language, today=today, code=code)


def compared(form: Returned, viewer: Viewer, *, language: Language, today: date, code: FormCode) -> ReturnedForm:
    """The rows of a form held against the duties as they stand. Raises Unreadable, NotFound."""
    call = _call_of(code, viewer)
    body = body_named(code.body, viewer)
    if form_code_of(code.call, body, code.version) != code.text or (call is None and not code.call.startswith(SINGLE)):
        raise Unreadable(
            N_("Tệp không có mã phiếu, hoặc mã phiếu đã bị sửa."),
            remedy=N_("Hãy tải lại phiếu từ trang của đề nghị rồi điền vào bản đó."),
        )
    scope = Scope(call.scope, call.period) if call else _scope_in(code.call)
    answer = answer_of_body(call, body.code, viewer) if call else None
    stamps = [parse_stamp(row.id) for row in form.rows]
    found = _by_code({s.code for s in stamps if s}, viewer)
    now = printed_now(list(found.values()), viewer, language)
    told = reports_of([record.pk for record in found.values()])
    seen: set[Any] = set()
    rows = []
    for number, (row, mark) in enumerate(zip(form.rows, stamps, strict=True)):
        place = form.places[number] if form.places else str(number + 1)
        problems = tuple(p for p in form.problems if p.field == f"rows.{place}" or p.field.startswith(f"rows.{place}."))
        record = found.get(mark.code) if mark else None
        values = {key: row.values[key] for key in FILLED if row.values.get(key)}
        if not row.id:
            rows.append(ReturnedRow("", place, "added", None, dict(row.values), problems=problems))
            continue
        if record is None or mark is None:
            rows.append(ReturnedRow(row.id, place, "unknown", None, values))
            continue
        if not has_part(record, body):
            rows.append(ReturnedRow(row.id, place, "foreign", record, values))
            continue
        if stamp(record, body, mark.version, mark.reports).check != mark.check:
            rows.append(ReturnedRow(row.id, place, "unknown", None, values))
            continue
        if record.pk in seen:
            rows.append(ReturnedRow(row.id, place, "twice", record, values))
            continue
        seen.add(record.pk)
        current = (mark.version, mark.reports) == (record.version, told.get(record.pk, 0))
        was = now[record.pk] if current else printed_then(record, mark.version, mark.reports, viewer, language)
        if was is None:
            rows.append(ReturnedRow(row.id, place, "unknown", None, values))
            continue
        rows.append(
            _held(
                row,
                place,
                record,
                values,
                was,
                now[record.pk],
                problems,
                seen=f"{record.version}.{told.get(record.pk, 0)}",
                current=current,
            )
        )
    rows += _missing(body, viewer, scope, today, seen, code.version)
    lost = max(0, code.version - len(seen))
    return ReturnedForm(body, call, answer, scope, code, language, tuple(rows), lost, form)


def as_data(form: ReturnedForm, written: Sequence[ReturnedRow] = ()) -> dict[str, Any]:
    """What a form says, for programmes: each row with its standing, what was filled in, and what stands against it."""

    def told(differences: Sequence[Difference]) -> list[dict[str, str]]:
        return [{"field": d.key, "was": d.was, "now": d.now, "form": d.form} for d in differences]

    return {
        "body": form.body.code,
        "call": form.call.code if form.call else None,
        "exercise": form.body.exercise,
        "lost": form.lost,
        "rows": [
            {
                "row": row.row_id,
                "key": row.key,
                "place": row.place,
                "code": row.record.code if row.record else "",
                "id": str(row.record.pk) if row.record else None,
                "standing": row.standing,
                "values": dict(row.values or {}),
                "changed": told(row.changed),
                "altered": told(row.altered),
                "problems": [{"field": p.field.rpartition(".")[2], "message": p.message} for p in row.problems],
                "written": row in written,
            }
            for row in form.rows
        ],
    }


def write_returned(
    *, act: Act, form: ReturnedForm, take: Mapping[str, bool], letter: str = "", submit: bool = True
) -> list[ReturnedRow]:
    """Write the reports of a form: those of rows that nothing stands against, and of conflicts those that `take` says.

    `take` tells of rows by their `key`: True writes, False leaves it. Returned twice, a form writes nothing more. `letter` is
    number and date of the letter it came with, needed of those who do not belong to the body. Raises NotPermitted,
    MissingInformation (the letter), InvalidInput (a conflict nobody decided), and what the services of following raise.
    """
    require_reporter(form.body, act)
    if not letter.strip() and form.body.pk not in act.viewer.institutions:
        raise MissingInformation(
            N_("Ghi thay cơ quan khác phải nêu công văn trả lời."),
            subject=str(form.body),
            remedy=N_("Hãy ghi số, ký hiệu và ngày của công văn."),
            problems=[FieldProblem("letter", N_("Số, ký hiệu và ngày công văn trả lời"))],
        )
    undecided = [row.row_id for row in form.rows if row.standing == "conflict" and row.key not in take]
    if undecided:
        raise InvalidInput(
            N_("Còn dòng mâu thuẫn chưa chọn giữ bản nào."),
            remedy=N_("Hãy chọn cho từng dòng: lấy theo tệp, hay giữ nội dung hiện tại."),
            problems=[FieldProblem(f"rows.{row_id}", N_("Chưa chọn.")) for row_id in undecided],
        )
    why = _BEHALF.vi.format(body=form.body.name_vi)
    deed = act.because("; ".join(filter(None, (why, _LETTER.vi.format(letter=letter.strip()) if letter.strip() else ""))))
    written = []
    with transaction.atomic():
        for row in form.rows:
            if row.taken and take.get(row.key, row.standing == "report") and _write(deed, row):
                written.append(row)
        if form.answer is not None and submit:
            _answer(deed, form.answer, form.filled)
    return written


def _held(
    row: AnswerRow,
    place: str,
    record: Any,
    values: dict[str, str],
    was: Mapping[str, str],
    now: Mapping[str, str],
    problems: tuple[FieldProblem, ...],
    *,
    seen: str,
    current: bool,
) -> ReturnedRow:
    changed = tuple(
        Difference(k, was.get(k, ""), now.get(k, ""), "") for k in dict.fromkeys([*was, *now]) if was.get(k) != now.get(k)
    )
    printed = [column.key for column in progress_columns("vi") if column.fixed]
    altered = tuple(
        Difference(k, was.get(k, ""), now.get(k, ""), row.values.get(k, ""))
        for k in printed
        if fold(row.values.get(k, "")) not in (fold(was.get(k, "")), fold(now.get(k, "")))
    )
    own = tuple(p for p in problems if p.field.rpartition(".")[2] in (*FILLED, place)) + tuple(_lacking(values, place))
    standing: Standing = "report"
    if own:
        standing = "wrong"
    elif not values:
        standing = "empty"
    elif not _left(record, values):
        standing = "repeated"
    elif not current:
        standing = "conflict"
    return ReturnedRow(row.id, place, standing, record, values, changed, altered, own, seen)


def _lacking(values: Mapping[str, str], place: str) -> list[FieldProblem]:
    """What is wrong in the filled cells beyond their kind."""
    problems = []
    if (share := values.get("claimed")) and not 0 <= Decimal(share) <= 100:
        problems.append(FieldProblem(f"rows.{place}.claimed", N_("Tỷ lệ phải từ 0 đến 100.")))
    told = any(values.get(key) for key in ("claimed", "difficulty", "difficulty_text", "recommendation"))
    if told and not values.get("text"):
        problems.append(FieldProblem(f"rows.{place}.text", N_("Hãy viết kết quả thực hiện trong kỳ.")))
    if values.get("difficulty") == "OTHER" and not values.get("difficulty_text"):
        problems.append(FieldProblem(f"rows.{place}.difficulty_text", N_("Loại “Khác” phải có mô tả.")))
    if values.get("grade") and not values.get("evidence"):
        problems.append(FieldProblem(f"rows.{place}.evidence", N_("Có bậc thì phải ghi minh chứng là gì.")))
    if values.get("new_due") and not values.get("due_reason"):
        problems.append(FieldProblem(f"rows.{place}.due_reason", N_("Đề nghị chuyển hạn phải có lý do.")))
    return problems


def _left(record: Any, values: Mapping[str, str]) -> list[str]:
    """Which parts of a row are not in the register yet: report, evidence, due."""
    left = []
    if values.get("text"):
        told = {key: values.get(key, "") for key in ("difficulty", "difficulty_text", "recommendation")}
        same = ProgressUpdate.objects.filter(subject_id=record.pk, retracted=False, text=values["text"], **told)
        same = same.filter(claimed=_share(values))
        left += [] if same.exists() else ["report"]
    if values.get("evidence"):
        same_proof = Evidence.objects.filter(subject_id=record.pk, retracted=False, description=values["evidence"])
        left += [] if same_proof.exists() else ["evidence"]
    if values.get("new_due") and values["new_due"] != record.current_due:
        asked = DueDateMove.objects.filter(subject_id=record.pk, retracted=False, due_to=values["new_due"])
        left += [] if asked.exclude(state="refused").exists() else ["due"]
    return left


def _write(act: Act, row: ReturnedRow) -> bool:
    """Write what of a row is not in the register yet; whether there was anything. Of two at once the second waits and sees."""
    record: Any = records.lock(type(row.record), row.record.pk)  # type: ignore[union-attr, type-var]
    values, day = row.values or {}, timezone.localdate(act.at)
    left = _left(record, values)
    update = None
    if "report" in left:
        update = report_progress(
            act=act, record=record, day=day, text=values["text"], claimed=_share(values), difficulty=values.get("difficulty", ""),
            difficulty_text=values.get("difficulty_text", ""), recommendation=values.get("recommendation", ""),
        )  # fmt: skip
    if "evidence" in left:
        grade = int(values.get("grade") or _OWN_STATEMENT)
        add_evidence(act=act, record=record, grade=grade, description=values["evidence"], day=day, update=update)
    if "due" in left:
        why = act.because(f"{values['due_reason']} ({act.reason})")
        move_due_date(act=why, record=record, to=values["new_due"], version=record.version)
    return bool(left)


def _answer(act: Act, answer: DataCallAnswer, filled: Returned) -> None:
    """The answer to the call keeps what was returned and counts as sent; one that was sent already stays as it is."""
    if answer.state in ("submitted", "approved"):
        return
    require_fillable(act, answer)
    kept = []
    for row in filled.rows:
        if not row.id or any(row.values.get(key) for key in FILLED):
            mark = parse_stamp(row.id)
            kept.append({"id": "", "values": {"duty": mark.code if mark else "", **row.values}})
    saved = save_rows(act=act, answer=answer, rows=kept, version=answer.version)
    if kept:
        move_answer(act=act, answer=saved, action="submit", version=saved.version)


def _missing(body: Institution, viewer: Viewer, scope: Scope, today: date, seen: set[Any], sent: int) -> list[ReturnedRow]:
    """The rows that went out and are not in the form, as far as the register tells which they were."""
    gone = sent - len(seen)
    if gone <= 0:
        return []
    rest = [record for record in duties_of(body, viewer, scope, today) if record.pk not in seen]
    return [ReturnedRow(record.code, "", "removed", record) for record in rest] if len(rest) == gone else []


def _share(values: Mapping[str, str]) -> Decimal | None:
    return Decimal(plain_number(values["claimed"])) / 100 if values.get("claimed") else None


def _by_code(codes: set[str], viewer: Viewer) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for model in REPORTED_KINDS:
        found |= {record.code: record for record in model.objects.visible_to(viewer).filter(code__in=codes)}
    return found


def _call_of(code: FormCode, viewer: Viewer) -> DataCall | None:
    found: DataCall | None = (
        DataCall.objects.visible_to(viewer).select_related("asker").filter(code=code.call, form=PROGRESS).first()
    )
    return found


def _scope_in(text: str) -> Scope:
    _name, _, rest = text.partition(".")
    which, _, period = rest.partition(".")
    if which not in vocabulary("progress_scope"):
        raise NotFound(N_("Không tìm thấy phiếu này."), subject=text[:40])
    return Scope(which, period.replace("_", "/"))


def _read(data: bytes) -> tuple[Language, Returned]:
    """The form, in whichever language its columns are headed."""
    word = data.startswith(b"PK") and b"word/document.xml" in data
    read = read_blocks if word else read_xlsx
    try:
        return "vi", read(data, progress_columns("vi"))
    except Unreadable as problem:
        try:
            return "en", read(data, progress_columns("en"))
        except Unreadable:
            raise problem from None
