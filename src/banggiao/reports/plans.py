"""What was typed or sent about plans, claims, evidence, difficulties and succession becomes a call of the service that writes it.

Pages, API and commands hand over texts or JSON values by the same names; everything wrong with them is told at once, by field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from banggiao.commitments import succession
from banggiao.commitments.models import Commitment, Succession
from banggiao.commitments.questions import COMMITMENTS
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, FieldProblem, InvalidInput, NotFound
from banggiao.core.registers import find_record
from banggiao.core.typed import typed_date, typed_number
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.evidence.files import Sent
from banggiao.followup.evidence.services import add_evidence
from banggiao.followup.models import Evidence
from banggiao.followup.planning.models import Baseline, Difficulty, MilestoneClaim
from banggiao.followup.planning.questions import baselines_of, current_plan, difficulties_of, milestones_of
from banggiao.followup.planning.services import add_difficulty, claim_milestone, draft_plan, redraft_plan, resolve_difficulty
from banggiao.partners.models import Institution
from banggiao.reports.naming import Names, Unclear
from banggiao.sources.models import Document

#: What a milestone is made of, by the names that forms and the API use.
MILESTONE = (
    "key", "name_vi", "name_en", "weight", "due", "product", "responsible", "side", "required_grade", "target", "unit",
)  # fmt: skip
Values = Mapping[str, Any]


def draft(record: Any, values: Values, *, act: Act, baseline: Baseline | None = None, version: int | None = None) -> Baseline:
    """A draft of a plan, or with `baseline` that draft written anew. Raises InvalidInput and as `draft_plan`, `redraft_plan`."""
    reader = _Reader(act.viewer, values, exercise=record.exercise)
    starts = reader.day("starts")
    rows = reader.rows("milestones", MILESTONE, _milestone)
    reason, document = reader.text("reason"), reader.text("partner_document")
    reader.done(str(record))
    common: dict[str, Any] = {"act": act, "record": record, "starts": starts, "milestones": rows}
    common |= {"reason": reason or act.reason, "partner_document": document}
    return redraft_plan(**common, baseline=baseline, version=version) if baseline else draft_plan(**common)


def claim(record: Any, values: Values, *, act: Act) -> MilestoneClaim:
    """A claim of a milestone, named by its key or its number in the plan; `quantity`, or `done`. Raises as `claim_milestone`."""
    reader = _Reader(act.viewer, values, exercise=record.exercise)
    key, day = reader.milestone("milestone", record, needed=True), reader.day("day")
    quantity = Decimal(1) if reader.flag("done") else reader.number("quantity", needed=True)
    note = reader.text("note")
    reader.done(str(record))
    return claim_milestone(act=act, record=record, key=key, day=day, quantity=quantity, note=note)  # type: ignore[arg-type]


def hand_in(record: Any, values: Values, *, act: Act, file: Sent | None = None) -> Evidence:
    """Evidence with what it proves; `document` is the id of a document that was read. Raises as `add_evidence`."""
    reader = _Reader(act.viewer, values, exercise=record.exercise)
    key = reader.milestone("milestone", record)
    day, quantity = reader.day("day"), reader.number("quantity")
    grade, description = reader.term("grade", "evidence_grade", needed=True), reader.text("description")
    document = reader.record("document", Document)
    reader.done(str(record))
    return add_evidence(
        act=act,
        record=record,
        grade=int(grade),
        description=description,
        day=day,
        document=document,
        milestone=key,
        quantity=quantity,
        file=file,
    )


def difficulty(record: Any, values: Values, *, act: Act) -> Difficulty:
    """Something in the way; `unblocker` is a body of the register, `unblocker_name` anybody else. Raises as `add_difficulty`."""
    reader = _Reader(act.viewer, values, exercise=record.exercise)
    code, since = reader.term("code", "difficulty_code", needed=True), reader.day("since")
    body, name, text = reader.body("unblocker"), reader.text("unblocker_name"), reader.text("text")
    reader.done(str(record))
    return add_difficulty(act=act, record=record, code=code, since=since, text=text, unblocker_id=body, unblocker_name=name)


def resolve(record: Any, found: Difficulty, values: Values, *, act: Act, version: int | None) -> Difficulty:
    """It stands in the way no more. Raises as `resolve_difficulty`."""
    reader = _Reader(act.viewer, values, exercise=record.exercise)
    on, resolution = reader.day("on"), reader.text("resolution")
    reader.done(str(record))
    return resolve_difficulty(act=act, record=record, difficulty=found, on=on, resolution=resolution, version=version)


def split(commitment: Commitment, values: Values, *, act: Act, version: int | None) -> list[Commitment]:
    """The commitment in parts: rows of text_vi, text_en, weight, lead. Raises as `succession.split`."""
    reader = _Reader(act.viewer, values, exercise=commitment.exercise)
    rows = reader.rows("parts", ("text_vi", "text_en", "weight", "lead"), _part)
    document = reader.text("document")
    reader.done(commitment.code)
    parts = [succession.Part(r["text_vi"], r["weight"] or Decimal(0), r["lead"], r["text_en"]) for r in rows]
    return succession.split(act=act, commitment=commitment, parts=parts, version=version, document=document)


def merge(commitment: Commitment, values: Values, *, act: Act, version: int | None) -> Commitment:
    """The commitment and others (`others`: codes or ids) in one. Raises as `succession.merge`."""
    reader = _Reader(act.viewer, values, exercise=commitment.exercise)
    others, lead = reader.commitments("others"), reader.body("lead")
    texts = {name: reader.text(name) for name in ("text_vi", "text_en", "document")}
    reader.done(commitment.code)
    versions: dict[UUID, int | None] = {**{other.pk: other.version for other in others}, commitment.pk: version}
    return succession.merge(act=act, commitments=[commitment, *others], lead_id=lead, versions=versions, **texts)


def supersede(commitment: Commitment, values: Values, *, act: Act, version: int | None) -> Succession:
    """The commitment replaced by another (`by`: code or id). Raises as `succession.supersede`."""
    reader = _Reader(act.viewer, values, exercise=commitment.exercise)
    by, document = reader.commitments("by"), reader.text("document")
    if len(by) != 1:
        reader.wrong("by", N_("Hãy ghi mã của một cam kết."))
    reader.done(commitment.code)
    return succession.supersede(act=act, commitment=commitment, by=by[0], version=version, document=document)


def baseline_of(record: Any, key: UUID, viewer: Viewer) -> Baseline:
    """A plan of the record. Raises NotFound."""
    found = baselines_of(record.pk, viewer).filter(pk=key).first()
    if found is None:
        raise _missing(key)
    return found


def difficulty_of(record: Any, key: UUID, viewer: Viewer) -> Difficulty:
    """A difficulty of the record. Raises NotFound."""
    found = difficulties_of(record.pk, viewer).filter(pk=key).first()
    if found is None:
        raise _missing(key)
    return found


def _missing(key: UUID) -> NotFound:
    return NotFound(N_("Không tìm thấy bản ghi."), subject=str(key))


def _milestone(reader: _Reader) -> dict[str, Any]:
    grade, side = reader.term("required_grade", "evidence_grade"), reader.term("side", "commitment_side")
    row = {
        "key": reader.key("key"),
        **{name: reader.text(name) for name in ("name_vi", "name_en", "product", "unit")},
        "weight": reader.number("weight"),
        "due": reader.day("due", needed=False),
        "responsible_id": reader.body("responsible"),
        "side": side,
        "required_grade": int(grade) if grade else None,
        "target": reader.number("target"),
    }
    return {name: value for name, value in row.items() if value not in (None, "")}


def _part(reader: _Reader) -> dict[str, Any]:
    return {
        "text_vi": reader.text("text_vi"),
        "text_en": reader.text("text_en"),
        "weight": reader.number("weight", needed=True),
        "lead": reader.body("lead"),
    }


class _Reader:
    """Understands values by name and keeps what is wrong with them; a nested one puts its row before the name."""

    def __init__(self, viewer: Viewer, values: Values, *, exercise: bool, names: Names | None = None, before: str = "") -> None:
        self.viewer, self.values, self.exercise, self.before = viewer, values, exercise, before
        self.names = names or Names(viewer)
        self.problems: list[FieldProblem] = []

    def wrong(self, name: str, message: str) -> None:
        self.problems.append(FieldProblem(f"{self.before}{name}", message))

    def done(self, subject: str) -> None:
        if self.problems:
            raise InvalidInput(
                N_("Thông tin nhập chưa hợp lệ."),
                subject=subject,
                remedy=N_("Hãy sửa các trường được nêu."),
                problems=self.problems,
            )

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return "" if value is None else str(value).strip()

    def flag(self, name: str) -> bool:
        return self.values.get(name) in (True, "yes", "true", "1", 1)

    def day(self, name: str, *, needed: bool = True) -> date:
        text = self.text(name)
        try:
            return date.fromisoformat(typed_date(text))
        except ValueError:
            if text or needed:
                self.wrong(name, N_("Hãy ghi đủ ngày, tháng, năm."))
        return None if not text else date.min  # type: ignore[return-value]  # not used once something is wrong

    def number(self, name: str, *, needed: bool = False) -> Decimal | None:
        value = self.values.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
            try:
                return Decimal(value)
            except ArithmeticError:
                pass
        text = self.text(name)
        try:
            return typed_number(text)
        except ValueError:
            if text or needed:
                self.wrong(name, N_("Hãy ghi một số."))
        return None

    def term(self, name: str, terms: str, *, needed: bool = False) -> str:
        text = self.text(name)
        if (text or needed) and text not in vocabulary(terms):
            self.wrong(name, N_("Giá trị không có trong danh mục."))
        return text

    def key(self, name: str) -> UUID | None:
        text = self.text(name)
        try:
            return UUID(text) if text else None
        except ValueError:
            self.wrong(name, N_("Không hiểu khóa của mốc."))
            return None

    def body(self, name: str) -> UUID | None:
        found = self._named(name, Institution)
        return found.id if found else None

    def record(self, name: str, model: Any) -> Any:
        found = self._named(name, model)
        return model.objects.visible_to(self.viewer).get(pk=found.id) if found else None

    def milestone(self, name: str, record: Any, *, needed: bool = False) -> UUID | None:
        """A milestone by its key, or by its number in the plan that holds."""
        text = self.text(name)
        if not text and not needed:
            return None
        plan = current_plan(record.pk, self.viewer)
        rows = list(milestones_of(plan, self.viewer)) if plan else []
        for number, row in enumerate(rows, 1):
            if text in (str(row.key), str(number)):
                return row.key
        self.wrong(name, N_("Kế hoạch hiện hành không có mốc này."))
        return None

    def commitments(self, name: str) -> list[Commitment]:
        given = self.values.get(name)
        texts = list(given) if isinstance(given, list | tuple) else str(given or "").replace(";", ",").split(",")
        found = []
        for text in filter(None, (str(each).strip() for each in texts)):
            try:
                found.append(find_record(COMMITMENTS, text, self.viewer))
            except NotFound:
                self.wrong(name, gettext("Không tìm thấy cam kết “%(code)s”.") % {"code": text[:80]})
        return found

    def rows(self, name: str, known: Sequence[str], read: Any) -> list[dict[str, Any]]:
        given = self.values.get(name)
        if not isinstance(given, list | tuple) or not all(isinstance(row, Mapping) for row in given):
            self.wrong(name, N_("Hãy gửi danh sách các dòng."))
            return []
        rows = []
        for number, row in enumerate(given, 1):
            inner = _Reader(self.viewer, row, exercise=self.exercise, names=self.names, before=f"{name}.{number}.")
            for other in sorted(set(row) - set(known)):
                inner.wrong(str(other)[:80], N_("Trường không được biết."))
            rows.append(read(inner))
            self.problems += inner.problems
        return rows

    def _named(self, name: str, model: Any) -> Any:
        text = self.text(name)
        if not text:
            return None
        try:
            found = self.names.one(model, text)
        except Unclear as unclear:
            self.wrong(name, str(unclear))
            return None
        if found.exercise != self.exercise:
            self.wrong(name, N_("Phải cùng là thật hoặc cùng là diễn tập với bản ghi này."))
        return found
