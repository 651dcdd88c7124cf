"""A document and what was read from it, side by side; and bringing in new ones."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from banggiao.core.acts import CLASSIFICATIONS, Act
from banggiao.core.errors import BangGiaoError
from banggiao.core.installation import LEVELS, installed_level
from banggiao.core.registers import find_record, register_named, register_of
from banggiao.intelligence.services import read_in
from banggiao.reading.intake.limits import check_file_size
from banggiao.reading.sentences import split
from banggiao.sources.models import Document, Fact
from banggiao.sources.questions import facts_of
from banggiao.web.addresses import list_url, record_url
from banggiao.web.asking import asker, deed, language, typed
from banggiao.web.fact_words import how, slots_of, title_of
from banggiao.web.frame import render
from banggiao.web.jinja import written
from banggiao.web.pages import DocumentPage, EditPage
from banggiao.web.parts import (
    Action,
    Badge,
    Cell,
    Choice,
    Definition,
    Empty,
    FactCard,
    Field,
    FieldSet,
    Form,
    Header,
    Link,
    Sentence,
    TextBlock,
    TextPart,
)
from banggiao.web.words import label, plain_value, say, state_badge, told

DEFAULT_CERTAINTY = 90


@require_safe
def show(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The text with its facts."""
    viewer = asker(request)
    viewer.require("registers.view")
    document: Document = find_record(register_named("documents"), str(key), viewer)
    facts = facts_of(document, viewer)
    may_check = viewer.may("facts.check")
    waiting = sum(fact.state == "proposed" for fact in facts)
    blocks, places = text_blocks(document, facts)
    page = DocumentPage(
        header=Header(
            title=document.title,
            kicker=label("document_genre", document.genre) if document.genre else _("Tài liệu"),
            subtitle=" · ".join(filter(None, (document.outlet, _written(document.published), document.author))),
            badges=_badges(document, waiting),
            trail=(Link(label=_("Tài liệu đã đọc"), url=list_url("documents")),),
        ),
        facts=_about(document),
        blocks=blocks,
        cards=[card(fact, document, places, may_check=may_check) for fact in facts],
        text_language=document.language or "vi",
        batch=_batch(document) if may_check and waiting else None,
        waiting=waiting,
        empty=Empty(
            title=_("Máy không đọc được thông tin nào"), text=_("Văn bản vẫn được lưu và tìm được; có thể dẫn nó làm minh chứng.")
        ),
    )
    return render(request, "document_page.html", page, exercise=document.exercise)


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponseBase:
    """The form that takes files, and reading them in: each file for itself, so one bad file stops none of the others."""
    act = deed(request)
    act.viewer.require("documents.read_in")
    if request.method != "POST":
        return _upload_page(request)
    level = typed(request, "classification")
    files = request.FILES.getlist("file")
    errors = [] if files else [_("Chưa chọn tệp nào. Hãy chọn ít nhất một tệp.")]
    if level not in _levels():
        errors.append(_("Hãy chọn mức phổ biến của tài liệu."))
    if errors:
        return _upload_page(request, errors, level)
    stored: list[Document] = []
    for file in files:
        name = file.name or _("tệp không tên")
        try:
            document, fresh = _take(act, file, name, level)
        except BangGiaoError as error:
            errors.append(f"{name}: {told(error)}")
            continue
        stored.append(document)
        _say_stored(request, name, document, fresh)
    if errors:
        return _upload_page(request, errors, level)
    return redirect(record_url("sources.document", stored[0].pk) if len(stored) == 1 else list_url("documents"))


def text_blocks(document: Document, facts: Sequence[Fact]) -> tuple[list[TextBlock], list[tuple[int, int]]]:
    """The text as sentences in which every stretch names its innermost fact; and (offset, number) of each sentence."""
    classes = {int(line): cls for line, cls in document.lines}
    blocks: list[TextBlock] = []
    places: list[tuple[int, int]] = []
    starts, longest = [fact.start for fact in facts], max((fact.end - fact.start for fact in facts), default=0)
    at = 0
    for number, line in enumerate(document.text.split("\n"), 1):
        spans = list(split(document.text, at, at + len(line)))
        if spans:
            sentences = []
            for start, end in spans:
                places.append((start, len(places) + 1))
                near = facts[bisect_left(starts, start - longest) : bisect_left(starts, end)]
                sentences.append(Sentence(number=len(places), parts=_parts(document.text, start, end, near)))
            blocks.append(TextBlock(sentences=sentences, kind=_kind(classes.get(number, "body"), line)))
        at += len(line) + 1
    return blocks, places


def card(fact: Fact, document: Document, places: Sequence[tuple[int, int]], *, may_check: bool) -> FactCard:
    """A fact as a card, with what the reader may do with it."""
    starts = [start for start, _number in places]
    place = bisect_right(starts, fact.start)
    register = register_of(fact.target_type) if fact.target_type else None
    return FactCard(
        id=str(fact.pk),
        kind=label("fact_kind", fact.kind),
        title=title_of(fact, document.text[fact.start : fact.end]),
        slots=slots_of(fact),
        badge=state_badge("fact_state", fact.state),
        confidence=fact.certainty,
        sentences=(places[place - 1][1],) if place else (),
        record=Link(
            label=_("Mở bản ghi: %(kind)s") % {"kind": _lower(register.one.get(language()))},
            url=record_url(fact.target_type, fact.target_id),
        )
        if register
        else None,
        actions=fact_actions(fact) if may_check else (),
    )


def fact_actions(fact: Fact) -> list[Action]:
    """Accept, correct and reject while it is proposed; undo afterwards."""
    here = [fact.pk]
    if fact.state == "proposed":
        return [
            Action(
                label=_("Duyệt"), url=reverse("web:accept_fact", args=here), method="post", style="primary", icon="check", key="a"
            ),
            Action(label=_("Sửa rồi duyệt"), url=reverse("web:correct_fact", args=here), icon="edit", key="c"),
            Action(
                label=_("Bác bỏ"), url=reverse("web:reject_fact", args=here), method="post", style="danger", icon="close", key="r"
            ),
        ]
    return [Action(label=_("Hoàn tác"), url=reverse("web:undo_fact", args=here), method="post", icon="history")]


def _parts(text: str, start: int, end: int, facts: Sequence[Fact]) -> list[TextPart]:
    here = [fact for fact in facts if fact.end > start]
    cuts = sorted({start, end, *(min(max(p, start), end) for fact in here for p in (fact.start, fact.end))})
    parts = []
    for left, right in zip(cuts, cuts[1:], strict=False):
        over = [fact for fact in here if fact.start <= left and right <= fact.end]
        inner = min(over, key=lambda fact: fact.end - fact.start, default=None)
        begins = [str(fact.pk) for fact in here if fact.start == left]
        parts.append(TextPart(text=text[left:right], fact=str(inner.pk) if inner else "", anchors=begins))
    return parts


def _kind(cls: str, line: str) -> Any:
    if cls in ("heading", "boilerplate", "caption"):
        return {"heading": "heading", "boilerplate": "aside", "caption": "aside"}[cls]
    return "item" if line.lstrip().startswith(("- ", "– ", "• ", "* ", "+ ")) else "paragraph"


def _about(document: Document) -> list[Definition]:
    """What is known of the document, and how it was worked out where the text does not say so."""
    rows = [
        (_("Ngày đăng"), "published", _day(document.published)),
        (_("Nguồn đăng"), "outlet", document.outlet),
        (_("Tác giả"), "author", document.author),
        (_("Ngôn ngữ"), "language", label("language", document.language) if document.language else ""),
        (_("Chủ đề"), "topics", "; ".join(label("topic", topic) for topic in document.topics)),
        (_("Địa chỉ"), "url", document.url),
        (_("Tên tệp"), "source_name", document.source_name),
        (_("Độ mật"), "classification", label("classification", document.classification)),
        (_("Đã sửa khi đọc"), "repairs", "; ".join(say(str(r)) for r in document.repairs)),
        (_("Lưu ý khi đọc"), "warnings", "; ".join(say(str(w)) for w in document.warnings)),
        (_("Mã SHA-256"), "sha256", document.sha256),
    ]
    return [
        Definition(
            label=title,
            cell=Cell(
                value=value,
                url=document.url if name == "url" else "",
                note=_("Máy suy ra: %(how)s") % {"how": how(document.inferred[name])} if name in document.inferred else "",
            ),
            kind="date" if name == "published" else "text",
        )
        for title, name, value in rows
        if value
    ]


def _badges(document: Document, waiting: int) -> list[Badge]:
    if not waiting:
        return [Badge(label=_("Đã duyệt hết"), tone="good")]
    return [
        Badge(label=ngettext("%(n)d thông tin chờ duyệt", "%(n)d thông tin chờ duyệt", waiting) % {"n": waiting}, tone="active")
    ]


def _batch(document: Document) -> Form:
    field = Field(name="above", label=_("Từ độ tin cậy (%)"), kind="number", value=str(DEFAULT_CERTAINTY))
    return Form(
        action=reverse("web:accept_batch", args=[document.pk]), fields=(field,), submit=_("Duyệt hàng loạt"), icon="check"
    )


def _take(act: Act, file: UploadedFile[Any], name: str, level: str) -> tuple[Document, bool]:
    check_file_size(file.size or 0)  # before the file is held in memory
    owner = min(act.viewer.institutions, key=str, default=None)
    return read_in(act=act, data=file.read(), name=name, classification=level, owner=owner)


def _say_stored(request: HttpRequest, name: str, document: Document, fresh: bool) -> None:
    if fresh:
        messages.success(request, _("Đã đọc tệp “%(name)s”. Hãy duyệt những gì máy đề xuất.") % {"name": name})
    else:
        messages.info(request, _("Tệp “%(name)s” đã có trong hệ thống, không nạp lại; đây là bản đã lưu.") % {"name": name})


def _levels() -> tuple[str, ...]:
    return CLASSIFICATIONS[: CLASSIFICATIONS.index(LEVELS[installed_level()]) + 1]


def _upload_page(request: HttpRequest, errors: Sequence[str] = (), level: str = "") -> HttpResponseBase:
    chosen = level if level in _levels() else _levels()[min(1, len(_levels()) - 1)]
    choices = [Choice(value=code, label=label("classification", code), selected=code == chosen) for code in _levels()]
    page = EditPage(
        header=Header(title=_("Nạp tài liệu"), trail=(Link(label=_("Tài liệu đã đọc"), url=list_url("documents")),)),
        action=reverse("web:upload"),
        version=None,
        fieldsets=(
            FieldSet(
                title=_("Tệp"),
                fields=(
                    Field(
                        name="file",
                        label=_("Chọn tệp"),
                        kind="file",
                        required=True,
                        multiple=True,
                        help=_("TXT, HTML, DOCX hoặc PDF có chữ; mỗi tệp tối đa 100 MB. Tệp đã nạp rồi sẽ không bị nạp lại."),
                    ),
                    Field(
                        name="classification",
                        label=_("Độ mật"),
                        kind="select",
                        value=chosen,
                        choices=choices,
                        required=True,
                        help=_("Bí mật nhà nước không được nạp vào đây; chỉ ghi số, ngày và nơi giữ văn bản."),
                    ),
                ),
            ),
        ),
        submit=_("Nạp và đọc"),
        cancel_url=list_url("documents"),
        errors=errors,
        multipart=True,
    )
    return render(request, "edit_form.html", page, status=422 if errors else 200)


def _day(text: str) -> Any:
    return plain_value(text, "date")


def _written(text: str) -> str:
    return written(_day(text)) if text else ""


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
