"""The cycle of a review beside its report: whom to ask, what a reader says, tasks of the conclusions, its other papers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banggiao.activities.models import Review
from banggiao.activities.services import open_review
from banggiao.core.errors import N_, MissingInformation, NotPermitted
from banggiao.core.exports import note_taken
from banggiao.core.lines import lines_named, rows_of
from banggiao.core.periods import parse_period
from banggiao.followup.data_calls.questions import bodies_to_ask
from banggiao.reports.docx import render_docx
from banggiao.reports.review_issue import read_paper, standing_paper
from banggiao.reports.review_papers import comments_paper, memo_paper
from banggiao.reports.wording import shown
from banggiao.reviews.papers import figures_of, paper_at
from banggiao.reviews.questions import REVIEW_COMMENTS, REVIEWS, readers_of
from banggiao.reviews.services import give_tasks, set_readers, write_comment
from banggiao.web.addresses import list_url, record_url
from banggiao.web.asking import asker, deed, language, moment, typed
from banggiao.web.data_calls import body_boxes, boxes_ticked, file_response, in_exercise
from banggiao.web.frame import render
from banggiao.web.pages import EditPage
from banggiao.web.papers import headings_of
from banggiao.web.parts import Choice, Field, FieldSet, Header, Link
from banggiao.web.parts_grid import GridFormPage
from banggiao.web.records import found
from banggiao.web.words import say, told


@require_POST
def begin(request: HttpRequest, period: str) -> HttpResponseBase:
    """Open the review of a period."""
    act, exercise = deed(request), request.POST.get("exercise") == "yes"
    owner = min(act.viewer.institutions, key=str, default=None) if in_exercise(request) == exercise else None
    review = open_review(act=act, period=parse_period(period).code, exercise=exercise, owner=owner)
    messages.success(request, _("Đã mở kỳ sơ kết."))
    return redirect(record_url(review.record_type(), review.pk))


@require_http_methods(["GET", "HEAD", "POST"])
def readers(request: HttpRequest, key: Any) -> HttpResponseBase:
    """Tick the bodies that are asked for their comments."""
    review, viewer = _review(request, key), asker(request)
    viewer.require("reviews.run", subject=str(review))
    bodies = bodies_to_ask(viewer, exercise=review.exercise)
    chosen = {str(reader.institution_id) for reader in readers_of(review, viewer)}
    presets: list[str] = []
    wrong = None
    if request.method == "POST":
        chosen, presets, ids = boxes_ticked(request, bodies)
        try:
            set_readers(act=deed(request), review=review, institutions=ids)
            messages.success(request, _("Đã ghi nơi được hỏi ý kiến."))
            return redirect(f"{record_url(review.record_type(), review.pk)}#readers")
        except MissingInformation as error:
            wrong = error
    page = GridFormPage(
        header=Header(title=_("Nơi được hỏi ý kiến"), subtitle=REVIEWS.title_of(review).get(language()), trail=_trail(review)),
        action=request.path,
        version=None,
        boxes=body_boxes(bodies, chosen, presets, title=_("Nơi được hỏi ý kiến")),
        submit=_("Lưu"),
        cancel_url=record_url(review.record_type(), review.pk),
        errors=(told(wrong),) if wrong else (),
    )
    return render(request, "grid_form.html", page, status=422 if wrong else 200, exercise=review.exercise)


@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: HttpRequest, key: Any) -> HttpResponseBase:
    """Comment on a part or a figure of a circulated review; the desk writes down what came by letter."""
    review, viewer = _review(request, key), asker(request)
    viewer.require(REVIEW_COMMENTS.edit_permission, subject=str(review))
    bodies = [reader.institution for reader in readers_of(review, viewer)]
    if not viewer.may("reviews.run"):
        bodies = [body for body in bodies if body.pk in viewer.institutions]
    if not bodies:
        raise NotPermitted(
            N_("Đơn vị của bạn không tham gia việc này."),
            subject=str(review),
            remedy=N_("Hãy liên hệ cơ quan dựng báo cáo."),
        )
    names = ("institution_id", "place", "figure", "text")
    values = {name: (typed(request, name) if request.method == "POST" else request.GET.get(name, "")) for name in names}
    wrong = None
    if request.method == "POST":
        try:
            write_comment(act=deed(request), values={**values, "review_id": review.pk, "institution_id": _id(values, bodies)})
            messages.success(request, _("Đã ghi ý kiến góp ý."))
            return redirect(f"{record_url(review.record_type(), review.pk)}#comments")
        except MissingInformation as error:
            wrong = error
    problems: dict[str, list[str]] = {}
    for problem in wrong.problems if wrong else ():
        problems.setdefault(problem.field, []).append(say(problem.message))
    who = [(str(b.pk), (b.name_en if language() == "en" else "") or b.name_vi) for b in bodies]
    frozen = figures_of(paper_at(review, "frozen"))
    shown_figures = [("", _("(không về số liệu nào)"))]
    shown_figures += [(f.key, f"{f.label.get(language())}: {f.value}") for f in frozen.values()]
    parts = [("", _("(toàn báo cáo)")), *((text, text) for text in _parts(review))]
    fields = [
        _pick("institution_id", _("Nơi góp ý"), who, values["institution_id"], problems),
        _pick("place", _("Phần của báo cáo"), parts, values["place"], problems),
        _pick("figure", _("Số liệu được góp ý"), shown_figures, values["figure"], problems),
        Field(
            name="text",
            label=_("Ý kiến"),
            kind="textarea",
            value=values["text"],
            required=True,
            errors=problems.get("text", ()),
        ),
    ]
    page = EditPage(
        header=Header(title=_("Góp ý báo cáo sơ kết"), subtitle=REVIEWS.title_of(review).get(language()), trail=_trail(review)),
        action=request.path,
        version=None,
        fieldsets=(FieldSet(title=_("Ý kiến"), fields=fields),),
        submit=_("Gửi ý kiến"),
        cancel_url=record_url(review.record_type(), review.pk),
        errors=(told(wrong),) if wrong else (),
    )
    return render(request, "edit_form.html", page, status=422 if wrong else 200, exercise=review.exercise)


@require_POST
def tasks(request: HttpRequest, key: Any) -> HttpResponseBase:
    """Give the tasks of the conclusions."""
    review = _review(request, key)
    made = give_tasks(act=deed(request), review=review)
    text = ngettext("%(n)d nhiệm vụ từ kết luận đang có trong sổ.", "%(n)d nhiệm vụ từ kết luận đang có trong sổ.", len(made))
    messages.success(request, text % {"n": len(made)})
    return redirect(f"{record_url(review.record_type(), review.pk)}#given")


@require_safe
def paper(request: HttpRequest, key: Any, name: str) -> HttpResponse:
    """The table of comments or the memo of corrections as a Word file; the ledger says who took it."""
    review, act = _review(request, key), deed(request)
    act.viewer.require("exports.take", subject=str(review))
    if name == "comments":
        document = comments_paper(review, act.viewer, at=moment(request), language=language())
    else:
        memos = list(rows_of(lines_named(review.record_type(), "memos"), review, act.viewer))
        document = memo_paper(review, memos, at=moment(request), language=language())
    note_taken(act, {"paper": document.title, "form": "docx", "as_of": document.as_of.isoformat(), "draft": document.is_draft})
    return file_response(render_docx(document), f"{review.code}-{name}.docx")


def _review(request: HttpRequest, key: Any) -> Review:
    _book, review = found(request, REVIEWS.name, str(key))
    return review  # type: ignore[no-any-return]


def _trail(review: Review) -> tuple[Link, ...]:
    title = REVIEWS.title_of(review).get(language())
    return (
        Link(label=REVIEWS.title.get(language()), url=list_url(REVIEWS.name)),
        Link(label=title, url=record_url(review.record_type(), review.pk)),
    )


def _parts(review: Review) -> list[str]:
    """The numbered headings of the paper that is commented on."""
    standing = standing_paper(review)
    return [shown(text) for text in headings_of(read_paper(standing, language()))] if standing else []


def _id(values: dict[str, str], bodies: list[Any]) -> Any:
    return next((body.pk for body in bodies if str(body.pk) == values["institution_id"]), None)


def _pick(name: str, label: str, pairs: list[tuple[str, str]], value: str, problems: dict[str, list[str]]) -> Field:
    choices = [Choice(value=code, label=text, selected=code == value) for code, text in pairs]
    return Field(name=name, label=label, kind="select", value=value, choices=choices, errors=problems.get(name, ()))
