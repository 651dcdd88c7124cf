"""Signing in and out, the language of the pages, and what happens after too many wrong passwords."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from banggiao.accounts.models import User
from banggiao.accounts.questions import viewer_of
from banggiao.accounts.services import set_password
from banggiao.core import clock
from banggiao.core.acts import Act
from banggiao.core.errors import N_, InvalidInput
from banggiao.web import demo, kept
from banggiao.web.admin.account import new_password_fields
from banggiao.web.admin.forms import wrong_field
from banggiao.web.asking import safe_next, typed
from banggiao.web.frame import render
from banggiao.web.pages import ErrorPage, SignInPage
from banggiao.web.parts import Action, Field
from banggiao.web.words import say

_FIRST = "first_sign_in"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The sign-in page; signed in, on to where one wanted to go."""
    then = safe_next(request, request.POST.get("next", request.GET.get("next", "")))
    if request.user.is_authenticated:
        return (kept.give_back(request) if kept.is_kept(request) else None) or redirect(then)
    username = request.GET.get("as", "")[:64]  # a demo account chosen on the page
    errors: tuple[str, ...] = ()
    if request.method == "POST":
        username = typed(request, "username").strip()
        user = authenticate(request, username=username, password=request.POST.get("password", ""))
        if isinstance(user, User) and not user.retracted:
            if user.one_time_until is None:
                login(request, user)
                return (kept.give_back(request) if kept.is_kept(request) else None) or redirect(then)
            if user.one_time_until > timezone.now():
                # No session yet: with a password somebody else made nothing opens but the page where another is chosen.
                request.session[_FIRST] = [str(user.pk), user.version]
                return redirect("web:first_sign_in")
            errors = (_("Mật khẩu dùng một lần đã hết hạn. Hãy nhờ quản trị viên của đơn vị cấp mật khẩu khác."),)
        errors = errors or (_("Tên đăng nhập hoặc mật khẩu chưa đúng. Hãy thử lại; phân biệt chữ hoa và chữ thường."),)
    return _ask(request, username, errors, then)


def ask_again(request: HttpRequest) -> HttpResponseBase:
    """The sign-in page instead of a form that was sent without a session; what was typed comes back after signing in."""
    return _ask(request, "", (), request.path)


def _ask(request: HttpRequest, username: str, errors: tuple[str, ...], then: str) -> HttpResponseBase:
    carried = kept.kept_fields(request) if request.method == "POST" else []
    text = _("Phiên làm việc đã hết nên chưa có gì được ghi.") if carried or then == request.path else ""
    if carried:
        text += " " + _("Hãy đăng nhập lại: nội dung bạn đã nhập được giữ và sẽ hiện lại để bạn kiểm tra rồi lưu.")
    elif text:
        text += " " + _("Hãy đăng nhập ở một thẻ khác, quay lại trang trước rồi gửi lại; nội dung đã nhập vẫn còn ở đó.")
    page = SignInPage(
        action=reverse("web:sign_in"),
        text=text,
        fields=(
            Field(name="username", label=_("Tên đăng nhập"), value=username, required=True, autocomplete="username"),
            Field(name="password", label=_("Mật khẩu"), kind="password", required=True, autocomplete="current-password"),
            *carried,
        ),
        next=then,
        errors=errors,
        # Choosing a demo account leads away from what is kept.
        accounts=() if carried else demo.accounts(),
        demo_password="" if carried else demo.password(),
    )
    status = 422 if errors else 401 if text else 200
    return render(request, "sign_in.html", page, status=status, frame=False)


@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def first(request: HttpRequest) -> HttpResponseBase:
    """Somebody who came in with a one-time password chooses their own, and is signed in with it."""
    user = _expected(request)
    if user is None:
        return redirect("web:sign_in")
    problems: dict[str, Sequence[str]] = {}
    if request.method == "POST":
        new = request.POST.get("password", "")
        try:
            if new != request.POST.get("again", ""):
                raise wrong_field("again", N_("Hai lần nhập chưa khớp."))
            if user.check_password(new):
                raise wrong_field("password", N_("Hãy chọn mật khẩu khác với mật khẩu dùng một lần."))
            at = clock.now_to_write()
            set_password(act=Act(viewer_of(user, today=timezone.localdate(at)), at), user=user, password=new)
        except InvalidInput as error:
            problems = {p.field: [say(p.message)] for p in error.problems}
        else:
            del request.session[_FIRST]
            login(request, user, backend="banggiao.accounts.backend.AccountBackend")
            return redirect("web:home")
    page = SignInPage(
        action=request.path,
        title=_("Chọn mật khẩu của bạn"),
        text=_("Chào %(name)s. Mật khẩu vừa dùng chỉ mở được trang này; hãy chọn mật khẩu của riêng bạn.") % {"name": user.name},
        fields=new_password_fields(lambda name: problems.get(name, ())),
        submit=_("Lưu và vào hệ thống"),
    )
    return render(request, "sign_in.html", page, status=422 if problems else 200, frame=False)


def _expected(request: HttpRequest) -> User | None:
    """The user whose one-time password was just given, if it is still the one in force."""
    key, version = request.session.get(_FIRST, (None, None))
    user = User.objects.filter(pk=key, version=version, is_active=True, retracted=False).first() if key else None
    return user if user and user.one_time_until and user.one_time_until > timezone.now() else None


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End the session."""
    logout(request)
    return redirect("web:sign_in")


def locked_out(request: HttpRequest, credentials: dict[str, Any] | None = None, *args: Any, **kwargs: Any) -> HttpResponse:
    """The page after too many wrong passwords: says how long to wait. Named in AXES_LOCKOUT_CALLABLE."""
    minutes = round(60 * settings.AXES_COOLOFF_TIME)  # named in hours
    page = ErrorPage(
        status=429,
        title=_("Tạm khóa đăng nhập"),
        message=_("Đã nhập sai mật khẩu quá nhiều lần với tài khoản này từ máy này."),
        remedy=ngettext(
            "Hãy đợi %(minutes)d phút rồi thử lại, hoặc nhờ quản trị viên của đơn vị đặt lại mật khẩu.",
            "Hãy đợi %(minutes)d phút rồi thử lại, hoặc nhờ quản trị viên của đơn vị đặt lại mật khẩu.",
            minutes,
        )
        % {"minutes": minutes},
        actions=(Action(label=_("Về trang đăng nhập"), url=request.path),),
    )
    response = render(request, "error.html", page, status=429, frame=False)
    response["Retry-After"] = str(minutes * 60)
    return response
