"""Splitting a commitment, merging it with others, replacing it by one that stands already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from banggiao.commitments.questions import COMMITMENTS
from banggiao.commitments.succession import MOST_PARTS
from banggiao.core.errors import MissingInformation, StaleEdit
from banggiao.reports import plans
from banggiao.web.addresses import record_url
from banggiao.web.asking import asker, deed, language, refilling, refills, typed, version_sent
from banggiao.web.following import Errors, duty_form, value_of
from banggiao.web.formats import format_number
from banggiao.web.frame import render
from banggiao.web.parts import Field, FieldSet, Header, Link
from banggiao.web.parts_grid import Grid, GridColumn, GridFormPage, GridRow
from banggiao.web.plans import body_field
from banggiao.web.records import found
from banggiao.web.words import say, told

_COLUMNS = ("text_vi", "text_en", "weight", "lead")


@refills
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, key: Any) -> HttpResponseBase:
    """Several commitments in the place of one."""
    _book, commitment = found(request, COMMITMENTS.name, str(key))
    asker(request).require("commitments.edit", subject=commitment.code)
    wrong: MissingInformation | None = None
    stale: StaleEdit | None = None
    rows = _rows(request) if request.method == "POST" else []
    texts = {name: typed(request, name).strip() for name in ("document", "reason")}
    if request.method == "POST" and not (request.POST.get("more") or refilling(request)):
        values = {"document": texts["document"], "parts": rows}
        try:
            made = plans.split(commitment, values, act=deed(request, texts["reason"]), version=version_sent(request))
        except StaleEdit as error:
            stale = error
        except MissingInformation as error:
            wrong = error
        else:
            messages.success(request, _("Đã tách thành %(codes)s.") % {"codes": ", ".join(c.code for c in made)})
            return redirect(record_url(commitment.record_type(), commitment.pk))
    problems: dict[str, list[str]] = {}
    for problem in wrong.problems if wrong else ():
        problems.setdefault(problem.field, []).append(say(problem.message))
    title, here = COMMITMENTS.title_of(commitment).get(language()), record_url(commitment.record_type(), commitment.pk)
    page = GridFormPage(
        header=Header(title=_("Tách cam kết"), subtitle=title, trail=(Link(label=commitment.code, url=here),)),
        action=request.path,
        version=stale.current_version if stale else commitment.version,
        fieldsets=(
            FieldSet(
                title=_("Căn cứ"),
                fields=(
                    _reason(texts["reason"], problems.get("reason", ())),
                    Field(name="document", label=_("Văn bản"), value=texts["document"], errors=problems.get("document", ())),
                ),
                help=_(
                    "Các phần giữ đối tác, thỏa thuận, ngày cam kết, hạn ban đầu và tình trạng; cam kết này được ghi là đã được "
                    "thay thế."
                ),
            ),
        ),
        grid=_grid(rows, problems, commitment.weight),
        submit=_("Tách cam kết"),
        cancel_url=here,
        errors=(*((told(wrong),) if wrong else ()), *((told(stale),) if stale else ()), *problems.get("parts", ())),
    )
    status = 412 if stale else 422 if wrong else 200
    return render(request, "grid_form.html", page, status=status, exercise=commitment.exercise)


@refills
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, key: Any) -> HttpResponseBase:
    """One commitment in the place of this and others."""

    def write(commitment: Any) -> None:
        values = {name: typed(request, name) for name in ("others", "text_vi", "text_en", "lead", "document")}
        plans.merge(commitment, values, act=deed(request, typed(request, "reason").strip()), version=version_sent(request))

    def fields(errors: Errors) -> list[Field]:
        return [
            _codes(request, "others", _("Các cam kết gộp cùng"), errors("others") or errors("commitments"), many=True),
            Field(
                name="text_vi",
                label=_("Nội dung của cam kết gộp"),
                kind="textarea",
                value=value_of(request, "text_vi"),
                required=True,
                errors=errors("text_vi"),
            ),
            Field(name="text_en", label=_("Nội dung tiếng Anh"), kind="textarea", value=value_of(request, "text_en")),
            body_field(request, "lead", _("Cơ quan chủ trì"), errors("lead") or errors("lead_id")),
            _document(request, errors),
            _reason(value_of(request, "reason"), errors("reason")),
        ]

    done = _("Đã gộp; trọng số của cam kết mới bằng tổng trọng số của các cam kết cũ.")
    title = _("Gộp với cam kết khác")
    return duty_form(request, COMMITMENTS.name, str(key), title, fields, write, done, permission="commitments.edit")


@refills
@require_http_methods(["GET", "HEAD", "POST"])
def supersede(request: HttpRequest, key: Any) -> HttpResponseBase:
    """Another commitment that stands already in the place of this one."""

    def write(commitment: Any) -> None:
        values = {name: typed(request, name) for name in ("by", "document")}
        plans.supersede(commitment, values, act=deed(request, typed(request, "reason").strip()), version=version_sent(request))

    def fields(errors: Errors) -> list[Field]:
        return [
            _codes(request, "by", _("Được thay bằng cam kết"), errors("by")),
            _document(request, errors),
            _reason(value_of(request, "reason"), errors("reason")),
        ]

    title, done = _("Thay bằng cam kết đã có"), _("Đã ghi cam kết thay thế.")
    return duty_form(request, COMMITMENTS.name, str(key), title, fields, write, done, permission="commitments.edit")


def _codes(request: HttpRequest, name: str, label: str, errors: Sequence[str], *, many: bool = False) -> Field:
    return Field(
        name=name,
        label=label,
        value=value_of(request, name),
        required=True,
        errors=errors,
        help=_("Mã cam kết, cách nhau bằng dấu chấm phẩy.") if many else _("Mã cam kết."),
        suggest=reverse("web:choices", args=[COMMITMENTS.name]) + f"?into={name}{'&many=yes' if many else ''}",
    )


def _document(request: HttpRequest, errors: Errors) -> Field:
    return Field(
        name="document",
        label=_("Văn bản của đối tác"),
        value=value_of(request, "document"),
        errors=errors("document"),
        help=_("Số, ký hiệu và ngày; bắt buộc với cam kết có đối tác."),
    )


def _reason(value: str, errors: Sequence[str]) -> Field:
    return Field(
        name="reason",
        label=_("Lý do"),
        kind="textarea",
        value=value,
        required=True,
        errors=errors,
        help=_("Lý do được ghi vào lịch sử của bản ghi."),
    )


def _rows(request: HttpRequest) -> list[dict[str, str]]:
    count = typed(request, "lines")
    lines = min(int(count) if count.isascii() and count.isdigit() and len(count) < 4 else 0, MOST_PARTS)
    rows = [{name: typed(request, f"p{n}-{name}").strip() for name in _COLUMNS} for n in range(lines)]
    return [row for row in rows if any(row.values())]


def _grid(rows: Sequence[Mapping[str, str]], problems: Mapping[str, list[str]], weight: Decimal) -> Grid:
    every = [*rows, *[{} for _n in range(3 if not rows else 1)]][:MOST_PARTS]
    whole = format_number(weight.normalize(), language())
    return Grid(
        title=_("Các phần"),
        help=_("Tổng trọng số của các phần phải bằng %(whole)s. Để trống cơ quan chủ trì nếu không đổi.") % {"whole": whole},
        columns=(
            GridColumn(label=_("Nội dung"), required=True),
            GridColumn(label=_("Nội dung tiếng Anh")),
            GridColumn(label=_("Trọng số"), required=True, narrow=True),
            GridColumn(label=_("Cơ quan chủ trì")),
        ),
        rows=[_row(n, row, problems, len(every)) for n, row in enumerate(every)],
        more=_("Thêm dòng") if len(every) < MOST_PARTS else "",
    )


def _row(n: int, row: Mapping[str, str], problems: Mapping[str, list[str]], lines: int) -> GridRow:
    names = {"text_vi": _("Nội dung"), "text_en": _("Nội dung tiếng Anh"), "weight": _("Trọng số"), "lead": _("Cơ quan chủ trì")}
    suggest = reverse("web:choices", args=["institutions"]) + f"?into=p{n}-lead"
    cells = [
        Field(
            name=f"p{n}-{name}",
            label=f"{label} {n + 1}",
            kind="textarea" if name.startswith("text") else "text",
            value=row.get(name, ""),
            errors=[*problems.get(f"parts.{n + 1}.{name}", ()), *problems.get(f"parts.{n + 1}.{name}_id", ())],
            suggest=suggest if name == "lead" else "",
        )
        for name, label in names.items()
    ]
    return GridRow(cells=cells, hidden=(Field(name="lines", label="", kind="hidden", value=str(lines)),) if n == 0 else ())
