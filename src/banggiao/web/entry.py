"""Typing in a new record of any register: one short form, with suggestions, and a hint at records much like it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banggiao.core.errors import MissingInformation
from banggiao.core.folding import is_text
from banggiao.core.registers import Register, register_named
from banggiao.core.search_query import find
from banggiao.reports import actions
from banggiao.reports.duplicates import similar
from banggiao.reports.entry import DEFAULT_LEVEL, Asked, Reader, asked_by, levels_for
from banggiao.reports.similar import like_entered
from banggiao.web.addresses import list_url, record_url
from banggiao.web.asking import asker, deed, language, refilling, refills, typed
from banggiao.web.entry_fields import IN_SIGHT, entry_field
from banggiao.web.formats import format_percent
from banggiao.web.frame import render
from banggiao.web.notes import note_change
from banggiao.web.parts import Header, Link
from banggiao.web.parts_entry import EntryPage, Similar, SimilarPart
from banggiao.web.words import say, told

#: Kept for the next record when several are typed in a row.
_CARRIED = ("record", "records", "date", "day")
SUGGESTED = 12


@refills
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, register: str) -> HttpResponseBase:
    """The form of a new record, and the record itself; what is wrong comes back with everything typed."""
    book = _book(request, register)
    fields = asked_by(book)
    if request.method != "POST":
        given = {f.name: request.GET.get(f.name, "") for f in fields}
        return _form(request, book, fields, {n: v for n, v in given.items() if v and is_text(v)})
    values = _sent(request, fields)
    if refilling(request):
        return _form(request, book, fields, values)
    if request.POST.get("then") == "check":
        return _form(request, book, fields, values, looked=True)
    try:
        made = actions.create(book, values=values, act=deed(request))
    except MissingInformation as error:
        return _form(request, book, fields, values, wrong=error)
    title = book.title_of(made).get(language())
    note_change(
        request, _("Đã ghi: %(title)s.") % {"title": f"{getattr(made, book.code_path, '')} {title}".strip()[:140]}, book, made
    )
    if request.POST.get("then") == "more":
        carried = {f.name: values[f.name] for f in fields if f.kind in _CARRIED and values.get(f.name)}
        return redirect(f"{reverse('web:new', args=[book.name])}?{urlencode(carried)}".rstrip("?"))
    return redirect(record_url(book.record_type, made.pk))


@require_POST
def alike(request: HttpRequest, register: str) -> HttpResponseBase:
    """The records much like what is typed so far: a part of the form, asked for while one types."""
    book = _book(request, register)
    part = _similar(request, book, _sent(request, asked_by(book)), asked=False)
    return render(request, "similar.html", part, frame=False)


@require_safe
def choices(request: HttpRequest, register: str) -> HttpResponseBase:
    """What a field that names a record may mean, as options for what is typed so far."""
    book, viewer = register_named(register), asker(request)
    viewer.require(book.permission, subject=register)
    text = request.GET.get("q", "") or request.GET.get(request.GET.get("into", ""), "")
    before, mark, last = text.rpartition(";") if request.GET.get("many") else ("", "", text)
    found = find(last, viewer, record_types=[book.record_type], limit=SUGGESTED) if is_text(text) else []
    world = Reader(book, viewer).world if book.entry else None
    ids = [hit.record_id for hit in found if world is None or hit.exercise == world]
    paths = (book.code_path or "pk", *book.title_paths)
    rows = {
        row[0]: row[1:]
        for row in book.model.objects.visible_to(viewer).filter(pk__in=ids).values_list("pk", *filter(None, paths))
    }
    options = []
    for pk in ids:
        if pk in rows:
            code, vi, *en = rows[pk]
            title = str((en[0] if en and language() == "en" else "") or vi)
            # Bodies and partners are known by their names, everything else is surer by its code.
            by_name = book.record_type.startswith("partners.") or not book.code_path
            value, label = (title, str(code) if book.code_path else "") if by_name else (str(code), title)
            options.append((f"{before}{mark} {value}".strip(), label))
    return render(request, "choices.html", options, frame=False)


def _book(request: HttpRequest, register: str) -> Register:
    book, viewer = register_named(register), asker(request)
    viewer.require(book.permission, subject=register)
    actions.require_entry(book, viewer)
    return book


def _sent(request: HttpRequest, fields: Sequence[Asked]) -> dict[str, str]:
    return {each.name: typed(request, each.name) for each in fields if each.name in request.POST}


def _similar(request: HttpRequest, book: Register, values: Mapping[str, str], *, asked: bool) -> SimilarPart:
    viewer = asker(request)
    understood = Reader(book, viewer).read({n: v for n, v in values.items() if v})
    if book.record_type == "agreements.agreement":
        # What is about to be signed may stand already, as an agreement or as a commitment.
        rows = [
            Similar(
                link=Link(label=each.title.get(language()), url=record_url(each.record_type, each.id)),
                note=f"{format_percent(each.score, language())} · {each.why.get(language())}",
            )
            for each in like_entered(understood, viewer)
        ]
        return SimilarPart(rows=rows, asked=asked)
    twins = similar(book, understood, viewer)
    rows = [
        Similar(link=Link(label=twin.title.get(language()), url=record_url(book.record_type, twin.id)), note=twin.code)
        for twin in twins
    ]
    return SimilarPart(rows=rows, asked=asked)


def _form(
    request: HttpRequest,
    book: Register,
    fields: Sequence[Asked],
    values: Mapping[str, str],
    *,
    wrong: MissingInformation | None = None,
    looked: bool = False,
) -> HttpResponseBase:
    problems: dict[str, list[str]] = {}
    for problem in wrong.problems if wrong else ():
        problems.setdefault(problem.field, []).append(say(problem.message))
    levels = levels_for(asker(request))
    shown = []
    for each in fields:
        default = (DEFAULT_LEVEL if DEFAULT_LEVEL in levels else "public") if each.name == "classification" else ""
        named = (each.name, each.name.removesuffix("_id"))
        errors = [text for name in named for text in problems.pop(name, [])]
        shown.append(entry_field(book, each, values.get(each.name, default), errors=errors, levels=levels))
    first = [f for f in shown if f.required]
    rest = [f for f in shown if not f.required]
    sight, more = [*first, *rest[: IN_SIGHT - len(first)]], rest[max(0, IN_SIGHT - len(first)) :]
    others = [text for texts in problems.values() for text in texts]
    page = EntryPage(
        header=Header(
            title=_("Thêm mới: %(what)s") % {"what": book.one.get(language())},
            trail=(Link(label=book.title.get(language()), url=list_url(book.name)),),
        ),
        action=request.path,
        similar_url=reverse("web:similar", args=[book.name]),
        fields=sight,
        more=more,
        more_open=any(f.errors or (f.value and f.name != "classification" and f.kind != "checkbox") for f in more),
        cancel_url=list_url(book.name),
        errors=(told(wrong), *others) if wrong else (),
        similar=_similar(request, book, values, asked=looked) if request.method == "POST" else SimilarPart(),
    )
    return render(request, "entry_form.html", page, status=422 if wrong else 200)


def entry_url(register: str, values: Mapping[str, str] | None = None) -> str:
    """The form of a new record, some of its fields filled already."""
    query = urlencode({n: v for n, v in (values or {}).items() if v})
    return reverse("web:new", args=[register]) + (f"?{query}" if query else "")
