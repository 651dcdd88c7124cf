"""A user's own account: what they may do, delegation while they are away, password, keys to the API."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banggiao.accounts.models import RoleHeld, User
from banggiao.accounts.questions import colleagues_of, delegation_of, delegations_of, own_roles
from banggiao.accounts.services import set_password
from banggiao.accounts.services_delegation import delegate_role, end_delegation
from banggiao.accounts.services_tokens import issue, revoke
from banggiao.accounts.tokens import token_named, tokens_of
from banggiao.core.errors import N_, InvalidInput
from banggiao.core.questions import Bi
from banggiao.web.admin.forms import Errors, asked, chosen, day_sent, people, sent, wrong_field
from banggiao.web.asking import deed, language, moment, today, typed
from banggiao.web.frame import render
from banggiao.web.pages import HomePage
from banggiao.web.parts import (
    Action,
    Badge,
    Cell,
    Definition,
    Empty,
    Field,
    Form,
    Header,
    Link,
    Section,
    Table,
    TableColumn,
    TableRow,
)
from banggiao.web.words import label, told


@require_safe
def account(request: HttpRequest) -> HttpResponseBase:
    """Who one is here, in which roles, and who acts for whom while somebody is away."""
    user = _user(request)
    page = HomePage(
        header=Header(
            title=_("Tài khoản và ủy quyền"),
            subtitle=f"{user.name} · {user.username}",
            actions=[
                Action(label=_("Đổi mật khẩu"), url=reverse("web:password"), icon="lock"),
                *([_delegate_action()] if own_roles(user, today=today(request)) else ()),
            ],
        ),
        sections=[_roles(request, user), delegations(user, today(request), mine=True)],
        aside=[
            Section(
                id="more",
                title=_("Xem thêm"),
                definitions=[
                    Definition(label=_("Thư và lịch"), cell=Cell(value=_("Chọn cách nhận"), url=reverse("web:mail"))),
                    Definition(label=_("Khóa truy cập API"), cell=Cell(value=_("Tạo và thu hồi"), url=reverse("web:tokens"))),
                    Definition(label=_("Quyền của vai trò"), cell=Cell(value=_("Bảng quyền"), url=reverse("web:permissions"))),
                ],
            )
        ],
    )
    return render(request, "home_desk.html", page, exercise=user.exercise)


@sensitive_post_parameters("old", "password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponseBase:
    """Choose another password; whoever sits at a machine left open must know the one in force."""
    user, here = _user(request), reverse("web:account")

    def write() -> str:
        if not user.check_password(request.POST.get("old", "")):
            raise wrong_field("old", N_("Mật khẩu hiện tại chưa đúng."))
        new = request.POST.get("password", "")
        if new != request.POST.get("again", ""):
            raise wrong_field("again", N_("Hai lần nhập chưa khớp."))
        set_password(act=deed(request), user=user, password=new)
        update_session_auth_hash(request, user)  # this session goes on, all others end
        return here

    def fields(errors: Errors) -> list[Field]:
        return [
            Field(
                name="old",
                label=_("Mật khẩu hiện tại"),
                kind="password",
                required=True,
                autocomplete="current-password",
                errors=errors("old"),
            ),
            *new_password_fields(errors),
        ]

    return asked(
        request, title=_("Đổi mật khẩu"), trail=[_to_account()], fields=fields, write=write, submit=_("Đổi mật khẩu"), back=here,
        done=_("Đã đổi mật khẩu. Các phiên làm việc khác của bạn đã kết thúc."),
    )  # fmt: skip


def new_password_fields(errors: Errors) -> list[Field]:
    """The two fields in which a new password is chosen."""
    return [
        Field(
            name="password",
            label=_("Mật khẩu mới"),
            kind="password",
            required=True,
            autocomplete="new-password",
            errors=errors("password"),
            help=_("Ít nhất 12 ký tự, không giống tên của bạn, không phải mật khẩu hay gặp."),
        ),
        Field(
            name="again",
            label=_("Nhập lại mật khẩu mới"),
            kind="password",
            required=True,
            autocomplete="new-password",
            errors=errors("again"),
        ),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def delegate(request: HttpRequest) -> HttpResponseBase:
    """A role of one's own is delegated for an absence."""
    user, here = _user(request), reverse("web:account")
    mine = own_roles(user, today=today(request))

    def write() -> str:
        held = next((h for h in mine if str(h.pk) == typed(request, "held")), None)
        to = next((u for u in colleagues_of(user, today=today(request)) if str(u.pk) == typed(request, "to")), None)
        if held is None or to is None:
            raise wrong_field("held" if held is None else "to", N_("Hãy chọn trong danh sách."))
        act = deed(request, typed(request, "reason").strip())
        delegate_role(act=act, held=held, to=to, start=day_sent(request, "start"), end=day_sent(request, "end"))
        return here

    def fields(errors: Errors) -> list[Field]:
        return [
            chosen("held", _("Vai trò"), [(str(h.pk), _role_name(h)) for h in mine], sent(request, "held"), errors),
            chosen(
                "to",
                _("Người thay mặt"),
                people(colleagues_of(user, today=today(request))),
                sent(request, "to"),
                errors,
                help=_("Người đang giữ vai trò ở cùng cơ quan với bạn."),
            ),
            Field(
                name="start", label=_("Từ ngày"), kind="date", required=True, errors=errors("start"),
                value=sent(request, "start", today(request).isoformat()),
            ),
            Field(
                name="end", label=_("Đến hết ngày"), kind="date", required=True, value=sent(request, "end"), errors=errors("end")
            ),
            Field(
                name="reason", label=_("Lý do"), required=True, value=sent(request, "reason"), errors=errors("reason"),
                help=_("Ví dụ: nghỉ phép năm, đi công tác, dự khóa học."),
            ),
        ]  # fmt: skip

    return asked(
        request, title=_("Ủy quyền khi vắng mặt"), trail=[_to_account()], fields=fields, write=write, submit=_("Ủy quyền"),
        back=here, done=_("Đã ủy quyền. Người thay mặt có quyền của vai trò này trong thời gian đã ghi."),
        help=_("Việc ủy quyền được ghi vào nhật ký; bạn hoặc người thay mặt có thể chấm dứt bất cứ lúc nào."),
    )  # fmt: skip


@require_POST
def undelegate(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """A delegation given by the user or to them ends."""
    end_delegation(act=deed(request), held=delegation_of(_user(request), key))
    messages.success(request, _("Đã chấm dứt ủy quyền."))
    return redirect("web:account")


@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponseBase:
    """The user's keys to the API; a new one shows its secret this once."""
    user, secret, problem = _user(request), "", ""
    if request.method == "POST":
        days = typed(request, "days").strip()
        try:
            _token, secret = issue(
                user, typed(request, "label"), may_write=typed(request, "scope") == "write", at=moment(request),
                days=int(days) if days.isascii() and days.isdigit() and len(days) < 5 else 0,
            )  # fmt: skip
        except InvalidInput as error:
            problem = " ".join([told(error), *(_(p.message) for p in error.problems)])
            messages.error(request, problem)
    page = HomePage(
        header=Header(
            title=_("Khóa truy cập API"),
            subtitle=_("Chương trình khác dùng khóa này để hỏi và ghi với quyền của bạn."),
            trail=[_to_account()],
            actions=[Action(label=_("Tài liệu API"), url="/api/docs", icon="document")],
        ),
        sections=[
            *([_secret(secret)] if secret else ()),
            Section(
                id="new",
                title=_("Tạo khóa"),
                form=Form(action=reverse("web:tokens"), fields=_token_fields(), submit=_("Tạo khóa"), icon="add"),
            ),
            _tokens(request, user),
        ],
    )
    return render(request, "home_desk.html", page, status=422 if problem else 200)


@require_POST
def revoke_token(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """One of the user's keys opens nothing any more."""
    revoke(token_named(_user(request), key), at=moment(request))
    messages.success(request, _("Đã thu hồi khóa."))
    return redirect("web:tokens")


def delegations(user: User, day: date, *, mine: bool) -> Section:
    """Who acts for the user and for whom they act, now or soon, each with the button that ends it."""
    rows = []
    for held in delegations_of(user, today=day):
        end = Action(
            label=_("Chấm dứt"), method="post", url=reverse("web:undelegate" if mine else "web:end_delegation", args=[held.pk]),
            confirm=_("Chấm dứt ủy quyền này?"),
        )  # fmt: skip
        behalf = held.delegated_by.name if held.delegated_by else ""
        started = held.held_from <= day
        state = _("đang có hiệu lực") if started else _("sắp tới")
        rows.append(
            TableRow(
                cells=[
                    Cell(value=_role_name(held).get(language())),
                    Cell(value=behalf),
                    Cell(value=held.user.name),
                    Cell(value=held.held_from),
                    Cell(value=held.held_until),
                    Cell(value=state, badge=Badge(label=state, tone="good" if started else "active")),
                    Cell(actions=[end]),
                ],
                exercise=held.exercise,
            )
        )
    empty = Empty(
        title=_("Không có ủy quyền nào"),
        text=_("Khi vắng mặt, hãy giao vai trò cho một đồng nghiệp trong thời gian xác định."),
        action=_delegate_action() if mine and own_roles(user, today=day) else None,
    )
    columns = [
        TableColumn(key="role", label=_("Vai trò"), lead=True),
        TableColumn(key="by", label=_("Thay mặt")),
        TableColumn(key="to", label=_("Người thực hiện")),
        TableColumn(key="from", label=_("Từ ngày"), kind="date"),
        TableColumn(key="until", label=_("Đến hết ngày"), kind="date"),
        TableColumn(key="state", label=_("Hiệu lực")),
        TableColumn(key="end", label=_("Thao tác")),
    ]
    table = Table(caption=_("Ủy quyền"), columns=columns, rows=rows)
    return Section(id="delegations", title=_("Ủy quyền"), table=table if rows else None, empty=empty)


def _roles(request: HttpRequest, user: User) -> Section:
    rows = [
        TableRow(
            cells=[
                Cell(value=label("role", held.role), note=""),
                Cell(value=Bi(held.institution.name_vi, held.institution.name_en).get(language())),
                Cell(value=held.held_from),
                Cell(value=held.held_until or _("không thời hạn")),
            ],
            exercise=held.exercise,
        )
        for held in own_roles(user, today=today(request))
    ]
    columns = [
        TableColumn(key="role", label=_("Vai trò"), lead=True),
        TableColumn(key="body", label=_("Cơ quan")),
        TableColumn(key="from", label=_("Từ ngày"), kind="date"),
        TableColumn(key="until", label=_("Đến hết ngày"), kind="date"),
    ]
    empty = Empty(title=_("Chưa được giao vai trò"), text=_("Hãy liên hệ quản trị viên của đơn vị."))
    table = Table(caption=_("Vai trò của bạn"), columns=columns, rows=rows) if rows else None
    return Section(id="roles", title=_("Vai trò của bạn"), table=table, empty=empty)


def _tokens(request: HttpRequest, user: User) -> Section:
    rows = []
    for token in tokens_of(user):
        good = token.revoked_at is None and token.expires_at > moment(request)
        state = _("đã thu hồi") if token.revoked_at else _("còn hiệu lực") if good else _("đã hết hạn")
        end = Action(
            label=_("Thu hồi"), url=reverse("web:revoke_token", args=[token.pk]), method="post", style="danger",
            confirm=_("Thu hồi khóa này? Chương trình đang dùng khóa sẽ không truy cập được nữa."),
        )  # fmt: skip
        rows.append(
            TableRow(
                cells=[
                    Cell(value=token.label),
                    Cell(value=_("đọc và ghi") if token.may_write else _("chỉ đọc")),
                    Cell(value=token.created_at),
                    Cell(value=token.expires_at),
                    Cell(value=state, badge=Badge(label=state, tone="good" if good else "neutral")),
                    Cell(actions=[end] if good else ()),
                ]
            )
        )
    columns = [
        TableColumn(key="label", label=_("Tên khóa"), lead=True),
        TableColumn(key="scope", label=_("Phạm vi")),
        TableColumn(key="from", label=_("Tạo lúc"), kind="datetime"),
        TableColumn(key="until", label=_("Hết hạn"), kind="datetime"),
        TableColumn(key="state", label=_("Tình trạng")),
        TableColumn(key="end", label=_("Thao tác")),
    ]
    empty = Empty(title=_("Chưa có khóa nào"), text=_("Đặt tên cho nơi sẽ dùng khóa, chọn phạm vi và thời hạn rồi tạo."))
    table = Table(caption=_("Khóa của bạn"), columns=columns, rows=rows) if rows else None
    return Section(id="tokens", title=_("Khóa của bạn"), table=table, empty=empty)


def _token_fields() -> list[Field]:
    scopes = [("read", Bi(_("chỉ đọc"))), ("write", Bi(_("đọc và ghi")))]
    return [
        Field(name="label", label=_("Tên khóa"), required=True),
        chosen("scope", _("Phạm vi"), scopes, "read", lambda _name: ()),
        Field(name="days", label=_("Số ngày hiệu lực (1–366)"), kind="number", value="90", required=True),
    ]


def _secret(secret: str) -> Section:
    return Section(
        id="secret",
        title=_("Khóa mới"),
        definitions=[Definition(label=_("Phần bí mật"), cell=Cell(value=secret), kind="code")],
        note=_("Hãy chép ngay: phần bí mật chỉ hiện một lần này và hệ thống không giữ lại."),
    )


def _role_name(held: RoleHeld) -> Bi:
    vi, en = held.institution.name_vi, held.institution.name_en or held.institution.name_vi
    return Bi(*(f"{label('role', held.role)}, {name}" for name in (vi, en)))


def _delegate_action() -> Action:
    return Action(label=_("Ủy quyền khi vắng mặt"), url=reverse("web:delegate"), style="primary", icon="people")


def _to_account() -> Link:
    return Link(label=_("Tài khoản và ủy quyền"), url=reverse("web:account"))


def _user(request: HttpRequest) -> User:
    """The signed-in user as a record that can be written: the request holds a stand-in that is no User by type."""
    user: User = User.objects.get(pk=request.user.pk)
    return user
