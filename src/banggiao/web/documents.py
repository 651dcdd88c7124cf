"""A document and what was read from it, side by side: the reading room."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from banggiao.core.registers import find_record, register_named
from banggiao.intelligence.comparing import compare
from banggiao.intelligence.questions import last_batch, preview, under_way
from banggiao.intelligence.setting import Setting
from banggiao.sources.models import Document, Fact
from banggiao.sources.questions import company, fact_counts, fact_places, facts_of, next_waiting
from banggiao.web.addresses import list_url, record_url
from banggiao.web.asking import asker, deed, moment
from banggiao.web.document_text import Span, part_at, parts_of, sentence_of, text_blocks
from banggiao.web.fact_cards import cards_of, counts_of, differs_in, status_of
from banggiao.web.fact_words import how, title_of
from banggiao.web.frame import render
from banggiao.web.jinja import written
from banggiao.web.pages import DocumentPage
from banggiao.web.parts import Action, Cell, Choice, Definition, Empty, Field, Header, Link
from banggiao.web.parts_reading import BatchPanel, BatchPreview, HeldFact, Part
from banggiao.web.talk import talk_of
from banggiao.web.words import is_id, label, plain_value, say

DEFAULT_CERTAINTY = 90
_HELD_SHOWN = 20


@require_safe
def show(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The text with its facts; of a long document the part asked for, or the one with the fact asked for."""
    viewer = asker(request)
    viewer.require("registers.view")
    document = document_seen(request, key)
    parts = parts_of(document.text, fact_places(document, viewer))
    place = _place(request, document, parts)
    facts = facts_of(document, viewer, span=parts[place] if len(parts) > 1 else None)
    total, waiting = fact_counts(document, viewer)
    may_check = viewer.may("facts.check")
    blocks, places = text_blocks(document, facts, parts[place], _offset(request))
    open_facts = [fact for fact in facts if fact.state == "proposed"]
    known = compare(Setting(deed(request), document), open_facts, viewer) if may_check and open_facts else {}
    following = next_waiting(document, viewer) if may_check else None
    page = DocumentPage(
        header=Header(
            title=document.title,
            kicker=label("document_genre", document.genre) if document.genre else _("Tài liệu"),
            subtitle=" · ".join(filter(None, (document.outlet, _written(document.published), document.author))),
            trail=(Link(label=_("Tài liệu đã đọc"), url=list_url("documents")),),
        ),
        facts=_about(document),
        blocks=blocks,
        cards=cards_of(facts, document, {f.pk: sentence_of(places, f.start) for f in facts}, known, may_check=may_check),
        text_language=document.language or "vi",
        batch=batch_panel(document, waiting) if may_check else None,
        status=status_of(waiting),
        counts=counts_of(total, waiting),
        part=_part(document, parts, place) if len(parts) > 1 else None,
        company=_company(request, document),
        next=Link(label=following.title, url=record_url("sources.document", following.pk)) if following else None,
        add_url=reverse("web:add_fact", args=[document.pk]) if may_check else "",
        empty=Empty(
            title=_("Máy không đọc được thông tin nào"), text=_("Văn bản vẫn được lưu và tìm được; có thể dẫn nó làm minh chứng.")
        ),
        talk=talk_of(register_named("documents"), document, request),
    )
    return render(request, "document_page.html", page, exercise=document.exercise)


@require_safe
def batch_preview(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """What a batch above a confidence would accept, and what it would leave to a person, with the reason."""
    viewer = asker(request)
    viewer.require("facts.check")
    document = document_seen(request, key)
    certainty = certainty_in(request.GET.get("above", ""))
    if certainty is None:
        return render(request, "batch_preview.html", BatchPreview(words=_("Độ tin cậy phải là một số từ 0 đến 100.")))
    found = preview(document, viewer, certainty=certainty, at=moment(request))
    words = ngettext("Sẽ duyệt %(n)d thông tin.", "Sẽ duyệt %(n)d thông tin.", found.count) % {"n": found.count}
    if found.held:
        count = len(found.held)
        words += " " + ngettext(
            "Giữ lại %(n)d thông tin để người duyệt, vì sổ đang ghi khác:",
            "Giữ lại %(n)d thông tin để người duyệt, vì sổ đang ghi khác:",
            count,
        ) % {"n": count}
    held = [
        HeldFact(
            link=Link(
                label=f"{label('fact_kind', fact.kind)}: {title_of(fact, document.text[fact.start : fact.end])}",
                url=fact_url(fact),
            ),
            reason=differs_in(known) or _("Có bản ghi gần giống."),
        )
        for fact, known in found.held[:_HELD_SHOWN]
    ]
    left = len(found.held) - len(held)
    more = ngettext("và %(n)d thông tin nữa", "và %(n)d thông tin nữa", left) % {"n": left} if left else ""
    return render(request, "batch_preview.html", BatchPreview(words=words, held=held, more=more))


@require_safe
def batch_state(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The panel of the batch while a job works at it: how many still wait; the page is loaded anew when it is done."""
    viewer = asker(request)
    viewer.require("facts.check")
    document = document_seen(request, key)
    panel = batch_panel(document, fact_counts(document, viewer)[1])
    response = render(request, "batch_state.html", panel)
    if panel is None or not panel.running:
        response["HX-Refresh"] = "true"
    return response


def document_seen(request: HttpRequest, key: UUID) -> Document:
    """The document, if the reader may know of it; else NotFound."""
    document: Document = find_record(register_named("documents"), str(key), asker(request))
    return document


def fact_url(fact: Fact) -> str:
    """The card of a fact in its document, in whichever part."""
    return f"{record_url('sources.document', fact.document_id)}?fact={fact.pk}#fact-{fact.pk}"


def certainty_in(text: str) -> float | None:
    """The confidence typed in per cent as a share, None for what is none."""
    try:
        above = float(text.replace(",", ".").strip())
    except ValueError:
        return None
    return above / 100 if 0 <= above <= 100 else None


def batch_panel(document: Document, waiting: int) -> BatchPanel | None:
    """The panel for accepting many at once, while anything waits or can be taken back."""
    last, running = last_batch(document), under_way(document)
    if not waiting and last is None and not running:
        return None
    here = [document.pk]
    return BatchPanel(
        action=reverse("web:accept_batch", args=here) if waiting else "",
        preview_url=reverse("web:batch_preview", args=here),
        field=Field(name="above", label=_("Duyệt từ độ tin cậy (%)"), kind="number", value=str(DEFAULT_CERTAINTY)),
        running=ngettext(
            "Đang duyệt hàng loạt; còn %(n)d thông tin chờ.", "Đang duyệt hàng loạt; còn %(n)d thông tin chờ.", waiting
        )
        % {"n": waiting}
        if running
        else "",
        poll_url=reverse("web:batch_state", args=here),
        undo=Action(
            label=ngettext(
                "Hoàn tác lần duyệt hàng loạt gần nhất (%(n)d)", "Hoàn tác lần duyệt hàng loạt gần nhất (%(n)d)", last[1]
            )
            % {"n": last[1]},
            url=reverse("web:undo_batch", args=[document.pk, last[0]]),
            method="post",
            icon="history",
        )
        if last and not running
        else None,
    )


def _place(request: HttpRequest, document: Document, parts: list[Span]) -> int:
    fact_id, number = request.GET.get("fact", ""), request.GET.get("part", "")
    if len(parts) > 1 and is_id(fact_id):
        start = (
            Fact.objects.visible_to(asker(request)).filter(document=document, pk=fact_id).values_list("start", flat=True).first()
        )
        if start is not None:
            return part_at(parts, start)
    if (at := _offset(request)) is not None:
        return part_at(parts, at)
    return min(max(int(number), 1), len(parts)) - 1 if number.isascii() and number.isdigit() and len(number) < 6 else 0


def _offset(request: HttpRequest) -> int | None:
    """The place in the text that a citation leads to."""
    at = request.GET.get("at", "")
    return int(at) if at.isascii() and at.isdigit() and len(at) < 10 else None


def _part(document: Document, parts: list[Span], place: int) -> Part:
    url = record_url("sources.document", document.pk)
    count = len(parts)
    return Part(
        words=_("Phần %(number)d trên %(count)d") % {"number": place + 1, "count": count},
        before=f"{url}?part={place}" if place else "",
        after=f"{url}?part={place + 2}" if place + 1 < count else "",
        all=[
            Choice(value=str(n), label=_("Phần %(number)d") % {"number": n}, selected=n == place + 1) for n in range(1, count + 1)
        ],
        action=url,
    )


def _company(request: HttpRequest, document: Document) -> str:
    last = company(document, asker(request), at=moment(request))
    if last is None:
        return ""
    name, at = last
    return _("%(name)s đang duyệt tài liệu này (thao tác gần nhất lúc %(at)s).") % {
        "name": name,
        "at": timezone.localtime(at).strftime("%H:%M"),
    }


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


def _day(text: str) -> Any:
    return plain_value(text, "date")


def _written(text: str) -> str:
    return written(_day(text)) if text else ""
