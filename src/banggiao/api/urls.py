"""Which addresses does the API have? Routes, the document and its page, included under `/api/`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.urls import URLPattern, path, re_path
from django.views.generic import RedirectView
from ninja import NinjaAPI

from banggiao.api import (
    access,
    ask,
    commitments_report,
    directives,
    entry,
    facts,
    importing,
    lines,
    meetings,
    papers,
    plans,
    programmes,
    progress,
    registers,
    reviews,
    talk,
)
from banggiao.api.caller import Session, Token
from banggiao.api.docs import Api, docs_page
from banggiao.api.problems import answer_all_errors, method_not_allowed, no_such_address, response_to
from banggiao.core.errors import N_

View = Callable[..., HttpResponseBase]

api: NinjaAPI = Api(
    title="Bang Giao API",
    version="1.0.0",
    description=N_("Cùng các câu hỏi và thao tác như trên trang: hỏi, đọc bản ghi, sửa theo phiên bản, chuyển bước, xuất tệp."),
    urls_namespace="api",
    openapi_url="/openapi.json",
    docs_url=None,
    auth=[Token(), Session()],
)
answer_all_errors(api)
for part in (
    plans,
    ask,
    registers,
    entry,
    facts,
    importing,
    lines,
    access,
    talk,
    papers,
    commitments_report,
    progress,
    programmes,
    meetings,
    reviews,
    directives,
):
    api.add_router("", part.router)


def _in_shape(view: View) -> View:
    """The view with a refused method answered in the one shape of errors; the framework would answer in plain text."""

    @wraps(view)
    def shaped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponseNotAllowed):
            return method_not_allowed(request, response["Allow"])
        return response

    return shaped


def _unknown(request: HttpRequest, rest: str) -> HttpResponseBase:
    return response_to(no_such_address(request))


_routes, _application, _namespace = api.urls
for _route in _routes:
    if isinstance(_route, URLPattern):
        _route.callback = _in_shape(_route.callback)

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="api-docs")),
    path("docs", docs_page, name="api-docs"),
    path("", (_routes, _application, _namespace)),
    re_path(r"^(?P<rest>.*)$", _unknown),
]
