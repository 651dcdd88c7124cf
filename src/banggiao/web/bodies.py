"""The forms of meetings and conferences: agenda from what waits, tasks from decisions, roll, invitations, call for statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banggiao.activities.conference import ATTENDANCE, RULES, SPEAKERS
from banggiao.activities.services_conference import call_statements as call_for_statements
from banggiao.activities.services_conference import call_the_roll, expect, take_statements
from banggiao.bodies.lines import DECISIONS, ITEMS, ROLL, coordinating_of, given_from
from banggiao.bodies.proposals import day_of, proposals_for
from banggiao.bodies.services import give_tasks, put_on_agenda
from banggiao.core.errors import MissingInformation, NotFound, StaleEdit
from banggiao.core.lines import Lines, lines_named, rows_of
from banggiao.core.questions import Bi
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.data_calls.questions import bodies_to_ask
from banggiao.partners.models import Institution
from banggiao.reports import meetings as papers
from banggiao.reports.files import MEDIA_TYPES
from banggiao.reports.files import take as take_paper
from banggiao.reports.lines import choices
from banggiao.web.addresses import list_url, record_url
from banggiao.web.asking import asker, deed, language, moment, today, typed
from banggiao.web.data_calls import body_boxes, boxes_ticked
from banggiao.web.frame import render
from banggiao.web.jinja import written
from banggiao.web.pages import EditPage
from banggiao.web.parts import Choice, Field, FieldSet, Header, Link
from banggiao.web.parts_grid import Grid, GridColumn, GridFormPage, GridRow
from banggiao.web.records import differences, found
from banggiao.web.words import label, partial_date, say, told

_LATEST_ROWS = 400


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """What is late, blocked, undecided or escalated among members and partner: ticked ones go on the agenda."""
    book, meeting = found(request, "meetings", str(key))
    viewer = asker(request)
    viewer.require(ITEMS.book.edit_permission, subject=str(meeting))
    wrong: MissingInformation | None = None
    if request.method == "POST":
        chosen = [name.removeprefix("put-") for name in request.POST if name.startswith("put-")]
        try:
            made = put_on_agenda(act=deed(request), meeting=meeting, chosen=chosen)
        except MissingInformation as error:
            wrong = error
        else:
            text = ngettext("Đã đưa %(n)d việc vào chương trình.", "Đã đưa %(n)d việc vào chương trình.", len(made))
            messages.success(request, text % {"n": len(made)})
            return redirect(f"{record_url(book.record_type, meeting.pk)}#{ITEMS.name}")
    found_proposals = proposals_for(meeting, viewer, moment(request))
    sets = []
    for reason in vocabulary("agenda_reason").codes:
        fields = [
            Field(
                name=f"put-{each.record.pk}",
                label=each.title.get(language()),
                kind="checkbox",
                value="yes",
                checked=f"put-{each.record.pk}" in request.POST,
                help=" · ".join(filter(None, (_body_name(each.lead), _due(each.due)))),
            )
            for each in found_proposals
            if each.reason == reason
        ]
        if fields:
            as_of = _("Tính đến %(day)s") % {"day": written(day_of(meeting, moment(request)))} if reason == "overdue" else ""
            sets.append(FieldSet(title=label("agenda_reason", reason), fields=fields, help=as_of))
    if not sets:
        text = _("Không có việc nào của thành viên hoặc đối tác đang quá hạn, vướng mắc, chờ quyết định.")
        sets = [FieldSet(title=_("Chưa có việc để đề xuất"), fields=(), help=text)]
    page = EditPage(
        header=_header(book, meeting, _("Đề xuất đưa vào chương trình họp")),
        action=request.path,
        version=None,
        fieldsets=sets,
        submit=_("Đưa việc đã chọn vào chương trình"),
        cancel_url=record_url(book.record_type, meeting.pk),
        errors=(told(wrong),) if wrong else (),
    )
    return render(request, "edit_form.html", page, status=422 if wrong else 200, exercise=meeting.exercise)


@require_http_methods(["GET", "HEAD", "POST"])
def tasks(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Decisions that are no tasks yet; ticked ones are given to their leads."""
    book, meeting = found(request, "meetings", str(key))
    viewer = asker(request)
    viewer.require(DECISIONS.book.edit_permission, subject=str(meeting))
    wrong: MissingInformation | None = None
    left = _not_given(meeting, request)
    if request.method == "POST":
        chosen = [decision for decision in left if f"give-{decision.pk}" in request.POST]
        try:
            made = give_tasks(act=deed(request), meeting=meeting, decisions=chosen)
        except MissingInformation as error:
            wrong = error
        else:
            messages.success(
                request, ngettext("Đã giao %(n)d nhiệm vụ.", "Đã giao %(n)d nhiệm vụ.", len(made)) % {"n": len(made)}
            )
            return redirect(f"{record_url(book.record_type, meeting.pk)}#came-of")
    problems = {p.field: say(p.message) for p in wrong.problems} if wrong else {}
    beside = coordinating_of([d.pk for d in left])
    named = [d.lead_id for d in left] + [ref.id for refs in beside.values() for ref in refs]
    bodies = Institution.objects.visible_to(viewer).in_bulk([pk for pk in named if pk])
    fields = [
        Field(
            name=f"give-{decision.pk}",
            label=Bi(decision.text_vi, decision.text_en).get(language()),
            kind="checkbox",
            value="yes",
            checked=f"give-{decision.pk}" in request.POST if request.method == "POST" else decision.lead_id is not None,
            help=" · ".join(
                filter(
                    None,
                    (
                        _body_name(bodies.get(decision.lead_id)) if decision.lead_id else _("chưa có chủ trì"),
                        _with([_body_name(bodies.get(ref.id)) for ref in beside.get(decision.pk, ())]),
                        _due(decision.due),
                    ),
                )
            ),
            errors=(problems[str(decision.pk)],) if str(decision.pk) in problems else (),
        )
        for decision in left
    ]
    help_text = "" if fields else _("Mọi kết luận đã được giao thành nhiệm vụ.")
    page = EditPage(
        header=_header(book, meeting, _("Giao kết luận thành nhiệm vụ")),
        action=request.path,
        version=None,
        fieldsets=(FieldSet(title=_("Kết luận chưa giao"), fields=fields, help=help_text),),
        submit=_("Giao các kết luận đã chọn"),
        cancel_url=record_url(book.record_type, meeting.pk),
        errors=(told(wrong),) if wrong else (),
    )
    return render(request, "edit_form.html", page, status=422 if wrong else 200, exercise=meeting.exercise)


@require_http_methods(["GET", "HEAD", "POST"])
def roll_call(request: HttpRequest, register: str, key: str) -> HttpResponseBase:
    """The roll of a meeting or an activity: for each body expected whether it came, who came instead, at which site."""
    book, record = found(request, register, key)
    lines = lines_named(book.record_type, ROLL.name)
    viewer = asker(request)
    viewer.require(lines.book.edit_permission, subject=str(record))
    rows = list(rows_of(lines, record, viewer).select_related("institution")[:_LATEST_ROWS])
    names = ("presence", "represented_by", *(("site_id",) if lines is ATTENDANCE else ()))
    wrong: MissingInformation | None = None
    stale: StaleEdit | None = None
    if request.method == "POST":
        sent = {
            row.pk: (_version(request, row.pk), _said(request, row.pk, names)) for row in rows if f"v-{row.pk}" in request.POST
        }
        try:
            changed = call_the_roll(act=deed(request), lines=lines, parent=record, rows=sent)
        except StaleEdit as error:
            stale = error
        except MissingInformation as error:
            wrong = error
        else:
            text = ngettext("Đã ghi điểm danh: %(n)d dòng thay đổi.", "Đã ghi điểm danh: %(n)d dòng thay đổi.", changed)
            messages.success(request, text % {"n": changed})
            return redirect(f"{record_url(book.record_type, record.pk)}#{lines.name}")
    problems = {p.field: say(p.message) for p in wrong.problems} if wrong else {}
    page = GridFormPage(
        header=_header(book, record, _("Điểm danh")),
        action=request.path,
        version=None,
        grid=_roll_grid(request, lines, record, rows, names, problems, fresh=stale is not None),
        submit=_("Lưu điểm danh"),
        cancel_url=record_url(book.record_type, record.pk),
        errors=(told(wrong),) if wrong else (),
        differences=differences(lines.book, stale, viewer) if stale else (),
    )
    return render(request, "grid_form.html", page, status=412 if stale else 422 if wrong else 200, exercise=record.exercise)


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Who is expected at a conference: whole groups as of its day, or single bodies."""
    book, activity = found(request, "activities", str(key))
    viewer = asker(request)
    viewer.require(ATTENDANCE.book.edit_permission, subject=str(activity))
    bodies = bodies_to_ask(viewer, exercise=activity.exercise)
    ticked, presets, _meant = boxes_ticked(request, bodies)
    wrong: MissingInformation | None = None
    if request.method == "POST":
        try:
            act, made = deed(request), []
            for rule in (rule for rule in RULES if rule in presets):
                made += expect(act=act, activity=activity, rule=rule)
            single = [body for body in bodies if str(body.pk) in ticked]
            if single or not presets:
                made += expect(act=act, activity=activity, institutions=single)
        except MissingInformation as error:
            wrong = error
        else:
            text = ngettext("Đã mời thêm %(n)d cơ quan.", "Đã mời thêm %(n)d cơ quan.", len(made))
            messages.success(request, text % {"n": len(made)})
            return redirect(f"{record_url(book.record_type, activity.pk)}#{ATTENDANCE.name}")
    page = GridFormPage(
        header=_header(book, activity, _("Mời dự")),
        action=request.path,
        version=None,
        boxes=body_boxes(bodies, ticked, presets, title=_("Cơ quan được mời"), errors=_errors(wrong)),
        submit=_("Đưa vào danh sách mời"),
        cancel_url=record_url(book.record_type, activity.pk),
        errors=(told(wrong),) if wrong else (),
    )
    return render(request, "grid_form.html", page, status=422 if wrong else 200, exercise=activity.exercise)


@require_http_methods(["GET", "HEAD", "POST"])
def call_statements(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Ask chosen bodies for a written statement by a day: a data call is drafted, to be looked at and sent from its page."""
    book, activity = found(request, "activities", str(key))
    viewer = asker(request)
    for permission in (SPEAKERS.book.edit_permission, "data_calls.edit"):
        viewer.require(permission, subject=str(activity))
    bodies = bodies_to_ask(viewer, exercise=activity.exercise)
    ticked, presets, meant = boxes_ticked(request, bodies)
    texts = {name: typed(request, name).strip() for name in ("asker_id", "deadline", "purpose")}
    wrong: MissingInformation | None = None
    if request.method == "POST":
        try:
            call = call_for_statements(act=deed(request), activity=activity, institutions=meant, **texts)
        except MissingInformation as error:
            wrong = error
        else:
            messages.success(request, _("Đã soạn đề nghị gửi tham luận. Hãy xem lại rồi bấm “Gửi đề nghị”."))
            return redirect(record_url(call.record_type(), call.pk))
    else:
        named = rows_of(SPEAKERS, activity, viewer).exclude(institution=None).values_list("institution_id", flat=True)
        ticked = {str(pk) for pk in named}
    page = GridFormPage(
        header=_header(book, activity, _("Gọi tham luận")),
        action=request.path,
        version=None,
        fieldsets=(FieldSet(title=_("Đề nghị gửi bài"), fields=_call_fields(request, texts, wrong)),),
        boxes=body_boxes(bodies, ticked, presets, title=_("Cơ quan gửi tham luận"), errors=_errors(wrong)),
        submit=_("Soạn đề nghị"),
        cancel_url=record_url(book.record_type, activity.pk),
        errors=(told(wrong),) if wrong else (),
    )
    return render(request, "grid_form.html", page, status=422 if wrong else 200, exercise=activity.exercise)


@require_POST
def take_over(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Bring the statements that were handed in over to the speakers' list."""
    book, activity = found(request, "activities", str(key))
    count = take_statements(act=deed(request), activity=activity)
    text = ngettext("Đã lấy %(n)d bài vào danh sách tham luận.", "Đã lấy %(n)d bài vào danh sách tham luận.", count)
    messages.success(request, text % {"n": count})
    return redirect(f"{record_url(book.record_type, activity.pk)}#{SPEAKERS.name}")


@require_safe
def paper(request: HttpRequest, register: str, key: str, form: str) -> HttpResponseBase:
    """The official paper of a record as a file."""
    _book, record = found(request, register, key)
    act = deed(request)
    act.viewer.require("exports.take", subject=str(record))
    content = take_paper(papers.paper_of(record, act.viewer, at=act.at, language=language()), form, act=act)
    named = content_disposition_header(as_attachment=False, filename=f"{record.code}-{today(request):%Y%m%d}.{form}")
    return HttpResponse(content, content_type=MEDIA_TYPES[form], headers={"Content-Disposition": named or "inline"})


def _not_given(meeting: Any, request: HttpRequest) -> list[Any]:
    """The decisions of a meeting from which no task was given, as far as the reader may know."""
    rows = list(rows_of(DECISIONS, meeting, asker(request)).select_related("lead"))
    given = given_from([row.pk for row in rows])
    return [row for row in rows if row.pk not in given]


def _roll_grid(
    request: HttpRequest,
    lines: Lines,
    record: Any,
    rows: Sequence[Any],
    names: Sequence[str],
    problems: dict[str, str],
    *,
    fresh: bool,
) -> Grid:
    """A row for each body; after a stale edit the versions are those that stand now, and what was typed stays."""
    presence = vocabulary("presence").choices(language())
    sites = choices(lines, record, "site_id", asker(request)) if "site_id" in names else []
    sent = request.method == "POST"

    def value(row: Any, name: str) -> str:
        standing = getattr(row, name)
        return typed(request, f"{name}-{row.pk}") if sent else str(standing or "")

    def field(row: Any, name: str, title: str, **more: Any) -> Field:
        body = _body_name(row.institution)
        wrong = problems.get(f"{row.pk}.{name}", "")
        return Field(
            name=f"{name}-{row.pk}", label=f"{title}: {body}", value=value(row, name), errors=(wrong,) if wrong else (), **more
        )

    made = []
    for row in rows:
        here = value(row, "presence")
        cells = [
            field(row, "presence", _("Có mặt"), kind="select", choices=_picks(presence, here)),
            field(row, "represented_by", _("Người dự thay")),
        ]
        if "site_id" in names:
            at = value(row, "site_id")
            pairs = [("", "–"), *((pk, title.get(language())) for pk, title in sites or ())]
            cells.append(field(row, "site_id", _("Điểm cầu"), kind="select", choices=_picks(pairs, at)))
        version = str(row.version) if fresh or not sent else typed(request, f"v-{row.pk}")
        hidden = Field(name=f"v-{row.pk}", label="", kind="hidden", value=version)
        made.append(GridRow(cells=cells, hidden=(hidden,), head=_body_name(row.institution)))
    columns = [
        GridColumn(label=_("Cơ quan")),
        GridColumn(label=_("Có mặt")),
        GridColumn(label=_("Người dự thay (họ tên, chức vụ)")),
    ]
    if "site_id" in names:
        columns.append(GridColumn(label=_("Điểm cầu")))
    return Grid(title=_("Danh sách được mời"), columns=columns, rows=made)


def _picks(pairs: Sequence[tuple[str, str]], value: str) -> list[Choice]:
    return [Choice(value=code, label=text, selected=code == value) for code, text in pairs]


def _version(request: HttpRequest, pk: UUID) -> int:
    text = typed(request, f"v-{pk}")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _said(request: HttpRequest, pk: UUID, names: Sequence[str]) -> dict[str, Any]:
    said: dict[str, Any] = {name: typed(request, f"{name}-{pk}").strip() for name in names}
    if "site_id" in said:
        said["site_id"] = _uuid(said["site_id"])
    return said


def _uuid(text: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(_("Không tìm thấy điểm cầu này."), subject=text[:80]) from None


def _call_fields(request: HttpRequest, texts: dict[str, str], wrong: MissingInformation | None) -> list[Field]:
    problems: dict[str, list[str]] = {}
    for problem in wrong.problems if wrong else ():
        problems.setdefault(problem.field, []).append(say(problem.message))
    own = Institution.objects.visible_to(asker(request)).filter(pk__in=asker(request).institutions).order_by("sort_key")
    chosen = texts["asker_id"] or str(own[0].pk if own else "")
    picks = [Choice(value=str(b.pk), label=_body_name(b), selected=str(b.pk) == chosen) for b in own]
    return [
        Field(
            name="asker_id",
            label=_("Cơ quan đề nghị"),
            kind="select",
            choices=picks,
            required=True,
            errors=problems.get("asker_id", ()),
        ),
        Field(
            name="deadline",
            label=_("Hạn gửi bài"),
            kind="date",
            value=texts["deadline"],
            required=True,
            errors=problems.get("deadline", ()),
        ),
        Field(
            name="purpose",
            label=_("Mục đích"),
            kind="textarea",
            value=texts["purpose"],
            help=_("Để trống thì dùng lời mặc định: bài gửi trước hội nghị, để xếp thứ tự phát biểu và in tài liệu."),
        ),
    ]


def _errors(wrong: MissingInformation | None) -> list[str]:
    return [say(p.message) for p in wrong.problems if p.field in ("addressees", "institutions")] if wrong else []


def _body_name(body: Any) -> str:
    return Bi(body.name_vi, body.name_en).get(language()) if body else ""


def _with(names: Sequence[str]) -> str:
    known = "; ".join(filter(None, names))
    return _("phối hợp: %(names)s") % {"names": known} if known else ""


def _due(due: str) -> str:
    return _("hạn %(day)s") % {"day": written(partial_date(due))} if due else ""


def _header(book: Any, record: Any, title: str) -> Header:
    name = book.title_of(record).get(language())
    trail = (
        Link(label=book.title.get(language()), url=list_url(book.name)),
        Link(label=name, url=record_url(book.record_type, record.pk)),
    )
    return Header(title=title, subtitle=name, trail=trail)
