"""A user's own choice of mail and calendar address; the outgoing mail, for those who keep the installation."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banggiao.accounts.models import User
from banggiao.accounts.services_tokens import LONGEST_DAYS, issue, revoke
from banggiao.accounts.tokens import token_named, tokens_of
from banggiao.core.errors import MissingInformation
from banggiao.core.installation import installed_level
from banggiao.core.questions import Bi
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.mail.questions import failed_mails, mail_choice
from banggiao.followup.mail.services import choose_mail, send_again
from banggiao.web.addresses import list_url
from banggiao.web.admin.forms import chosen
from banggiao.web.asking import asker, deed, moment, typed
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
from banggiao.web.words import say, told

FAILED_ROWS = 50


@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: HttpRequest) -> HttpResponseBase:
    """Whether and where the reader wants mail, and their calendar address."""
    user, problem = User.objects.get(pk=request.user.pk), ""
    mode, address = mail_choice(user)
    if request.method == "POST":
        mode, address = typed(request, "mode"), typed(request, "address").strip()
        try:
            choose_mail(act=deed(request), user=user, mode=mode, address=address)
            messages.success(request, _("Đã ghi cách nhận thư."))
            return redirect("web:mail")
        except MissingInformation as error:
            problem = " ".join([told(error), *(say(p.message) for p in error.problems)])
            messages.error(request, problem)
    return _page(request, user, mode, address, status=422 if problem else 200)


@require_POST
def new_feed(request: HttpRequest) -> HttpResponseBase:
    """A new calendar address, shown this once; the earlier ones open nothing any more."""
    user = User.objects.get(pk=request.user.pk)
    made, secret = issue(user, _("Lịch"), may_write=False, at=moment(request), days=LONGEST_DAYS, scope="calendar")
    for token in tokens_of(user, scope="calendar"):
        if token.pk != made.pk:
            revoke(token, at=moment(request))
    return _page(request, user, *mail_choice(user), secret=secret)


@require_POST
def end_feed(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The calendar address opens nothing any more."""
    revoke(token_named(User.objects.get(pk=request.user.pk), key), at=moment(request))
    messages.success(request, _("Đã thu hồi địa chỉ lịch."))
    return redirect("web:mail")


@require_safe
def outbox(request: HttpRequest) -> HttpResponseBase:
    """Mails that failed, each with the button that sends it again."""
    viewer = asker(request)
    failed, manage = failed_mails(viewer, FAILED_ROWS), viewer.may("jobs.manage")
    rows = [
        TableRow(
            cells=(
                Cell(value=each.subject, note=say(each.error), note_tone="bad"),
                Cell(value=each.user.name),
                Cell(value=each.queued_at),
                Cell(value=each.attempts),
                *(
                    [Cell(actions=(Action(label=_("Gửi lại"), url=reverse("web:send_mail", args=[each.pk]), method="post"),))]
                    if manage
                    else ()
                ),
            ),
            exercise=each.exercise,
        )
        for each in failed
    ]
    columns = (
        TableColumn(key="subject", label=_("Tiêu đề thư"), lead=True),
        TableColumn(key="reader", label=_("Người nhận")),
        TableColumn(key="queued", label=_("Vào hàng lúc"), kind="datetime"),
        TableColumn(key="attempts", label=_("Số lần gửi"), kind="number"),
        *([TableColumn(key="again", label=_("Thao tác"))] if manage else ()),
    )
    section = Section(
        id="failed",
        title=_("Thư không gửi được"),
        link=Link(label=_("Mọi thư gửi đi"), url=list_url("mails")),
        table=Table(caption=_("Thư không gửi được"), columns=columns, rows=rows) if rows else None,
        empty=Empty(title=_("Không có thư hỏng"), text=_("Thư máy chủ không nhận, hoặc không rõ đã đến hay chưa, sẽ nằm ở đây.")),
        note=_state(),
    )
    page = HomePage(header=Header(title=_("Thư điện tử gửi đi")), sections=[section])
    return render(request, "home_desk.html", page)


@require_POST
def resend(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """A mail that failed is queued again."""
    send_again(act=deed(request), mail_id=key)
    messages.success(request, _("Đã xếp lại thư vào hàng gửi."))
    return redirect("web:outbox")


def _page(
    request: HttpRequest, user: User, mode: str, address: str, *, secret: str = "", status: int = 200
) -> HttpResponseBase:  # fmt: skip
    terms = vocabulary("mail_mode").terms
    fields = [
        chosen("mode", _("Cách nhận thư"), [(t.code, Bi(t.label_vi, t.label_en)) for t in terms], mode, lambda _name: ()),
        Field(name="address", label=_("Địa chỉ thư điện tử"), kind="email", value=address, autocomplete="email"),
    ]
    choose = Section(
        id="mail",
        title=_("Thư điện tử"),
        form=Form(action=reverse("web:mail"), fields=fields, submit=_("Ghi"), icon="check"),
        note=" ".join(
            (
                _state(),
                _(
                    "Thư chỉ đến trong giờ làm việc, theo lịch và múi giờ của cơ quan bạn; ngoài giờ, hoặc quá %(n)d thư một "
                    "ngày, thì gộp vào thư tổng hợp của ngày làm việc sau. Thư chỉ nêu mã và đường dẫn, không nêu nội dung "
                    "của bản ghi nội bộ."
                )
                % {"n": settings.MAIL_MOST_A_DAY},
            )
        ),
    )
    page = HomePage(
        header=Header(
            title=_("Thư và lịch của bạn"),
            trail=[Link(label=_("Tài khoản và ủy quyền"), url=reverse("web:account"))],
        ),
        sections=[choose, *([_secret(secret)] if secret else ()), _feed(request, user)],
    )
    return render(request, "home_desk.html", page, status=status, exercise=user.exercise)


def _state() -> str:
    if installed_level() == "enclave":
        return _("Bản cài đặt mức mật không gửi thư.")
    return "" if settings.EMAIL_HOST else _("Bản cài đặt này chưa nối máy chủ thư nên chưa gửi thư nào.")


def _feed(request: HttpRequest, user: User) -> Section:
    rows = []
    for token in tokens_of(user, scope="calendar"):
        good = token.revoked_at is None and token.expires_at > moment(request)
        state = _("đã thu hồi") if token.revoked_at else _("còn hiệu lực") if good else _("đã hết hạn")
        end = Action(
            label=_("Thu hồi"), url=reverse("web:end_feed", args=[token.pk]), method="post", style="danger",
            confirm=_("Thu hồi địa chỉ này? Lịch đang đọc địa chỉ này sẽ không cập nhật nữa."),
        )  # fmt: skip
        rows.append(
            TableRow(
                cells=(
                    Cell(value=token.created_at),
                    Cell(value=token.expires_at),
                    Cell(value=state, badge=Badge(label=state, tone="good" if good else "neutral")),
                    Cell(actions=[end] if good else ()),
                )
            )
        )
    columns = (
        TableColumn(key="from", label=_("Tạo lúc"), kind="datetime", lead=True),
        TableColumn(key="until", label=_("Hết hạn"), kind="datetime"),
        TableColumn(key="state", label=_("Tình trạng")),
        TableColumn(key="end", label=_("Thao tác")),
    )
    make = Action(label=_("Tạo địa chỉ lịch"), url=reverse("web:new_feed"), method="post", icon="add")
    refused = installed_level() == "enclave"
    return Section(
        id="feed",
        title=_("Lịch (iCalendar)"),
        table=Table(caption=_("Địa chỉ lịch"), columns=columns, rows=rows) if rows else None,
        empty=Empty(
            title=_("Chưa có địa chỉ lịch"),
            text=_("Thêm địa chỉ vào Outlook, Google Calendar hay lịch trên điện thoại để thấy hạn và hoạt động của bạn."),
        ),
        actions=() if refused else (make,),
        note=_("Bản cài đặt mức mật không mở lịch ra ngoài.")
        if refused
        else _("Ai có địa chỉ này đều đọc được lịch của bạn; địa chỉ mới thay địa chỉ cũ, chỉ đọc, hết hạn sau 366 ngày."),
    )


def _secret(secret: str) -> Section:
    url = f"{settings.ADDRESS}{reverse('web:feed', args=[secret])}"
    return Section(
        id="secret",
        title=_("Địa chỉ lịch mới"),
        definitions=[Definition(label=_("Địa chỉ"), cell=Cell(value=url, url=url))],
        note=_("Hãy chép ngay: địa chỉ chỉ hiện một lần này và hệ thống không giữ lại."),
    )
