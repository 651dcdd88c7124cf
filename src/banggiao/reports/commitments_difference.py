"""Why do the reports of commitments of two days differ: by which records, which entries, which total by how much?

Each difference of a total is the sum of the differences of commitments, and each of these has a cause: the record entered or
left, something was written about it, days passed, or the rule changed. What was written is told entry by entry.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from banggiao.commitments.models import Commitment
from banggiao.core import clock
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.core.exports import export
from banggiao.core.ledger import LedgerEntry
from banggiao.core.periods import period_label
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Row, register_question
from banggiao.core.visibility import knowable
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.models import Evidence, ProgressUpdate
from banggiao.followup.planning.models import Baseline, Difficulty, Milestone, MilestoneClaim
from banggiao.partners.models import Institution, Partner
from banggiao.reports.commitments_known import TOTALS, Asked, Known, Line, added, counts, known
from banggiao.reports.commitments_report import REPORT, asked_of, figures
from banggiao.reports.typography import Language, number

RULE = "commitments_difference"
WEEK = timedelta(days=7)
CAUSES = ("entered", "left", "written", "day", "rule")
#: What is said about a commitment and counts in the report, each kind with its name.
_ABOUT: Mapping[Any, Bi] = {
    Commitment: Bi("cam kết", "commitment"),
    ProgressUpdate: Bi("báo cáo tiến độ", "progress report"),
    Difficulty: Bi("khó khăn", "difficulty"),
    Evidence: Bi("minh chứng", "evidence"),
    MilestoneClaim: Bi("khai báo mốc", "claim of a milestone"),
    Baseline: Bi("kế hoạch", "plan"),
    Milestone: Bi("mốc", "milestone"),
}
#: Fields that decide whether and how a record counts; of other changes the difference says nothing.
COUNTED = frozenset(
    "retracted classification owner lead_id coordinating partner_id made_on text_vi text_en first_due current_due done_on "
    "work_state validation_state blocked_reason weight cycle_days day claimed difficulty difficulty_text recommendation code "
    "since resolved_on state grade milestone quantity number starts due required_grade target key text".split()
)
_SINCE = ("day", "since", "done_on")
_IDS = frozenset({"lead_id", "partner_id", "coordinating", "owner", "key", "milestone"})
_DATES = frozenset({"day", "since", "made_on", "first_due", "current_due", "done_on", "resolved_on", "starts", "due"})
_STATES = {"evidence": "evidence_state", "plan": "baseline_state"}
_NEW = Bi("ghi mới", "new")
_TELLING = (
    "work_state",
    "current_due",
    "done_on",
    "day",
    "since",
    "claimed",
    "quantity",
    "grade",
    "difficulty",
    "recommendation",
)


@dataclass(frozen=True, slots=True)
class Told:
    """One ledger entry that bears on a record: who wrote what, when, why, since when it holds; `late` where it is back-dated."""

    kind: Bi
    action: str
    actor: str
    recorded_at: datetime
    reason: str
    since: date | None
    late: bool
    changes: tuple[tuple[str, Any, Any], ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """A commitment that counts otherwise: by cause, how much each total moved, and the entries behind it."""

    id: UUID
    code: str
    text: Bi
    exercise: bool
    causes: Mapping[str, Mapping[str, Decimal]]
    entries: tuple[Told, ...]

    @property
    def moves(self) -> dict[str, Decimal]:
        """How much each total moved by this record, all causes together; totals that stood still are left out."""
        return {name: value for name, value in added(self.causes.values()).items() if value}


@dataclass(frozen=True, slots=True)
class Renamed:
    """A partner or body that the report calls otherwise, and by which entry."""

    old: Bi
    new: Bi
    entry: Told


@dataclass(frozen=True, slots=True)
class Difference:
    """Two reports and everything that lies between them."""

    first: Known
    second: Known
    changed: tuple[Changed, ...]
    renamed: tuple[Renamed, ...]

    def names(self) -> dict[str, Bi]:
        """What the bodies and partners of either report are called, by id; the later name where both have one."""
        return {str(ref.id): ref.title for each in (self.first, self.second) for line in each.lines for ref in _named(line)}

    def totals(self) -> list[tuple[str, Decimal, Decimal, dict[str, Decimal]]]:
        """(total, before, after, what each cause adds to the difference) of every total that is or was not nought."""
        before, after = self.first.totals(), self.second.totals()
        by_cause = {cause: added(c.causes[cause] for c in self.changed if cause in c.causes) for cause in CAUSES}
        return [
            (name, before[name], after[name], {cause: sums[name] for cause, sums in by_cause.items() if sums[name]})
            for name in TOTALS
            if before[name] or after[name]
        ]


def difference(viewer: Viewer, first: datetime, second: datetime, asked: Asked) -> Difference:
    """What lies between the report as known at `first` and as known at `second`.

    Raises NotPermitted, NotFound, and InvalidInput where the second moment is not the later one.
    """
    if second <= first:
        raise InvalidInput(
            N_("Ngày thứ hai phải sau ngày thứ nhất."),
            remedy=N_("Hãy đổi chỗ hai ngày."),
            problems=[FieldProblem("second", N_("Phải sau ngày thứ nhất."))],
        )
    before, after = known(viewer, first, asked), known(viewer, second, asked)
    # What was known first, on the later day: what moved by time alone.
    aged = {line.record.pk: line for line in known(viewer, first, asked, on=after.day).lines}
    old, new = ({line.record.pk: line for line in each.lines} for each in (before, after))
    written = _entries(viewer, before, after, old.keys() | new.keys())
    changed = []
    for pk in sorted(old.keys() | new.keys(), key=lambda pk: (new.get(pk) or old[pk]).record.code):
        causes = _causes(old.get(pk), aged.get(pk), new.get(pk), before, after)
        if any(value for moves in causes.values() for value in moves.values()) or written.get(pk):
            record = (new.get(pk) or old[pk]).record
            text = Bi(record.text_vi, record.text_en)
            changed.append(Changed(pk, record.code, text, record.exercise, causes, tuple(written.get(pk, ()))))
    return Difference(before, after, tuple(changed), tuple(_renamed(before, after)))


def as_json(found: Difference) -> bytes:
    """The whole difference for programmes."""
    body = {
        "question": RULE,
        "first": {"as_of": found.first.at.isoformat(), "rule_version": found.first.version, **figures(found.first.totals())},
        "second": {"as_of": found.second.at.isoformat(), "rule_version": found.second.version, **figures(found.second.totals())},
        "totals": [
            {"total": name, "first": _text(a), "second": _text(b), "difference": _text(b - a),
             "causes": {cause: _text(value) for cause, value in causes.items()}}
            for name, a, b, causes in found.totals()
        ],
        "records": [
            {
                "id": str(each.id), "code": each.code, "text": each.text._asdict(), "exercise": each.exercise,
                "causes": {c: {n: _text(v) for n, v in moves.items() if v} for c, moves in each.causes.items()},
                "entries": [_entry_json(e) for e in each.entries],
            }
            for each in found.changed
        ],
        "renamed": [{"old": r.old._asdict(), "new": r.new._asdict(), "entry": _entry_json(r.entry)} for r in found.renamed],
    }  # fmt: skip
    return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode()


def take_difference(found: Difference, form: str, *, act: Act, language: str, translate: Any) -> tuple[bytes, str, str]:
    """The difference as a table to take away: (content, media type, name). Raises NotPermitted, InvalidInput."""
    return export(answer_of(found), form, act=act, language=language, translate=translate)


def answer_of(found: Difference, page: Page | None = None) -> Answer:
    """The flat answer: for each commitment a row for each cause, and one for each further entry."""
    names = found.names()
    rows = [row for each in found.changed for row in _rows(each, found.second.day, names)]
    start = int(page.cursor) if page and page.cursor.isdigit() else 0
    part = rows[start : start + page.size] if page and page.size else rows[start:]
    after = start + len(part)
    asked = {n: v for n, v in (("period", found.first.asked.period), ("partner", found.first.asked.partner),
                               ("lead", found.first.asked.lead)) if v}  # fmt: skip
    return Answer(
        DIFFERENCE.name, DIFFERENCE.title, DIFFERENCE.columns, tuple(part), len(rows), found.second.at, RULE,
        next_cursor=str(after) if part and after < len(rows) else "",
        parameters={"first": found.first.at.isoformat(), "second": found.second.at.isoformat(), **asked},
    )  # fmt: skip


def moved(moves: Mapping[str, Decimal], day: date) -> Bi:
    """How much totals moved, in words: “Đã hoàn thành +1; Quá hạn −1”."""
    terms = vocabulary("commitment_total")

    def say(language: Language) -> str:
        told = (f"{terms.label_at(n, language, day)} {signed(v, language)}" for n, v in moves.items() if v)
        return "; ".join(told)

    return Bi(say("vi"), say("en"))


def signed(value: Decimal, language: Language) -> str:
    """The number with its sign as print writes it: +1, −2,5, 0."""
    return ("+" if value > 0 else "") + number(value.normalize(), language)


def _causes(old: Line | None, aged: Line | None, new: Line | None, first: Known, second: Known) -> dict[str, dict[str, Decimal]]:
    if old is None or aged is None:
        return {"entered": counts(new, second.day, second.version)} if new else {}
    before = counts(old, first.day, first.version)
    if new is None:
        return {"left": _minus({}, before)}
    by_day = counts(aged, second.day, first.version)
    by_rule = counts(aged, second.day, second.version)
    found = {
        "written": _minus(counts(new, second.day, second.version), by_rule),
        "day": _minus(by_day, before),
        "rule": _minus(by_rule, by_day),
    }
    return {cause: moves for cause, moves in found.items() if moves}


def _minus(after: Mapping[str, Decimal], before: Mapping[str, Decimal]) -> dict[str, Decimal]:
    moves = {name: after.get(name, Decimal(0)) - before.get(name, Decimal(0)) for name in TOTALS}
    return {name: value for name, value in moves.items() if value}


def _entries(viewer: Viewer, first: Known, second: Known, wanted: Iterable[UUID]) -> dict[UUID, list[Told]]:
    """What was written between the two moments about each of the records, as far as it counts and the viewer may know of it."""
    ids = set(wanted)
    found: dict[UUID, list[Told]] = {}
    for model, kind in _ABOUT.items():
        subject = "pk" if model is Commitment else "subject_id"
        rows = knowable(model.objects.filter(recorded_at__gt=first.at), viewer, record_id=model.visible_by)
        of = {pk: about for pk, about in rows.values_list("pk", subject).iterator() if about in ids}
        for entry in _between(model, first, second):
            told = _told(entry, kind, first.day, COUNTED) if entry.record_id in of else None
            if told is not None:
                found.setdefault(of[entry.record_id], []).append(told)
    for entries in found.values():
        entries.sort(key=lambda told: told.recorded_at)
    return found


def _between(model: Any, first: Known, second: Known) -> Iterable[LedgerEntry]:
    rows = LedgerEntry.objects.filter(record_type=model.record_type(), recorded_at__gt=first.at, recorded_at__lte=second.at)
    return rows.order_by("recorded_at", "id").iterator()


def _told(entry: LedgerEntry, kind: Bi, first: date, fields: Iterable[str]) -> Told | None:
    changes = tuple((n, old, new) for n, (old, new) in entry.changes.items() if n in fields and (old or new))
    if not changes:
        return None
    dates = [new[:10] for n, _old, new in changes if n in _SINCE and isinstance(new, str) and len(new) >= 10]
    since = entry.valid_from or (date.fromisoformat(min(dates)) if dates else None)
    return Told(
        kind, entry.action, entry.actor_label, entry.recorded_at, entry.reason, since, bool(since and since <= first), changes
    )


def _renamed(first: Known, second: Known) -> Iterable[Renamed]:
    old, new = ({ref.id: ref.title for line in each.lines for ref in _named(line)} for each in (first, second))
    ids = {pk for pk in old.keys() & new.keys() if old[pk] != new[pk]}
    for model, kind in ((Partner, Bi("đối tác", "partner")), (Institution, Bi("cơ quan", "body"))):
        for entry in _between(model, first, second) if ids else ():
            told = _told(entry, kind, first.day, ("name_vi", "name_en")) if entry.record_id in ids else None
            if told is not None:
                yield Renamed(old[entry.record_id], new[entry.record_id], told)


def _named(line: Line) -> Iterable[Any]:
    return (ref for ref in (line.lead, line.partner, *line.coordinating) if ref is not None)


def _rows(each: Changed, day: date, names: Mapping[str, Bi]) -> Iterable[Row]:
    """Entries stand beside what they moved: in the row of the cause; what time or the rule moved has a row of its own."""
    own = [cause for cause in ("entered", "left", "written") if each.causes.get(cause)]
    entries: list[Told | None] = list(each.entries) or ([None] if own else [])
    for place, told in enumerate(entries):
        cause = own[0] if own else "written"
        yield _row(each, cause, each.causes.get(cause, {}) if place == len(entries) - 1 else {}, told, day, names)
    for cause in ("day", "rule"):
        if each.causes.get(cause):
            yield _row(each, cause, each.causes[cause], None, day, names)


def _row(each: Changed, cause: str, moves: Mapping[str, Decimal], told: Told | None, day: date, names: Mapping[str, Bi]) -> Row:
    entry = (
        (told.kind, changes_of(told, day, names), told.recorded_at, told.actor, told.reason or None, told.since, told.late)
        if told
        else (None,) * 7
    )
    return Row((each.code, each.text, cause, moved(moves, day), *entry), each.id, Commitment.record_type(), each.exercise)


def changes_of(told: Told, day: date, names: Mapping[str, Bi]) -> Bi:
    """Which counted attributes an entry changed, from what to what; of a new record only what tells most."""
    lists = {
        "work_state": "work_state", "validation_state": "validation_state", "blocked_reason": "difficulty_code",
        "difficulty": "difficulty_code", "classification": "classification", "state": _STATES.get(told.kind.en, ""),
    }  # fmt: skip
    new_record = all(old is None for _name, old, _new in told.changes)
    shown = [c for c in told.changes if not new_record or c[0] in _TELLING]

    def value(name: str, raw: Any, language: str) -> str:
        if raw in (None, "", [], False):
            return "–"
        if lists.get(name) and str(raw) in vocabulary(lists[name]):
            return vocabulary(lists[name]).label_at(str(raw), language, day)
        if isinstance(raw, list):
            return ", ".join(value(name, one, language) for one in raw)
        if name in _IDS:
            # What the two reports do not name, its own history does.
            return names[str(raw)].get(language) if str(raw) in names else "…"
        if name in _DATES:
            return period_label(str(raw), language)
        return "✓" if raw is True else str(raw)

    def say(language: str) -> str:
        if new_record:
            return "; ".join(
                [_NEW.get(language), *(f"{_label(n, language)}: {value(n, new, language)}" for n, _old, new in shown)]
            )
        return "; ".join(f"{_label(n, language)}: {value(n, old, language)} → {value(n, new, language)}" for n, old, new in shown)

    return Bi(say("vi"), say("en"))


def _label(name: str, language: str) -> str:
    return _FIELDS[name].get(language) if name in _FIELDS else name


_FIELDS: Mapping[str, Bi] = {
    "retracted": Bi("rút khỏi sổ", "retracted"),
    "classification": Bi("mức mật", "classification"),
    "owner": Bi("chủ quản", "owner"),
    "lead_id": Bi("chủ trì", "lead"),
    "coordinating": Bi("phối hợp", "co-ordinating"),
    "partner_id": Bi("đối tác", "partner"),
    "made_on": Bi("ngày cam kết", "made on"),
    "text_vi": Bi("nội dung", "content"),
    "text_en": Bi("nội dung (Anh)", "content (English)"),
    "first_due": Bi("hạn ban đầu", "first deadline"),
    "current_due": Bi("hạn hiện hành", "current deadline"),
    "done_on": Bi("ngày hoàn thành", "done on"),
    "work_state": Bi("thực hiện", "work"),
    "validation_state": Bi("thẩm tra", "validation"),
    "blocked_reason": Bi("lý do vướng", "blocked by"),
    "weight": Bi("trọng số", "weight"),
    "cycle_days": Bi("chu kỳ báo cáo", "cycle"),
    "day": Bi("ngày", "day"),
    "claimed": Bi("tự báo", "claimed"),
    "difficulty": Bi("khó khăn", "difficulty"),
    "difficulty_text": Bi("mô tả khó khăn", "difficulty, in words"),
    "recommendation": Bi("kiến nghị", "recommendation"),
    "code": Bi("mã", "code"),
    "since": Bi("từ ngày", "since"),
    "resolved_on": Bi("tháo gỡ ngày", "resolved on"),
    "state": Bi("tình trạng", "state"),
    "grade": Bi("bậc", "grade"),
    "milestone": Bi("mốc", "milestone"),
    "quantity": Bi("khối lượng", "quantity"),
    "number": Bi("số thứ tự", "number"),
    "starts": Bi("bắt đầu", "starts"),
    "due": Bi("hạn", "due"),
    "required_grade": Bi("bậc cần có", "required grade"),
    "target": Bi("chỉ tiêu", "target"),
    "key": Bi("mốc", "milestone"),
    "text": Bi("nội dung", "text"),
}


def _entry_json(told: Told) -> dict[str, Any]:
    return {
        "kind": told.kind._asdict(), "action": told.action, "actor": told.actor, "recorded_at": told.recorded_at.isoformat(),
        "reason": told.reason, "since": told.since.isoformat() if told.since else None, "back_dated": told.late,
        "changes": {name: [old, new] for name, old, new in told.changes},
    }  # fmt: skip


def _text(value: Decimal) -> str:
    return format(value.normalize(), "f")


def asked_moments(params: Mapping[str, str], at: datetime) -> tuple[datetime, datetime]:
    """The two moments compared: without a second the present one, without a first a week before it. Raises InvalidInput."""
    second = clock.as_of_moment(params["second"], at) if params.get("second") else at
    return clock.as_of_moment(params["first"], at) if params.get("first") else second - WEEK, second


def _ask(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    return answer_of(difference(viewer, *asked_moments(params, at), asked_of(params)), page)


DIFFERENCE = register_question(
    Question(
        RULE,
        Bi("Chênh lệch của báo cáo cam kết giữa hai ngày", "What lies between two days' reports of commitments"),
        "reports.view",
        (
            Parameter("first", N_("Như đã biết vào ngày thứ nhất"), "date"),
            Parameter("second", N_("Như đã biết vào ngày thứ hai"), "date"),
            *(p for p in REPORT.parameters if p.name != "as_of"),
        ),
        (
            Column("code", N_("Mã"), "mono"),
            Column("content", N_("Nội dung cam kết"), "bilingual"),
            Column("cause", N_("Nguyên nhân"), "code", "difference_cause"),
            Column("moves", N_("Các tổng thay đổi"), "bilingual"),
            Column("kind", N_("Loại"), "bilingual"),
            Column("changes", N_("Nội dung thay đổi"), "bilingual"),
            Column("recorded_at", N_("Lúc"), "datetime"),
            Column("actor", N_("Người thực hiện")),
            Column("reason", N_("Lý do")),
            Column("since", N_("Có giá trị từ ngày"), "date"),
            Column("late", N_("Ghi về ngày trước"), "flag"),
        ),
        _ask,
    )
)
