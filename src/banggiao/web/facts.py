"""What a reader does with the facts of a document: accept, correct, reject, undo, one by one or above a confidence."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banggiao.core.errors import MissingInformation
from banggiao.core.registers import find_record, register_named
from banggiao.intelligence.services import accept, accept_above, acceptance_of, undo
from banggiao.reports.questions import fact_seen
from banggiao.sources.models import Document, Fact
from banggiao.sources.questions import facts_of
from banggiao.sources.services import reject_fact, settle_fact
from banggiao.web.addresses import record_url
from banggiao.web.asking import asker, deed, typed
from banggiao.web.fact_words import SLOTS, correctable, corrected
from banggiao.web.frame import render
from banggiao.web.pages import EditPage
from banggiao.web.parts import Field, FieldSet, Header, Link
from banggiao.web.words import label, say, told


@require_safe
def show(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """A fact stands in its document: on to its card there."""
    return redirect(_card(fact_seen(key, asker(request))))


@require_POST
def accept_one(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Accept as read; where a person must decide something, on to the form that says what."""
    fact = fact_seen(key, asker(request))
    try:
        accept(act=deed(request), fact=fact)
    except MissingInformation as error:
        messages.warning(request, told(error))
        return redirect("web:correct_fact", fact.pk)
    return redirect(_next_card(request, fact))


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Correct what was read and accept it."""
    viewer = asker(request)
    viewer.require("facts.check")
    fact = fact_seen(key, viewer)
    if request.method != "POST":
        return _form(request, fact, {}, {})
    values = {name: typed(request, name) for name, _text, _long in correctable(fact)}
    try:
        value = corrected(fact, values)
    except ValueError:
        return _form(request, fact, values, {"": _("Có chỗ cần một số. Hãy viết số, dùng dấu phẩy hoặc chấm thập phân.")})
    try:
        accept(act=deed(request), fact=fact, value=value)
    except MissingInformation as error:
        problems = {problem.field: say(problem.message) for problem in error.problems}
        return _form(request, fact, values, {"": told(error), **problems})
    return redirect(_next_card(request, fact))


@require_POST
def reject(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Say that it is wrong."""
    fact = fact_seen(key, asker(request))
    reject_fact(act=deed(request), fact=fact)
    return redirect(_next_card(request, fact))


@require_POST
def undo_one(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Take an acceptance or a rejection back."""
    fact = fact_seen(key, asker(request))
    act = deed(request)
    if fact.state == "rejected":
        act.viewer.require("facts.check", subject=str(fact))
        settle_fact(act=act, fact=fact, state="proposed")
    else:
        undo(act=act, acceptance=acceptance_of(fact))
    messages.success(request, _("Đã hoàn tác; thông tin lại chờ duyệt."))
    return redirect(_card(fact))


@require_POST
def accept_batch(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Accept everything at least as certain as said; what needs a person stays and is counted."""
    document: Document = find_record(register_named("documents"), str(key), asker(request))
    text = typed(request, "above").replace(",", ".")
    here = redirect(record_url("sources.document", document.pk))
    try:
        above = float(text)
        if not 0 <= above <= 100:
            raise ValueError(text)
    except ValueError:
        messages.error(request, _("Độ tin cậy phải là một số từ 0 đến 100."))
        return here
    batch = accept_above(act=deed(request), document=document, certainty=above / 100)
    count = sum(batch.accepted.values())
    messages.success(request, ngettext("Đã duyệt %(n)d thông tin.", "Đã duyệt %(n)d thông tin.", count) % {"n": count})
    for fact, error in batch.left[:5]:
        messages.warning(request, f"{label('fact_kind', fact.kind)}: {told(error)}")
    return here


def _form(request: HttpRequest, fact: Fact, values: dict[str, str], problems: dict[str, str]) -> HttpResponseBase:
    document = fact.document
    fields = [
        Field(
            name=name,
            label=say(SLOTS[name]),
            kind="textarea" if long else "text",
            value=values.get(name, text),
            errors=(problems[name],) if name in problems else (),
        )
        for name, text, long in correctable(fact)
    ]
    sentence = " ".join(document.text[fact.evidence_start : fact.evidence_end].split())
    page = EditPage(
        header=Header(
            title=_("Sửa rồi duyệt: %(kind)s") % {"kind": label("fact_kind", fact.kind)},
            trail=(Link(label=document.title, url=_card(fact)),),
        ),
        action=reverse("web:correct_fact", args=[fact.pk]),
        version=fact.version,
        fieldsets=(FieldSet(title=_("Máy đọc được"), fields=fields, help=f"“{sentence}”"),),
        submit=_("Duyệt nội dung đã sửa"),
        cancel_url=_card(fact),
        errors=(problems[""],) if "" in problems else (),
    )
    return render(request, "edit_form.html", page, status=422 if problems else 200, exercise=fact.exercise)


def _next_card(request: HttpRequest, fact: Fact) -> str:
    """The next fact that still waits, so that one can go on by keyboard; else the card just settled."""
    rest = [f for f in facts_of(fact.document, asker(request)) if f.state == "proposed"]
    after = [f for f in rest if (f.start, f.end, f.kind) > (fact.start, fact.end, fact.kind)]
    return _card(after[0] if after else rest[0] if rest else fact)


def _card(fact: Fact) -> str:
    return f"{record_url('sources.document', fact.document_id)}#fact-{fact.pk}"
