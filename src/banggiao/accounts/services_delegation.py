"""Every write of delegation: while somebody is absent, another acts in their role."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from banggiao.accounts.models import RoleHeld, User
from banggiao.accounts.questions import roles_on
from banggiao.accounts.services import overlapping
from banggiao.core import records
from banggiao.core.acts import Act
from banggiao.core.errors import N_, FieldProblem, InvalidInput, WrongState

LONGEST_DAYS = 184


def delegate_role(*, act: Act, held: RoleHeld, to: User, start: date, end: date) -> RoleHeld:
    """The user `to` acts in the role that `held` names, for the same institution, from a day until a day.

    Whoever holds the role delegates it, or somebody who keeps the accounts does. Raises NotPermitted, and InvalidInput naming
    each field: a delegated role goes no further, its time lies within that of the role and is at most 184 days, a reason stands.
    """
    if act.viewer.id != held.user_id:
        act.viewer.require("accounts.manage", subject=str(held.user))
    problems = []
    if held.delegated_by_id:
        problems.append(FieldProblem("role", N_("Vai trò được ủy quyền thì không ủy quyền tiếp.")))
    if to.pk == held.user_id or not to.is_active or to.retracted:
        problems.append(FieldProblem("to", N_("Hãy chọn một người khác đang sử dụng tài khoản.")))
    elif act.viewer.id == held.user_id and not act.viewer.may("accounts.manage"):
        here = roles_on(timezone.localdate(act.at)).filter(user=to, institution=held.institution_id)
        if not here.exists():
            problems.append(FieldProblem("to", N_("Hãy chọn một người đang giữ vai trò ở cơ quan của vai trò này.")))
    if start < timezone.localdate(act.at):
        problems.append(FieldProblem("start", N_("Ủy quyền không thể bắt đầu trong quá khứ.")))
    if end < start or end > start + timedelta(days=LONGEST_DAYS):
        problems.append(FieldProblem("end", N_("Ngày kết thúc phải sau ngày bắt đầu, và không quá 184 ngày.")))
    if start < held.held_from or (held.held_until and end > held.held_until):
        problems.append(FieldProblem("end", N_("Thời gian ủy quyền phải nằm trong thời gian giữ vai trò.")))
    if not act.reason.strip():
        problems.append(FieldProblem("reason", N_("Hãy ghi lý do ủy quyền.")))
    given = RoleHeld.objects.filter(
        user=to, role=held.role, institution=held.institution_id, delegated_by=held.user_id, retracted=False
    )
    if not problems and overlapping(given, start, end):
        problems.append(FieldProblem("to", N_("Người này đã được ủy quyền trong thời gian đó.")))
    if problems:
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."), subject=str(to), remedy=N_("Hãy sửa các trường được nêu."), problems=problems
        )
    values = {
        "user_id": to.pk,
        "delegated_by_id": held.user_id,
        "role": held.role,
        "institution_id": held.institution_id,
        "held_from": start,
        "held_until": end,
        "owner": held.institution_id,
        "exercise": held.exercise,
    }
    return records.create(RoleHeld, act=act, values=values, action="delegate")


def end_delegation(*, act: Act, held: RoleHeld) -> RoleHeld:
    """The delegation is over from today on; one that has not begun never begins.

    Either of the two ends it, or somebody who keeps the accounts.
    Raises NotPermitted, WrongState when it is no delegation or over.
    """
    if act.viewer.id not in (held.user_id, held.delegated_by_id):
        act.viewer.require("accounts.manage", subject=str(held.user))
    today = timezone.localdate(act.at)
    if held.delegated_by_id is None or held.held_until is None or held.held_until < today:
        raise WrongState(N_("Ủy quyền này đã hết."), subject=str(held.user), remedy=N_("Hãy tải lại trang."))
    over = {"held_until": today - timedelta(days=1)} if held.held_from < today else {"retracted": True}
    return records.revise(held, act=act, values=over, version=held.version, action="end delegation")
