"""The forms of a fact with its sentence beside them: correcting what was read, and adding what the machine missed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from banggiao.core.errors import MissingInformation, StaleEdit, WrongState
from banggiao.core.vocabulary import vocabulary
from banggiao.intelligence.comparing import Undecided, compare
from banggiao.intelligence.services import accept
from banggiao.intelligence.setting import Setting
from banggiao.reports.questions import fact_seen
from banggiao.sources.models import Document, Fact
from banggiao.sources.questions import next_fact
from banggiao.sources.services import add_fact
from banggiao.web.asking import asker, deed, language, typed, version_sent
from banggiao.web.documents import document_seen, fact_url
from banggiao.web.fact_cards import card, lower
from banggiao.web.fact_slots import FORMS, form_fields, understood
from banggiao.web.fact_words import MAIN
from banggiao.web.facts import ruling_in
from banggiao.web.frame import render
from banggiao.web.pages import FactFormPage
from banggiao.web.parts import Choice, Field, Header, Link
from banggiao.web.parts_reading import KnownRecord
from banggiao.web.words import label, say, told


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Correct what was read and accept it."""
    viewer = asker(request)
    viewer.require("facts.check")
    fact = fact_seen(key, viewer)
    if request.method != "POST":
        return _correct_form(request, fact, {}, {})
    values = {name: typed(request, name) for name in FORMS[fact.kind] if name in request.POST}
    value, problems = understood(fact.kind, fact.value, values)
    if problems:
        return _correct_form(request, fact, values, problems)
    try:
        accept(act=deed(request), fact=fact, value=value or None, version=version_sent(request), ruling=ruling_in(request))
    except Undecided as error:
        fact.value = {**fact.value, **value}
        return _correct_form(request, fact, values, {"": told(error)})
    except MissingInformation as error:
        found = {problem.field: say(problem.message) for problem in error.problems}
        return _correct_form(request, fact, values, {"": told(error), **found})
    except (WrongState, StaleEdit) as error:
        messages.warning(request, told(error))
        return redirect(fact_url(fact))
    return redirect(fact_url(next_fact(fact, viewer) or fact))


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Add a fact from words of the document: first which words and what kind of fact, then its fields."""
    viewer = asker(request)
    viewer.require("facts.check")
    document = document_seen(request, key)
    if request.method != "POST":
        kind = request.GET.get("kind", "")
        return _add_form(request, document, request.GET.get("words", ""), request.GET.get("at", ""), kind, {}, {})
    words, at, kind = typed(request, "words"), typed(request, "at"), typed(request, "kind")
    span = place_of(document.text, words, at)
    if kind not in FORMS or span is None:
        return _add_form(request, document, words, at, kind, {}, {"words": _not_there()} if span is None else {})
    values = {name: typed(request, name) for name in FORMS[kind]}
    value, problems = understood(kind, {}, values)
    if problems:
        return _add_form(request, document, words, at, kind, values, problems)
    try:
        fact = add_fact(act=deed(request), document=document, kind=kind, span=span, value=_complete(kind, value))
    except MissingInformation as error:
        return _add_form(request, document, words, at, kind, values, {p.field: say(p.message) for p in error.problems})
    messages.success(request, _("Đã thêm thông tin; hãy xem lại rồi duyệt."))
    return redirect(fact_url(fact))


def place_of(text: str, words: str, at: str = "") -> tuple[int, int] | None:
    """Where the words stand in the text, from the offset `at` on if they do there; line ends and runs of spaces do not matter."""
    parts = words.split()
    if not parts or len(words) > 5_000:
        return None
    pattern = re.compile(r"\s+".join(re.escape(part) for part in parts))
    begin = int(at) if at.isascii() and at.isdigit() and len(at) < 10 else 0
    found = pattern.search(text, min(begin, len(text))) or pattern.search(text)
    return found.span() if found else None


def _complete(kind: str, value: dict[str, Any]) -> dict[str, Any]:
    """All slots of the kind, as a fact that was read has them."""
    return {name: [] if name in ("participants", "positions", "parties") else None for name in FORMS[kind]} | value


def _correct_form(request: HttpRequest, fact: Fact, values: Mapping[str, str], problems: Mapping[str, str]) -> HttpResponseBase:
    viewer, document = asker(request), fact.document
    known: KnownRecord | None = None
    if fact.state == "proposed":
        beside = compare(Setting(deed(request), document), [fact], viewer).get(fact.pk)
        known = card(fact, document, known=beside, may_check=True).known
    page = FactFormPage(
        header=Header(
            title=_("Sửa rồi duyệt: %(kind)s") % {"kind": lower(label("fact_kind", fact.kind))},
            trail=(Link(label=document.title, url=fact_url(fact)),),
        ),
        action=reverse("web:correct_fact", args=[fact.pk]),
        version=fact.version,
        title=_("Máy đọc được"),
        fields=form_fields(fact.kind, fact.value, values, problems),
        sentence=" ".join(document.text[fact.evidence_start : fact.evidence_end].split()),
        text_language=document.language or "vi",
        submit=_("Duyệt nội dung đã sửa"),
        cancel_url=fact_url(fact),
        errors=(problems[""],) if "" in problems else (),
        known=known,
    )
    return render(request, "fact_form.html", page, status=422 if problems else 200, exercise=fact.exercise)


def _add_form(
    request: HttpRequest,
    document: Document,
    words: str,
    at: str,
    kind: str,
    values: Mapping[str, str],
    problems: Mapping[str, str],
) -> HttpResponseBase:
    span = place_of(document.text, words, at)
    if words and span is None:
        problems = {**problems, "words": _not_there()}
    chosen = kind in FORMS and span is not None
    kinds = [
        Choice(value=term.code, label=term.label(language()), selected=term.code == kind)
        for term in vocabulary("fact_kind").terms
    ]
    first = [
        Field(
            name="words",
            label=_("Những từ trong văn bản"),
            kind="textarea",
            value=words,
            required=True,
            help=_("Chọn chữ trong văn bản rồi bấm “Thêm thông tin từ phần đã chọn”, hoặc chép nguyên văn vào đây."),
            errors=(problems["words"],) if "words" in problems else (),
        ),
        Field(name="kind", label=_("Loại thông tin"), kind="select", value=kind, choices=kinds, required=True),
        Field(name="at", label="", kind="hidden", value=at),
    ]
    shown = " ".join(words.split())
    page = FactFormPage(
        header=Header(
            title=_("Thêm thông tin máy bỏ sót"),
            trail=(Link(label=document.title, url=reverse("web:document", args=[document.pk])),),
        ),
        action=reverse("web:add_fact", args=[document.pk]),
        method="post" if chosen else "get",
        title=label("fact_kind", kind) if chosen else _("Chọn từ và loại thông tin"),
        fields=form_fields(kind, {}, {MAIN[kind]: shown if kind != "quantity" else "", **values}, problems) if chosen else first,
        hidden=(("words", words), ("at", at), ("kind", kind)) if chosen else (),
        sentence=_around(document.text, span) if span else "",
        text_language=document.language or "vi",
        submit=_("Thêm thông tin") if chosen else _("Tiếp tục"),
        cancel_url=reverse("web:document", args=[document.pk]),
        errors=tuple(text for name, text in problems.items() if chosen and name not in FORMS[kind]),
    )
    return render(
        request, "fact_form.html", page, status=422 if problems and request.method == "POST" else 200, exercise=document.exercise
    )


def _around(text: str, span: tuple[int, int]) -> str:
    start, end = text.rfind("\n", 0, span[0]) + 1, text.find("\n", span[1])
    return " ".join(text[start : end if end >= 0 else len(text)].split())


def _not_there() -> str:
    return _("Không thấy những từ này trong văn bản. Hãy chép nguyên văn.")
