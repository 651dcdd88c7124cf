"""Which service writes a record of a register: what page, API and command call to enter or edit any record or to take any step.

Packages write their own records; the faces know registers only. The tables below lead from a record type, and from a state
machine, to the service that acts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from banggiao.accounts.services import revise_user
from banggiao.activities.services import create_activities, create_activity, move_activity, open_review, revise_activity
from banggiao.agreements.services import create_agreement, create_agreements, move_agreement, revise_agreement
from banggiao.barriers.services import create_barriers, move_barrier, revise_barrier
from banggiao.bodies.services import create_body, create_meeting, move_body, move_meeting, revise_body, revise_meeting
from banggiao.bodies.services_notices import create_notice, move_notice, revise_notice
from banggiao.commitments.services import (
    create_commitments,
    create_directives,
    create_tasks,
    revise_commitment,
    revise_directive,
    revise_task,
)
from banggiao.core import undoing
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, FieldProblem, InvalidInput, NotPermitted
from banggiao.core.ledger import entries_of
from banggiao.core.registers import Register
from banggiao.core.transitions import Machine, Step
from banggiao.followup.chasing.services import create_ladder, revise_ladder
from banggiao.followup.data_calls.services import create_call, move_answer, move_call, revise_call
from banggiao.followup.dispatches.services import create_dispatch, create_dispatches, revise_dispatch
from banggiao.followup.escalations.services import create_escalation, move_escalation, revise_escalation
from banggiao.followup.evidence.services import move_evidence
from banggiao.followup.services import move_validation, move_work, settle_due_move
from banggiao.intelligence.watching.services import create_watch, move_signal, move_watch, revise_signal, revise_watch
from banggiao.partners.services import (
    create_institution,
    create_institutions,
    create_level,
    create_partner,
    create_partners,
    create_people,
    create_person,
    create_post,
    create_posts,
    revise_level,
    revise_partner,
    revise_person,
    revise_post,
)
from banggiao.programmes.services import create_programme, create_programmes, move_programme, revise_programme
from banggiao.reports.closing import revise_body as revise_institution
from banggiao.reports.entry import Reader, Understood, asked, each_named, meaning
from banggiao.reports.naming import Named, Names, parted_links
from banggiao.reports.review_issue import take_review_step
from banggiao.reviews.services import add_reader, move_comment, move_reader, write_comment
from banggiao.sources.services import record_figure, record_figures
from banggiao.sources.services_figures import revise_figure

Links = Mapping[str, Sequence[Any]]
Create = Callable[[Act, Mapping[str, Any], Links], Any]
CreateMany = Callable[[Act, Sequence[tuple[Mapping[str, Any], Links]]], Sequence[Any]]
Revise = Callable[[Act, Any, Mapping[str, Any], int | None], Any]
Move = Callable[[Act, Any, str, int | None, Mapping[str, Any]], Any]

#: Record type -> the service that makes a new record of what its register asks for.
CREATE: dict[str, Create] = {
    "activities.activity": lambda act, values, links: create_activity(act=act, values=values, partners=links.get("partners", ())),
    "activities.review": lambda act, values, links: open_review(
        act=act, period=values["period"], exercise=act.exercise, owner=values["owner"], classification=values["classification"]
    ),
    "agreements.agreement": lambda act, values, links: create_agreement(act=act, values=values, parties=links.get("parties", ())),
    "barriers.barrier": lambda act, values, links: create_barriers(act=act, rows=[values])[0],
    "bodies.body": lambda act, values, links: create_body(act=act, values=values),
    "bodies.conclusionnotice": lambda act, values, links: create_notice(
        act=act, values=values, receivers=links.get("receivers", ())
    ),
    "bodies.meeting": lambda act, values, links: create_meeting(act=act, values=values),
    "commitments.commitment": lambda act, values, links: create_commitments(act=act, rows=[values], links=[links])[0],
    "commitments.directive": lambda act, values, links: create_directives(act=act, rows=[values])[0],
    "commitments.task": lambda act, values, links: create_tasks(act=act, rows=[values], links=[links])[0],
    "followup.datacall": lambda act, values, links: create_call(act=act, values=values, addressees=links.get("addressees", ())),
    "followup.dispatchreference": lambda act, values, links: create_dispatch(act=act, values=values),
    "followup.escalation": lambda act, values, links: create_escalation(act=act, values=values),
    "followup.reminderladder": lambda act, values, links: create_ladder(act=act, values=values),
    "intelligence.watch": lambda act, values, links: create_watch(act=act, values=values),
    "reviews.reviewcomment": lambda act, values, links: write_comment(act=act, values=values),
    "reviews.reviewreader": lambda act, values, links: add_reader(
        act=act, review_id=values["review_id"], institution_id=values["institution_id"]
    ),
    "programmes.workprogramme": lambda act, values, links: create_programme(act=act, values=values),
    "sources.officialfigure": lambda act, values, links: record_figure(act=act, values=values),
    "partners.institution": lambda act, values, links: create_institution(act=act, values=values, **links),
    "partners.partner": lambda act, values, links: create_partner(act=act, values=values, **links),
    "partners.person": lambda act, values, links: create_person(act=act, values=values),
    "partners.post": lambda act, values, links: create_post(act=act, values=values),
    "partners.relationlevel": lambda act, values, links: create_level(act=act, values=values),
}
#: Record type -> the service that makes many at once, for pasted tables; the others are made one after the other.
CREATE_MANY: dict[str, CreateMany] = {
    "activities.activity": lambda act, rows: create_activities(act=act, rows=rows),
    "agreements.agreement": lambda act, rows: create_agreements(act=act, rows=rows),
    "barriers.barrier": lambda act, rows: create_barriers(act=act, rows=[v for v, _links in rows]),
    "commitments.commitment": lambda act, rows: create_commitments(
        act=act, rows=[v for v, _links in rows], links=[links for _v, links in rows]
    ),
    "commitments.directive": lambda act, rows: create_directives(act=act, rows=[v for v, _links in rows]),
    "commitments.task": lambda act, rows: create_tasks(
        act=act, rows=[v for v, _links in rows], links=[links for _v, links in rows]
    ),
    "followup.dispatchreference": lambda act, rows: create_dispatches(act=act, rows=[v for v, _links in rows]),
    "partners.institution": lambda act, rows: create_institutions(act=act, rows=rows),
    "partners.partner": lambda act, rows: create_partners(act=act, rows=rows),
    "partners.person": lambda act, rows: create_people(act=act, rows=[v for v, _links in rows]),
    "partners.post": lambda act, rows: create_posts(act=act, rows=[v for v, _links in rows]),
    "programmes.workprogramme": lambda act, rows: create_programmes(act=act, rows=[v for v, _links in rows]),
    "sources.officialfigure": lambda act, rows: record_figures(act=act, rows=[v for v, _links in rows]),
}
#: Record type -> the service that changes its editable fields.
REVISE: dict[str, Revise] = {
    "accounts.user": lambda act, r, values, version: revise_user(act=act, user=r, values=values, version=version),
    "activities.activity": lambda act, r, values, version: revise_activity(act=act, activity=r, values=values, version=version),
    "agreements.agreement": lambda act, r, values, version: revise_agreement(
        act=act, agreement=r, values=values, version=version
    ),
    "barriers.barrier": lambda act, r, values, version: revise_barrier(act=act, barrier=r, values=values, version=version),
    "bodies.body": lambda act, r, values, version: revise_body(act=act, body=r, values=values, version=version),
    "bodies.conclusionnotice": lambda act, r, values, version: revise_notice(act=act, notice=r, values=values, version=version),
    "bodies.meeting": lambda act, r, values, version: revise_meeting(act=act, meeting=r, values=values, version=version),
    "commitments.commitment": lambda act, r, values, version: revise_commitment(
        act=act, commitment=r, values=values, version=version
    ),
    "commitments.directive": lambda act, r, values, version: revise_directive(
        act=act, directive=r, values=values, version=version
    ),
    "commitments.task": lambda act, r, values, version: revise_task(act=act, task=r, values=values, version=version),
    "followup.datacall": lambda act, r, values, version: revise_call(act=act, call=r, values=values, version=version),
    "followup.dispatchreference": lambda act, r, values, version: revise_dispatch(
        act=act, dispatch=r, values=values, version=version
    ),
    "intelligence.signal": lambda act, r, values, version: revise_signal(act=act, signal=r, values=values, version=version),
    "intelligence.watch": lambda act, r, values, version: revise_watch(act=act, watch=r, values=values, version=version),
    "followup.escalation": lambda act, r, values, version: revise_escalation(
        act=act, escalation=r, values=values, version=version
    ),
    "followup.reminderladder": lambda act, r, values, version: revise_ladder(act=act, ladder=r, values=values, version=version),
    "partners.institution": lambda act, r, values, version: revise_institution(
        act=act, institution=r, values=values, version=version
    ),
    "partners.partner": lambda act, r, values, version: revise_partner(act=act, partner=r, values=values, version=version),
    "partners.person": lambda act, r, values, version: revise_person(act=act, person=r, values=values, version=version),
    "partners.post": lambda act, r, values, version: revise_post(act=act, post=r, values=values, version=version),
    "partners.relationlevel": lambda act, r, values, version: revise_level(act=act, level=r, values=values, version=version),
    "programmes.workprogramme": lambda act, r, values, version: revise_programme(
        act=act, programme=r, values=values, version=version
    ),
    "sources.officialfigure": lambda act, r, values, version: revise_figure(act=act, figure=r, values=values, version=version),
}
#: Machine name -> the service that takes its steps.
MOVE: dict[str, Move] = {
    "activity": lambda act, r, action, version, values: move_activity(
        act=act, activity=r, action=action, version=version, values=values
    ),
    "agreement": lambda act, r, action, version, values: move_agreement(
        act=act, agreement=r, action=action, version=version, values=values
    ),
    "barrier": lambda act, r, action, version, values: move_barrier(
        act=act, barrier=r, action=action, version=version, values=values
    ),
    "body": lambda act, r, action, version, values: move_body(
        act=act, body=r, action=action, version=version, values=values
    ),
    "conclusion_notice": lambda act, r, action, version, values: move_notice(
        act=act, notice=r, action=action, version=version, values=values
    ),
    "meeting": lambda act, r, action, version, values: move_meeting(
        act=act, meeting=r, action=action, version=version, values=values
    ),
    "data_call": lambda act, r, action, version, values: move_call(
        act=act, call=r, action=action, version=version, values=values
    ),
    "data_call_answer": lambda act, r, action, version, values: move_answer(
        act=act, answer=r, action=action, version=version, values=values
    ),
    "due_date_move": lambda act, r, action, version, values: settle_due_move(act=act, move=r, action=action, version=version),
    "signal": lambda act, r, action, version, values: move_signal(
        act=act, signal=r, action=action, version=version, values=values
    ),
    "watch": lambda act, r, action, version, values: move_watch(act=act, watch=r, action=action, version=version, values=values),
    "escalation": lambda act, r, action, version, values: move_escalation(
        act=act, escalation=r, action=action, version=version, values=values
    ),
    "evidence": lambda act, r, action, version, values: move_evidence(
        act=act, evidence=r, action=action, version=version, values=values
    ),
    "review": lambda act, r, action, version, values: take_review_step(act, r, action, version, values),
    "review_comment": lambda act, r, action, version, values: move_comment(
        act=act, comment=r, action=action, version=version, values=values
    ),
    "review_reader": lambda act, r, action, version, values: move_reader(
        act=act, reader=r, action=action, version=version, values=values
    ),
    "programme": lambda act, r, action, version, values: move_programme(
        act=act, programme=r, action=action, version=version, values=values
    ),
    "work": lambda act, r, action, version, values: move_work(
        act=act, record=r, action=action, version=version, values=values
    ),
    # A step of validation takes no values.
    "validation": lambda act, r, action, version, values: move_validation(act=act, record=r, action=action, version=version),
}  # fmt: skip


def may_create(register: Register, viewer: Viewer) -> bool:
    """Whether the viewer may enter records of this register by hand."""
    return bool(register.entry) and register.record_type in CREATE and viewer.may(register.edit_permission)


def require_entry(register: Register, viewer: Viewer) -> None:
    """Raise NotPermitted where the register is not entered by hand, or not by this viewer."""
    if not register.entry or register.record_type not in CREATE:
        raise NotPermitted(
            N_("Sổ này không nhập trực tiếp được."),
            subject=register.name,
            remedy=N_("Bản ghi của sổ này đến từ tài liệu được duyệt hoặc bộ dữ liệu tham chiếu."),
        )
    viewer.require(register.edit_permission, subject=register.name)


def create(register: Register, *, values: Mapping[str, Any], act: Act) -> Any:
    """A new record of what was typed (or sent as JSON) for the fields of `register.entry`, links among them.

    Everything is understood before anything is written. Raises NotPermitted, and InvalidInput with everything wrong by field.
    """
    require_entry(register, act.viewer)
    understood = Reader(register, act.viewer).read(values)
    if understood.problems:
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."),
            subject=register.one.vi,
            remedy=N_("Hãy sửa các trường được nêu."),
            problems=understood.problems,
        )
    made = replace(act, exercise=understood.exercise)
    return CREATE[register.record_type](made, understood.values, understood.links)


@transaction.atomic
def create_many(register: Register, *, rows: Sequence[Understood], act: Act) -> list[Any]:
    """New records of rows that `entry.Reader` understood without a problem; all or none. Raises as the register's service."""
    require_entry(register, act.viewer)
    made: list[Any] = []
    for exercise in (False, True):
        group = [(row.values, row.links) for row in rows if row.exercise == exercise]
        deed = replace(act, exercise=exercise)
        if register.record_type in CREATE_MANY:
            made += CREATE_MANY[register.record_type](deed, group) if group else []
        else:
            made += [CREATE[register.record_type](deed, values, links) for values, links in group]
    return made


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
    return service(act, record, _understood(register, record, values, register.editable, act), version)


def undo(register: Register, record: Any, *, version: int | None, act: Act) -> Any:
    """The record without the actor's own last change. Raises as `undoing.undo`, and NotPermitted without the right to it."""
    act.viewer.require(_permission_of(register, last_action(record)), subject=str(record))
    return undoing.undo(record, act=act, version=version, steps=_steps(register))


@transaction.atomic
def undo_many(register: Register, records: Sequence[Any], *, act: Act) -> list[UUID]:
    """Take back the actor's own last change of each record where it can be; the ids of those taken back."""
    gone = []
    for record in records:
        if may_undo(register, record, act.viewer):
            undo(register, record, version=record.version, act=act)
            gone.append(record.pk)
    return gone


def may_undo(register: Register, record: Any, viewer: Viewer) -> bool:
    """Whether the record's last change is the viewer's own and can be taken back."""
    return viewer.may(_permission_of(register, last_action(record))) and undoing.can_undo(record, viewer, _steps(register))


def take_step(
    register: Register, record: Any, *, action: str, version: int | None, values: Mapping[str, Any] | None = None, act: Act
) -> Any:
    """The record after the step; its machine is the register's that has the action.

    Raises InvalidInput for an unknown action and for values that the step does not take, and what `transitions.apply` raises.
    """
    machine, step = step_named(register, action, subject=str(record))
    act.viewer.require(step.permission, subject=str(record))
    ready = _understood(register, record, values or {}, taken_by(machine, step), act)
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


def last_action(record: Any) -> str:
    """What was done to the record last, as the ledger calls it."""
    last = entries_of(record.pk).last()
    return last.action if last else ""


def _steps(register: Register) -> frozenset[str]:
    return frozenset(
        step.action for machine in register.machines for step in machine.steps if (machine.name, step.action) not in _TOLD
    )


#: Steps that set others to work: taking them back would leave those with what they were given.
_TOLD = frozenset(
    {
        ("meeting", "convene"),
        ("conclusion_notice", "circulate"),
        ("conclusion_notice", "issue"),
        ("data_call", "open"),
        ("data_call_answer", "submit"),
        ("data_call_answer", "return"),
        *(("escalation", step) for step in ("send", "decide", "withdraw")),
        *(("review", step) for step in ("freeze", "circulate", "conclude", "publish")),
        ("review_reader", "comment"),
        *(("due_date_move", step) for step in ("approve", "refuse")),
    }
)


def _permission_of(register: Register, action: str) -> str:
    """The right that taking back an action needs: that of the step, else that of editing."""
    steps = {step.action: step.permission for machine in register.machines for step in machine.steps}
    return steps.get(action, register.edit_permission)


def _understood(
    register: Register, record: Any, values: Mapping[str, Any], accepted: tuple[str, ...], act: Act
) -> dict[str, Any]:
    """The values as the model's fields hold them: only accepted ones, of the field's type; a link as the ids it leads to."""
    problems, ready, names = [], {}, Names(act.viewer)
    for name, value in values.items():
        if name not in accepted:
            problems.append(FieldProblem(name[:80], N_("Không sửa được trường này ở đây.")))
            continue
        try:
            ready[name] = _converted(register, record, name, value, names)
        except ValueError as wrong:
            problems.append(FieldProblem(name, str(wrong) or N_("Giá trị không hợp lệ.")))
    if problems:
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."), subject=str(record), remedy=N_("Hãy sửa các trường được nêu."), problems=problems
        )
    return ready


def _converted(register: Register, record: Any, name: str, value: Any, names: Names) -> Any:
    """The value in the field's own type; ValueError when it is none, or names a record that the actor may not know of."""
    each = asked(register, name)
    if each.kind == "record" and value not in (None, "") and str(value) == str(getattr(record, each.field.attname)):
        return getattr(record, each.field.attname)  # whoever stands there stays, known to the actor or not
    if each.kind == "records":
        texts = [str(item) for item in value] if isinstance(value, list | tuple) else None
        found = each_named(each, "; ".join(texts) if texts is not None else str(value or ""), names)
        # Whom the actor may not know of stays where it stands.
        return [*(_of_this_world(record, one).id for one in found), *_hidden(record, name, names)]
    if isinstance(value, str):
        meant = meaning(each, value, names)
        if each.kind == "record":
            if meant is None and not each.field.null:
                raise ValueError(gettext("Không được để trống."))
            return _of_this_world(record, meant).id if meant is not None else None
        return meant
    field = each.field
    if each.kind == "record" and value is not None:
        return _of_this_world(record, names.one(each.model, str(value))).id
    if value is None and field.null:
        return None
    if value is None or (field.get_internal_type() in ("CharField", "TextField")):
        raise ValueError("")
    try:
        return field.to_python(value)
    except (ValidationError, TypeError):
        raise ValueError("") from None


def _hidden(record: Any, name: str, names: Names) -> list[Any]:
    return parted_links(record, name, names.viewer)[1] if name in record.links else []


def _of_this_world(record: Any, named: Named) -> Named:
    """Whoever is named, if the record and they are both made up or both real. Raises ValueError."""
    if named.exercise != record.exercise:
        message = N_("“%(name)s” không cùng là thật hoặc cùng là diễn tập với bản ghi này.")
        raise ValueError(gettext(message) % {"name": named.title.vi[:80]})
    return named
