"""Handing over a portfolio: the open duties of which a user is the person in charge pass to a successor, all or none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from banggiao.accounts.models import RoleHeld, User
from banggiao.accounts.questions import roles_on
from banggiao.core import records
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, FieldProblem, InvalidInput, WrongState
from banggiao.followup.models import Followed
from banggiao.followup.services import OPEN_STATES


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The open duties of a user: (record type, how many) for each kind that has any, and the institutions that lead them."""

    counts: tuple[tuple[str, int], ...]
    leads: frozenset[UUID]

    @property
    def total(self) -> int:
        """How many duties there are."""
        return sum(count for _kind, count in self.counts)


def portfolio_of(user: User, viewer: Viewer) -> Portfolio:
    """What would be handed over: open duties that name the user as person in charge, led by an institution they act or acted for.

    Raises NotPermitted. The right to hand over reaches every institution's duties; it tells their number, not what they say.
    """
    viewer.require("followup.hand_over", subject=str(user))
    counts, leads = [], set()
    for model in _followed():
        rows = _open_duties(model, user)
        if count := rows.count():
            counts.append((model._meta.label_lower, count))
            leads |= set(rows.values_list("lead_id", flat=True))
    return Portfolio(tuple(counts), frozenset(leads))


def hand_over(*, act: Act, user: User, to: User, expected: int) -> int:
    """The duties of `user` name `to` as person in charge, in one transaction, with a ledger entry and the reason for each.

    `expected` is the number that was shown before. Returns how many. Raises NotPermitted, InvalidInput naming each field (no
    reason, no duty, a successor who does not act for every institution concerned, a name that two users of one institution
    bear), WrongState when the number is another by now.
    """
    act.viewer.require("followup.hand_over", subject=str(user))
    with transaction.atomic():
        found = portfolio_of(user, act.viewer)
        _check(act, user, to, found)
        if found.total != expected:
            raise WrongState(
                N_("Số việc phải bàn giao đã thay đổi sau khi bạn mở trang."),
                subject=str(user),
                remedy=N_("Hãy xem lại rồi xác nhận."),
            )
        reason = f"{user.name} ({user.username}) → {to.name} ({to.username}): {act.reason.strip()}"
        done = 0
        for model in _followed():
            for duty in _open_duties(model, user).order_by("pk"):
                values = {"person_in_charge": to.name}
                records.revise(duty, act=act.because(reason), values=values, version=duty.version, action="hand over")
                done += 1
        return done


def _check(act: Act, user: User, to: User, found: Portfolio) -> None:
    today = timezone.localdate(act.at)
    problems = []
    if not found.total:
        problems.append(FieldProblem("user", N_("Người này không phụ trách việc nào đang mở.")))
    if to.pk == user.pk or not to.is_active or to.retracted:
        problems.append(FieldProblem("to", N_("Hãy chọn một người khác đang sử dụng tài khoản.")))
    acts_for = set(roles_on(today).filter(user=to, delegated_by=None).values_list("institution_id", flat=True))
    if not problems and found.leads - acts_for:
        problems.append(FieldProblem("to", N_("Người nhận chưa giữ vai trò ở mọi cơ quan chủ trì của các việc này.")))
    namesakes = RoleHeld.objects.filter(user__name=user.name, institution__in=found.leads, retracted=False).exclude(user=user)
    if namesakes.exists():
        problems.append(FieldProblem("user", N_("Ở cơ quan chủ trì còn người khác cùng họ tên, nên không rõ việc của ai.")))
    if not act.reason.strip():
        problems.append(FieldProblem("reason", N_("Hãy ghi lý do bàn giao.")))
    if problems:
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."), subject=str(user), remedy=N_("Hãy sửa các trường được nêu."), problems=problems
        )


def _open_duties(model: Any, user: User) -> Any:
    bodies = RoleHeld.objects.filter(user=user, delegated_by=None, retracted=False).values("institution")
    return model.objects.filter(person_in_charge=user.name, lead__in=bodies, work_state__in=OPEN_STATES, retracted=False)


def _followed() -> list[Any]:
    """The records that are followed, whichever packages declare them."""
    return sorted((m for m in apps.get_models() if issubclass(m, Followed)), key=lambda m: m._meta.label_lower)
