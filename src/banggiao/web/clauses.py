"""The pages that split a text of an agreement into clauses, and that write or tie the commitments resting on a clause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from banggiao.agreements.lines import CLAUSES, LEGAL_STEPS
from banggiao.agreements.models import Agreement, Clause
from banggiao.agreements.services import confirm_clauses
from banggiao.core.errors import N_, FieldProblem, InvalidInput, MissingInformation
from banggiao.core.lines import find_line
from banggiao.core.questions import Bi
from banggiao.core.registers import register_named
from banggiao.reports import clauses as reading
from banggiao.reports.choices import institution_choices
from banggiao.reports.entry import asked
from banggiao.reports.lines import choices
from banggiao.web.addresses import list_url, record_url
from banggiao.web.asking import asker, deed, language, typed
from banggiao.web.frame import render
from banggiao.web.lines import form_field
from banggiao.web.pages import EditPage
from banggiao.web.parts import Choice, Field, FieldSet, Header, Link
from banggiao.web.records import found
from banggiao.web.words import say, told

#: What the form of a commitment from a clause asks; the rest can be added on its page.
ASKED = ("text_vi", "side", "partner_id", "lead_id", "current_due", "made_on", "field")
_SHOWN = 240


@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, key: UUID, text: UUID) -> HttpResponseBase:
    """The articles a text seems to have; a person ticks those that become clauses."""
    agreement = _agreement(request, key)
    viewer = asker(request)
    viewer.require(CLAUSES.book.edit_permission, subject=str(agreement))
    _text, document = reading.text_of(agreement, text, viewer)
    proposed = reading.proposed(agreement, document, viewer)
    wrong: MissingInformation | None = None
    if request.method == "POST":
        chosen = [
            {"number": each.number[:40], "heading": each.heading[:300], "start": each.start, "end": each.end}
            for each, _words, standing in proposed
            if not standing and f"clause-{each.start}" in request.POST
        ]
        try:
            if not chosen:
                raise InvalidInput(
                    N_("Chưa chọn điều khoản nào."),
                    remedy=N_("Hãy đánh dấu các điều khoản cần ghi."),
                    problems=[FieldProblem("clause", N_("Chưa chọn."))],
                )
            made = confirm_clauses(act=deed(request), agreement=agreement, document_id=document.pk, clauses=chosen)
        except MissingInformation as error:
            wrong = error
        else:
            messages.success(
                request, ngettext("Đã ghi %(n)d điều khoản.", "Đã ghi %(n)d điều khoản.", len(made)) % {"n": len(made)}
            )
            return redirect(f"{record_url(agreement.record_type(), agreement.pk)}#clauses")
    fields = [
        Field(
            name=f"clause-{each.start}",
            label=". ".join(filter(None, (each.number, each.heading))),
            kind="checkbox",
            value="yes",
            checked=True,
            help=_short(words),
        )
        for each, words, standing in proposed
        if not standing
    ]
    known = [each.number for each, _words, standing in proposed if standing]
    help_text = (
        _("Đã có trong sổ: %(numbers)s.") % {"numbers": "; ".join(known)}
        if known
        else ""
        if proposed
        else _("Không nhận ra điều khoản đánh số nào trong văn bản này. Có thể thêm từng điều khoản ở trang của thỏa thuận.")
    )
    page = EditPage(
        header=_header(agreement, _("Tách điều khoản"), document.title),
        action=request.path,
        version=None,
        fieldsets=(FieldSet(title=_("Điều khoản nhận ra trong văn bản"), fields=fields, help=help_text),),
        submit=_("Ghi các điều khoản đã chọn"),
        cancel_url=record_url(agreement.record_type(), agreement.pk),
        errors=(told(wrong),) if wrong else (),
    )
    return render(request, "edit_form.html", page, status=422 if wrong else 200, exercise=agreement.exercise)


@require_http_methods(["GET", "HEAD", "POST"])
def commit(request: HttpRequest, key: UUID, clause: UUID) -> HttpResponseBase:
    """A new commitment that rests on the words of a clause, with those words to begin with."""
    agreement = _agreement(request, key)
    viewer = asker(request)
    viewer.require("commitments.edit", subject=str(agreement))
    row: Clause = find_line(CLAUSES, agreement, clause, viewer)
    seen = next(each for each in reading.clauses_of(agreement, viewer) if each.clause.pk == row.pk)
    parties = [(pk, name) for pk, name in choices(LEGAL_STEPS, agreement, "partner_id", viewer) or () if pk]
    if request.method == "POST":
        values: Mapping[str, str] = {name: typed(request, name).strip() for name in ASKED}
        try:
            made = reading.commit(agreement, row, values={n: v for n, v in values.items() if v}, act=deed(request))
        except MissingInformation as error:
            return _commit_form(request, agreement, seen.words, values, parties, error)
        messages.success(request, _("Đã ghi cam kết dựa vào %(clause)s.") % {"clause": row.number})
        return redirect(record_url(made.record_type(), made.pk))
    start = {"text_vi": seen.words, "made_on": agreement.signed_on, "field": agreement.field}
    if len(parties) == 1:
        start["partner_id"] = parties[0][0]
    return _commit_form(request, agreement, seen.words, start, parties)


def _commit_form(
    request: HttpRequest,
    agreement: Agreement,
    words: str,
    values: Mapping[str, str],
    parties: Sequence[tuple[str, Bi]],
    wrong: MissingInformation | None = None,
) -> HttpResponseBase:
    book = register_named("commitments")
    offered = {"partner_id": parties, "lead_id": institution_choices(asker(request))}
    problems: dict[str, list[str]] = {}
    for problem in wrong.problems if wrong else ():
        problems.setdefault(problem.field, []).append(say(problem.message))
    fields = [form_field(book, asked(book, n), values.get(n, ""), problems.get(n, ()), offered.get(n)) for n in ASKED]
    page = EditPage(
        header=_header(agreement, _("Ghi cam kết từ điều khoản"), _short(words)),
        action=request.path,
        version=None,
        fieldsets=(FieldSet(title=book.one.get(language()), fields=fields),),
        submit=_("Ghi cam kết"),
        cancel_url=f"{record_url(agreement.record_type(), agreement.pk)}#clauses",
        errors=(told(wrong),) if wrong else (),
    )
    return render(request, "edit_form.html", page, status=422 if wrong else 200, exercise=agreement.exercise)


@require_http_methods(["GET", "HEAD", "POST"])
def tie(request: HttpRequest, key: UUID, clause: UUID) -> HttpResponseBase:
    """Tie a commitment that stands already to the words of a clause."""
    agreement = _agreement(request, key)
    viewer = asker(request)
    viewer.require("commitments.edit", subject=str(agreement))
    row: Clause = find_line(CLAUSES, agreement, clause, viewer)
    if request.method == "POST":
        reading.tie(agreement, row, typed(request, "commitment"), act=deed(request))
        messages.success(request, _("Đã gắn cam kết với %(clause)s.") % {"clause": row.number})
        return redirect(f"{record_url(agreement.record_type(), agreement.pk)}#clauses")
    offered = reading.can_be_tied(agreement, row, viewer)
    listed = [Choice(value=pk, label=_short(title.get(language()))) for pk, title in offered]
    field = Field(name="commitment", label=_("Cam kết"), kind="select", choices=listed, required=True)
    page = EditPage(
        header=_header(agreement, _("Gắn cam kết đã có"), ". ".join(filter(None, (row.number, row.heading)))),
        action=request.path,
        version=None,
        fieldsets=(
            FieldSet(
                title=_("Cam kết"),
                fields=(field,) if offered else (),
                help="" if offered else _("Thỏa thuận này và các bên của nó chưa có cam kết nào khác."),
            ),
        ),
        submit=_("Gắn cam kết"),
        cancel_url=f"{record_url(agreement.record_type(), agreement.pk)}#clauses",
    )
    return render(request, "edit_form.html", page, exercise=agreement.exercise)


def _agreement(request: HttpRequest, key: UUID) -> Any:
    return found(request, "agreements", str(key))[1]


def _header(agreement: Agreement, title: str, subtitle: str) -> Header:
    book = register_named("agreements")
    name = book.title_of(agreement).get(language())
    trail = (
        Link(label=book.title.get(language()), url=list_url(book.name)),
        Link(label=name, url=record_url(agreement.record_type(), agreement.pk)),
    )
    return Header(title=title, subtitle=subtitle, trail=trail)


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1].rsplit(" ", 1)[0] + "…"
