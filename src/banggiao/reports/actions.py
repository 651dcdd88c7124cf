"""Which service writes a record of a register: what page, API and command call to edit any record or to take any step.

Packages write their own records; the faces know registers only. The two tables below lead from a record type, and from a state
machine, to the service that acts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import ForeignKey

from banggiao.activities.services import revise_activity
from banggiao.agreements.services import move_agreement, revise_agreement
from banggiao.barriers.services import move_barrier, revise_barrier
from banggiao.commitments.services import revise_commitment, revise_task
from banggiao.core.acts import Act
from banggiao.core.errors import N_, FieldProblem, InvalidInput, NotPermitted
from banggiao.core.registers import Register
from banggiao.core.transitions import Machine, Step
from banggiao.followup.services import move_validation, move_work
from banggiao.partners.services import revise_institution, revise_partner

Revise = Callable[[Act, Any, Mapping[str, Any], int | None], Any]
Move = Callable[[Act, Any, str, int | None, Mapping[str, Any]], Any]

#: Record type -> the service that changes its editable fields.
REVISE: dict[str, Revise] = {
    "activities.activity": lambda act, r, values, version: revise_activity(act=act, activity=r, values=values, version=version),
    "agreements.agreement": lambda act, r, values, version: revise_agreement(
        act=act, agreement=r, values=values, version=version
    ),
    "barriers.barrier": lambda act, r, values, version: revise_barrier(act=act, barrier=r, values=values, version=version),
    "commitments.commitment": lambda act, r, values, version: revise_commitment(
        act=act, commitment=r, values=values, version=version
    ),
    "commitments.task": lambda act, r, values, version: revise_task(act=act, task=r, values=values, version=version),
    "partners.institution": lambda act, r, values, version: revise_institution(
        act=act, institution=r, values=values, version=version
    ),
    "partners.partner": lambda act, r, values, version: revise_partner(act=act, partner=r, values=values, version=version),
}
#: Machine name -> the service that takes its steps.
MOVE: dict[str, Move] = {
    "agreement": lambda act, r, action, version, values: move_agreement(
        act=act, agreement=r, action=action, version=version, values=values
    ),
    "barrier": lambda act, r, action, version, values: move_barrier(
        act=act, barrier=r, action=action, version=version, values=values
    ),
    "work": lambda act, r, action, version, values: move_work(
        act=act, record=r, action=action, version=version, values=values
    ),
    # A step of validation takes no values.
    "validation": lambda act, r, action, version, values: move_validation(act=act, record=r, action=action, version=version),
}  # fmt: skip


def revise(register: Register, record: Any, *, values: Mapping[str, Any], version: int | None, act: Act) -> Any:
    """The record with its editable fields changed.

    Raises NotPermitted, InvalidInput naming each field that may not be edited or is not understood, VersionRequired, StaleEdit.
    """
    service = REVISE.get(register.record_type)
    if service is None or not register.editable:
        raise NotPermitted(
            N_("Không sửa trực tiếp bản ghi của sổ này."),
            subject=str(record),
            remedy=N_("Hãy sửa ở tài liệu hoặc bộ dữ liệu gốc."),
        )
    act.viewer.require(register.edit_permission, subject=str(record))
    return service(act, record, _understood(record, values, register.editable, act), version)


def take_step(
    register: Register, record: Any, *, action: str, version: int | None, values: Mapping[str, Any] | None = None, act: Act
) -> Any:
    """The record after the step; its machine is the register's that has the action.

    Raises InvalidInput for an unknown action and for values that the step does not take, and what `transitions.apply` raises.
    """
    machine, step = step_named(register, action, subject=str(record))
    act.viewer.require(step.permission, subject=str(record))
    ready = _understood(record, values or {}, taken_by(machine, step), act)
    return MOVE[machine.name](act, record, action, version, ready)


def taken_by(machine: Machine, step: Step) -> tuple[str, ...]:
    """The fields that the step takes values for, as forms and the API offer them."""
    return () if machine.name == "validation" else tuple(dict.fromkeys((*step.asks, *step.needs)))


def step_named(register: Register, action: str, *, subject: str = "") -> tuple[Machine, Step]:
    """The register's machine and step of this name. Raises InvalidInput when it has none."""
    for machine in register.machines:
        for step in machine.steps:
            if step.action == action:
                return machine, step
    raise InvalidInput(
        N_("Sổ này không có bước “%(action)s”."),
        action=action[:80],
        subject=subject or register.name,
        remedy=N_("Hãy chọn một bước được nêu ở trang của bản ghi."),
        problems=[FieldProblem("action", N_("Bước không được biết."))],
    )


def _understood(record: Any, values: Mapping[str, Any], accepted: tuple[str, ...], act: Act) -> dict[str, Any]:
    """The values as the model's fields hold them: only accepted ones, of the field's type."""
    problems, ready = [], {}
    for name, value in values.items():
        if name not in accepted:
            problems.append(FieldProblem(name[:80], N_("Không sửa được trường này ở đây.")))
            continue
        try:
            ready[name] = _converted(record, name, value, act)
        except ValueError:
            problems.append(FieldProblem(name, N_("Giá trị không hợp lệ.")))
    if problems:
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."), subject=str(record), remedy=N_("Hãy sửa các trường được nêu."), problems=problems
        )
    return ready


def _converted(record: Any, name: str, value: Any, act: Act) -> Any:
    """The value in the field's own type; ValueError when it is none, or names a record that the actor may not know of."""
    field = record._meta.get_field(name)
    if isinstance(field, ForeignKey):
        if value is None and field.null:
            return None
        related: Any = field.related_model
        if not related.objects.visible_to(act.viewer).filter(pk=UUID(str(value))).exists():
            raise ValueError(name)
        return UUID(str(value))
    if field.get_internal_type() in ("CharField", "TextField") and not isinstance(value, str):
        raise ValueError(name)
    try:
        return field.to_python(value)
    except (ValidationError, TypeError):
        raise ValueError(name) from None
