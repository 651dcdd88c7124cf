"""How is a picture of world trade taken away: alone, as SVG or PNG, with the right to export and a ledger entry?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from banggiao.reports.market_pictures import FORMS, take
from banggiao.web.asking import deed, language, today
from banggiao.web.markets.frame import parameters


@require_safe
def file(request: HttpRequest, name: str, form: str) -> HttpResponseBase:
    """The picture of this name for the parameters of the address."""
    content = take(name, form, parameters(request, *request.GET), act=deed(request), language=language())
    file_name = f"{name}-{today(request):%Y%m%d}.{form}"
    return HttpResponse(content, content_type=FORMS[form], headers={"Content-Disposition": f'attachment; filename="{file_name}"'})
