"""What stands on the page of a duty about its plan: its numbers, milestones, plans before it, evidence, what is in the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from banggiao.analytics.delivery.numbers import shown
from banggiao.analytics.delivery.schedule import drift
from banggiao.commitments.models import Commitment, Succession
from banggiao.commitments.questions_succession import earlier_of, later_of
from banggiao.core.acts import Viewer
from banggiao.core.questions import Bi
from banggiao.core.registers import Register
from banggiao.followup.evidence.questions import milestone_names, proofs_of
from banggiao.followup.evidence.services import may_check
from banggiao.followup.models import Evidence
from banggiao.followup.planning.models import Baseline, Difficulty, Milestone
from banggiao.followup.planning.questions import baselines_of, difficulties_of, milestones_of, standings
from banggiao.followup.planning.standing import Standing, StepStanding, duration_of
from banggiao.followup.services import OPEN_STATES
from banggiao.partners.models import Institution
from banggiao.web.addresses import record_url
from banggiao.web.asking import language
from banggiao.web.formats import format_date, format_number
from banggiao.web.parts import Action, Cell, Empty, Section, Table, TableColumn, TableRow, TimelineEntry
from banggiao.web.standing_words import panel_of, percent
from banggiao.web.words import label, partial_date, state_badge


def plan_sections(book: Register, record: Any, viewer: Viewer, at: datetime) -> list[Section]:
    """Standing, the plan that holds or is drafted, the plans before it, evidence, difficulties, succession."""
    plans = list(baselines_of(record.pk, viewer))
    now = standings([record], viewer, at)[record.pk]
    current = max((p for p in plans if p.state == "approved"), key=lambda p: p.number or 0, default=None)
    draft = next((p for p in plans if p.state == "draft"), None)
    proofs = list(proofs_of(record.pk, viewer))
    sections = [_standing(now, record)]
    if draft is not None:
        sections.append(_draft(book, record, draft, viewer))
    sections += _current(book, record, current, draft, now, proofs, viewer)
    if any(p.state != "draft" for p in plans):
        sections.append(_plans(plans, viewer))
    sections += [_evidence(book, record, proofs, viewer), _difficulties(book, record, viewer)]
    return [*sections, *(_succession(record, viewer) if isinstance(record, Commitment) else [])]


def _standing(now: Standing, record: Any) -> Section:
    meta = _("mỗi số đứng riêng, không gộp thành một")
    return Section(id="standing", title=_("Tình hình thực hiện"), meta=meta, standing=panel_of(now, record))


def _url(name: str, book: Register, record: Any, *more: Any) -> str:
    return reverse(f"web:{name}", args=[book.name, record.pk, *more])


def _open(record: Any) -> bool:
    return record.work_state in OPEN_STATES


def _current(
    book: Register,
    record: Any,
    plan: Baseline | None,
    draft: Baseline | None,
    now: Standing,
    proofs: Sequence[Evidence],
    viewer: Viewer,
) -> list[Section]:
    """The plan that holds: what our side and both do, then what the partner does."""
    may = viewer.may("followup.report") and _open(record)
    redraft = Action(
        label=_("Điều chỉnh kế hoạch") if plan else _("Lập kế hoạch"), url=_url("plan_draft", book, record), icon="edit"
    )
    actions = (redraft,) if may and draft is None else ()
    if plan is None:
        empty = Empty(
            title=_("Chưa có kế hoạch được phê duyệt"),
            text=_("Không có mốc thì tiến độ được thẩm tra bằng 0. Kế hoạch gồm các mốc có tỷ trọng, hạn và minh chứng cần có."),
        )
        return [Section(id="plan", title=_("Kế hoạch"), empty=empty, actions=actions)]
    rows = list(enumerate(milestones_of(plan, viewer), 1))
    steps = {step.step.key: step for step in now.steps}
    theirs = [(n, m) for n, m in rows if m.side == "theirs"]
    ours = [(n, m) for n, m in rows if m.side != "theirs"]
    number = _("kế hoạch số %(n)d, từ %(day)s") % {"n": plan.number or 0, "day": _day(plan.starts)}
    groups = [
        ("plan", _("Kế hoạch: việc phía ta và hai bên") if theirs else _("Kế hoạch"), ours, ()),
        ("plan-theirs", _("Kế hoạch: việc phía bạn"), theirs, ()),
    ]
    filled = [group for group in groups if group[2]]
    return [
        Section(
            id=id_,
            title=title,
            meta=f"{number} · {_weights([m for _n, m in group])}",
            table=_milestones(book, record, group, steps, proofs, now.as_of, may=may, caption=title),
            actions=actions if id_ == filled[-1][0] else (),
        )
        for id_, title, group, _none in filled
    ]


def _weights(rows: Sequence[Milestone]) -> str:
    return _("%(share)s tỷ trọng") % {"share": percent(sum((m.weight for m in rows), Decimal(0)))}


def _milestones(
    book: Register,
    record: Any,
    rows: Sequence[tuple[int, Milestone]],
    steps: dict[Any, StepStanding],
    proofs: Sequence[Evidence],
    today: date,
    *,
    may: bool,
    caption: str,
) -> Table:
    columns = [
        TableColumn(key="name", label=_("Mốc"), lead=True),
        TableColumn(key="weight", label=_("Tỷ trọng"), kind="percent"),
        TableColumn(key="due", label=_("Hạn"), kind="date"),
        TableColumn(key="claimed", label=_("Tự khai"), kind="percent"),
        TableColumn(key="verified", label=_("Được thẩm tra"), kind="percent"),
        TableColumn(key="grade", label=_("Bậc minh chứng")),
    ]
    if may:
        columns.append(TableColumn(key="act", label=_("Thao tác")))
    made = []
    for number, m in rows:
        step = steps.get(m.key)
        claimed, verified = (step.claimed, step.verified) if step else (Decimal(0), Decimal(0))
        late = verified < 1 and m.due < today
        waiting = sum(1 for p in proofs if p.milestone == m.key and p.state == "submitted")
        cells = [
            Cell(value=f"{number}. {_of(m)}", note=" · ".join(filter(None, (_target(m), _body(m.responsible), m.product)))),
            Cell(value=_hundred(m.weight)),
            Cell(value=m.due, note=_("quá hạn") if late else "", note_tone="bad"),
            Cell(value=_hundred(claimed)),
            Cell(value=_hundred(verified)),
            Cell(
                value=_("có %(has)d, cần %(needs)d") % {"has": step.grade if step else 0, "needs": m.required_grade},
                note=_("%(n)d minh chứng chờ thẩm tra") % {"n": waiting} if waiting else "",
            ),
        ]
        if may:
            query = f"?milestone={m.key}"
            cells.append(
                Cell(
                    actions=(
                        Action(label=_("Khai"), url=_url("claim", book, record) + query),
                        Action(label=_("Nộp minh chứng"), url=_url("evidence", book, record) + query),
                    )
                )
            )
        made.append(TableRow(cells=cells, overdue=late))
    return Table(caption=caption, columns=columns, rows=made, compact=True)


def _draft(book: Register, record: Any, draft: Baseline, viewer: Viewer) -> Section:
    rows = [
        TableRow(
            cells=(
                Cell(value=f"{n}. {_of(m)}", note=" · ".join(filter(None, (_target(m), _body(m.responsible), m.product)))),
                Cell(value=_hundred(m.weight)),
                Cell(value=m.due),
                Cell(value=label("commitment_side", m.side)),
                Cell(value=label("evidence_grade", str(m.required_grade))),
            )
        )
        for n, m in enumerate(milestones_of(draft, viewer), 1)
    ]
    columns = (
        TableColumn(key="name", label=_("Mốc"), lead=True),
        TableColumn(key="weight", label=_("Tỷ trọng"), kind="percent"),
        TableColumn(key="due", label=_("Hạn"), kind="date"),
        TableColumn(key="side", label=_("Bên thực hiện")),
        TableColumn(key="grade", label=_("Minh chứng cần có")),
    )
    actions = []
    if viewer.may("followup.approve_plan"):
        actions.append(
            Action(
                label=_("Phê duyệt kế hoạch"),
                url=_url("plan_approve", book, record, draft.pk),
                method="post",
                style="primary",
                icon="check",
                fields=(("version", str(draft.version)),),
            )
        )
    if viewer.may("followup.report"):
        actions += [
            Action(label=_("Sửa dự thảo"), url=_url("plan_redraft", book, record, draft.pk), icon="edit"),
            Action(label=_("Rút dự thảo"), url=_url("plan_withdraw", book, record, draft.pk), style="danger"),
        ]
    note = " · ".join(filter(None, (draft.reason and _("Lý do: %(reason)s") % {"reason": draft.reason}, draft.partner_document)))
    return Section(
        id="plan-draft",
        title=_("Dự thảo kế hoạch"),
        meta=_("từ %(day)s, chờ người khác phê duyệt") % {"day": _day(draft.starts)},
        table=Table(caption=_("Dự thảo kế hoạch"), columns=columns, rows=rows, compact=True),
        note=note,
        actions=actions,
    )


def _plans(plans: Sequence[Baseline], viewer: Viewer) -> Section:
    """Every plan there was; number 0 is kept for ever, and the others say how far they moved away from it."""
    ends = {p.pk: max((m.due for m in milestones_of(p, viewer)), default=p.starts) for p in plans}
    first = next((p for p in plans if p.number == 0), None)
    lasts = {p.pk: duration_of(p.starts, [ends[p.pk]]) for p in plans}
    rows = []
    for p in plans:
        if p.state == "draft":
            continue
        longer = drift(lasts[first.pk], lasts[p.pk]) if first and p.number else None
        drifted = "" if longer is None else ("+" if longer > 0 else "") + percent(longer)
        approved = ", ".join(filter(None, (p.approved_by, _day(p.approved_on) if p.approved_on else "")))
        rows.append(
            TableRow(
                cells=(
                    Cell(value=str(p.number) if p.number is not None else "–"),
                    Cell(badge=state_badge("baseline_state", p.state)),
                    Cell(value=p.starts),
                    Cell(value=ends[p.pk]),
                    Cell(value=drifted or None),
                    Cell(value=p.reason or None, note=p.partner_document),
                    Cell(value=approved or None),
                )
            )
        )
    columns = (
        TableColumn(key="number", label=_("Số"), lead=True),
        TableColumn(key="state", label=_("Tình trạng")),
        TableColumn(key="starts", label=_("Bắt đầu"), kind="date"),
        TableColumn(key="ends", label=_("Mốc cuối"), kind="date"),
        TableColumn(key="drift", label=_("Dài thêm so với số 0")),
        TableColumn(key="reason", label=_("Lý do điều chỉnh")),
        TableColumn(key="approved", label=_("Phê duyệt")),
    )
    table = Table(caption=_("Các lần lập kế hoạch"), columns=columns, rows=rows, compact=True)
    return Section(id="baselines", title=_("Các lần lập kế hoạch"), meta=_("số 0 được giữ mãi"), table=table, folded=True)


def _evidence(book: Register, record: Any, proofs: Sequence[Evidence], viewer: Viewer) -> Section:
    names = milestone_names(p.milestone for p in proofs)
    check = viewer.may("followup.validate")
    rows = []
    for p in proofs:
        actions: list[Action] = []
        here = record_url(p.record_type(), p.pk)
        if check and p.state == "submitted" and may_check(viewer.id, viewer.institutions, record, p):
            actions = [Action(label=_("Thẩm tra"), url=here, style="primary")]
        elif p.state == "returned" and viewer.may("followup.report"):
            actions = [Action(label=_("Nộp lại"), url=reverse("web:step", args=["evidence", p.pk, "resubmit"]))]
        note = f"{p.file.name} ({_size(p.file.size)})" if p.file else ""
        document = record_url("sources.document", p.document_id) if p.document_id else ""
        rows.append(
            TableRow(
                cells=(
                    Cell(value=p.day),
                    Cell(value=p.description, url=document or here),
                    Cell(value=names[p.milestone].get(language()) if p.milestone in names else None),
                    Cell(value=f"{p.grade} – {label('evidence_grade', str(p.grade))}"),
                    Cell(value=note or None, url=reverse("web:evidence_file", args=[p.pk]) if p.file else ""),
                    Cell(actions=actions) if actions else Cell(badge=state_badge("evidence_state", p.state)),
                )
            )
        )
    columns = (
        TableColumn(key="day", label=_("Ngày"), kind="date"),
        TableColumn(key="description", label=_("Mô tả"), lead=True),
        TableColumn(key="milestone", label=_("Mốc")),
        TableColumn(key="grade", label=_("Bậc minh chứng")),
        TableColumn(key="file", label=_("Tệp")),
        TableColumn(key="state", label=_("Tình trạng")),
    )
    empty = Empty(
        title=_("Chưa có minh chứng"),
        text=_("Chưa có gì chứng minh việc đã làm; mức minh chứng từ 0 (không có) đến 4 (kiểm tra độc lập)."),
    )
    add = Action(label=_("Thêm minh chứng"), url=_url("evidence", book, record), icon="add")
    return Section(
        id="evidence",
        title=_("Minh chứng"),
        meta=_("chỉ tính minh chứng đã được người khác chấp nhận"),
        table=Table(caption=_("Minh chứng"), columns=columns, rows=rows, compact=True) if rows else None,
        empty=empty,
        actions=(add,) if viewer.may("followup.report") else (),
    )


def _difficulties(book: Register, record: Any, viewer: Viewer) -> Section:
    may = viewer.may("followup.report")
    rows = []
    for d in difficulties_of(record.pk, viewer):
        who = _body(d.unblocker) or d.unblocker_name
        actions = _resolving(book, record, d) if may and not d.resolved_on else ()
        done = partial_date(d.resolved_on) if d.resolved_on else None
        rows.append(
            TableRow(
                cells=(
                    Cell(value=label("difficulty_code", d.code), note=d.text),
                    Cell(value=d.since),
                    Cell(value=who or None),
                    Cell(actions=actions) if actions else Cell(value=done, note=d.resolution),
                )
            )
        )
    columns = (
        TableColumn(key="code", label=_("Vướng mắc"), lead=True),
        TableColumn(key="since", label=_("Từ ngày"), kind="date"),
        TableColumn(key="who", label=_("Ai tháo gỡ được")),
        TableColumn(key="done", label=_("Đã tháo gỡ"), kind="date"),
    )
    empty = Empty(
        title=_("Không có vướng mắc nào được ghi"),
        text=_("Ghi vướng mắc kèm nơi có thể tháo gỡ để cấp trên biết cần làm gì."),
    )
    add = Action(label=_("Ghi vướng mắc"), url=_url("difficulty", book, record), icon="add")
    return Section(
        id="difficulties",
        title=_("Vướng mắc"),
        table=Table(caption=_("Vướng mắc"), columns=columns, rows=rows, compact=True) if rows else None,
        empty=empty,
        actions=(add,) if may and _open(record) else (),
    )


def _resolving(book: Register, record: Any, d: Difficulty) -> tuple[Action, ...]:
    return (Action(label=_("Ghi đã tháo gỡ"), url=_url("difficulty_end", book, record, d.pk)),)


def _succession(commitment: Commitment, viewer: Viewer) -> list[Section]:
    before, after = earlier_of(commitment, viewer), later_of(commitment, viewer)
    entries = [_followed_by(s, s.earlier, _("Thay thế %(code)s")) for s in before]
    entries += [_followed_by(s, s.later, _("Được thay thế bằng %(code)s")) for s in after]
    may = viewer.may("commitments.edit") and viewer.may("followup.assign") and commitment.work_state in OPEN_STATES
    names = (("split", _("Tách cam kết")), ("merge", _("Gộp với cam kết khác")), ("supersede", _("Thay bằng cam kết đã có")))
    actions = (
        [Action(label=text, url=reverse(f"web:{name}_commitment", args=[commitment.pk])) for name, text in names] if may else []
    )
    if not entries and not actions:
        return []
    note = "" if entries else _("Tách, gộp, thay thế không làm đổi số liệu của các kỳ đã qua.")
    title = _("Thay thế, được thay thế")
    return [Section(id="succession", title=title, timeline=entries, note=note, actions=actions, folded=not entries)]


def _followed_by(s: Succession, end: Commitment, words: str) -> TimelineEntry:
    text = " · ".join(filter(None, (label("succession_kind", s.kind), Bi(end.text_vi, end.text_en).get(language()), s.document)))
    return TimelineEntry(when=s.day, title=words % {"code": end.code}, text=text, url=record_url(end.record_type(), end.pk))


def _hundred(share: Decimal) -> Decimal:
    return shown(share * 100, 2).normalize()


def _of(milestone: Milestone) -> str:
    return Bi(milestone.name_vi, milestone.name_en).get(language())


def _target(milestone: Milestone) -> str:
    if milestone.target is None:
        return ""
    amount = format_number(milestone.target.normalize(), language())
    return _("chỉ tiêu %(amount)s") % {"amount": f"{amount} {milestone.unit}".strip()}


def _body(body: Institution | None) -> str:
    return Bi(body.name_vi, body.name_en).get(language()) if body else ""


def _day(day: date) -> str:
    return format_date(day, language())


def _size(count: int) -> str:
    if count >= 1_000_000:
        return f"{format_number(Decimal(count) / 1_000_000, language(), 1)} MB"
    return f"{max(count // 1000, 1)} KB"
