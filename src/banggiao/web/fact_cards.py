"""How is a fact shown as a card: what was read, what the register knows beside it, and what the reader may do?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from banggiao.core.registers import register_of
from banggiao.intelligence.comparing import Known, Line
from banggiao.sources.models import Document, Fact
from banggiao.sources.services import BY_HAND
from banggiao.web.addresses import record_url
from banggiao.web.asking import language
from banggiao.web.fact_words import slots_of, title_of
from banggiao.web.jinja import written
from banggiao.web.parts import Action, Badge, Choice, FactCard, Link
from banggiao.web.parts_reading import KnownLine, KnownRecord
from banggiao.web.words import label, plain_value, say, state_badge


def card(
    fact: Fact,
    document: Document,
    *,
    sentences: tuple[int, ...] = (),
    known: Known | None = None,
    may_check: bool = False,
    settled: str = "",
    note: str = "",
) -> FactCard:
    """A fact as a card."""
    register = register_of(fact.target_type) if fact.target_type else None
    by_hand = fact.rule == BY_HAND
    return FactCard(
        id=str(fact.pk),
        kind=" · ".join((label("fact_kind", fact.kind), *((_("người nhập"),) if by_hand else ()))),
        title=title_of(fact, document.text[fact.start : fact.end]),
        slots=slots_of(fact),
        badge=state_badge("fact_state", fact.state),
        confidence=None if by_hand else fact.certainty,
        sentences=sentences,
        record=Link(
            label=_("Mở bản ghi: %(kind)s") % {"kind": lower(register.one.get(language()))},
            url=record_url(fact.target_type, fact.target_id),
        )
        if register
        else None,
        known=_known(fact, known, may_check=may_check) if known is not None and fact.state == "proposed" else None,
        waiting=fact.state == "proposed",
        settled=settled,
        note=note,
        actions=fact_actions(fact, asks=known is not None and known.asks) if may_check else (),
    )


def fact_actions(fact: Fact, *, asks: bool = False) -> list[Action]:
    """Accept, correct and reject while it waits; undo afterwards. What differs from the register is decided, not accepted."""
    here, seen = [fact.pk], (("version", str(fact.version)),)
    if fact.state != "proposed":
        return [
            Action(
                label=_("Hoàn tác"), url=reverse("web:undo_fact", args=here), method="post", icon="history", key="u", fields=seen
            )
        ]
    accept = Action(
        label=_("Duyệt"),
        url=reverse("web:accept_fact", args=here),
        method="post",
        style="primary",
        icon="check",
        key="a",
        fields=seen,
    )
    rest = [
        Action(label=_("Sửa rồi duyệt"), url=reverse("web:correct_fact", args=here), icon="edit", key="c"),
        Action(
            label=_("Bác bỏ"), url=reverse("web:reject_fact", args=here), method="post", style="danger", icon="close",
            key="r", fields=seen,
        ),
    ]  # fmt: skip
    return rest if asks else [accept, *rest]


def status_of(waiting: int) -> Badge:
    """How much of a document still waits."""
    if not waiting:
        return Badge(label=_("Đã duyệt hết"), tone="good")
    return Badge(
        label=ngettext("%(n)d thông tin chờ duyệt", "%(n)d thông tin chờ duyệt", waiting) % {"n": waiting}, tone="active"
    )


def counts_of(total: int, waiting: int) -> str:
    """The same in words, beside the heading of the cards."""
    return _("còn %(waiting)d trong %(total)d") % {"waiting": waiting, "total": total}


def differs_in(known: Known) -> str:
    """In words: where register and fact differ."""
    told = [
        _("%(field)s: sổ ghi “%(known)s”, văn bản ghi “%(said)s”")
        % {"field": say(line.field.label), "known": _text(line, line.known), "said": _text(line, line.said)}
        for line in known.differing
    ]
    return "; ".join(told) + "." if told else ""


def said_choices(known: Known) -> list[Choice]:
    """What a person may decide, in words."""
    figure = known.record.record_type() == "sources.officialfigure"
    words = {
        "keep": _("Nối vào, giữ giá trị sổ đang ghi"),
        "take": _("Nối vào, lấy giá trị của văn bản"),
        "separate": _("Ghi cả hai để đối chiếu") if figure else _("Là việc khác, ghi bản ghi riêng"),
    }
    return [Choice(value=choice, label=words[choice]) for choice in known.choices]


def lower(text: str) -> str:
    """With a small first letter, to stand inside a phrase."""
    return text[:1].lower() + text[1:]


def _known(fact: Fact, known: Known, *, may_check: bool) -> KnownRecord:
    record: Any = known.record
    register = register_of(record.record_type())
    title = register.title_of(record).get(language()) if register else str(record)
    if not known.sure:
        words = _("Có bản ghi gần giống; hãy cho biết có phải cùng một việc không.")
    elif known.asks:
        words = _("Sổ đang ghi khác; hãy chọn giá trị đúng.")
    elif known.differing:
        words = _("Văn bản nói khác. Duyệt thì sổ giữ giá trị đang ghi; muốn đổi, hãy mở bản ghi.")
    else:
        words = ""
    return KnownRecord(
        heading=_("Sổ đã có") if known.sure else _("Gần giống trong sổ"),
        record=Link(label=title, url=record_url(record.record_type(), record.pk)),
        lines=[
            KnownLine(
                label=say(line.field.label),
                known=_value(line, line.known),
                said=_value(line, line.said) if line.state in ("adds", "differs") else None,
                state=line.state,
            )
            for line in known.lines
        ],
        words=words,
        choices=said_choices(known) if may_check else (),
        action=reverse("web:accept_fact", args=[fact.pk]),
        id=str(record.pk),
        version=record.version,
    )


def _value(line: Line, value: Any) -> Any:
    return plain_value(value, line.field.kind if line.field.kind in ("date", "period") else "text", line.field.vocabulary)


def _text(line: Line, value: Any) -> str:
    return written(_value(line, value))


def cards_of(
    facts: list[Fact],
    document: Document,
    sentences: Mapping[UUID, tuple[int, ...]],
    known: Mapping[UUID, Known],
    *,
    may_check: bool,
) -> list[FactCard]:
    """The cards of some facts of a document."""
    return [
        card(fact, document, sentences=sentences.get(fact.pk, ()), known=known.get(fact.pk), may_check=may_check)
        for fact in facts
    ]
