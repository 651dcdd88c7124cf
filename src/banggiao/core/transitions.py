"""Which step leads from which state to which, and the one function that takes it.

A package's `states.py` holds frozen tables of `Step`; buttons, API actions, CLI verbs and diagrams are drawn from them. A wrong
state, missing information and a missing right are different errors, and `missing_for` always says what the next step still needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as with_default
from typing import Any, TypeVar

from banggiao.core import records
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, FieldProblem, MissingInformation, WrongState
from banggiao.core.record import Record

R = TypeVar("R", bound=Record)
#: Looks at the record (with the new values applied) and says what is wrong, or None.
Guard = Callable[[Any], FieldProblem | None]


@dataclass(frozen=True, slots=True)
class Step:
    """One declared transition. `needs` are fields that must be filled by then; `asks` are fields the step itself takes."""

    action: str
    sources: tuple[str, ...]
    target: str
    label: str
    permission: str
    needs: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    guards: tuple[Guard, ...] = ()
    reason_required: bool = False


@dataclass(frozen=True)
class Machine:
    """The transitions of one state field of one kind of record."""

    name: str
    field: str
    initial: str
    steps: tuple[Step, ...]
    field_labels: Mapping[str, str] = with_default(default_factory=dict)

    def step(self, action: str) -> Step:
        """The step of that name; KeyError for an action that is not in the table."""
        for step in self.steps:
            if step.action == action:
                return step
        raise KeyError(action)

    def states(self) -> tuple[str, ...]:
        """Every state, in the order of first mention."""
        seen = {self.initial: None}
        for step in self.steps:
            seen |= dict.fromkeys((*step.sources, step.target))
        return tuple(seen)

    def offered(self, record: Record, viewer: Viewer) -> tuple[Step, ...]:
        """The steps that leave the record's state and that the viewer may take."""
        state = getattr(record, self.field)
        return tuple(s for s in self.steps if state in s.sources and viewer.may(s.permission))

    def missing_for(self, record: Record, step: Step) -> tuple[FieldProblem, ...]:
        """What the record still lacks for the step."""
        empty = [FieldProblem(n, self.field_labels.get(n, n)) for n in step.needs if _blank(getattr(record, n))]
        return (*empty, *(problem for guard in step.guards if (problem := guard(record))))


def apply(
    record: R,
    machine: Machine,
    action: str,
    *,
    act: Act,
    version: int | None,
    values: Mapping[str, Any] | None = None,
    also: Mapping[str, Any] | None = None,
) -> R:
    """Take the step: check right, state and information, then write state and values with one ledger entry.

    `values` are the asker's and only those the step takes are used; `also` are the service's own, written with the same entry.

    Raises NotPermitted, WrongState, MissingInformation (with the fields), and what `records.revise` raises.
    """
    step = machine.step(action)
    act.viewer.require(step.permission, subject=str(record))
    state = getattr(record, machine.field)
    if state not in step.sources:
        raise WrongState(
            N_("Không thể “%(step)s” khi đang ở trạng thái này."),
            step=step.label,
            subject=str(record),
            remedy=N_("Hãy tải lại trang để xem các bước đang được phép."),
        )
    allowed = {n: v for n, v in (values or {}).items() if n in step.asks or n in step.needs}
    trial = type(record)(**{f.attname: getattr(record, f.attname) for f in record._meta.concrete_fields})
    for name, value in allowed.items():
        setattr(trial, name, value)
    problems = list(machine.missing_for(trial, step))
    if step.reason_required and _blank(act.reason):
        problems.append(FieldProblem("reason", N_("Lý do")))
    if problems:
        raise MissingInformation(
            N_("Còn thiếu thông tin cho bước “%(step)s”."),
            step=step.label,
            subject=str(record),
            remedy=N_("Hãy bổ sung các trường được nêu."),
            problems=problems,
        )
    return records.revise(
        record, act=act, values={**allowed, **(also or {}), machine.field: step.target}, version=version, action=action
    )


def _blank(value: Any) -> bool:
    return value in (None, "", []) or (isinstance(value, str) and not value.strip())
