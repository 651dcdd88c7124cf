"""Every write to plans: drafting, approving, withdrawing, claiming; difficulties and how they end.

A plan that holds is never changed: another one is drafted, with the reason, and approved by somebody else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from banggiao.analytics.delivery.progress import REQUIRED, REQUIRED_LAST
from banggiao.core import records, transitions
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, FieldProblem, InvalidInput, NotFound, WrongState
from banggiao.core.ledger import entries_of
from banggiao.core.periods import in_reach
from banggiao.core.record import Record
from banggiao.followup.planning.models import Baseline, Difficulty, Milestone, MilestoneClaim
from banggiao.followup.planning.services_totals import settle
from banggiao.followup.planning.states import BASELINE
from banggiao.followup.services import about_of, passed, require_part
from banggiao.partners.models import Institution

MOST_MILESTONES = 200
_FIELDS = ("name_vi", "name_en", "weight", "due", "product", "responsible_id", "side", "required_grade", "target", "unit")


def draft_plan(
    *,
    act: Act,
    record: Record,
    starts: date,
    milestones: Sequence[Mapping[str, Any]],
    reason: str = "",
    partner_document: str = "",
) -> Baseline:
    """A plan is drafted: rows of milestones with name_vi, weight (a share, all sum to 1), due; product, responsible_id, side,
    required_grade (2, the last one 3), target and unit where credit goes by quantity; `key` of a milestone taken over.

    Raises NotPermitted, WrongState while another draft waits, InvalidInput naming each row (`milestones.3.due`).
    """
    act.viewer.require("followup.report", subject=str(record))
    require_part(act, record)
    with transaction.atomic():
        records.lock(type(record), record.pk)  # two who draft at once: the second sees the first
        if Baseline.objects.filter(subject_id=record.pk, state="draft", retracted=False).exists():
            raise WrongState(
                N_("Đã có một dự thảo kế hoạch đang chờ phê duyệt."),
                subject=str(record),
                remedy=N_("Hãy sửa hoặc rút dự thảo đó trước."),
            )
        current = _current(record)
        rows = _checked(act.viewer, record, current, starts, milestones, reason, partner_document)
        values = {**about_of(record), "starts": starts, "reason": reason.strip(), "partner_document": partner_document.strip()}
        baseline = records.create(Baseline, act=act, values=values, action="draft")
        _write(act, record, baseline, rows)
        return baseline


def redraft_plan(
    *,
    act: Act,
    record: Record,
    baseline: Baseline,
    version: int | None,
    starts: date,
    milestones: Sequence[Mapping[str, Any]],
    reason: str = "",
    partner_document: str = "",
) -> Baseline:
    """A draft is written anew. Raises as `draft_plan`, WrongState once it is a draft no more, VersionRequired, StaleEdit."""
    act.viewer.require("followup.report", subject=str(record))
    require_part(act, record)
    _require_of(record, baseline)
    if baseline.state != "draft":
        raise WrongState(
            N_("Kế hoạch đã phê duyệt hoặc đã rút thì không sửa được."),
            subject=str(record),
            remedy=N_("Hãy lập dự thảo điều chỉnh kế hoạch."),
        )
    with transaction.atomic():
        rows = _checked(act.viewer, record, _current(record), starts, milestones, reason, partner_document)
        for standing in Milestone.objects.filter(baseline=baseline, retracted=False):
            records.revise(
                standing, act=act, values={"retracted": True, "key": standing.pk}, version=standing.version, action="retract"
            )
        values = {"starts": starts, "reason": reason.strip(), "partner_document": partner_document.strip()}
        revised = records.revise(baseline, act=act, values=values, version=version)
        _write(act, record, revised, rows)
        return revised


def approve_plan(*, act: Act, record: Record, baseline: Baseline, version: int | None) -> Baseline:
    """The plan holds from now on, and gets its number: 0 the first time. Weights are frozen.

    Raises NotPermitted, WrongState (nobody approves a plan of their own; the lead does not approve the change of its plan), and
    what `transitions.apply` raises.
    """
    act.viewer.require("followup.approve_plan", subject=str(record))
    require_part(act, record)
    _require_of(record, baseline)
    # Whoever wrote it anew has written it as much as who began.
    drafted = entries_of(baseline.pk).filter(action__in=("draft", "revise")).values_list("actor_id", flat=True)
    if act.viewer.id is not None and act.viewer.id in set(drafted):
        raise WrongState(
            N_("Người lập kế hoạch không tự phê duyệt kế hoạch của mình."),
            subject=str(record),
            remedy=N_("Hãy để người khác có thẩm quyền phê duyệt."),
        )
    with transaction.atomic():
        records.lock(type(record), record.pk)
        current = _current(record)
        if current is not None and getattr(record, "lead_id", None) in act.viewer.institutions:
            raise WrongState(
                N_("Cơ quan chủ trì không tự phê duyệt việc điều chỉnh kế hoạch của mình."),
                subject=str(record),
                remedy=N_("Hãy trình cấp trên của cơ quan chủ trì."),
            )
        also = {
            "number": 0 if current is None else (current.number or 0) + 1,
            "approved_by": act.viewer.label[:200],
            "approved_on": timezone.localdate(act.at),
        }
        approved = transitions.apply(baseline, BASELINE, "approve", act=act, version=version, also=also)
        settle([record], act)
        return approved


def withdraw_plan(*, act: Act, record: Record, baseline: Baseline, version: int | None) -> Baseline:
    """A draft is given up, with the reason. Raises NotPermitted, and what `transitions.apply` raises."""
    act.viewer.require("followup.report", subject=str(record))
    require_part(act, record)
    _require_of(record, baseline)
    return transitions.apply(baseline, BASELINE, "withdraw", act=act, version=version)


def claim_milestone(*, act: Act, record: Record, key: UUID, day: date, quantity: Decimal, note: str = "") -> MilestoneClaim:
    """So much of a milestone is said to be done by that day: a quantity of its target, or 1 (0 takes it back) without one.

    Raises NotPermitted, NotFound for a milestone that is not in the plan that holds, InvalidInput.
    """
    act.viewer.require("followup.report", subject=str(record))
    require_part(act, record)
    current = _current(record)
    milestone = Milestone.objects.filter(baseline=current, key=key, retracted=False).first() if current else None
    if current is None or milestone is None:
        raise NotFound(N_("Kế hoạch hiện hành không có mốc này."), subject=str(record), remedy=N_("Hãy tải lại trang kế hoạch."))
    problems = []
    if not quantity.is_finite() or quantity < 0 or (milestone.target is None and quantity not in (0, 1)):
        problems.append(
            FieldProblem("quantity", N_("Hãy ghi khối lượng đã làm; mốc không có chỉ tiêu thì ghi 1 (xong) hoặc 0 (chưa)."))
        )
    problems += passed(act, "day", day)
    if day < current.starts and current.number == 0:
        problems.append(FieldProblem("day", N_("Ngày này trước khi kế hoạch bắt đầu.")))
    _refuse(problems, str(record))
    values = {**about_of(record), "milestone": key, "day": day, "quantity": quantity, "note": note.strip()}
    with transaction.atomic():
        made = records.create(MilestoneClaim, act=act, values=values, action="claim")
        settle([record], act)
    return made


def add_difficulty(
    *,
    act: Act,
    record: Record,
    code: str,
    since: date,
    text: str = "",
    unblocker_id: UUID | None = None,
    unblocker_name: str = "",
) -> Difficulty:
    """Something stands in the way, and somebody can take it away. Raises NotPermitted, InvalidInput (OTHER needs a text)."""
    act.viewer.require("followup.report", subject=str(record))
    require_part(act, record)
    problems = []
    if code == "OTHER" and not text.strip():
        problems.append(FieldProblem("text", N_("Hãy mô tả vướng mắc.")))
    problems += passed(act, "since", since)
    if not unblocker_id and not unblocker_name.strip():
        problems.append(FieldProblem("unblocker_name", N_("Hãy ghi ai có thể tháo gỡ.")))
    if unblocker_id and not Institution.objects.visible_to(act.viewer).filter(pk=unblocker_id, exercise=record.exercise).exists():
        problems.append(FieldProblem("unblocker_id", N_("Không tìm thấy cơ quan này.")))
    _refuse(problems, str(record))
    values = {
        **about_of(record), "code": code, "text": text.strip(), "since": since, "unblocker_id": unblocker_id,
        "unblocker_name": unblocker_name.strip(),
    }  # fmt: skip
    return records.create(Difficulty, act=act, values=values)


def resolve_difficulty(
    *, act: Act, record: Record, difficulty: Difficulty, on: date, resolution: str, version: int | None
) -> Difficulty:
    """It stands in the way no more, and how that came. Raises NotPermitted, WrongState, InvalidInput, StaleEdit."""
    act.viewer.require("followup.report", subject=str(record))
    require_part(act, record)
    if difficulty.subject_id != record.pk:
        raise NotFound(N_("Không tìm thấy bản ghi."), subject=str(difficulty))
    if difficulty.resolved_on:
        raise WrongState(N_("Vướng mắc này đã được tháo gỡ."), subject=str(record), remedy=N_("Hãy tải lại trang."))
    problems = [] if resolution.strip() else [FieldProblem("resolution", N_("Hãy ghi đã tháo gỡ thế nào."))]
    if not difficulty.since <= on <= timezone.localdate(act.at):
        problems.append(FieldProblem("on", N_("Ngày phải từ khi vướng mắc phát sinh đến hôm nay.")))
    _refuse(problems, str(record))
    values = {"resolved_on": on.isoformat(), "resolution": resolution.strip()}
    return records.revise(difficulty, act=act, values=values, version=version, action="resolve difficulty")


def _current(record: Record) -> Baseline | None:
    plans = Baseline.objects.filter(subject_id=record.pk, state="approved", retracted=False)
    return plans.order_by("-number").first()


def _require_of(record: Record, baseline: Baseline) -> None:
    if baseline.subject_id != record.pk or baseline.retracted:
        raise NotFound(N_("Không tìm thấy bản ghi."), subject=str(baseline))


def _write(act: Act, record: Record, baseline: Baseline, rows: Sequence[Mapping[str, Any]]) -> None:
    common = {**about_of(record), "baseline_id": baseline.pk}
    records.create_many(Milestone, act=act, rows=[({**common, **row, "position": n}, {}) for n, row in enumerate(rows)])


def _checked(
    viewer: Viewer,
    record: Record,
    current: Baseline | None,
    starts: date,
    milestones: Sequence[Mapping[str, Any]],
    reason: str,
    partner_document: str,
) -> list[dict[str, Any]]:
    """The rows as they will be kept, or InvalidInput with everything that is wrong."""
    before = {m.key: m for m in Milestone.objects.filter(baseline=current, retracted=False)} if current else {}
    problems, rows, keys = [], [], set()
    if not 0 < len(milestones) <= MOST_MILESTONES:
        problems.append(FieldProblem("milestones", N_("Kế hoạch có từ 1 đến 200 mốc.")))
    if not in_reach(starts):
        problems.append(FieldProblem("starts", N_("Ngày không hợp lệ.")))
    last = max((m["due"] for m in milestones if isinstance(m.get("due"), date)), default=None)
    for number, given in enumerate(milestones, 1):
        row = {name: given[name] for name in _FIELDS if given.get(name) not in (None, "")}
        weight, due, target = row.get("weight"), row.get("due"), row.get("target")
        for name, wrong, message in (
            ("name_vi", not str(row.get("name_vi", "")).strip(), N_("Hãy ghi tên mốc.")),
            (
                "weight",
                not isinstance(weight, Decimal) or not weight.is_finite() or not 0 < weight <= 1,
                N_("Tỷ trọng phải lớn hơn 0 và không quá 100 %."),
            ),
            ("due", not isinstance(due, date) or due < starts, N_("Ngày của mốc không được trước ngày bắt đầu kế hoạch.")),
            ("target", isinstance(target, Decimal) and not (target.is_finite() and target > 0), N_("Chỉ tiêu phải lớn hơn 0.")),
        ):
            if wrong:
                problems.append(FieldProblem(f"milestones.{number}.{name}", message))
        if isinstance(due, date) and not in_reach(due):
            problems.append(FieldProblem(f"milestones.{number}.due", N_("Ngày không hợp lệ.")))
        if (
            "responsible_id" in row
            and row["responsible_id"] not in (m.responsible_id for m in before.values())
            and not Institution.objects.visible_to(viewer).filter(pk=row["responsible_id"], exercise=record.exercise).exists()
        ):
            problems.append(FieldProblem(f"milestones.{number}.responsible_id", N_("Không tìm thấy cơ quan này.")))
        row.setdefault("required_grade", REQUIRED_LAST if due == last and number == len(milestones) else REQUIRED)
        if key := given.get("key"):
            if key not in before or key in keys:
                problems.append(FieldProblem(f"milestones.{number}.key", N_("Mốc này không có trong kế hoạch hiện hành.")))
            keys.add(key)
            row["key"] = key
        rows.append(row)
    if not problems and sum((row["weight"] for row in rows), Decimal(0)) != 1:
        problems.append(FieldProblem("milestones", N_("Tổng tỷ trọng của các mốc phải đúng 100 %.")))
    if current is not None and not reason.strip():
        problems.append(FieldProblem("reason", N_("Điều chỉnh kế hoạch phải có lý do.")))
    if before.keys() - keys and getattr(record, "partner_id", None) and not partner_document.strip():
        problems.append(FieldProblem("partner_document", N_("Bỏ mốc đã cam kết với đối tác phải dẫn văn bản của đối tác.")))
    _refuse(problems, str(record))
    return rows


def _refuse(problems: Sequence[FieldProblem], subject: str) -> None:
    if problems:
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."), subject=subject, remedy=N_("Hãy sửa các trường được nêu."), problems=list(problems)
        )
