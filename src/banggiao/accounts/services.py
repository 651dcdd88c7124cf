"""Every write to users and the roles they hold."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from banggiao.accounts.models import RoleHeld, User
from banggiao.accounts.services_tokens import revoke
from banggiao.core import records
from banggiao.core.acts import Act
from banggiao.core.errors import N_, FieldProblem, InvalidInput, NotPermitted, WrongState
from banggiao.core.vocabulary import vocabulary
from banggiao.partners.models import Institution

ADMINISTRATOR = "administrator"
#: How long a password that an administrator hands over opens the page where its owner chooses another.
ONE_TIME_FOR = timedelta(hours=72)
_USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789"  # without letters and figures that are read for one another


def create_user(
    *, act: Act, username: str, name: str, password: str, institution_id: UUID | None, language: str = "vi", **more: Any
) -> User:
    """A new account with a password that passes the rules. Raises NotPermitted, InvalidInput."""
    act.viewer.require("accounts.manage", subject=username)
    _check_person(username, name, language)
    user = User(username=username, name=name)
    _check_password(password, user)
    user.set_password(password)
    values = {
        "username": username, "name": name.strip(), "language": language, "password": user.password, "owner": institution_id,
        "classification": "internal", **more,
    }  # fmt: skip
    return records.create(User, act=act, values=values)


def invite_user(*, act: Act, username: str, name: str, institution_id: UUID, role: str, language: str = "vi") -> tuple[User, str]:
    """A new account in one role, and the password that opens it once: shown now, kept nowhere. Raises as `create_user`."""
    password = _one_time_password()
    with transaction.atomic():
        user = create_user(
            act=act, username=username, name=name, password=password, institution_id=institution_id, language=language,
            one_time_until=act.at + ONE_TIME_FOR,
            exercise=Institution.objects.filter(pk=institution_id, exercise=True).exists(),
        )  # fmt: skip
        give_role(act=act, user=user, role=role, institution_id=institution_id, held_from=timezone.localdate(act.at))
    return user, password


def revise_user(*, act: Act, user: User, values: Mapping[str, Any], version: int | None) -> User:
    """Another name or language. Raises NotPermitted, InvalidInput, VersionRequired, StaleEdit."""
    act.viewer.require("accounts.manage", subject=str(user))
    _check_person("", values.get("name", user.name), values.get("language", user.language))
    return records.revise(user, act=act, values=values, version=version)


def switch_user(*, act: Act, user: User, active: bool, version: int | None) -> User:
    """An account is taken out of use, or into use again; its history stays.

    Raises NotPermitted, InvalidInput for one's own account, WrongState for the last administrator, StaleEdit.
    """
    act.viewer.require("accounts.manage", subject=str(user))
    if act.viewer.id == user.pk:
        raise InvalidInput(
            N_("Không tự ngừng tài khoản của mình."), subject=str(user), remedy=N_("Hãy nhờ một quản trị viên khác.")
        )
    with transaction.atomic():
        if not active:
            _keep_an_administrator(act, without_user=user.pk)
        return records.revise(
            user, act=act, values={"is_active": active}, version=version, action="switch on" if active else "switch off"
        )


def reset_password(*, act: Act, user: User) -> str:
    """A password that opens the account once, in place of one that was lost: shown now, kept nowhere. Raises NotPermitted.

    Whoever lost one may have lost the other: the user's keys to the API open nothing any more.
    """
    act.viewer.require("accounts.manage", subject=str(user))
    if act.viewer.id == user.pk:
        raise InvalidInput(
            N_("Không tự đặt lại mật khẩu của mình ở đây."), subject=str(user), remedy=N_("Hãy đổi mật khẩu ở trang Tài khoản.")
        )
    password = _one_time_password()
    with transaction.atomic():
        records.revise(
            user, act=act, values={"one_time_until": act.at + ONE_TIME_FOR}, secret={"password": make_password(password)},
            version=user.version, action="reset password",
        )  # fmt: skip
        for token in user.access_tokens.filter(revoked_at=None):
            revoke(token, at=act.at)
    return password


def set_password(*, act: Act, user: User, password: str) -> None:
    """Set one's own password, or another's; the ledger says that it was set, never what it is.

    Raises NotPermitted, InvalidInput.
    """
    if act.viewer.id != user.pk:
        act.viewer.require("accounts.manage", subject=str(user))
    _check_password(password, user)
    records.revise(
        user, act=act, values={"one_time_until": None}, secret={"password": make_password(password)}, version=user.version,
        action="set password",
    )  # fmt: skip


def give_role(
    *, act: Act, user: User, role: str, institution_id: UUID, held_from: date, held_until: date | None = None
) -> RoleHeld:
    """A user acts in a role for an institution from a day on.

    Raises NotPermitted (also for a role given to oneself), NotFound for an unknown role, InvalidInput for an institution that is
    no more, a user out of use, an end before the beginning, and a role held already.
    """
    act.viewer.require("accounts.manage", subject=str(user))
    if act.viewer.id == user.pk:
        raise NotPermitted(N_("Không tự giao vai trò cho mình."), subject=str(user), remedy=N_("Hãy nhờ một quản trị viên khác."))
    vocabulary("role").term(role)
    problems = _period_problems(held_from, held_until)
    body = Institution.objects.filter(pk=institution_id, retracted=False).first()
    if body is None or (body.valid_to and body.valid_to <= held_from.isoformat()):
        problems.append(FieldProblem("institution_id", N_("Cơ quan này không còn hoạt động.")))
    if not user.is_active or user.retracted:
        problems.append(FieldProblem("user_id", N_("Tài khoản này đã ngừng sử dụng.")))
    held = RoleHeld.objects.filter(user=user, role=role, institution=institution_id, delegated_by=None, retracted=False)
    if overlapping(held, held_from, held_until):
        problems.append(FieldProblem("role", N_("Người dùng đã giữ vai trò này trong thời gian đó.")))
    _refuse(problems, str(user))
    values = {
        "user_id": user.pk,
        "role": role,
        "institution_id": institution_id,
        "held_from": held_from,
        "held_until": held_until,
        "owner": institution_id,
        "exercise": act.exercise or bool(body and body.exercise),
    }
    return records.create(RoleHeld, act=act, values=values)


def end_role(*, act: Act, held: RoleHeld, on: date) -> RoleHeld:
    """The role ends with this day.

    Raises NotPermitted, InvalidInput for a day before it began, WrongState for the last administrator.
    """
    act.viewer.require("accounts.manage", subject=str(held))
    _refuse(_period_problems(held.held_from, on), str(held))
    with transaction.atomic():
        if held.role == ADMINISTRATOR and held.delegated_by_id is None:
            _keep_an_administrator(act, without_role=held.pk)
        return records.revise(held, act=act, values={"held_until": on}, version=held.version, action="end role")


def overlapping(rows: Any, start: date, end: date | None) -> bool:
    """Whether any of these roles is held on a day of the period; one without end lasts for ever."""
    last = end or date.max
    return any(held.held_from <= last and (held.held_until or date.max) >= start for held in rows)


def _keep_an_administrator(act: Act, *, without_role: UUID | None = None, without_user: UUID | None = None) -> None:
    """Raise WrongState when nobody would be left who holds the administrator's role for good.

    The roles are locked first: of two administrators who end each other's role at once, one must come second.
    """
    today = timezone.localdate(act.at)
    rows = RoleHeld.objects.select_for_update().filter(role=ADMINISTRATOR, delegated_by=None, retracted=False)
    lasting = [held for held in rows.order_by("pk") if held.held_until is None and held.held_from <= today]
    users = set(
        User.objects.filter(pk__in={held.user_id for held in lasting}, is_active=True, retracted=False).values_list(
            "pk", flat=True
        )
    )
    before = [held for held in lasting if held.user_id in users]
    after = [held for held in before if held.pk != without_role and held.user_id != without_user]
    if before and not after:
        raise WrongState(
            N_("Đây là quản trị viên cuối cùng; hệ thống phải luôn có ít nhất một người."),
            remedy=N_("Hãy giao vai trò quản trị viên, không thời hạn, cho một người khác trước."),
        )


def _one_time_password() -> str:
    return "-".join("".join(secrets.choice(_LEGIBLE) for _ in range(5)) for _ in range(4))


def _check_person(username: str, name: str, language: str) -> None:
    problems = []
    if username and not _USERNAME.fullmatch(username):
        problems.append(FieldProblem("username", N_("Chỉ dùng chữ không dấu, chữ số, dấu chấm, gạch nối; tối đa 64 ký tự.")))
    elif username and User.objects.filter(username__iexact=username).exists():
        problems.append(FieldProblem("username", N_("Tên đăng nhập đã có người dùng.")))
    if not name.strip() or len(name) > 200:
        problems.append(FieldProblem("name", N_("Hãy ghi họ tên, tối đa 200 ký tự.")))
    if language not in dict(settings.LANGUAGES):
        problems.append(FieldProblem("language", N_("Giá trị không hợp lệ.")))
    _refuse(problems, username or name[:80])


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput(
            N_("Mật khẩu chưa đạt yêu cầu."), subject=str(user), remedy=N_("Hãy chọn mật khẩu khác."),
            problems=[FieldProblem("password", text) for text in error.messages],
        ) from None  # fmt: skip


def _period_problems(start: date, end: date | None) -> list[FieldProblem]:
    return [FieldProblem("held_until", N_("Ngày kết thúc phải từ ngày bắt đầu trở đi."))] if end and end < start else []


def _refuse(problems: list[FieldProblem], subject: str) -> None:
    if problems:
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."), subject=subject, remedy=N_("Hãy sửa các trường được nêu."), problems=problems
        )
