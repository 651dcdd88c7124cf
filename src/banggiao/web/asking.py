"""Who asks, at which moment, in which language? The pages read the clock here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any, Literal, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import activate, get_language

from banggiao.accounts.models import User
from banggiao.accounts.questions import viewer_of
from banggiao.core import clock
from banggiao.core.acts import Act, Viewer
from banggiao.core.folding import is_text, nfc

View = Callable[..., HttpResponseBase]


def moment(request: HttpRequest) -> datetime:
    """The moment of the request: one for the whole page, so that its figures agree."""
    if not hasattr(request, "_moment"):
        request._moment = clock.now()  # type: ignore[attr-defined]
    return cast(datetime, request._moment)  # type: ignore[attr-defined]


def today(request: HttpRequest) -> date:
    """The day of the request in the reader's time zone."""
    return timezone.localdate(moment(request))


def asker(request: HttpRequest) -> Viewer:
    """The signed-in viewer with the roles held today; only for views behind `private`."""
    if not hasattr(request, "_asker"):
        request._asker = viewer_of(cast(User, request.user), today=today(request))  # type: ignore[attr-defined]
    return cast(Viewer, request._asker)  # type: ignore[attr-defined]


def deed(request: HttpRequest, reason: str = "") -> Act:
    """The act that a write of this request carries; a form that is only shown again carries none. Raises ClockSetBack."""
    if refilling(request):
        raise RuntimeError(f"{request.path}: a form that is only shown again must not write")
    # Recorded when it is done: a request that read before others wrote must not slip in before them.
    return Act(asker(request), max(moment(request), clock.now_to_write()), reason)


def language() -> Literal["vi", "en"]:
    """The language of the page."""
    return "en" if (get_language() or "vi").startswith("en") else "vi"


def settle_language(request: HttpRequest) -> None:
    """The language somebody chose, else the account's, else Vietnamese: a browser's own language says little about its user here.

    Programmes name the language they want with each call, so the API is left alone.
    """
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES or request.path.startswith("/api/"):
        return
    user = request.user
    activate(user.language if isinstance(user, User) else settings.LANGUAGE_CODE)


def typed(request: HttpRequest, name: str) -> str:
    """What was typed into a field: NFC, line ends as the registers keep them; without characters no database stores."""
    text = request.POST.get(name, "").replace("\r\n", "\n")
    return nfc(text if is_text(text) else text.replace("\x00", "").encode("utf-8", "ignore").decode())


def version_sent(request: HttpRequest) -> int | None:
    """The version a form is based on; None when it names none."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def refilling(request: HttpRequest) -> bool:
    """Whether a form that could not be taken is only to be shown again, filled in as it was sent, for a deliberate save."""
    return bool(getattr(request, "_refilling", False))


def private(view: View) -> View:
    """The view for signed-in users only; others are sent to sign in, and a form sent without a session is not lost silently."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        if isinstance(user, User) and user.is_active and not user.retracted:
            return view(request, *args, **kwargs)
        if request.headers.get("HX-Request"):  # a fragment cannot hold the sign-in page
            answer = HttpResponse()
            answer["HX-Redirect"] = reverse("web:sign_in")
            return answer
        if request.method == "POST":
            from banggiao.web.sign_in import ask_again  # it stands on this module

            return ask_again(request)
        return redirect_to_login(request.get_full_path(), reverse("web:sign_in"))

    guarded.is_private = True  # type: ignore[attr-defined]
    return guarded


def refills(view: View) -> View:
    """Marks a view that shows its form again, filled in, where `refilling` says so."""
    view.refills = True  # type: ignore[attr-defined]
    return view


def safe_next(request: HttpRequest, address: str) -> str:
    """The address if it leads to a page of ours, else the home page."""
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return address
    return reverse("web:home")
