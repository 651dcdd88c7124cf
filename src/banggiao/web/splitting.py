"""Directives become tasks: their text comes in, paragraphs stand beside proposals, a person confirms, all are given in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from banggiao.commitments.lines import PARAGRAPHS
from banggiao.commitments.models import Directive, Paragraph, Task
from banggiao.commitments.questions_repeated import repeated_among
from banggiao.commitments.questions_splitting import Coverage, lacking, standing_of, tasks_from
from banggiao.commitments.services_splitting import confirm, join_text, leave_out, take_back
from banggiao.commitments.splitting import Proposed, proposals_of
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, BangGiaoError, FieldProblem, InvalidInput, MissingInformation, StaleEdit
from banggiao.core.lines import find_line, rows_of
from banggiao.core.registers import register_named
from banggiao.core.vocabulary import vocabulary
from banggiao.reading.intake.limits import check_file_size
from banggiao.reports.naming import Names, Unclear
from banggiao.reports.splitting import FIELDS, as_typed, take_text, understood
from banggiao.sources.models import Document
from banggiao.web.addresses import list_url, record_url
from banggiao.web.asking import asker, deed, language, moment, typed, version_sent
from banggiao.web.entry_fields import choices_among
from banggiao.web.frame import render
from banggiao.web.pages import EditPage
from banggiao.web.parts import Action, Badge, Basis, Field, FieldSet, Header, Kpi, Link
from banggiao.web.parts_splitting import ParagraphRow, SplitPage, TaskForm, TaskLine
from banggiao.web.records import found
from banggiao.web.splitting_words import inferred_words, proposed_line, task_line
from banggiao.web.uploads import AT_ONCE_BYTES
from banggiao.web.words import label, say, told

#: Paragraphs on one page: a form may send a thousand fields, a paragraph has up to twenty.
_PAGE = 40
_TONES = {"tasks": "good", "reason": "neutral", "open": "risk"}


@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Give a directive its text: pasted, a file, or a document that was read before."""
    directive = directive_of(request, key)
    asker(request).require("commitments.edit", subject=str(directive))
    wrong: BangGiaoError | None = None
    if request.method == "POST":
        try:
            made = _taken(request, directive)
        except BangGiaoError as error:
            wrong = error
        else:
            messages.success(
                request,
                ngettext("Đã tách văn bản thành %(n)d đoạn.", "Đã tách văn bản thành %(n)d đoạn.", len(made)) % {"n": len(made)},
            )
            return redirect("web:directive_split", directive.pk)
    problems = {p.field: (say(p.message),) for p in wrong.problems} if isinstance(wrong, MissingInformation) else {}
    fields = (
        Field(name="text", label=_("Dán nội dung văn bản"), kind="textarea", value=typed(request, "text")),
        Field(
            name="file", label=_("Hoặc chọn tệp"), kind="file", help=_("DOCX, PDF, HTML hoặc TXT, không quá 1 MB."),
            errors=problems.get("file", ()),
        ),
        Field(
            name="document", label=_("Hoặc tài liệu đã đọc"), value=typed(request, "document"),
            errors=problems.get("document", ()), suggest=reverse("web:choices", args=["documents"]) + "?into=document",
        ),
    )  # fmt: skip
    page = EditPage(
        header=header_of(directive, _("Văn bản của %(number)s") % {"number": directive.number}),
        action=request.path,
        version=directive.version,
        fieldsets=(
            FieldSet(
                title=_("Nội dung văn bản"), fields=fields, help=_("Văn bản được giữ nguyên và tách thành các đoạn đánh số.")
            ),
        ),
        submit=_("Tách thành các đoạn"),
        cancel_url=record_url(directive.record_type(), directive.pk),
        errors=(told(wrong),) if wrong else (),
        multipart=True,
    )
    return render(request, "edit_form.html", page, status=422 if wrong else 200, exercise=directive.exercise)


def _taken(request: HttpRequest, directive: Directive) -> list[Paragraph]:
    act, version = deed(request), version_sent(request)
    sent, pasted, named = request.FILES.get("file"), typed(request, "text").strip(), typed(request, "document").strip()
    if named:
        try:
            document = Document.objects.visible_to(act.viewer).get(pk=Names(act.viewer).one(Document, named).id)
        except Unclear as unclear:
            raise InvalidInput(
                N_("Thông tin nhập chưa hợp lệ."), subject=str(directive), problems=[FieldProblem("document", str(unclear))]
            ) from None
        return join_text(act=act, directive=directive, document=document, version=version)
    if sent is not None:
        check_file_size(sent.size or 0)
        if (sent.size or 0) > AT_ONCE_BYTES:
            raise InvalidInput(
                N_("Tệp lớn hơn 1 MB."),
                subject=sent.name or "",
                remedy=N_("Hãy nạp tệp ở trang Nạp tài liệu rồi gắn tài liệu đã đọc vào đây."),
                problems=[FieldProblem("file", N_("Tệp lớn hơn 1 MB."))],
            )
        return take_text(act=act, directive=directive, data=sent.read(), name=sent.name or "", version=version)
    if pasted:
        name = _("Văn bản dán vào.txt")
        return take_text(act=act, directive=directive, data=pasted.encode(), name=name, version=version)
    raise InvalidInput(N_("Chưa có nội dung nào."), subject=str(directive), remedy=N_("Hãy dán văn bản, chọn tệp hoặc tài liệu."))


@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The paragraphs with their proposals; what is ticked becomes tasks, reasons are kept, all or none."""
    directive = directive_of(request, key)
    viewer = asker(request)
    viewer.require("commitments.edit", subject=str(directive))
    rows = list(rows_of(PARAGRAPHS, directive, viewer))
    if not rows:
        return redirect("web:directive_text", directive.pk)
    proposed = proposals_of(directive, viewer, rows)
    wrong: BangGiaoError | None = None
    if request.method == "POST":
        try:
            tasks, reasons = _write(request, directive, rows, proposed)
        except BangGiaoError as error:
            wrong = error
        else:
            if tasks:
                messages.success(request, ngettext("Đã ghi %(n)d nhiệm vụ.", "Đã ghi %(n)d nhiệm vụ.", tasks) % {"n": tasks})
            if reasons:
                messages.success(
                    request, ngettext("Đã ghi lý do của %(n)d đoạn.", "Đã ghi lý do của %(n)d đoạn.", reasons) % {"n": reasons}
                )
            if not tasks and not reasons:
                messages.info(request, _("Chưa có gì được chọn."))
            return redirect(request.get_full_path())
    page = _page(request, directive, rows, proposed, wrong)
    return render(
        request,
        "split.html",
        page,
        status=412 if isinstance(wrong, StaleEdit) else 422 if wrong else 200,
        exercise=directive.exercise,
    )


@require_POST
def unsplit(request: HttpRequest, key: UUID, paragraph: UUID) -> HttpResponseBase:
    """Take back the tasks and the reason of a paragraph."""
    directive = directive_of(request, key)
    row = find_line(PARAGRAPHS, directive, paragraph, asker(request))
    gone = take_back(act=deed(request), paragraph=row)
    messages.success(request, ngettext("Đã gỡ %(n)d nhiệm vụ của đoạn.", "Đã gỡ %(n)d nhiệm vụ của đoạn.", gone) % {"n": gone})
    return redirect(f"{reverse('web:directive_split', args=[directive.pk])}#p-{row.pk}")


# Writing what was typed ------------------------------------------------------------------------------------------------------


def _write(
    request: HttpRequest, directive: Directive, rows: Sequence[Paragraph], proposed: Mapping[UUID, Sequence[Proposed]]
) -> tuple[int, int]:
    """(tasks, reasons) written. Raises InvalidInput naming fields as they are called in the form."""
    act = deed(request)
    problems: list[FieldProblem] = []
    asked = []
    for row in rows:
        mark = row.pk.hex
        keys = [name.removeprefix(f"take-{mark}-") for name in request.POST if name.startswith(f"take-{mark}-")]
        given = {k: {f: typed(request, f"{mark}-{k}-{f}") for f in FIELDS} for k in keys}
        reason = typed(request, f"reason-{mark}")
        if keys and reason and reason != row.no_task:
            problems.append(FieldProblem(f"reason-{mark}", N_("Chọn nhiệm vụ hoặc lý do, không chọn cả hai.")))
        try:
            asks = understood(given, act.viewer, exercise=directive.exercise, proposed=proposed.get(row.pk, ()))
        except InvalidInput as error:
            problems += [FieldProblem(f"{mark}-{p.field.replace('.', '-')}", p.message) for p in error.problems]
            continue
        asked.append((row, asks, reason))
    if problems:
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."),
            subject=directive.number,
            remedy=N_("Hãy sửa các trường được nêu."),
            problems=problems,
        )
    with transaction.atomic():
        return _written(request, act, asked)


def _written(request: HttpRequest, act: Act, asked: Sequence[tuple[Paragraph, Sequence[Any], str]]) -> tuple[int, int]:
    tasks = reasons = 0
    for row, asks, reason in asked:
        mark = row.pk.hex
        note = typed(request, f"note-{mark}").strip()
        if asks:
            tasks += len(confirm(act=act, paragraph=row, asks=list(asks)))
        elif f"reason-{mark}" in request.POST and (reason, note) != (row.no_task, row.no_task_note):
            sent = typed(request, f"version-{mark}")
            try:
                leave_out(act=act, paragraph=row, reason=reason, note=note, version=int(sent) if sent.isdigit() else None)
            except MissingInformation as error:
                again = [FieldProblem(f"note-{mark}", p.message) for p in error.problems]
                raise InvalidInput(N_("Thông tin nhập chưa hợp lệ."), subject=str(row), problems=again) from error
            reasons += 1
    return tasks, reasons


# The page --------------------------------------------------------------------------------------------------------------------


def _page(
    request: HttpRequest,
    directive: Directive,
    rows: Sequence[Paragraph],
    proposed: Mapping[UUID, Sequence[Proposed]],
    wrong: BangGiaoError | None,
) -> SplitPage:
    viewer = asker(request)
    tasks = tasks_from([row.pk for row in rows], viewer)
    standings = {row.pk: standing_of(row, tasks.get(row.pk, ())) for row in rows}
    asking = [standing for standing in standings.values() if standing != "heading"]
    coverage = Coverage(len(asking), asking.count("tasks"), asking.count("reason"))
    wanted = request.GET.get("standing", "")
    kept = [row for row in rows if wanted not in vocabulary("paragraph_standing") or standings[row.pk] == wanted]
    start = int(request.GET["from"]) if request.GET.get("from", "").isdigit() else 0
    problems: dict[str, list[str]] = {}
    for problem in wrong.problems if isinstance(wrong, MissingInformation) else ():
        problems.setdefault(problem.field, []).append(say(problem.message))
    here = reverse("web:directive_split", args=[directive.pk])
    shown = kept[start : start + _PAGE]
    drawn = _Drawn(request, directive, viewer, problems)
    add = reverse("web:add_line", args=["directives", directive.pk, PARAGRAPHS.name])
    actions = [Action(label=_("Thêm đoạn"), url=add, icon="add")]
    if viewer.may("followup.assign"):
        assignable = reverse("web:directive_assign", args=[directive.pk])
        actions.append(Action(label=_("Giao một lượt"), url=assignable, icon="check"))
    return SplitPage(
        header=header_of(directive, _("Tách nhiệm vụ"), f"{directive.number}: {directive.name_vi}", actions),
        action=request.get_full_path(),
        kpis=_kpis(request, directive, coverage, [task for made in tasks.values() for task in made], viewer),
        filters=[
            Link(label=_("Tất cả các đoạn"), url=here),
            *(
                Link(label=f"{label('paragraph_standing', code)} ({asking.count(code)})", url=f"{here}?standing={code}")
                for code in ("open", "tasks", "reason")
            ),
        ],
        rows=[drawn.row(row, standings[row.pk], tasks.get(row.pk, ()), proposed.get(row.pk, ())) for row in shown],
        submit=_("Ghi nhiệm vụ và lý do đã chọn") if shown else "",
        next_url=f"{here}?standing={wanted}&from={start + _PAGE}" if len(kept) > start + _PAGE else "",
        errors=(told(wrong),) if wrong else (),
        empty="" if shown else _("Không có đoạn nào ở tình trạng này."),
    )


def _kpis(request: HttpRequest, directive: Directive, coverage: Coverage, tasks: Sequence[Task], viewer: Viewer) -> list[Kpi]:
    about = {"directive": str(directive.pk)}
    settled = Basis(as_of=moment(request), rule=label("counting_rule", "paragraphs_settled"))
    listed = Basis(as_of=moment(request), rule=label("counting_rule", "register_rows"))
    alike = Basis(as_of=moment(request), rule=label("counting_rule", "asks_repeated"))
    lack = sum(1 for task in tasks if task.work_state == "proposed" and lacking(task))
    waiting = sum(1 for each in repeated_among(tasks, viewer) if each.standing == "proposed")
    assignable = reverse("web:directive_assign", args=[directive.pk]) if viewer.may("followup.assign") else ""
    return [
        Kpi(
            label=_("Đoạn đã có nhiệm vụ hoặc lý do"), value=f"{coverage.settled}/{coverage.asking}", kind="text", basis=settled,
            url=list_url("directive_paragraphs", about),
        ),
        Kpi(
            label=_("Đoạn còn bỏ ngỏ"), value=coverage.open, basis=settled, alarming=coverage.open > 0,
            url=list_url("directive_paragraphs", {**about, "standing": "open"}),
        ),
        Kpi(label=_("Nhiệm vụ từ văn bản"), value=len(tasks), basis=listed, url=list_url("tasks", about)),
        Kpi(label=_("Chưa giao vì thiếu sáu rõ"), value=lack, basis=listed, alarming=lack > 0, url=assignable),
        Kpi(
            label=_("Có thể là yêu cầu nhắc lại"), value=waiting, basis=alike,
            url=list_url("asked_again", {**about, "standing": "proposed"}),
        ),
    ]  # fmt: skip


class _Drawn:
    """The rows of the page, as typed where something was sent."""

    def __init__(self, request: HttpRequest, directive: Directive, viewer: Viewer, problems: Mapping[str, Sequence[str]]) -> None:
        self.request, self.directive, self.viewer, self.problems = request, directive, viewer, problems
        self.here = reverse("web:directive_split", args=[directive.pk])
        self.posted = request.method == "POST"

    def row(self, row: Paragraph, standing: str, tasks: Sequence[Task], proposed: Sequence[Proposed]) -> ParagraphRow:
        """A paragraph with what stands, what is proposed, and an empty form where one was asked for."""
        mark = f"p-{row.pk}"
        if standing == "heading":
            return ParagraphRow(id=mark, number=row.number, text=row.text, heading=True)
        made = {task.origin_key for task in tasks}
        forms = [self._proposal(row, each, fresh=not tasks and not row.no_task) for each in proposed if each.key not in made]
        if self.request.GET.get("add") == str(row.pk):
            number = Task.objects.filter(origin_id=row.pk, origin_key__startswith="h").count() + 1
            forms.append(self._form(row, f"h{number}", {"text": row.text}, _("Thêm nhiệm vụ này"), checked=True))
            forms[-1] = replace(forms[-1], open=True)
        edit = reverse("web:line", args=["directives", self.directive.pk, PARAGRAPHS.name, row.pk])
        links = [Link(label=_("Sửa đoạn"), url=edit)]
        if row.document_id:
            links.insert(0, Link(label=_("Xem trong văn bản"), url=record_url("sources.document", row.document_id)))
        return ParagraphRow(
            id=mark,
            number=row.number,
            text=row.text,
            badge=Badge(label=label("paragraph_standing", standing), tone=_TONES[standing]),  # type: ignore[arg-type]
            tasks=[self._task(task) for task in tasks],
            proposals=forms,
            reason=() if tasks else self._reason(row),
            said=" · ".join(filter(None, (label("no_task_reason", row.no_task), row.no_task_note))) if row.no_task else "",
            add_url=f"{self.here}?add={row.pk}#{mark}",
            undo_url=reverse("web:directive_unsplit", args=[self.directive.pk, row.pk]) if tasks or row.no_task else "",
            links=links,
        )

    def _task(self, task: Task) -> TaskLine:
        badge, note = task_line(task)
        return TaskLine(
            link=Link(label=task.code, url=record_url(task.record_type(), task.pk)), text=task.text_vi, badge=badge, note=note
        )

    def _proposal(self, row: Paragraph, proposed: Proposed, *, fresh: bool) -> TaskForm:
        sure = fresh and proposed.lead is not None and proposed.said.confidence >= 0.7
        title = _("Nhận nhiệm vụ %(n)s") % {"n": proposed.key}
        if proposed.lead is not None:
            title = f"{title}: {proposed.lead.name_vi if language() == 'vi' else proposed.lead.name_en or proposed.lead.name_vi}"
        form = self._form(row, proposed.key, as_typed(proposed), title, checked=sure)
        return replace(form, notes=inferred_words(proposed), said=proposed_line(proposed))

    def _form(self, row: Paragraph, key: str, start: Mapping[str, str], title: str, *, checked: bool) -> TaskForm:
        mark = f"{row.pk.hex}-{key}"
        take = f"take-{mark}"

        def field(name: str, text: str, **more: Any) -> Field:
            full = f"{mark}-{name}"
            value = typed(self.request, full) if self.posted and full in self.request.POST else start.get(name, "")
            return Field(name=full, label=text, value=value, errors=tuple(self.problems.get(full, ())), **more)

        bodies = reverse("web:choices", args=["institutions"])
        rhythm = field("every", _("Lặp lại"), kind="select")
        terms = vocabulary("task_rhythm").choices(language())
        return TaskForm(
            take=Field(
                name=take, label=title, kind="checkbox", value="yes",
                checked=take in self.request.POST if self.posted else checked,
                errors=tuple(message for name, said in self.problems.items() if name.startswith(f"{mark}-") for message in said),
            ),
            fields=(
                field("text", _("Nội dung"), kind="textarea"),
                field("lead", _("Cơ quan chủ trì"), suggest=f"{bodies}?into={mark}-lead"),
                field(
                    "coordinating", _("Cơ quan phối hợp"), suggest=f"{bodies}?into={mark}-coordinating&many=yes",
                    help=_("Có thể ghi nhiều, cách nhau bằng dấu chấm phẩy."),
                ),
                field("due", _("Hạn"), help=_("Ví dụ: 30/9/2025, 9/2025 hoặc quý III/2025.")),
                field("product", _("Sản phẩm")),
                replace(rhythm, choices=choices_among(list(terms), rhythm.value)),
            ),
        )  # fmt: skip

    def _reason(self, row: Paragraph) -> tuple[Field, ...]:
        mark = row.pk.hex
        reason = typed(self.request, f"reason-{mark}") if self.posted else row.no_task
        note = typed(self.request, f"note-{mark}") if self.posted else row.no_task_note
        return (
            Field(
                name=f"reason-{mark}", label=_("Lý do không có nhiệm vụ"), kind="select",
                choices=choices_among(list(vocabulary("no_task_reason").choices(language())), reason),
                errors=tuple(self.problems.get(f"reason-{mark}", ())),
            ),
            Field(name=f"note-{mark}", label=_("Ghi chú lý do"), value=note, errors=tuple(self.problems.get(f"note-{mark}", ()))),
            Field(name=f"version-{mark}", label="", kind="hidden", value=str(row.version)),
        )  # fmt: skip


def directive_of(request: HttpRequest, key: UUID) -> Directive:
    """The directive of that id, or NotFound."""
    record: Directive = found(request, "directives", str(key))[1]
    return record


def header_of(directive: Directive, title: str, subtitle: str = "", actions: Sequence[Action] = ()) -> Header:
    """The head of a page that belongs to a directive."""
    book = register_named("directives")
    trail = (
        Link(label=book.title.get(language()), url=list_url(book.name)),
        Link(label=directive.number, url=record_url(directive.record_type(), directive.pk)),
    )
    return Header(title=title, subtitle=subtitle, trail=trail, actions=actions)
