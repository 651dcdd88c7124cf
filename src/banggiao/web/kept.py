"""What was typed into a form that could not be taken, because the session had ended or the form was too old, is not lost.

It goes along through signing in as hidden fields, and comes back as the filled form, which the reader saves again on purpose:
nothing is ever sent by itself. Files cannot be kept.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from banggiao.core.folding import is_text
from banggiao.web.frame import render
from banggiao.web.pages import KeptPage
from banggiao.web.parts import Field, Header

#: More than this is not carried along; the browser still has it behind its back button.
MOST_CHARACTERS = 2_000_000
MOST_FIELDS = 500
#: Names of the hidden fields; the dot keeps them apart from those of any form.
PREFIX, PLACE = "kept.", "kept-place"
_NEVER = frozenset({"csrfmiddlewaretoken", "password", "old", "again"})


def kept_fields(request: HttpRequest) -> list[Field]:
    """The fields of the request as hidden ones for the sign-in page, and where they belong; none where they cannot be kept."""
    if PLACE in request.POST:  # a second try to sign in
        return [
            Field(name=name, label="", kind="hidden", value=value)
            for name, values in request.POST.lists()
            if name == PLACE or name.startswith(PREFIX)
            for value in values
        ]
    pairs = sent_pairs(request)
    if not pairs or not may_be_kept(request.path, pairs):
        return []
    fields = [Field(name=PREFIX + n, label="", kind="hidden", value=v) for n, v in pairs]
    return [Field(name=PLACE, label="", kind="hidden", value=request.path), *fields]


def sent_pairs(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form as they were sent, without those that are never shown again: passwords and tokens."""
    return [(n, v) for n, values in request.POST.lists() if n not in _NEVER for v in values]


def may_be_kept(path: str, pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether the fields may be carried along: not too many, texts, and of a form of ours that is for signed-in users."""
    if any(n in _NEVER for n, _v in pairs):
        return False
    size = sum(len(n) + len(v) for n, v in pairs)
    if len(pairs) > MOST_FIELDS or size > MOST_CHARACTERS or not all(is_text(v) and is_text(n) for n, v in pairs):
        return False
    return _view(path) is not None


def is_kept(request: HttpRequest) -> bool:
    """Whether the request of signing in carries a kept form."""
    return request.method == "POST" and PLACE in request.POST


def give_back(request: HttpRequest) -> HttpResponseBase | None:
    """The form that was kept, filled in again, for whoever has now signed in; None where there is none to give back."""
    place = request.POST.get(PLACE, "")
    pairs = [(n.removeprefix(PREFIX), v) for n, vs in request.POST.lists() if n.startswith(PREFIX) for v in vs]
    if not may_be_kept(place, pairs):
        return None
    return shown_again(request, place, pairs, _("Bạn đã đăng nhập lại. Nội dung đã nhập còn nguyên bên dưới và chưa được lưu."))


def shown_again(request: HttpRequest, place: str, pairs: Sequence[tuple[str, str]], why: str) -> HttpResponseBase:
    """The form at `place` with these fields, to be looked at and saved by hand."""
    sent = QueryDict(mutable=True)
    for name, value in pairs:
        sent.appendlist(name, value)
    found = _view(place)
    then = _("Hãy kiểm tra rồi bấm lưu; tệp đính kèm, nếu có, phải chọn lại.")
    messages.warning(request, f"{why} {then}")
    if found is None or not getattr(found[0], "refills", False):
        return _plainly(request, place, pairs)
    again = copy.copy(request)
    for name in ("_asker", "_moment"):
        again.__dict__.pop(name, None)
    again.method, again.path, again.path_info = "POST", place, place
    again.POST = sent  # type: ignore[assignment]
    again._refilling = True  # type: ignore[attr-defined]
    view, args, kwargs = found
    return view(again, *args, **kwargs)


def came_from_here(request: HttpRequest) -> bool:
    """Whether a form was sent from a page of ours: what another site sent is not shown with a button that saves it."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    source = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(source).netloc == request.get_host()


def _plainly(request: HttpRequest, place: str, pairs: Sequence[tuple[str, str]]) -> HttpResponse:
    """A form of another kind: its fields as they were sent, to be sent again by hand."""
    long = 80
    fields = [
        Field(
            name=n,
            label=n,
            kind="hidden" if n in ("version", "next", "back") else "textarea" if len(v) > long else "text",
            value=v,
        )
        for n, v in pairs
    ]
    page = KeptPage(header=Header(title=_("Nội dung đã nhập"), subtitle=place), action=place, fields=fields)
    return render(request, "kept_form.html", page)


def _view(path: str) -> tuple[Callable[..., HttpResponseBase], tuple[Any, ...], dict[str, Any]] | None:
    """The page that takes what is sent to this address; None for what is no page of signed-in users."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    private = match.namespace == "web" and getattr(match.func, "is_private", False)
    return (match.func, match.args, match.kwargs) if private else None
