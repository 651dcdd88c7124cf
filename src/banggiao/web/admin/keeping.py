"""Calendars of working days, the closed lists, and what each role may do."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banggiao.accounts.permissions import PERMISSIONS
from banggiao.core.acts import Viewer
from banggiao.core.calendar import exceptions_in, holiday_names, remove_exception, set_exception
from banggiao.core.errors import InvalidInput
from banggiao.core.questions import Bi
from banggiao.core.vocabulary import vocabulary, vocabulary_names
from banggiao.reports.choices import post_calendars
from banggiao.web.admin.forms import chosen, day_sent
from banggiao.web.asking import asker, deed, language, today, typed
from banggiao.web.frame import render
from banggiao.web.pages import HomePage
from banggiao.web.parts import (
    Action,
    Badge,
    Cell,
    Choice,
    Empty,
    Field,
    Form,
    Header,
    Link,
    Section,
    Table,
    TableColumn,
    TableRow,
)
from banggiao.web.words import label, say, told

YEARS_ABOUT = 3


@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponseBase:
    """The public holidays and decided days of a year, at home or at a post; who may, adds a decided day."""
    viewer = asker(request)
    calendars = [("VNM", Bi("Việt Nam", "Viet Nam")), *post_calendars(viewer)]
    country = typed(request, "calendar") if request.method == "POST" else request.GET.get("calendar", "VNM")
    country = country if country in dict(calendars) else "VNM"
    wrong = ""
    if request.method == "POST":
        viewer.require("calendar.edit")
        try:
            found = set_exception(
                act=deed(request), country=country, day=day_sent(request, "day"), works=typed(request, "works") == "yes",
                decision=typed(request, "decision"),
            )  # fmt: skip
            messages.success(request, _("Đã ghi vào lịch làm việc."))
            return redirect(f"{reverse('web:calendar')}?calendar={country}&year={found.day.year}")
        except InvalidInput as error:
            wrong = " ".join([told(error), *(say(p.message) for p in error.problems)])
            messages.error(request, wrong)
    asked_year = request.GET.get("year", "")
    year = int(asked_year) if asked_year.isascii() and asked_year.isdigit() and len(asked_year) == 4 else 0
    year = year if 2000 <= year <= 2100 else today(request).year
    name = dict(calendars)[country].get(language())
    page = HomePage(
        header=Header(title=_("Lịch làm việc"), subtitle=f"{name}, {year}"),
        sections=[_choose(calendars, country, year, today(request).year), *_set(viewer, request, calendars, country)],
        aside=[],
    )
    page = HomePage(header=page.header, sections=[*page.sections, _decided(country, year, viewer), _holidays(country, year)])
    return render(request, "home_desk.html", page, status=422 if wrong else 200)


@require_POST
def remove_day(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """A decided day is taken out of its calendar."""
    gone = remove_exception(act=deed(request), key=key)
    messages.success(request, _("Đã bỏ ngày này khỏi lịch."))
    return redirect(f"{reverse('web:calendar')}?calendar={gone.calendar}&year={gone.day.year}")


@require_safe
def vocabularies(request: HttpRequest) -> HttpResponseBase:
    """The closed lists, each with how many values it has."""
    rows = [
        TableRow(
            cells=[
                Cell(value=vocabulary_title(name), url=reverse("web:vocabulary", args=[name]), note=name),
                Cell(value=len(vocabulary(name).terms)),
                Cell(
                    value=", ".join(term.label(language()) for term in vocabulary(name).terms[:4])
                    + ("…" if len(vocabulary(name).terms) > 4 else "")
                ),
            ]
        )
        for name in sorted(vocabulary_names(), key=lambda n: vocabulary_title(n).casefold())
    ]
    columns = [
        TableColumn(key="name", label=_("Danh mục"), lead=True),
        TableColumn(key="count", label=_("Số giá trị"), kind="number"),
        TableColumn(key="values", label=_("Giá trị")),
    ]
    section = Section(
        id="lists",
        title=_("Mọi danh mục"),
        table=Table(caption=_("Danh mục dùng chung"), columns=columns, rows=rows),
        note=_("Danh mục đi cùng phiên bản của chương trình; mọi sổ, biểu mẫu, API và báo cáo dùng chung một bản."),
    )
    page = HomePage(header=Header(title=_("Danh mục dùng chung")), sections=[section])
    return render(request, "home_desk.html", page)


@require_safe
def one_vocabulary(request: HttpRequest, name: str) -> HttpResponseBase:
    """One closed list: code, both names, the words of other sources that stand for each value."""
    terms = vocabulary(name).terms
    extra = list(terms[0].attributes) if terms else []
    other = _("Tên tiếng Anh") if language() == "vi" else _("Tên tiếng Việt")
    columns = [
        TableColumn(key="label", label=_("Tên"), lead=True),
        TableColumn(key="code", label=_("Mã"), kind="code"),
        TableColumn(key="other", label=other),
        TableColumn(key="means", label=_("Từ của nguồn được hiểu như vậy")),
        *(TableColumn(key=column, label=column) for column in extra),
        TableColumn(key="note", label=_("Ghi chú")),
    ]
    cells = [
        [
            term.label(language()),
            term.code,
            term.label_en if language() == "vi" else term.label_vi,
            ", ".join(dict.fromkeys((*term.fact_values, *term.reference_values))),
            *(term.attributes[column] for column in extra),
            term.note,
        ]
        for term in terms
    ]
    # A column that says nothing of any value stays out.
    filled = [place for place in range(len(columns)) if place < 3 or any(row[place] for row in cells)]
    rows = [TableRow(cells=[Cell(value=row[place] or None) for place in filled]) for row in cells]
    columns = [columns[place] for place in filled]
    title = vocabulary_title(name)
    page = HomePage(
        header=Header(
            title=title,
            kicker=name,
            trail=[Link(label=_("Danh mục dùng chung"), url=reverse("web:vocabularies"))],
        ),
        sections=[
            Section(id="terms", title=_("Giá trị"), meta=str(len(terms)), table=Table(caption=title, columns=columns, rows=rows))
        ],
    )
    return render(request, "home_desk.html", page)


@require_safe
def permissions(request: HttpRequest) -> HttpResponseBase:
    """What each role may do, as a table that anybody reads."""
    viewer = asker(request)
    known = vocabulary("permission")
    rows = [
        TableRow(
            cells=[
                Cell(value=term.label(language()), note=term.code),
                *(Cell(value=_("có") if term.code in PERMISSIONS[role] else None) for role in PERMISSIONS),
            ]
        )
        for term in known.terms
    ]
    columns = [
        TableColumn(key="permission", label=_("Quyền"), lead=True),
        *(TableColumn(key=role, label=label("role", role) + (" •" if role in viewer.roles else "")) for role in PERMISSIONS),
    ]
    section = Section(
        id="permissions",
        title=_("Bảng quyền"),
        meta=_("• vai trò bạn đang giữ"),
        table=Table(caption=_("Quyền của từng vai trò"), columns=columns, rows=rows, compact=True),
        note=_(
            "Ai cũng chỉ thấy bản ghi ở mức mật của hệ thống, và của cơ quan mình hoặc có cơ quan mình tham gia, "
            "trừ vai trò có quyền xem của mọi cơ quan."
        ),
    )
    page = HomePage(header=Header(title=_("Quyền của từng vai trò")), sections=[section])
    return render(request, "home_desk.html", page)


def _first_values(name: str) -> str:
    terms = vocabulary(name).terms
    return ", ".join(term.label(language()) for term in terms[:4]) + ("…" if len(terms) > 4 else "")


def vocabulary_title(name: str) -> str:
    """What a closed list is called: as the list of lists says, else its name."""
    return label("vocabulary", name)


def _choose(calendars: list[tuple[str, Bi]], country: str, year: int, now: int) -> Section:
    years = sorted({*range(now - YEARS_ABOUT, now + YEARS_ABOUT), year})
    fields = [
        chosen("calendar", _("Lịch của"), calendars, country, lambda _name: ()),
        Field(
            name="year", label=_("Năm"), kind="select", value=str(year),
            choices=[Choice(value=str(y), label=str(y), selected=y == year) for y in years],
        ),
    ]  # fmt: skip
    form = Form(action=reverse("web:calendar"), fields=fields, submit=_("Xem"), method="get")
    return Section(id="choose", title=_("Chọn lịch"), form=form)


def _set(viewer: Viewer, request: HttpRequest, calendars: list[tuple[str, Bi]], country: str) -> list[Section]:
    if not viewer.may("calendar.edit"):
        return []
    post = request.method == "POST"
    fields = [
        Field(name="calendar", label="", kind="hidden", value=country),
        Field(name="day", label=_("Ngày"), kind="date", required=True, value=typed(request, "day") if post else ""),
        chosen(
            "works", _("Ngày này"), [("no", Bi(_("được nghỉ"))), ("yes", Bi(_("đi làm")))],
            typed(request, "works") if post else "no", lambda _name: (),
        ),
        Field(
            name="decision", label=_("Theo quyết định"), required=True, value=typed(request, "decision") if post else "",
        ),
    ]  # fmt: skip
    form = Form(action=reverse("web:calendar"), fields=fields, submit=_("Ghi vào lịch"), icon="add")
    note = _("Ngày hoán đổi theo quyết định hằng năm. Hạn và nhắc việc tính lại theo lịch này.")
    return [Section(id="set", title=_("Thêm ngày hoán đổi"), meta=dict(calendars)[country].get(language()), form=form, note=note)]


def _decided(country: str, year: int, viewer: Viewer) -> Section:
    rows = []
    for each in exceptions_in(country, year):
        gone = Action(
            label=_("Bỏ"), url=reverse("web:calendar_remove", args=[each.pk]), method="post", confirm=_("Bỏ ngày này khỏi lịch?")
        )
        text = _("đi làm") if each.works else _("được nghỉ")
        rows.append(
            TableRow(
                cells=[
                    Cell(value=each.day),
                    Cell(value=text, badge=Badge(label=text, tone="active" if each.works else "good")),
                    Cell(value=each.decision),
                    *([Cell(actions=[gone])] if viewer.may("calendar.edit") else ()),
                ]
            )
        )
    columns = [
        TableColumn(key="day", label=_("Ngày"), kind="date", lead=True),
        TableColumn(key="works", label=_("Ngày này")),
        TableColumn(key="decision", label=_("Theo quyết định")),
        *([TableColumn(key="gone", label=_("Thao tác"))] if viewer.may("calendar.edit") else ()),
    ]
    empty = Empty(title=_("Chưa có ngày hoán đổi"), text=_("Lịch năm này theo đúng ngày nghỉ chung và thứ Bảy, Chủ nhật."))
    table = Table(caption=_("Ngày hoán đổi"), columns=columns, rows=rows) if rows else None
    return Section(id="decided", title=_("Ngày hoán đổi"), table=table, empty=empty)


def _holidays(country: str, year: int) -> Section:
    rows = [
        TableRow(cells=[Cell(value=day), Cell(value=_weekday(day.weekday())), Cell(value=name or None)])
        for day, name in sorted(holiday_names(country, year, language()).items())
    ]
    columns = [
        TableColumn(key="day", label=_("Ngày"), kind="date", lead=True),
        TableColumn(key="weekday", label=_("Thứ")),
        TableColumn(key="name", label=_("Ngày nghỉ")),
    ]
    empty = Empty(
        title=_("Không có ngày nghỉ nào được biết"),
        text=_("Lịch của nước này chưa có trong chương trình; hãy thêm ngày nghỉ bằng tay."),
    )
    table = Table(caption=_("Ngày nghỉ lễ"), columns=columns, rows=rows) if rows else None
    return Section(id="holidays", title=_("Ngày nghỉ lễ"), meta=str(len(rows)), table=table, empty=empty)


def _weekday(number: int) -> str:
    return (_("thứ Hai"), _("thứ Ba"), _("thứ Tư"), _("thứ Năm"), _("thứ Sáu"), _("thứ Bảy"), _("Chủ nhật"))[number]
