"""The form that refers to an official letter behind a record."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from banggiao.core.acts import CLASSIFICATIONS
from banggiao.core.errors import MissingInformation
from banggiao.followup.dispatches.questions import DISPATCHES
from banggiao.followup.dispatches.services import create_dispatch, is_pointer_only
from banggiao.reports.choices import institution_choices
from banggiao.web.addresses import list_url, record_url
from banggiao.web.asking import asker, deed, language, typed
from banggiao.web.frame import render
from banggiao.web.pages import EditPage
from banggiao.web.parts import Choice, Field, FieldSet, Header, Link
from banggiao.web.records import found
from banggiao.web.words import label, say, told

_NAMES = ("number", "day", "direction", "issuer_id", "issuer_name", "about", "secrecy", "keeper")


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, register: str, key: str) -> HttpResponseBase:
    """Refer to a letter that belongs to a record."""
    book, record = found(request, register, key)
    asker(request).require(DISPATCHES.edit_permission, subject=str(record))
    values = {name: typed(request, name).strip() for name in _NAMES}
    wrong = None
    if request.method == "POST":
        try:
            create_dispatch(act=deed(request), values={**values, "issuer_id": values["issuer_id"] or None}, subject=record)
            messages.success(request, _("Đã ghi văn bản vào hồ sơ."))
            return redirect(f"{record_url(book.record_type, record.pk)}#dispatches")
        except MissingInformation as error:
            wrong = error
    title = book.title_of(record).get(language())
    here = record_url(book.record_type, record.pk)
    page = EditPage(
        header=Header(
            title=_("Thêm văn bản liên quan"),
            subtitle=title,
            trail=(Link(label=book.title.get(language()), url=list_url(book.name)), Link(label=title, url=here)),
        ),
        action=request.path,
        version=None,
        fieldsets=(_fields(request, values, wrong),),
        submit=_("Ghi văn bản"),
        cancel_url=here,
        errors=(told(wrong),) if wrong else (),
    )
    return render(request, "edit_form.html", page, status=422 if wrong else 200, exercise=record.exercise)


def _fields(request: HttpRequest, values: dict[str, str], wrong: MissingInformation | None) -> FieldSet:
    problems: dict[str, list[str]] = {}
    for problem in wrong.problems if wrong else ():
        problems.setdefault(problem.field, []).append(say(problem.message))
    secret = [label("classification", level) for level in CLASSIFICATIONS if is_pointer_only(level)]

    def field(name: str, title: str, **more: Any) -> Field:
        return Field(name=name, label=title, value=values[name], errors=problems.get(name, ()), **more)

    def pick(name: str, title: str, pairs: list[tuple[str, str]], **more: Any) -> Field:
        choices = [Choice(value=code, label=text, selected=code == values[name]) for code, text in pairs]
        return field(name, title, kind="select", choices=choices, **more)

    bodies = [
        ("", _("(không có trong danh bạ)")),
        *((pk, name.get(language())) for pk, name in institution_choices(asker(request))),
    ]
    levels = [(level, label("classification", level)) for level in CLASSIFICATIONS]
    directions = [(code, label("dispatch_direction", code)) for code in ("in", "out")]
    return FieldSet(
        title=_("Văn bản"),
        help=_("Không lưu tệp văn bản. Văn bản mật (%(levels)s) chỉ ghi số, ngày và nơi giữ; không ghi trích yếu.")
        % {"levels": ", ".join(secret)}
        if secret
        else _("Không lưu tệp văn bản; tệp nằm ở hệ thống quản lý văn bản."),
        fields=(
            field("number", _("Số, ký hiệu"), required=True, help=_("Ví dụ: 123/ABC-KT.")),
            field("day", _("Ngày"), kind="date", required=True),
            pick("direction", _("Đi, đến"), directions),
            pick("issuer_id", _("Cơ quan ban hành"), bodies),
            field("issuer_name", _("Tên cơ quan như trong văn bản"), help=_("Chỉ cần khi cơ quan không có trong danh bạ.")),
            pick("secrecy", _("Độ mật của văn bản"), levels),
            field("about", _("Trích yếu")),
            field("keeper", _("Nơi giữ văn bản")),
        ),
    )
