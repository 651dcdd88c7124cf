"""Every list: the answer of a question with its filters, orders, pages and exports, all kept in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from banggiao.core.acts import Viewer
from banggiao.core.exports import export
from banggiao.core.folding import is_text, nfc
from banggiao.core.periods import is_partial_date
from banggiao.core.questions import ALL, Answer, Page, Parameter, Question, ask, question_named
from banggiao.core.registers import registers
from banggiao.reports.choices import choices_for
from banggiao.reports.questions import holds_exercise
from banggiao.web.addresses import list_url, record_title
from banggiao.web.asking import asker, deed, language, moment, today
from banggiao.web.formats import format_number
from banggiao.web.frame import render
from banggiao.web.jinja import written
from banggiao.web.pages import ListPage
from banggiao.web.parts import Action, Chip, Choice, Empty, Field, Header
from banggiao.web.tables import table_of
from banggiao.web.words import is_id, label, partial_date, period_label, plain_value, say

PAGE = Page(size=40)
#: What names a moment rather than a choice: offered as ready-made views, kept through the filter form.
TIMELY = ("overdue_on", "due_soon_on")
FORMS = (("csv", "CSV"), ("xlsx", "Excel"), ("json", "JSON"))


@require_safe
def show(request: HttpRequest, question: str) -> HttpResponseBase:
    """The list of a question as far as the viewer may know it."""
    asked, viewer = question_named(question), asker(request)
    params = _parameters(request, asked)
    after = request.GET.get("after", "")
    answer = ask(question, params, viewer, at=moment(request), page=Page(PAGE.size, after)).listed()
    kept = {n: v for n, v in params.items() if v}
    narrowing = {n: v for n, v in kept.items() if n != "order"}
    sort_urls, sorted_by = _sorting(asked, kept)
    page = ListPage(
        header=Header(
            title=answer.title.get(language()),
            subtitle=_found(answer, bool(narrowing)),
            actions=_actions(question, viewer),
        ),
        table=table_of(
            answer,
            today=today(request),
            sort_urls=sort_urls,
            sorted_by=sorted_by,
            next_url=list_url(question, {**kept, "after": answer.next_cursor}) if answer.next_cursor else "",
            first_url=list_url(question, kept) if after else "",
            empty=_empty(question, viewer, narrowed=bool(narrowing)),
        ),
        views=_views(asked, kept, today(request)),
        chips=_chips(asked, kept, viewer),
        filters=_filters(asked, kept, viewer, today(request)),
        filter_url=list_url(question),
        exports=_exports(question, kept, viewer) if answer.total else (),
    )
    return render(request, "register_list.html", page, exercise=holds_exercise(question, params, viewer))


@require_safe
def take(request: HttpRequest, question: str, form: str) -> HttpResponseBase:
    """The whole list as a file; the ledger says who took it."""
    params = _parameters(request, question_named(question))
    act = deed(request)
    act.viewer.require("exports.take", subject=question)
    answer = ask(question, params, act.viewer, at=act.at, page=ALL)
    content, media_type, name = export(
        answer, form, act=act, language=language(), translate=lambda text: gettext(text) if text else ""
    )
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _parameters(request: HttpRequest, question: Question) -> dict[str, str]:
    """The parameters of the question that the address names; what is of no database's text finds nothing rather than failing."""
    known = {p.name for p in question.parameters}
    return {n: nfc(v.strip()) for n in known if (v := request.GET.get(n, "")).strip() and is_text(v)}


def _sorting(question: Question, kept: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, bool]]:
    """Links that order by a column, and the column it is ordered by now; an order belongs to the column of its first path."""
    register = next((r for r in registers() if r.name == question.name), None)
    if register is None:
        return {}, ("", False)
    chosen = kept.get("order", register.orders[0].name)
    columns = {path: f.column.key for f in register.fields for path in f.paths} | {"sort_key": register.fields[0].column.key}
    urls: dict[str, str] = {}
    now = ("", False)
    for order in register.orders:
        key = columns.get(order.paths[0], "")
        if order.name == chosen:
            now = (key, order.descending)
        elif key:
            urls[key] = list_url(question.name, {**kept, "order": order.name})
    return urls, now


def _found(answer: Answer, narrowed: bool) -> str:
    shown = _number(answer.total)
    if narrowed:
        return ngettext("%(shown)s bản ghi khớp bộ lọc", "%(shown)s bản ghi khớp bộ lọc", answer.total) % {"shown": shown}
    return ngettext("%(shown)s bản ghi", "%(shown)s bản ghi", answer.total) % {"shown": shown}


def _views(question: Question, kept: Mapping[str, str], day: date) -> Sequence[Chip]:
    if not {p.name for p in question.parameters} >= set(TIMELY):
        return ()
    rest = {n: v for n, v in kept.items() if n not in TIMELY}
    names = (("", _("Tất cả")), ("overdue_on", label("timeliness", "overdue")), ("due_soon_on", label("timeliness", "due_soon")))
    chosen = next((n for n in TIMELY if n in kept), "")
    return [
        Chip(label=text, url=list_url(question.name, {**rest, n: day.isoformat()} if n else rest), active=n == chosen)
        for n, text in names
    ]


def _chips(question: Question, kept: Mapping[str, str], viewer: Viewer) -> list[Chip]:
    chips = []
    for parameter in question.parameters:
        value = kept.get(parameter.name, "")
        if value and parameter.name != "order":
            text = f"{say(parameter.label)}: {_shown(parameter, value, viewer)}"
            chips.append(
                Chip(label=text, url=list_url(question.name, {n: v for n, v in kept.items() if n != parameter.name}), active=True)
            )
    return chips


def _shown(parameter: Parameter, value: str, viewer: Viewer) -> str:
    if parameter.vocabulary:
        return label(parameter.vocabulary, value)
    if parameter.kind == "period":
        return period_label(value)
    if parameter.kind == "date" and is_partial_date(value):
        return _day(value)
    if parameter.kind in ("partner", "institution"):
        return next((name.get(language()) for code, name in choices_for(parameter, viewer) if code == value), value)
    if parameter.kind == "id" and is_id(value):
        return _named(parameter.name, value, viewer) or value
    return value


def _named(name: str, value: str, viewer: Viewer) -> str:
    """What a record is called that a parameter names by id: it is called after one record of the register it means."""
    register = next((r for r in registers() if r.name in (f"{name}s", f"{name[:-1]}ies")), None)
    return record_title(register.record_type, UUID(value), viewer) if register else ""


def _filters(question: Question, kept: Mapping[str, str], viewer: Viewer, day: date) -> list[Field]:
    fields = []
    for parameter in question.parameters:
        value = kept.get(parameter.name, "")
        if parameter.kind in ("id", "date") or parameter.name == "order":
            if value:
                fields.append(Field(name=parameter.name, label="", kind="hidden", value=value))
        elif parameter.kind == "period":
            fields.append(_select(parameter, value, [(code, period_label(code)) for code in _periods(day, value)]))
        elif chosen := choices_for(parameter, viewer):
            fields.append(_select(parameter, value, [(code, name.get(language())) for code, name in chosen]))
        else:
            fields.append(Field(name=parameter.name, label=say(parameter.label), value=value))
    return fields


def _select(parameter: Parameter, value: str, pairs: Sequence[tuple[str, str]]) -> Field:
    first = Choice(value="", label=_("Tất cả"), selected=not value)
    choices = [first, *(Choice(value=code, label=text, selected=code == value) for code, text in pairs)]
    return Field(name=parameter.name, label=say(parameter.label), kind="select", value=value, choices=choices)


def _periods(day: date, chosen: str) -> list[str]:
    """Years and half-years from the next one back, and whatever period is chosen now."""
    codes = [code for year in range(day.year + 1, day.year - 7, -1) for code in (str(year), f"{year}-H2", f"{year}-H1")]
    return codes if not chosen or chosen in codes else [chosen, *codes]


def _actions(question: str, viewer: Viewer) -> Sequence[Action]:
    if question in ("documents", "facts_to_check") and viewer.may("documents.read_in"):
        return (Action(label=_("Nạp tài liệu"), url=reverse("web:upload"), style="primary", icon="upload"),)
    return ()


def _exports(question: str, kept: Mapping[str, str], viewer: Viewer) -> list[Action]:
    if not viewer.may("exports.take"):
        return []
    query = list_url(question, kept).partition("?")[2]
    urls = {form: reverse("web:export", args=[question, form]) for form, _name in FORMS}
    return [Action(label=name, url=f"{urls[form]}?{query}".rstrip("?"), icon="download") for form, name in FORMS]


def _empty(question: str, viewer: Viewer, *, narrowed: bool) -> Empty:
    if narrowed:
        action = Action(label=_("Bỏ mọi bộ lọc"), url=list_url(question))
        return Empty(
            title=_("Không có bản ghi nào khớp"), text=_("Hãy bỏ bớt điều kiện lọc, hoặc thử ít từ khóa hơn."), action=action
        )
    if question == "facts_to_check":
        return Empty(
            title=_("Không còn thông tin nào chờ duyệt"),
            text=_("Khi có tài liệu mới được nạp, những gì máy đọc được sẽ chờ ở đây."),
        )
    text = _("Bản ghi xuất hiện ở đây khi thông tin đọc từ tài liệu được duyệt, hoặc khi bộ dữ liệu tham chiếu được nạp.")
    bring = Action(label=_("Nạp tài liệu"), url=reverse("web:upload"), icon="upload") if viewer.may("documents.read_in") else None
    return Empty(title=_("Chưa có bản ghi nào bạn được xem"), text=text, action=bring)


def _number(value: int) -> str:
    return format_number(value, language())


def _day(value: str) -> str:
    return written(plain_value(partial_date(value)))
