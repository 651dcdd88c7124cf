"""Every write by which a directive's text becomes tasks: its paragraphs, the tasks a person confirms, the reasons for none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction

from banggiao.commitments.lines import PARAGRAPHS
from banggiao.commitments.models import Directive, Paragraph, RepeatedAsk, Task
from banggiao.commitments.services import Ask, create_tasks_from
from banggiao.commitments.splitting import Proposed, proposals_of
from banggiao.core import records
from banggiao.core.acts import CLASSIFICATIONS, Act
from banggiao.core.errors import N_, BangGiaoError, FieldProblem, InvalidInput, NotFound, WrongState
from banggiao.core.ledger import entries_of
from banggiao.core.lines import add_lines, rows_of
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.services import move_work
from banggiao.reading.paragraphs import paragraphs
from banggiao.sources.models import Document
from banggiao.sources.services import cite_words

#: How often a task returns -> how often evidence of it is expected, in days.
CYCLES = {"weekly": 7, "monthly": 30, "quarterly": 91, "half_yearly": 182, "yearly": 365}


@transaction.atomic
def join_text(*, act: Act, directive: Directive, document: Document, version: int | None) -> list[Paragraph]:
    """The document is the text of the directive from now on; returns its paragraphs. The same document again changes nothing.

    Raises NotPermitted, NotFound for a document the actor may not know of, InvalidInput (another text stands, no paragraph in it,
    the other world, a document kept higher than the directive), VersionRequired, StaleEdit.
    """
    act.viewer.require("commitments.edit", subject=str(directive))
    if not Document.objects.visible_to(act.viewer).filter(pk=document.pk).exists():
        raise NotFound(N_("Không tìm thấy tài liệu này."), subject=str(document.pk))
    if document.exercise != directive.exercise:
        raise InvalidInput(N_("Dữ liệu diễn tập và dữ liệu thật không gắn với nhau."), subject=str(directive))
    current = records.lock(Directive, directive.pk)
    if CLASSIFICATIONS.index(document.classification) > CLASSIFICATIONS.index(current.classification):
        # Who may know of the directive reads its paragraphs, and finds them by their words.
        raise InvalidInput(
            N_("Tài liệu này có độ mật cao hơn văn bản."),
            subject=str(directive),
            remedy=N_("Hãy nâng độ mật của văn bản trước."),
            problems=[FieldProblem("document", N_("Độ mật cao hơn văn bản."))],
        )
    standing = list(rows_of(PARAGRAPHS, current, act.viewer))
    if current.document_id == document.pk and standing:
        return standing
    if standing:
        raise InvalidInput(
            N_("Văn bản này đã được tách thành các đoạn."),
            subject=str(directive),
            remedy=N_("Hãy sửa từng đoạn, hoặc gỡ các đoạn trước khi gắn văn bản khác."),
        )
    rows = paragraphs(document.text)
    if not rows:
        raise InvalidInput(
            N_("Không có đoạn nào trong tài liệu này."),
            subject=document.title,
            remedy=N_("Hãy kiểm tra nội dung tài liệu, hoặc thêm từng đoạn bằng tay."),
        )
    records.revise(current, act=act, values={"document_id": document.pk}, version=version, action="join text")
    values = [
        {
            "position": place, "number": each.number, "heading": each.heading, "text": each.text,
            "document_id": document.pk, "start": each.start, "end": each.end,
        }
        for place, each in enumerate(rows, 1)
    ]  # fmt: skip
    made: list[Paragraph] = add_lines(
        act=replace(act, exercise=directive.exercise), lines=PARAGRAPHS, parent=current, rows=values
    )
    return made


@transaction.atomic
def confirm(*, act: Act, paragraph: Paragraph, asks: Sequence[Ask]) -> list[Task]:
    """The tasks a person confirmed for a paragraph, each resting on its words. One confirmed before is given back as it stands.

    A reason why the paragraph has no task goes. Raises NotPermitted, InvalidInput.
    """
    directive = paragraph.directive
    common = {"directive_id": directive.pk, "given_on": directive.day, "enumerator": paragraph.number[:24]}
    giver = directive.issuer_vi[:200]
    ready = [replace(ask, more={"giver": giver, **ask.more, **common}) for ask in asks]
    document = Document.objects.get(pk=paragraph.document_id) if paragraph.document_id else None
    level = document.classification if document else "public"  # it may have been raised since it was joined
    tasks = create_tasks_from(act=act, origin=paragraph, asks=ready, level=level)
    if document and paragraph.start is not None and paragraph.end is not None:
        for task in tasks:
            cite_words(act=act, record=task, document=document, start=paragraph.start, end=paragraph.end)
    current = records.lock(Paragraph, paragraph.pk)
    if tasks and current.no_task:
        records.revise(current, act=act, values={"no_task": "", "no_task_note": ""}, version=current.version)
    return tasks


@transaction.atomic
def confirm_above(*, act: Act, directive: Directive, confidence: float) -> list[Task]:
    """Every proposal at least as certain (0 to 1) whose lead the register knows, in paragraphs that nobody settled yet.

    One deed of a person for many; what it makes is proposed, not assigned. Raises NotPermitted, InvalidInput.
    """
    act.viewer.require("commitments.edit", subject=str(directive))
    rows = list(rows_of(PARAGRAPHS, directive, act.viewer))
    settled = set(
        Task.objects.filter(origin_id__in=[row.pk for row in rows], retracted=False).values_list("origin_id", flat=True)
    )
    proposed = proposals_of(directive, act.viewer, rows)
    made: list[Task] = []
    for row in rows:
        sure = [each for each in proposed.get(row.pk, ()) if each.said.confidence >= confidence and each.lead is not None]
        if sure and row.pk not in settled and not row.no_task:
            made += confirm(act=act, paragraph=row, asks=[ask_of(each) for each in sure])
    return made


def ask_of(proposed: Proposed) -> Ask:
    """The proposal as it would be confirmed unchanged."""
    said = proposed.said
    more: dict[str, Any] = {"assignee": ", ".join(filter(None, (said.lead, *said.coordinating)))[:300]}
    if said.every:
        more["cycle_days"] = CYCLES[said.every]
    if not said.due:
        more["urgency"] = said.due_words[:120]
    lead = proposed.lead.pk if proposed.lead else None
    together = [body.pk for body in proposed.coordinating]
    return Ask(said.text, proposed.key, lead, together, said.due, said.product, more)


@transaction.atomic
def leave_out(*, act: Act, paragraph: Paragraph, reason: str, note: str = "", version: int | None) -> Paragraph:
    """Nobody is given a task by the paragraph, for a reason (a term of `no_task_reason`); an empty reason takes it back.

    Raises NotPermitted, NotFound for an unknown reason, WrongState while a task rests on it, VersionRequired, StaleEdit.
    """
    act.viewer.require("commitments.edit", subject=str(paragraph))
    if reason:
        vocabulary("no_task_reason").term(reason)
    if reason == "other" and not note.strip():
        raise InvalidInput(
            N_("Lý do khác phải được ghi rõ."),
            subject=str(paragraph),
            remedy=N_("Hãy ghi lý do."),
            problems=[FieldProblem("no_task_note", N_("Hãy ghi lý do."))],
        )
    records.lock(Paragraph, paragraph.pk)
    if reason and Task.objects.filter(origin_id=paragraph.pk, retracted=False).exists():
        raise WrongState(
            N_("Đoạn này đã có nhiệm vụ."),
            subject=str(paragraph),
            remedy=N_("Hãy hoàn tác các nhiệm vụ của đoạn trước."),
        )
    values = {"no_task": reason, "no_task_note": note.strip()[:400]}
    return records.revise(paragraph, act=act, values=values, version=version, action="leave out" if reason else "revise")


@transaction.atomic
def take_back(*, act: Act, paragraph: Paragraph) -> int:
    """Take back the tasks of a paragraph that nobody has worked on since, and its reason; returns how many tasks went.

    Raises NotPermitted, WrongState when somebody changed one of them.
    """
    act.viewer.require("commitments.edit", subject=str(paragraph))
    current = records.lock(Paragraph, paragraph.pk)
    tasks = list(Task.objects.filter(origin_id=paragraph.pk, retracted=False))
    for task in tasks:
        if entries_of(task.pk).count() > 1:
            raise WrongState(
                N_("Nhiệm vụ %(code)s đã có người sửa hoặc thực hiện."),
                code=task.code,
                subject=str(task),
                remedy=N_("Hãy mở nhiệm vụ đó và xử lý ở trang của nó."),
            )
        records.retract(task, act=act)
    if current.no_task:
        records.revise(current, act=act, values={"no_task": "", "no_task_note": ""}, version=current.version, action="undo")
    return len(tasks)


def assign_all(
    *, act: Act, tasks: Sequence[tuple[Task, Mapping[str, Any]]]
) -> tuple[list[Task], list[tuple[Task, BangGiaoError]]]:
    """Give many tasks at once, each with what of the six clears (6 rõ) is said of it; each in a transaction of its own.

    Returns those assigned, and those left with the reason (MissingInformation names the fields). Raises NotPermitted.
    """
    act.viewer.require("followup.assign")
    given, left = [], list[tuple[Task, BangGiaoError]]()
    for task, values in tasks:
        try:
            with transaction.atomic():
                current = records.lock(Task, task.pk)
                due = {"current_due": values["current_due"]} if values.get("current_due") else {}
                rest = {name: value for name, value in values.items() if name != "current_due"}
                revised = records.revise(current, act=act, values=rest, version=task.version) if rest else current
                given.append(move_work(act=act, record=revised, action="assign", version=revised.version, values=due))
        except BangGiaoError as error:
            left.append((task, error))
    return given, left


@transaction.atomic
def judge_repeated(*, act: Act, later: Task, earlier: Task, same: bool, likeness: int = 0) -> RepeatedAsk:
    """A person says whether a task asks again for what an earlier one asked; said again otherwise, the new word stands.

    Raises NotPermitted, InvalidInput for a task and itself, one given later, or one of the other world.
    """
    act.viewer.require("commitments.edit", subject=str(later))
    if later.pk == earlier.pk or later.exercise != earlier.exercise or (earlier.given_on > later.given_on):
        raise InvalidInput(
            N_("Hai nhiệm vụ này không thể là một yêu cầu được nhắc lại."),
            subject=str(later),
            remedy=N_("Hãy chọn một nhiệm vụ được giao trước đó."),
        )
    records.lock(Task, later.pk)
    standing: RepeatedAsk | None = RepeatedAsk.objects.filter(later=later, earlier=earlier).first()
    if standing is not None:
        values = {"same": same, "retracted": False}
        return records.revise(standing, act=act, values=values, version=standing.version)
    about: Mapping[str, Any] = {name: getattr(later, name) for name in ("classification", "owner", "exercise")}
    said = {**about, "later_id": later.pk, "earlier_id": earlier.pk, "same": same, "likeness": likeness}
    return records.create(RepeatedAsk, act=act, values=said)
