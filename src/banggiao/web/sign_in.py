"""Signing in and out, the language of the pages, and what happens after too many wrong passwords."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from banggiao.accounts.models import User
from banggiao.web import demo
from banggiao.web.asking import safe_next, typed
from banggiao.web.frame import render
from banggiao.web.pages import ErrorPage, SignInPage
from banggiao.web.parts import Action, Field


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The sign-in page; signed in, on to where one wanted to go."""
    then = safe_next(request, request.POST.get("next", request.GET.get("next", "")))
    if request.user.is_authenticated:
        return redirect(then)
    username = request.GET.get("as", "")[:64]  # a demo account chosen on the page
    errors: tuple[str, ...] = ()
    if request.method == "POST":
        username = typed(request, "username").strip()
        user = authenticate(request, username=username, password=request.POST.get("password", ""))
        if isinstance(user, User) and not user.retracted:
            login(request, user)
            return redirect(then)
        errors = (_("Tên đăng nhập hoặc mật khẩu chưa đúng. Hãy thử lại; phân biệt chữ hoa và chữ thường."),)
    page = SignInPage(
        action=request.path,
        fields=(
            Field(name="username", label=_("Tên đăng nhập"), value=username, required=True, autocomplete="username"),
            Field(name="password", label=_("Mật khẩu"), kind="password", required=True, autocomplete="current-password"),
        ),
        next=then,
        errors=errors,
        accounts=demo.accounts(),
        demo_password=demo.password(),
    )
    return render(request, "sign_in.html", page, status=422 if errors else 200, frame=False)


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
