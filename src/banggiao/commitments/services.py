"""Every write to directives, commitments and tasks; their steps are those of `followup`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from banggiao.commitments.models import Commitment, Directive, Task
from banggiao.core import records
from banggiao.core.acts import Act
from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.core.numbering import next_code
from banggiao.core.periods import parse_period
from banggiao.core.vocabulary import vocabulary


def create_directive(*, act: Act, values: Mapping[str, Any]) -> Directive:
    """A governing document enters the register; its code is kind, number and year."""
    parts = ("DT" if act.exercise else "", values["kind"], values["number"].replace("/", "."), values.get("day", "")[:4])
    code = values.get("code") or "-".join(filter(None, parts))
    return records.create(Directive, act=act, values={**values, "code": code[:64]})


@transaction.atomic
def create_commitment(*, act: Act, values: Mapping[str, Any]) -> Commitment:
    """A commitment enters the register; its deadline becomes first and current due date. Raises InvalidInput, NotFound."""
    vocabulary("commitment_side").term(values["side"])
    prefix = "DT-CK" if act.exercise else "CK"
    code = values.get("code") or next_code(Commitment, prefix, values.get("made_on", "")[:4] or str(act.at.year))
    return records.create(Commitment, act=act, values={**_followed(values), "code": code})


@transaction.atomic
def create_task(*, act: Act, values: Mapping[str, Any]) -> Task:
    """A task enters the register; its deadline becomes first and current due date. Raises InvalidInput."""
    prefix = "DT-NV" if act.exercise else "NV"
    code = values.get("code") or next_code(Task, prefix, values.get("given_on", "")[:4] or str(act.at.year))
    start = parse_period(values["period"]).start if values.get("period") else ""
    return records.create(Task, act=act, values={**_followed(values), "code": code, "period_start": start})


def revise_commitment(*, act: Act, commitment: Commitment, values: Mapping[str, Any], version: int | None) -> Commitment:
    """Change a commitment's description. Due dates move by `followup.services.move_due_date` only.

    Raises NotPermitted, StaleEdit.
    """
    act.viewer.require("commitments.edit", subject=str(commitment))
    return records.revise(commitment, act=act, values=_without_dates(values, str(commitment)), version=version)


def revise_task(*, act: Act, task: Task, values: Mapping[str, Any], version: int | None) -> Task:
    """Change a task's description. Due dates move by `followup.services.move_due_date` only. Raises NotPermitted, StaleEdit."""
    act.viewer.require("commitments.edit", subject=str(task))
    return records.revise(task, act=act, values=_without_dates(values, str(task)), version=version)


def _followed(values: Mapping[str, Any]) -> dict[str, Any]:
    if not str(values["text_vi"]).strip():
        raise InvalidInput(
            N_("Nội dung không được để trống."),
            remedy=N_("Hãy viết nội dung."),
            problems=[FieldProblem("text_vi", N_("Hãy viết nội dung."))],
        )
    rest = {n: v for n, v in values.items() if n != "deadline"}
    deadline = values.get("deadline") or ""
    return {**rest, "first_due": deadline, "current_due": deadline}


def _without_dates(values: Mapping[str, Any], subject: str) -> dict[str, Any]:
    for name in ("first_due", "current_due", "work_state", "validation_state"):
        if name in values:
            raise InvalidInput(
                N_("Trường này không sửa trực tiếp được."),
                subject=subject,
                remedy=N_("Hãy dùng thao tác chuyển hạn hoặc chuyển trạng thái."),
                problems=[FieldProblem(name, N_("Không sửa trực tiếp."))],
            )
    return dict(values)
