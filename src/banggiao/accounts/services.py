"""Every write to users, roles and access."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from banggiao.accounts.models import RoleHeld, User
from banggiao.core import records
from banggiao.core.acts import Act
from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.core.vocabulary import vocabulary


def create_user(*, act: Act, username: str, name: str, password: str, institution_id: UUID | None, language: str = "vi") -> User:
    """A new account with a password that passes the rules. Raises NotPermitted, InvalidInput."""
    act.viewer.require("accounts.manage", subject=username)
    if User.objects.filter(username=username).exists():
        raise InvalidInput(
            N_("Tên đăng nhập đã có người dùng."),
            subject=username,
            remedy=N_("Hãy chọn tên khác."),
            problems=[FieldProblem("username", N_("Đã có."))],
        )
    user = User(username=username, name=name)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput(
            N_("Mật khẩu chưa đạt yêu cầu."), subject=username, remedy=N_("Hãy chọn mật khẩu khác."),
            problems=[FieldProblem("password", text) for text in error.messages],
        ) from None  # fmt: skip
    user.set_password(password)
    values = {
        "username": username, "name": name, "language": language, "password": user.password, "owner": institution_id,
        "classification": "internal",
    }  # fmt: skip
    return records.create(User, act=act, values=values)


def give_role(
    *, act: Act, user: User, role: str, institution_id: UUID, held_from: date, held_until: date | None = None
) -> RoleHeld:
    """A user acts in a role for an institution from a day on. Raises NotPermitted, NotFound for an unknown role."""
    act.viewer.require("accounts.manage", subject=str(user))
    vocabulary("role").term(role)
    values = {
        "user_id": user.pk,
        "role": role,
        "institution_id": institution_id,
        "held_from": held_from,
        "held_until": held_until,
        "owner": institution_id,
    }
    return records.create(RoleHeld, act=act, values=values)


def end_role(*, act: Act, held: RoleHeld, on: date) -> RoleHeld:
    """The role ends with this day. Raises NotPermitted."""
    act.viewer.require("accounts.manage", subject=str(held))
    return records.revise(held, act=act, values={"held_until": on}, version=held.version, action="end role")


def set_password(*, act: Act, user: User, password: str) -> None:
    """Set one's own password, or another's; the ledger says that it was set, never what it is.

    Raises NotPermitted, InvalidInput.
    """
    if act.viewer.id != user.pk:
        act.viewer.require("accounts.manage", subject=str(user))
    try:
        validate_password(password, user)
    except ValidationError as error:
        problems = [FieldProblem("password", text) for text in error.messages]
        raise InvalidInput(
            N_("Mật khẩu chưa đạt yêu cầu."), subject=str(user), remedy=N_("Hãy chọn mật khẩu khác."), problems=problems
        ) from None
    hashed = make_password(password)
    records.revise(user, act=act, values={}, secret={"password": hashed}, version=user.version, action="set password")
