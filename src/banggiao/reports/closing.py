"""How does a home body end? Not while duties rest on it: they move to the body that follows it, or the end is refused with them.

The old body's name stays in agreements it signed and in the ledger; only what is still to be done changes hands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.text import Truncator

from banggiao.commitments.models import Commitment, Task
from banggiao.commitments.services import revise_commitment, revise_task
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, FieldProblem, InvalidInput, NotPermitted, WrongState
from banggiao.followup.services import OPEN_STATES
from banggiao.partners.models import Institution
from banggiao.partners.services import revise_institution

#: How many duties a refusal names.
NAMED = 20


def open_duties(institution: Institution, viewer: Viewer) -> tuple[list[Commitment | Task], int]:
    """(the open commitments and tasks that the body leads, as far as the viewer may know; how many more there are)."""
    seen: list[Commitment | Task] = []
    total = 0
    for model in (Commitment, Task):
        rows: Any = model.objects.filter(lead=institution, work_state__in=OPEN_STATES, retracted=False)
        total += rows.count()
        known = model.objects.visible_to(viewer).filter(lead=institution, work_state__in=OPEN_STATES)
        seen += known.order_by("current_due", "pk")
    return seen, total - len(seen)


@transaction.atomic
def close_institution(
    *, act: Act, institution: Institution, day: str, successor: Institution | None, basis: str, version: int | None
) -> Institution:
    """The body ends on a day; what it still has to do goes to its successor, each duty with an entry of its own.

    Raises NotPermitted, StaleEdit, WrongState for a body that has ended, InvalidInput with the open duties when nobody follows.
    """
    act.viewer.require("partners.edit", subject=str(institution))
    if institution.valid_to:
        raise WrongState(
            N_("Cơ quan này đã kết thúc hoạt động."), subject=str(institution), remedy=N_("Hãy sửa ngày nếu ngày ghi chưa đúng.")
        )
    if not day:
        raise _wrong(institution, [FieldProblem("valid_to", N_("Hãy ghi ngày kết thúc."))])
    duties, hidden = open_duties(institution, act.viewer)
    if hidden:
        raise NotPermitted(
            N_("Cơ quan còn %(count)s việc mà bạn không được xem nên bạn không chuyển được."),
            count=hidden,
            subject=str(institution),
            remedy=N_("Hãy nhờ đơn vị theo dõi chung thực hiện."),
        )
    if successor is None:
        _refuse(institution, duties)
    elif successor.valid_to or successor.pk == institution.pk or successor.exercise != institution.exercise:
        raise _wrong(institution, [FieldProblem("successor_id", N_("Hãy chọn một cơ quan đang hoạt động, khác cơ quan này."))])
    else:
        moving = act.because(act.reason or f"{institution.name_vi} → {successor.name_vi}, {day}")
        for duty in duties:
            if isinstance(duty, Commitment):
                revise_commitment(act=moving, commitment=duty, values={"lead_id": successor.pk}, version=duty.version)
            else:
                revise_task(act=moving, task=duty, values={"lead_id": successor.pk}, version=duty.version)
    values = {"valid_to": day, "successor_id": successor.pk if successor else None, "basis": basis or institution.basis}
    return revise_institution(act=act, institution=institution, values=values, version=version)


def revise_body(*, act: Act, institution: Institution, values: Mapping[str, Any], version: int | None) -> Institution:
    """Change a home body. Raises as `revise_institution`, and InvalidInput with the open duties for an end that leaves some."""
    if values.get("valid_to") and not institution.valid_to:
        duties, hidden = open_duties(institution, act.viewer)
        if duties or hidden:
            _refuse(institution, duties, hidden)
    return revise_institution(act=act, institution=institution, values=values, version=version)


def _refuse(institution: Institution, duties: Sequence[Commitment | Task], hidden: int = 0) -> None:
    if not duties and not hidden:
        return
    named = [FieldProblem(duty.code, Truncator(duty.text_vi).chars(120)) for duty in duties[:NAMED]]
    raise InvalidInput(
        N_("Cơ quan còn %(count)s việc chưa kết thúc nên chưa thể kết thúc hoạt động."),
        count=len(duties) + hidden,
        subject=str(institution),
        remedy=N_("Hãy chọn cơ quan kế nhiệm để chuyển các việc này, hoặc kết thúc từng việc trước."),
        problems=named,
    )


def _wrong(institution: Institution, problems: Sequence[FieldProblem]) -> InvalidInput:
    return InvalidInput(
        N_("Thông tin nhập chưa hợp lệ."), subject=str(institution), remedy=N_("Hãy sửa các trường được nêu."), problems=problems
    )
