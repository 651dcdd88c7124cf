"""The review of a period: choosing one, reading its report, taking it as a file, entering number, date, place and signer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from banggiao.activities.models import Review
from banggiao.activities.services import enter_signature, open_review
from banggiao.core.errors import N_, FieldProblem, InvalidInput, MissingInformation, StaleEdit
from banggiao.core.lines import rows_of
from banggiao.core.periods import parse_period, period_holding
from banggiao.reports.blocks import Figure, OfficialDocument
from banggiao.reports.drawings import svg
from banggiao.reports.files import MEDIA_TYPES
from banggiao.reports.files import take as take_paper
from banggiao.reports.home import all_reviews
from banggiao.reports.questions import holds_exercise
from banggiao.reports.review import compose
from banggiao.reports.review_issue import read_paper, standing_paper, take_kept
from banggiao.reports.review_papers import corrected
from banggiao.reviews.lines import MEMOS
from banggiao.reviews.questions import REVIEWS, review_of
from banggiao.web.addresses import list_url
from banggiao.web.asking import asker, deed, language, moment, today, typed, version_sent
from banggiao.web.beside_reviews import beside_paper
from banggiao.web.frame import render
from banggiao.web.jinja import written
from banggiao.web.pages import EditPage, HomePage
from banggiao.web.papers import charts_of, report_page
from banggiao.web.parts import (
    Action,
    Cell,
    Choice,
    Difference,
    Empty,
    Field,
    FieldSet,
    Form,
    Header,
    Link,
    Section,
    Table,
    TableColumn,
    TableRow,
)
from banggiao.web.records import axis_of
from banggiao.web.words import period_label, plain_value, say, state_badge, told

SIGNATURE = {
    "number": N_("Số văn bản"),
    "issued_on": N_("Ngày ban hành"),
    "place": N_("Nơi ban hành"),
    "signer_title": N_("Chức vụ người ký"),
    "signer_name": N_("Họ tên người ký"),
}


@require_safe
def choose(request: HttpRequest) -> HttpResponseBase:
    """The reviews that were begun, and a chooser for any period."""
    viewer = asker(request)
    viewer.require("reports.view")
    if code := request.GET.get("period", "").strip():
        return redirect(_url(parse_period(code).code, exercise=request.GET.get("exercise") == "yes"))
    last = period_holding(today(request)).code
    codes = [
        code
        for year in range(today(request).year, today(request).year - 6, -1)
        for code in (f"{year}-H2", f"{year}-H1", str(year))
    ]
    choices = [Choice(value=code, label=period_label(code), selected=code == last) for code in codes]
    fields = [Field(name="period", label=_("Kỳ"), kind="select", choices=choices, value=last)]
    if holds_exercise("activities", {}, viewer):
        fields.append(Field(name="exercise", label=_("Diễn tập"), kind="checkbox", value="yes"))
    form = Form(action=reverse("web:reviews"), method="get", submit=_("Xem báo cáo"), icon="report", fields=fields)
    rows = [_row(review) for review in all_reviews(viewer)]
    columns = (
        TableColumn(key="period", label=_("Kỳ"), lead=True),
        TableColumn(key="state", label=_("Tình trạng")),
        TableColumn(key="number", label=_("Số văn bản")),
        TableColumn(key="issued_on", label=_("Ngày ban hành"), kind="date"),
    )
    empty = Empty(title=_("Chưa mở kỳ sơ kết nào"), text=_("Hãy chọn kỳ rồi bấm “Mở kỳ sơ kết” trên trang báo cáo của kỳ đó."))
    page = HomePage(
        header=Header(
            title=_("Báo cáo sơ kết"),
            subtitle=_("Báo cáo của một kỳ được dựng từ các sổ; mỗi con số dẫn tới quy tắc, ngày và nguồn."),
        ),
        sections=(
            Section(id="choose", title=_("Chọn kỳ"), form=form),
            Section(
                id="begun",
                title=_("Các kỳ đã mở"),
                empty=empty,
                table=Table(caption=_("Các kỳ đã mở"), columns=columns, rows=rows) if rows else None,
                link=Link(label=_("Sổ các kỳ sơ kết"), url=list_url(REVIEWS.name)),
            ),
        ),
    )
    return render(request, "home_desk.html", page, exercise=any(row.exercise for row in rows))


@require_safe
def show(request: HttpRequest, period: str) -> HttpResponseBase:
    """The report of a period on the page, as known now or as it was kept."""
    document, exercise, code = _composed(request, period), _exercise(request), parse_period(period).code
    viewer = asker(request)
    review = review_of(code, viewer, exercise=exercise)
    kept = standing_paper(review)
    actions = [Action(label=_("Chọn kỳ khác"), url=reverse("web:reviews"))]
    if viewer.may("reviews.run") and (review is None or review.state != "published"):
        actions.append(
            Action(label=_("Nhập số, ngày, người ký"), url=_url(period, "web:review_signature", exercise=exercise), icon="edit")
        )
    if viewer.may("exports.take"):
        for form, name in (("docx", "Word"), ("pdf", "PDF"), ("json", "JSON")):
            actions.append(Action(label=name, url=_url(period, "web:review_file", form, exercise=exercise), icon="download"))
    if review is None and viewer.may("reviews.run"):
        fields = (("exercise", "yes"),) if exercise else ()
        url = reverse("web:review_begin", args=[code])
        actions.append(Action(label=_("Mở kỳ sơ kết"), url=url, method="post", style="primary", fields=fields))
    memos = list(rows_of(MEMOS, review, viewer)) if review else []
    page = report_page(
        corrected(document, memos),
        header=Header(
            title=_("Báo cáo sơ kết: %(period)s") % {"period": period_label(period)},
            subtitle=_("Số liệu chốt lúc %(moment)s; trang và tệp được giữ nguyên từ đó.") % {"moment": written(kept.as_of)}
            if kept
            else _("Dựng từ các sổ như đã biết lúc này, theo quyền xem của bạn."),
            badges=[state_badge("review_state", review.state, _("Tình trạng"))] if review else [],
            actions=actions,
            trail=(Link(label=_("Báo cáo sơ kết"), url=reverse("web:reviews")),),
        ),
        chart_url=lambda place: _url(period, "web:review_chart", place, exercise=exercise),
        steps=[axis_of(REVIEWS, machine, review, viewer) for machine in REVIEWS.machines] if review else [],
        beside=beside_paper(review, viewer) if review else [],
    )
    return render(request, "review_report.html", page, exercise=document.exercise)


@require_safe
def chart(request: HttpRequest, period: str, place: int) -> HttpResponseBase:
    """A chart of the report as an image."""
    document = _composed(request, period)
    figures: list[Figure] = charts_of(document)
    if not 1 <= place <= len(figures):
        raise Http404
    content = svg(figures[place - 1].chart, document.language, exercise=document.exercise)
    return HttpResponse(content, content_type="image/svg+xml", headers={"Cache-Control": "private, no-store"})


@require_safe
def take(request: HttpRequest, period: str, form: str) -> HttpResponseBase:
    """The report as a file: the one that was kept, once figures are frozen."""
    review = review_of(parse_period(period).code, asker(request), exercise=_exercise(request))
    kept = standing_paper(review)
    if kept is not None:
        content = take_kept(kept, form, language(), act=deed(request))
    else:
        content = take_paper(_composed(request, period), form, act=deed(request))
    name = f"review-{parse_period(period).code.replace('/', '_')}.{form}"
    return HttpResponse(
        content, content_type=MEDIA_TYPES[form], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, period: str) -> HttpResponseBase:
    """Enter number, date, place and signer; until all are there the report is a draft."""
    act, exercise, code = deed(request), _exercise(request), parse_period(period).code
    act.viewer.require("reviews.run", subject=period)
    review = review_of(code, act.viewer, exercise=exercise)
    if request.method != "POST":
        return _signature_page(request, code, review, {})
    values = {name: typed(request, name).strip() for name in SIGNATURE}
    version = version_sent(request)
    try:
        ready = _ready(values, code)
        if review is None:
            review = open_review(act=act, period=code, exercise=exercise)
            version = review.version
        enter_signature(act=act, review=review, values=ready, version=version)
    except StaleEdit as error:
        return _signature_page(request, code, review, values, stale=error)
    except MissingInformation as error:
        return _signature_page(request, code, review, values, wrong=error)
    messages.success(request, _("Đã ghi số, ngày và người ký của báo cáo."))
    return redirect(_url(code, exercise=exercise))


def _composed(request: HttpRequest, period: str) -> OfficialDocument:
    """The paper as it was kept; as known now where it was not."""
    viewer, code, exercise = asker(request), parse_period(period).code, _exercise(request)
    viewer.require("reports.view", subject=code)
    kept = standing_paper(review_of(code, viewer, exercise=exercise))
    if kept is not None:
        return read_paper(kept, language())
    return compose(code, viewer, at=moment(request), language=language(), exercise=exercise)


def _ready(values: dict[str, str], subject: str) -> dict[str, object]:
    ready: dict[str, object] = {}
    problems = []
    for name, text in values.items():
        try:
            field: Any = Review._meta.get_field(name)
            ready[name] = field.to_python(text or None) if name in ("number", "issued_on") else text
        except ValidationError:
            problems.append(FieldProblem(name, N_("Giá trị không hợp lệ.")))
    if problems:
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."), subject=subject, remedy=N_("Hãy sửa các trường được nêu."), problems=problems
        )
    return ready


def _signature_page(
    request: HttpRequest,
    code: str,
    review: Review | None,
    values: dict[str, str],
    *,
    stale: StaleEdit | None = None,
    wrong: MissingInformation | None = None,
) -> HttpResponseBase:
    here = _url(code, exercise=_exercise(request))
    kinds = {"number": "number", "issued_on": "date"}
    fields = [
        Field(
            name=name,
            label=say(text),
            kind=kinds.get(name, "text"),  # type: ignore[arg-type]
            value=values.get(name, str(getattr(review, name) or "") if review else ""),
            errors=[say(p.message) for p in (wrong.problems if wrong else ()) if p.field == name],
        )
        for name, text in SIGNATURE.items()
    ]
    title = _("Báo cáo sơ kết: %(period)s") % {"period": period_label(code)}
    page = EditPage(
        header=Header(title=_("Nhập số, ngày, người ký"), subtitle=title, trail=(Link(label=title, url=here),)),
        action=_url(code, "web:review_signature", exercise=_exercise(request)),
        version=(stale.current_version if stale else review.version) if review else None,
        fieldsets=(
            FieldSet(
                title=_("Ban hành"),
                fields=fields,
                help=_("Hệ thống không tự đặt số và không tự ký. Thiếu số, ngày hoặc người ký thì báo cáo là dự thảo."),
            ),
        ),
        submit=_("Lưu"),
        cancel_url=here,
        errors=(told(wrong),) if wrong else (),
        differences=[
            Difference(
                label=say(SIGNATURE[d.field]) if d.field in SIGNATURE else d.field,
                seen=plain_value(d.seen),
                mine=plain_value(d.mine),
                current=plain_value(d.current),
            )
            for d in (stale.differences if stale else ())
        ],
    )
    return render(request, "edit_form.html", page, status=412 if stale else 422 if wrong else 200, exercise=_exercise(request))


def _row(review: Review) -> TableRow:
    return TableRow(
        cells=(
            Cell(value=period_label(review.period), url=_url(review.period, exercise=review.exercise)),
            Cell(value=review.state, badge=state_badge("review_state", review.state)),
            Cell(value=str(review.number) if review.number is not None else None),
            Cell(value=review.issued_on),
        ),
        exercise=review.exercise,
    )


def _exercise(request: HttpRequest) -> bool:
    return request.GET.get("exercise") == "yes"


def _url(period: str, name: str = "web:review", *more: object, exercise: bool = False) -> str:
    return reverse(name, args=[period, *more]) + ("?exercise=yes" if exercise else "")
