"""Every write to directives, commitments and tasks; their steps are those of `followup`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import transaction

from banggiao.commitments.models import Commitment, Directive, Task
from banggiao.core import records
from banggiao.core.acts import CLASSIFICATIONS, Act
from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.core.folding import fold
from banggiao.core.numbering import next_codes
from banggiao.core.periods import parse_period
from banggiao.core.record import Record
from banggiao.core.vocabulary import vocabulary
from banggiao.partners.models import Institution

Row = tuple[Mapping[str, Any], records.LinkRows]
#: Behind the code of a directive whose number somebody else gave in the same year.
_MARKS = ("", "-2", "-3", "-4", "-5")


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that a record asks for: what, of whom, with whom, by when, with which product.

    `key` tells it from the others that the same record asks, so that it is made a task once; `more` are other fields of the task.
    """

    text: str
    key: str
    lead: UUID | None = None
    coordinating: Sequence[UUID] = ()
    due: str = ""
    product: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


def create_directive(*, act: Act, values: Mapping[str, Any]) -> Directive:
    """A governing document entered by hand. Raises NotPermitted, and as `enter_directives`."""
    return create_directives(act=act, rows=[values])[0]


def create_directives(*, act: Act, rows: Sequence[Mapping[str, Any]]) -> list[Directive]:
    """Governing documents entered by hand, all or none. Raises NotPermitted, and as `enter_directives`."""
    act.viewer.require("commitments.edit")
    return enter_directives(act=act, rows=rows)


def enter_directive(*, act: Act, values: Mapping[str, Any]) -> Directive:
    """A governing document enters the register. Raises as `enter_directives`."""
    return enter_directives(act=act, rows=[values])[0]


@transaction.atomic
def enter_directives(*, act: Act, rows: Sequence[Mapping[str, Any]]) -> list[Directive]:
    """Governing documents enter the register; the code of each is kind, number and year.

    Two issuers may give one number: the second gets a mark. Raises InvalidInput, also for a document that stands already.
    """
    coded: list[Row] = []
    wanted = [values.get("code") or _directive_code(act, values) for values in rows]
    standing = {d.code: d for d in Directive.objects.filter(code__in=[f"{c}{m}" for c in set(wanted) for m in _MARKS])}
    for values, code in zip(rows, wanted, strict=True):
        taken = [standing[f"{code}{mark}"] for mark in _MARKS if f"{code}{mark}" in standing]
        same = [d for d in taken if not d.retracted and fold(d.issuer_vi) == fold(values.get("issuer_vi", ""))]
        if same or len(taken) == len(_MARKS):
            raise InvalidInput(
                N_("Văn bản này đã có trong sổ."),
                subject=str(values["number"]),
                remedy=N_("Hãy mở văn bản đã có, hoặc ghi cơ quan ban hành nếu là văn bản khác cùng số."),
                problems=[FieldProblem("number", N_("Đã có trong sổ."))],
            )
        free = code + next(mark for mark in _MARKS if f"{code}{mark}" not in standing)
        standing[free] = Directive(code=free, issuer_vi=values.get("issuer_vi", ""))
        coded.append(({**values, "code": free}, {}))
    return records.create_many(Directive, act=act, rows=coded)


def create_commitment(*, act: Act, values: Mapping[str, Any]) -> Commitment:
    """A commitment entered by hand. Raises NotPermitted, and as `enter_commitments`."""
    return create_commitments(act=act, rows=[values])[0]


def create_commitments(
    *, act: Act, rows: Sequence[Mapping[str, Any]], links: Sequence[records.LinkRows] = ()
) -> list[Commitment]:
    """Commitments entered by hand, all or none. Raises NotPermitted, and as `enter_commitments`."""
    act.viewer.require("commitments.edit")
    return enter_commitments(act=act, rows=rows, links=links)


def enter_commitment(*, act: Act, values: Mapping[str, Any]) -> Commitment:
    """A commitment enters the register. Raises as `enter_commitments`."""
    return enter_commitments(act=act, rows=[values])[0]


@transaction.atomic
def enter_commitments(*, act: Act, rows: Sequence[Mapping[str, Any]], links: Sequence[records.LinkRows] = ()) -> list[Commitment]:
    """Commitments enter the register; the deadline of each becomes first and current due date; `links` as for tasks.

    Raises InvalidInput, NotFound.
    """
    for values in rows:
        vocabulary("commitment_side").term(values["side"])
    codes = _codes(Commitment, "DT-CK" if act.exercise else "CK", rows, "made_on", act)
    ready: list[Row] = [
        ({**_followed(values), "code": code}, link)
        for values, code, link in zip(rows, codes, links or [{}] * len(rows), strict=True)
    ]
    return records.create_many(Commitment, act=act, rows=ready)


def create_task(*, act: Act, values: Mapping[str, Any]) -> Task:
    """A task entered by hand. Raises NotPermitted, and as `enter_tasks`."""
    return create_tasks(act=act, rows=[values])[0]


def create_tasks(*, act: Act, rows: Sequence[Mapping[str, Any]], links: Sequence[records.LinkRows] = ()) -> list[Task]:
    """Tasks entered by hand, all or none. Raises NotPermitted, and as `enter_tasks`."""
    act.viewer.require("commitments.edit")
    return enter_tasks(act=act, rows=rows, links=links)


def enter_task(*, act: Act, values: Mapping[str, Any]) -> Task:
    """A task enters the register. Raises as `enter_tasks`."""
    return enter_tasks(act=act, rows=[values])[0]


@transaction.atomic
def enter_tasks(*, act: Act, rows: Sequence[Mapping[str, Any]], links: Sequence[records.LinkRows] = ()) -> list[Task]:
    """Tasks enter the register; the deadline of each becomes first and current due date; `links` as long as `rows`, or empty.

    Raises InvalidInput.
    """
    codes = _codes(Task, "DT-NV" if act.exercise else "NV", rows, "given_on", act)
    ready: list[Row] = []
    for values, code, link in zip(rows, codes, links or [{}] * len(rows), strict=True):
        start = parse_period(values["period"]).start if values.get("period") else ""
        ready.append(({**_followed(values), "code": code, "period_start": start}, link))
    return records.create_many(Task, act=act, rows=ready)


@transaction.atomic
def create_tasks_from(*, act: Act, origin: Record, asks: Sequence[Ask], level: str = "public") -> list[Task]:
    """The tasks that a record asks for (a paragraph, a finding, a decision, a conclusion), each leading back to it; in order.

    They take over owner, classification (`level`, where what they quote is kept higher) and exercise flag. An ask that was made a
    task before gives that task and makes none.
    Raises NotPermitted, InvalidInput (no text, a body of the other world, a key given twice).
    """
    act.viewer.require("commitments.edit", subject=str(origin))
    records.lock(type(origin), origin.pk)  # two who accept the same ask at once: the second sees the first's task
    keys = [ask.key for ask in asks]
    if not all(keys) or len(set(keys)) < len(keys):
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."), subject=str(origin), problems=[FieldProblem("key", N_("Bị trùng hoặc để trống."))]
        )
    _require_same_world(origin, asks)
    made = Task.objects.filter(origin_type=origin.record_type(), origin_id=origin.pk, origin_key__in=keys, retracted=False)
    standing = {task.origin_key: task for task in made}
    fresh = [ask for ask in asks if ask.key not in standing]
    taken = {name: getattr(origin, name) for name in ("owner", "exercise")}
    taken["classification"] = max(level, origin.classification, key=CLASSIFICATIONS.index)
    rows = [
        {
            **ask.more,
            **taken,
            "text_vi": ask.text,
            "lead_id": ask.lead,
            "deadline": ask.due,
            "product": ask.product,
            "origin_type": origin.record_type(),
            "origin_id": origin.pk,
            "origin_key": ask.key,
        }
        for ask in fresh
    ]
    links = [{"coordinating": [body for body in dict.fromkeys(ask.coordinating) if body != ask.lead]} for ask in fresh]
    world = replace(act, exercise=origin.exercise)
    standing |= {task.origin_key: task for task in enter_tasks(act=world, rows=rows, links=links)}
    return [standing[key] for key in keys]


def revise_commitment(*, act: Act, commitment: Commitment, values: Mapping[str, Any], version: int | None) -> Commitment:
    """Change what a commitment says, who leads it and, by the name of the link, who co-ordinates it.

    Due dates move by `followup.services.move_due_date` only. Raises NotPermitted, StaleEdit, InvalidInput.
    """
    act.viewer.require("commitments.edit", subject=str(commitment))
    fields, links = records.parted(Commitment, _open_values(commitment, values))
    return records.revise(commitment, act=act, values=fields, links=links, version=version)


def revise_directive(*, act: Act, directive: Directive, values: Mapping[str, Any], version: int | None) -> Directive:
    """Change what is said of a governing document; its code stays. Raises NotPermitted, StaleEdit, InvalidInput."""
    act.viewer.require("commitments.edit", subject=str(directive))
    return records.revise(directive, act=act, values=values, version=version)


def revise_task(*, act: Act, task: Task, values: Mapping[str, Any], version: int | None) -> Task:
    """As `revise_commitment`, for a task."""
    act.viewer.require("commitments.edit", subject=str(task))
    fields, links = records.parted(Task, _open_values(task, values))
    return records.revise(task, act=act, values=fields, links=links, version=version)


def _followed(values: Mapping[str, Any]) -> dict[str, Any]:
    if not str(values["text_vi"]).strip():
        raise InvalidInput(
            N_("Nội dung không được để trống."),
            remedy=N_("Hãy viết nội dung."),
            problems=[FieldProblem("text_vi", N_("Hãy viết nội dung."))],
        )
    rest = {n: v for n, v in values.items() if n != "deadline"}
    deadline = values.get("deadline") or values.get("current_due") or ""
    return {**rest, "first_due": deadline, "current_due": deadline}


def _require_same_world(origin: Record, asks: Sequence[Ask]) -> None:
    """What is made up and what is real do not touch each other."""
    named = {body for ask in asks for body in (ask.lead, *ask.coordinating) if body}
    known = Institution.objects.filter(pk__in=named, exercise=origin.exercise, retracted=False).count()
    if known != len(named):
        raise InvalidInput(
            N_("Dữ liệu diễn tập và dữ liệu thật không gắn với nhau."),
            subject=str(origin),
            problems=[FieldProblem("lead_id", N_("Không tìm thấy cơ quan này."))],
        )


def _codes(model: type[Record], prefix: str, rows: Sequence[Mapping[str, Any]], dated: str, act: Act) -> list[str]:
    """The code each row brings along, else the next of its year."""
    without = [values for values in rows if not values.get("code")]
    fresh = iter(next_codes(model, prefix, [(v.get(dated) or "")[:4] or str(act.at.year) for v in without]))
    return [values.get("code") or next(fresh) for values in rows]


def _directive_code(act: Act, values: Mapping[str, Any]) -> str:
    parts = ("DT" if act.exercise else "", values["kind"], values["number"].replace("/", "."), values.get("day", "")[:4])
    return "-".join(filter(None, parts))[:60]


def _open_values(record: Commitment | Task, values: Mapping[str, Any]) -> dict[str, Any]:
    """What may be said otherwise: dates and states move by their own steps, and a weight stands still once work is given."""
    closed = ["first_due", "current_due", "work_state", "validation_state"]
    if record.work_state != "proposed":
        closed.append("weight")
    for name in closed:
        if name in values:
            raise InvalidInput(
                N_("Trường này không sửa trực tiếp được."),
                subject=str(record),
                remedy=N_("Hãy dùng thao tác chuyển hạn hoặc chuyển trạng thái."),
                problems=[FieldProblem(name, N_("Không sửa trực tiếp."))],
            )
    return dict(values)
