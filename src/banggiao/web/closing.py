"""The end of a home body: the day, the paper, who follows it, and the duties that change hands."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from banggiao.core.errors import MissingInformation, NotFound, StaleEdit
from banggiao.core.registers import find_record
from banggiao.core.typed import typed_date
from banggiao.partners.models import Institution
from banggiao.reports.choices import institution_choices
from banggiao.reports.closing import close_institution, open_duties
from banggiao.web.addresses import list_url, record_url
from banggiao.web.asking import asker, deed, language, refilling, refills, typed, version_sent
from banggiao.web.formats import format_number
from banggiao.web.frame import render
from banggiao.web.pages import EditPage
from banggiao.web.parts import Choice, Field, FieldSet, Header, Link
from banggiao.web.records import found
from banggiao.web.words import say, told


@refills
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, key: str) -> HttpResponseBase:
    """Enter the end of a body; its open duties go to the successor or the end is refused with their list."""
    book, institution = found(request, "institutions", key)
    asker(request).require("partners.edit", subject=str(institution))
    if request.method != "POST":
        return _page(request, institution, institution.version)
    version = version_sent(request)
    if refilling(request):
        return _page(request, institution, version or institution.version)
    try:
        chosen = typed(request, "successor_id").strip()
        successor: Institution | None = find_record(book, chosen, asker(request)) if chosen else None
        duties, _hidden = open_duties(institution, asker(request))
        close_institution(
            act=deed(request),
            institution=institution,
            day=_day(request),
            successor=successor,
            basis=typed(request, "basis").strip(),
            version=version,
        )
    except StaleEdit as error:
        return _page(request, institution, error.current_version, wrong=told(error), status=412)
    except MissingInformation as error:
        return _page(request, institution, version or institution.version, wrong=told(error), problems=error, status=422)
    except NotFound as error:
        return _page(request, institution, version or institution.version, wrong=told(error), status=422)
    moved = len(duties) if successor else 0
    text = ngettext(
        "Đã ghi. %(count)s việc chuyển sang cơ quan kế nhiệm.", "Đã ghi. %(count)s việc chuyển sang cơ quan kế nhiệm.", moved
    )
    messages.success(request, text % {"count": format_number(moved, language())})
    return redirect(record_url("partners.institution", institution.pk))


def _page(
    request: HttpRequest,
    institution: Institution,
    version: int,
    *,
    wrong: str = "",
    problems: MissingInformation | None = None,
    status: int = 200,
) -> HttpResponseBase:
    duties, _hidden = open_duties(institution, asker(request))
    fields = {"valid_to", "successor_id", "basis"}
    by_field: dict[str, list[str]] = {}
    others: list[str] = []
    for problem in problems.problems if problems else ():
        if problem.field in fields:
            by_field.setdefault(problem.field, []).append(say(problem.message))
        else:
            others.append(f"{problem.field}: {problem.message}")
    chosen = typed(request, "successor_id")
    choices = [Choice(value="", label=_("(không có)"), selected=not chosen)]
    choices += [
        Choice(value=pk, label=name.get(language()), selected=pk == chosen)
        for pk, name in institution_choices(asker(request))
        if pk != str(institution.pk)
    ]
    name = institution.name_vi if language() == "vi" or not institution.name_en else institution.name_en
    count = format_number(len(duties), language())
    page = EditPage(
        header=Header(
            title=_("Kết thúc hoạt động: %(name)s") % {"name": name},
            trail=(
                Link(label=_("Cơ quan, địa phương"), url=list_url("institutions")),
                Link(label=name, url=record_url("partners.institution", institution.pk)),
            ),
        ),
        action=request.path,
        version=version,
        fieldsets=(
            FieldSet(
                title=_("Kết thúc và kế nhiệm"),
                help=ngettext(
                    "Cơ quan đang chủ trì %(count)s việc chưa kết thúc; các việc này chuyển sang cơ quan kế nhiệm.",
                    "Cơ quan đang chủ trì %(count)s việc chưa kết thúc; các việc này chuyển sang cơ quan kế nhiệm.",
                    len(duties),
                )
                % {"count": count}
                if duties
                else _("Cơ quan không còn việc nào chưa kết thúc."),
                fields=[
                    Field(
                        name="valid_to",
                        label=_("Ngày kết thúc"),
                        value=typed(request, "valid_to"),
                        required=True,
                        errors=by_field.get("valid_to", ()),
                        help=_("Ngày đầu tiên cơ quan không còn hoạt động, ví dụ 1/7/2025."),
                    ),
                    Field(
                        name="successor_id",
                        label=_("Cơ quan kế nhiệm"),
                        kind="select",
                        choices=choices,
                        value=chosen,
                        errors=by_field.get("successor_id", ()),
                    ),
                    Field(
                        name="basis",
                        label=_("Văn bản thành lập, sắp xếp"),
                        value=typed(request, "basis"),
                        errors=by_field.get("basis", ()),
                    ),
                ],
            ),
        ),
        submit=_("Kết thúc và chuyển việc") if duties else _("Kết thúc hoạt động"),
        cancel_url=record_url("partners.institution", institution.pk),
        errors=(wrong, *others) if wrong else (),
    )
    return render(request, "edit_form.html", page, status=status, exercise=institution.exercise)


def _day(request: HttpRequest) -> str:
    """The day as typed; what is no date goes on as it is, so that the service says so."""
    text = typed(request, "valid_to").strip()
    try:
        return typed_date(text)
    except ValueError:
        return text
