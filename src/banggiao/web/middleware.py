"""What happens to every request of the pages: its language is settled, and an error raised below becomes its page, once, here."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from banggiao.core.errors import BangGiaoError
from banggiao.web.asking import settle_language
from banggiao.web.errors import KINDS, error_response

log = logging.getLogger(__name__)


class ErrorPages:
    """Turns errors of the family into their page. Others go on to Django, which logs them and asks `broken` for the page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        settle_language(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """The page of an error of the family; None for any other."""
        if not isinstance(exception, BangGiaoError):
            return None
        if exception.code not in KINDS:
            log.error("%s %s: %s", request.method, request.path, exception, exc_info=exception)
        else:
            log.info("%s %s: %s", request.method, request.path, exception.code)
        return error_response(request, exception)
