"""Every write to conclusion notices: drafting, asking for opinions, issuing; what is issued stands among the directives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from banggiao.activities.models import Activity
from banggiao.activities.services_involving import involve
from banggiao.bodies.models import ConclusionNotice, Meeting
from banggiao.bodies.states import NOTICE
from banggiao.commitments.models import Directive
from banggiao.commitments.services import enter_directive
from banggiao.core import records, transitions
from banggiao.core.acts import Act
from banggiao.core.errors import N_, FieldProblem, InvalidInput, WrongState
from banggiao.core.numbering import next_code
from banggiao.followup.services_inbox import notify
from banggiao.partners.models import Institution

_RECEIVER = "receiver"


@transaction.atomic
def create_notice(*, act: Act, values: Mapping[str, Any], receivers: Sequence[Any] = ()) -> ConclusionNotice:
    """A notice is drafted for a meeting or an activity, of whose owner, classification and world it is.

    Raises NotPermitted, InvalidInput (neither or both named, one that is not known, a body of the other world).
    """
    act.viewer.require("bodies.edit", subject=str(values.get("name_vi", "")))
    concluded = _concluded(act, values)
    issuer = _issuer(act, values.get("issuer_id"), concluded)
    year = (values.get("issued_on") or "")[:4] or str(act.at.year)
    own = {
        "issuer_id": issuer.pk,
        "owner": concluded.owner or issuer.pk,
        "classification": concluded.classification,
        "exercise": concluded.exercise,
        "code": values.get("code") or next_code(ConclusionNotice, "DT-TB" if concluded.exercise else "TB", year),
    }
    links = {"receivers": _receivers(act, receivers, concluded.exercise)}
    return records.create(ConclusionNotice, act=act, values={**values, **own}, links=links)


def revise_notice(*, act: Act, notice: ConclusionNotice, values: Mapping[str, Any], version: int | None) -> ConclusionNotice:
    """Change a notice that is not issued; `receivers` are ids. Raises NotPermitted, WrongState, StaleEdit, InvalidInput."""
    act.viewer.require("bodies.edit", subject=str(notice))
    if notice.settled:
        raise WrongState(
            N_("Thông báo này đã kết thúc soạn thảo nên không sửa được."),
            subject=str(notice),
            remedy=N_("Hãy lập thông báo mới nếu cần đính chính."),
        )
    values = dict(values)
    links = {"receivers": _receivers(act, values.pop("receivers"), notice.exercise)} if "receivers" in values else None
    with transaction.atomic():
        changed = records.revise(notice, act=act, values=values, links=links, version=version)
        if notice.state == "commenting":
            _share(changed)
    return changed


@transaction.atomic
def move_notice(
    *, act: Act, notice: ConclusionNotice, action: str, version: int | None, values: Mapping[str, Any] | None = None
) -> ConclusionNotice:
    """Take a step of a notice. Sent for opinions or issued, it is known to its receivers; issued, it becomes a directive.

    Number, date and signer are those a person typed. Raises what `transitions.apply` raises, InvalidInput where the directive
    stands already.
    """
    also: dict[str, Any] = {}
    if action == "issue" and notice.state in NOTICE.step(action).sources and act.viewer.may("bodies.edit"):
        trial = {**{n: getattr(notice, n) for n in ("number", "issued_on", "text")}, **(values or {})}
        if all(trial.values()) and not NOTICE.missing_for(_with(notice, values or {}), NOTICE.step(action)):
            also = {"directive_id": _directive(act, notice, trial).pk}
    moved = transitions.apply(notice, NOTICE, action, act=act, version=version, values=values, also=also)
    if action in ("circulate", "issue"):
        told = _share(moved)
        notify(act=act, kind="notice", record=moved, institutions=told)
    if action == "rework":
        involve(_RECEIVER, moved.pk, [])
    if action == "issue" and moved.directive_id is not None:
        involve(_RECEIVER, moved.directive_id, _ids(moved))
    return moved


def symbol_of(notice: ConclusionNotice, number: Any) -> str:
    """The number and symbol of the paper: 65/TB-VPCP, 07/TB-VPCP."""
    return f"{int(number):02d}/TB-{notice.issuer.abbr_vi or notice.issuer.code}"


def _with(notice: ConclusionNotice, values: Mapping[str, Any]) -> ConclusionNotice:
    trial = ConclusionNotice(**{f.attname: getattr(notice, f.attname) for f in notice._meta.concrete_fields})
    for name, value in values.items():
        setattr(trial, name, value)
    return trial


def _directive(act: Act, notice: ConclusionNotice, trial: Mapping[str, Any]) -> Directive:
    values = {
        "kind": "notice",
        "number": symbol_of(notice, trial["number"]),
        "issuer_vi": notice.issuer.name_vi,
        "issuer_en": notice.issuer.name_en,
        "day": trial["issued_on"],
        "name_vi": notice.name_vi,
        "name_en": notice.name_en,
        "asks_vi": trial["text"],
        "owner": notice.owner,
        "classification": notice.classification,
        "exercise": notice.exercise,
    }
    return enter_directive(act=Act(act.viewer, act.at, act.reason, exercise=notice.exercise), values=values)


def _ids(notice: ConclusionNotice) -> list[UUID]:
    return list(notice.receiver_rows.order_by("position").values_list("institution_id", flat=True))


def _share(notice: ConclusionNotice) -> list[UUID]:
    receivers = _ids(notice)
    involve(_RECEIVER, notice.pk, receivers)
    return receivers


def _concluded(act: Act, values: Mapping[str, Any]) -> Any:
    """The meeting or the activity that the notice concludes."""
    meeting, activity = values.get("meeting_id"), values.get("activity_id")
    if bool(meeting) == bool(activity):
        raise _wrong("meeting_id", N_("Hãy chọn một phiên họp hoặc một hoạt động, không cả hai."))
    rows = Meeting.objects.visible_to(act.viewer) if meeting else Activity.objects.visible_to(act.viewer)
    found = rows.filter(pk=meeting or activity).first()
    if found is None:
        raise _wrong("meeting_id" if meeting else "activity_id", N_("Không tìm thấy bản ghi."))
    return found


def _issuer(act: Act, institution_id: Any, concluded: Any) -> Institution:
    found: Institution | None = (
        Institution.objects.visible_to(act.viewer).filter(pk=institution_id).first() if institution_id else None
    )
    if found is None:
        raise _wrong("issuer_id", N_("Không tìm thấy cơ quan này."))
    if found.exercise != concluded.exercise:
        raise _wrong("issuer_id", N_("Khác loại: thật và diễn tập."))
    return found


def _receivers(act: Act, receivers: Sequence[Any], exercise: bool) -> list[UUID]:
    wanted = list(dict.fromkeys(UUID(str(getattr(body, "pk", body))) for body in receivers))
    known = dict(Institution.objects.visible_to(act.viewer).filter(pk__in=wanted).values_list("pk", "exercise"))
    if any(pk not in known for pk in wanted):
        raise _wrong("receivers", N_("Không tìm thấy bản ghi."))
    if any(known[pk] != exercise for pk in wanted):
        raise _wrong("receivers", N_("Khác loại: thật và diễn tập."))
    return wanted


def _wrong(field: str, message: str) -> InvalidInput:
    return InvalidInput(
        N_("Thông tin nhập chưa hợp lệ."), remedy=N_("Hãy sửa các trường được nêu."), problems=[FieldProblem(field, message)]
    )
