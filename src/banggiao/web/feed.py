"""The calendar of a user, for the calendar programme that holds its secret address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_safe

from banggiao.accounts.questions import viewer_of
from banggiao.accounts.tokens import user_of
from banggiao.core.errors import N_, NotFound
from banggiao.core.installation import refuse_outward
from banggiao.reports.calendar_feed import calendar_of


@require_safe
def show(request: HttpRequest, secret: str) -> HttpResponseBase:
    """The calendar as a file. Raises NotFound for an address that is unknown, revoked or has run out, SecrecyRefused."""
    refuse_outward(request.path.partition("/feeds/")[0] or "/feeds/")
    at = timezone.now()
    found = user_of(secret, at, scope="calendar")
    if found is None:
        raise NotFound(N_("Không có lịch ở địa chỉ này."), remedy=N_("Hãy tạo địa chỉ lịch mới trong trang tài khoản."))
    user = found[0]
    viewer = viewer_of(user, today=timezone.localdate(at))
    with override(user.language):
        content = calendar_of(viewer, at=at, language="en" if user.language == "en" else "vi")
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="banggiao.ics"'
    response["Cache-Control"] = "private, no-store"
    return response
