"""Keeping accounts: a new one, a role given or ended, a lost password, an account out of use, a portfolio handed over."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from banggiao.accounts.models import RoleHeld, User
from banggiao.accounts.questions import ROLES_HELD, USERS, people_in_use
from banggiao.accounts.services import end_role, give_role, invite_user, reset_password, switch_user
from banggiao.accounts.services_delegation import end_delegation
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.questions import Bi
from banggiao.core.registers import find_record, register_of
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.services_portfolio import hand_over, portfolio_of
from banggiao.reports.choices import institution_choices
from banggiao.web.addresses import list_url, record_url
from banggiao.web.admin.account import delegations
from banggiao.web.admin.forms import Errors, asked, chosen, day_sent, people, sent, wrong_field
from banggiao.web.asking import asker, deed, language, today, typed, version_sent
from banggiao.web.frame import render
from banggiao.web.pages import HomePage
from banggiao.web.parts import Action, Cell, Definition, Field, Header, Link, Section
from banggiao.web.words import label


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponseBase:
    """A new account; the password that opens it once is shown once."""
    asker(request).require("accounts.manage")

    def write() -> HttpResponseBase:
        user, password = invite_user(
            act=deed(request), username=typed(request, "username").strip(), name=typed(request, "name").strip(),
            institution_id=_institution(request), role=_role(request), language=typed(request, "language") or "vi",
        )  # fmt: skip
        return _hand_out(request, user, password, _("Đã tạo tài khoản"))

    def fields(errors: Errors) -> list[Field]:
        return [
            Field(name="name", label=_("Họ tên"), required=True, value=sent(request, "name"), errors=errors("name")),
            Field(
                name="username", label=_("Tên đăng nhập"), required=True, value=sent(request, "username"),
                errors=errors("username"), autocomplete="off",
                help=_("Chữ không dấu, chữ số, dấu chấm, gạch nối. Tên đăng nhập không đổi về sau."),
            ),
            *_role_fields(request, errors),
            chosen(
                "language", _("Ngôn ngữ"), [("vi", Bi("Tiếng Việt", "Tiếng Việt")), ("en", Bi("English"))],
                sent(request, "language", "vi"), errors,
            ),
        ]  # fmt: skip

    return asked(
        request, title=_("Thêm người dùng"), trail=[_to_users()], fields=fields, write=write, submit=_("Tạo tài khoản"),
        back=list_url("users"), help=_("Sau khi tạo, mật khẩu dùng một lần hiện ra để bạn trao cho người dùng."),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """A user is given a role in an institution."""
    user = _found(request, key, "accounts.manage")
    here = record_url("accounts.user", user.pk)

    def write() -> str:
        start = day_sent(request, "held_from")
        end = day_sent(request, "held_until") if typed(request, "held_until").strip() else None
        give_role(
            act=deed(request, typed(request, "reason").strip()), user=user, role=_role(request),
            institution_id=_institution(request), held_from=start, held_until=end,
        )  # fmt: skip
        return here

    def fields(errors: Errors) -> list[Field]:
        return [
            *_role_fields(request, errors),
            Field(
                name="held_from", label=_("Từ ngày"), kind="date", required=True, errors=errors("held_from"),
                value=sent(request, "held_from", today(request).isoformat()),
            ),
            Field(
                name="held_until", label=_("Đến hết ngày"), kind="date", value=sent(request, "held_until"),
                errors=errors("held_until"), help=_("Để trống nếu không thời hạn."),
            ),
            Field(name="reason", label=_("Lý do, quyết định"), value=sent(request, "reason"), errors=errors("reason")),
        ]  # fmt: skip

    return asked(
        request, title=_("Giao vai trò"), subtitle=user.name, trail=_trail(user), fields=fields, write=write,
        submit=_("Giao vai trò"), back=here, done=_("Đã giao vai trò."), exercise=user.exercise,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """A role ends with a day; a delegation ends at once."""
    asker(request).require("accounts.manage")
    held: RoleHeld = find_record(ROLES_HELD, str(key), asker(request))
    here = record_url("accounts.user", held.user_id)

    def write() -> str:
        end_role(act=deed(request, typed(request, "reason").strip()), held=held, on=day_sent(request, "on"))
        return here

    def fields(errors: Errors) -> list[Field]:
        return [
            Field(
                name="on", label=_("Ngày cuối cùng giữ vai trò"), kind="date", required=True, errors=errors("on"),
                value=sent(request, "on", today(request).isoformat()),
            ),
            Field(name="reason", label=_("Lý do, quyết định"), value=sent(request, "reason"), errors=errors("reason")),
        ]  # fmt: skip

    return asked(
        request, title=_("Kết thúc vai trò"), subtitle=f"{held.user.name}: {_role_name(held)}", trail=_trail(held.user),
        fields=fields, write=write, submit=_("Kết thúc vai trò"), back=here, done=_("Đã ghi ngày kết thúc vai trò."),
        exercise=held.exercise,
    )  # fmt: skip


@require_POST
def stop_delegation(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Somebody who keeps the accounts ends a delegation."""
    asker(request).require("accounts.manage")
    held: RoleHeld = find_record(ROLES_HELD, str(key), asker(request))
    end_delegation(act=deed(request), held=held)
    messages.success(request, _("Đã chấm dứt ủy quyền."))
    return redirect(record_url("accounts.user", held.user_id))


@require_POST
def reset(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """A one-time password in place of one that was lost; shown once."""
    user = _found(request, key, "accounts.manage")
    return _hand_out(request, user, reset_password(act=deed(request), user=user), _("Đã đặt lại mật khẩu"))


@require_POST
def switch(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """An account goes out of use, or into use again."""
    user = _found(request, key, "accounts.manage")
    active = typed(request, "active") == "yes"
    switch_user(act=deed(request), user=user, active=active, version=version_sent(request))
    messages.success(request, _("Tài khoản đã được dùng lại.") if active else _("Tài khoản đã ngừng sử dụng."))
    return redirect(record_url("accounts.user", user.pk))


@require_http_methods(["GET", "HEAD", "POST"])
def pass_on(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The open duties of a user pass to a successor, after a look at how many there are."""
    user = _found(request, key, "followup.hand_over")
    here = record_url("accounts.user", user.pk)
    viewer = asker(request)
    found = portfolio_of(user, viewer)

    def write() -> str:
        to = next((u for u in people_in_use(viewer) if str(u.pk) == typed(request, "to")), None)
        if to is None:
            raise wrong_field("to", N_("Hãy chọn trong danh sách."))
        count = typed(request, "expected")
        done = hand_over(
            act=deed(request, typed(request, "reason").strip()), user=user, to=to,
            expected=int(count) if count.isascii() and count.isdigit() and len(count) < 9 else -1,
        )  # fmt: skip
        text = ngettext("Đã bàn giao %(n)d việc cho %(name)s.", "Đã bàn giao %(n)d việc cho %(name)s.", done)
        messages.success(request, text % {"n": done, "name": to.name})
        return here

    def fields(errors: Errors) -> list[Field]:
        others = [u for u in people_in_use(viewer) if u.pk != user.pk]
        return [
            Field(name="expected", label="", kind="hidden", value=str(found.total)),
            chosen("to", _("Người nhận"), people(others), sent(request, "to"), errors),
            Field(
                name="reason", label=_("Lý do"), required=True, value=sent(request, "reason"), errors=errors("reason"),
                help=_("Ghi vào lịch sử của từng bản ghi được bàn giao."),
            ),
        ]  # fmt: skip

    counted = "; ".join(f"{_register_title(kind)}: {count}" for kind, count in found.counts)
    told = (
        _("Sẽ bàn giao %(what)s đang mở mà %(name)s phụ trách.") % {"what": counted, "name": user.name}
        if found.total
        else _("%(name)s không phụ trách nhiệm vụ hay cam kết nào đang mở.") % {"name": user.name}
    )
    return asked(
        request, title=_("Bàn giao hồ sơ"), subtitle=user.name, trail=_trail(user), fields=fields, write=write,
        submit=_("Bàn giao"), back=here, help=told, exercise=user.exercise,
    )  # fmt: skip


def beside_user(user: Any, viewer: Viewer) -> list[Section]:
    """What stands on the page of an account beside its fields: what can be done, and delegations."""
    doing: list[Action] = []
    if viewer.may("accounts.manage"):
        doing.append(Action(label=_("Giao vai trò"), url=reverse("web:give_role", args=[user.pk]), style="primary", icon="add"))
        if user.is_active:
            doing.append(
                Action(
                    label=_("Đặt lại mật khẩu"),
                    url=reverse("web:reset_password", args=[user.pk]),
                    method="post",
                    confirm=_("Mật khẩu hiện tại sẽ không dùng được nữa; một mật khẩu dùng một lần sẽ hiện ra."),
                )  # fmt: skip
            )
        doing.append(_switch(user))
    if viewer.may("followup.hand_over") and portfolio_of(user, viewer).total:
        doing.append(Action(label=_("Bàn giao hồ sơ"), url=reverse("web:hand_over", args=[user.pk])))
    ledger = Link(label=_("Việc đã làm"), url=list_url("ledger", {"actor": str(user.pk)}))
    sections = [
        Section(
            id="doing",
            title=_("Thao tác"),
            link=ledger,
            text="" if doing else _("Bạn chỉ xem được tài khoản này."),
            actions=doing,
        )
    ]
    shown = delegations(user, timezone.localdate(timezone.now()), mine=False)
    return [*sections, shown] if shown.table else sections


def beside_role(held: Any, viewer: Viewer) -> list[Section]:
    """What can be done about a role that somebody holds."""
    if not viewer.may("accounts.manage") or (held.held_until and held.held_until < timezone.localdate(timezone.now())):
        return []
    if held.delegated_by_id:
        action = Action(
            label=_("Chấm dứt ủy quyền"), url=reverse("web:end_delegation", args=[held.pk]), method="post", style="danger",
            confirm=_("Chấm dứt ủy quyền này?"),
        )  # fmt: skip
    else:
        action = Action(label=_("Kết thúc vai trò"), url=reverse("web:end_role", args=[held.pk]))
    return [Section(id="doing", title=_("Thao tác"), actions=[action])]


def _switch(user: User) -> Action:
    if user.is_active:
        return Action(
            label=_("Ngừng sử dụng"), url=reverse("web:switch_user", args=[user.pk]), method="post", style="danger",
            confirm=_("Người này sẽ không đăng nhập được nữa. Lịch sử vẫn được giữ nguyên."),
            fields=(("version", str(user.version)), ("active", "no")),
        )  # fmt: skip
    return Action(
        label=_("Cho dùng lại"), url=reverse("web:switch_user", args=[user.pk]), method="post",
        fields=(("version", str(user.version)), ("active", "yes")),
    )  # fmt: skip


def _hand_out(request: HttpRequest, user: User, password: str, title: str) -> HttpResponseBase:
    """The page that shows a one-time password, this once."""
    page = HomePage(
        header=Header(
            title=title,
            subtitle=f"{user.name} · {user.username}",
            trail=_trail(user),
            actions=[Action(label=_("Về trang người dùng"), url=record_url("accounts.user", user.pk))],
        ),
        sections=[
            Section(
                id="password",
                title=_("Đăng nhập lần đầu"),
                definitions=[
                    Definition(label=_("Địa chỉ"), cell=Cell(value=request.build_absolute_uri(reverse("web:sign_in")))),
                    Definition(label=_("Tên đăng nhập"), cell=Cell(value=user.username), kind="code"),
                    Definition(label=_("Mật khẩu dùng một lần"), cell=Cell(value=password), kind="code"),
                    Definition(label=_("Dùng được đến"), cell=Cell(value=user.one_time_until), kind="datetime"),
                ],
                note=_(
                    "Hãy trao trực tiếp cho người dùng: mật khẩu chỉ hiện một lần này và hệ thống không giữ lại. "
                    "Khi đăng nhập, người dùng phải chọn mật khẩu của riêng mình."
                ),
            )
        ],
    )
    return render(request, "home_desk.html", page, exercise=user.exercise)


def _role_fields(request: HttpRequest, errors: Errors) -> list[Field]:
    roles = [(term.code, Bi(term.label_vi, term.label_en)) for term in vocabulary("role").terms]
    bodies = institution_choices(asker(request))
    return [
        chosen(
            "role", _("Vai trò"), roles, sent(request, "role"), errors,
            help=_("Xem bảng quyền của từng vai trò trong trình đơn tài khoản."),
        ),
        chosen("institution_id", _("Cơ quan"), bodies, sent(request, "institution_id"), errors),
    ]  # fmt: skip


def _role(request: HttpRequest) -> str:
    code = typed(request, "role")
    if code not in vocabulary("role"):
        raise wrong_field("role", N_("Hãy chọn trong danh sách."))
    return code


def _institution(request: HttpRequest) -> UUID:
    key = typed(request, "institution_id")
    if key not in dict(institution_choices(asker(request))):
        raise wrong_field("institution_id", N_("Hãy chọn trong danh sách."))
    return UUID(key)


def _found(request: HttpRequest, key: UUID, permission: str) -> User:
    viewer = asker(request)
    viewer.require(permission, subject=str(key))
    viewer.require(USERS.permission, subject=str(key))
    user: User = find_record(USERS, str(key), viewer)
    return user


def _role_name(held: RoleHeld) -> str:
    return f"{label('role', held.role)}, {Bi(held.institution.name_vi, held.institution.name_en).get(language())}"


def _register_title(record_type: str) -> str:
    register = register_of(record_type)
    return register.title.get(language()).lower() if register else record_type


def _to_users() -> Link:
    return Link(label=USERS.title.get(language()), url=list_url("users"))


def _trail(user: User) -> list[Link]:
    return [_to_users(), Link(label=user.name, url=record_url("accounts.user", user.pk))]
