"""Which fields does the form of a fact have, by kind, and what does somebody mean who fills them in?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from banggiao.core.typed import typed_date, typed_number, typed_period
from banggiao.core.vocabulary import vocabulary
from banggiao.web.asking import language
from banggiao.web.fact_words import LISTS, MAIN, SLOTS
from banggiao.web.formats import format_partial_date
from banggiao.web.parts import Choice, Field
from banggiao.web.words import say

#: Kind -> its slots as the form asks them, the main one first.
FORMS: dict[str, tuple[str, ...]] = {
    "event": ("name", "type", "role", "date", "place", "mode", "organiser", "chair", "participants"),
    "person": ("name", "positions"),
    "organisation": ("name",),
    "partner": ("name", "code"),
    "place": ("name",),
    "agreement": ("name", "type", "status", "parties"),
    "legal_document": ("number", "type", "issuer", "date", "subject"),
    "quantity": ("number", "unit", "meaning", "qualifier", "period", "comparison"),
    "commitment": ("what", "side", "parties", "deadline", "measurable"),
    "task": ("what", "assignee", "giver", "deadline", "period"),
    "result": ("what", "actor", "period"),
    "shortcoming": ("what", "actor", "period"),
    "barrier": ("what", "type", "partner"),
}
#: Without these there is no record to make.
NEEDED = {("event", "type"), ("commitment", "side"), ("quantity", "number"), ("legal_document", "number"), ("partner", "code")}
_MANY = {"participants", "positions", "parties"}
_LONG = {"what", "subject", "meaning"}
_DATES = {"date", "deadline"}


def form_fields(kind: str, value: Mapping[str, Any], typed: Mapping[str, str], problems: Mapping[str, str]) -> list[Field]:
    """The fields with what was read, or what was typed instead and what is wrong with it."""
    fields = []
    for name in FORMS[kind]:
        text = typed[name] if name in typed else said(kind, name, value.get(name))
        listed = choices_of(kind, name, text)
        fields.append(
            Field(
                name=name,
                label=say(SLOTS[name]),
                kind="select" if listed else "textarea" if name in _LONG | _MANY else "text",
                value=text,
                choices=listed,
                required=name == MAIN[kind] and kind not in ("result", "shortcoming") or (kind, name) in NEEDED,
                help=_help(name),
                errors=(problems[name],) if name in problems else (),
            )
        )
    return fields


def said(kind: str, name: str, value: Any) -> str:
    """A slot's value as the control shows it."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(str(item) for item in value)
    if name in _DATES:
        return format_partial_date(str(value), language())
    if isinstance(value, float | int) and not isinstance(value, bool):
        text = f"{value:f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
        return text.replace(".", ",") if language() == "vi" else text
    return str(value)


def choices_of(kind: str, name: str, value: str) -> list[Choice]:
    """The words of the closed list that the slot holds, none for a slot without one; what was read stays choosable."""
    if name == "measurable":
        terms = vocabulary("measurability").terms
        listed = [(term.code, term.label(language())) for term in terms]
    elif (kind, name) in LISTS and (kind, name) != ("partner", "type"):
        terms = vocabulary(LISTS[kind, name]).terms
        listed = [
            (value if value in term.fact_values else term.fact_values[0], term.label(language()))
            for term in terms
            if term.fact_values
        ]
    else:
        return []
    blank = [] if (kind, name) in NEEDED and value else [("", _("Chưa rõ"))]
    return [Choice(value=code, label=words, selected=code == value) for code, words in [*blank, *listed]]


def understood(kind: str, before: Mapping[str, Any], typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """(the slots that differ from what was read, slot -> what is wrong with it)."""
    changed: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name in FORMS[kind]:
        text = typed.get(name, said(kind, name, before.get(name))).strip()
        if text == said(kind, name, before.get(name)).strip():
            if not text and ((kind, name) in NEEDED or name == MAIN[kind] and not before):
                problems[name] = _("Hãy điền mục này.")
            continue
        try:
            changed[name] = _meant(kind, name, text)
        except ValueError:
            problems[name] = _problem(name)
            continue
        if changed[name] in (None, [], "") and (kind, name) in NEEDED:
            problems[name] = _("Hãy điền mục này.")
    return changed, problems


def _meant(kind: str, name: str, text: str) -> Any:
    if name in _MANY:
        return [line.strip() for line in text.split("\n") if line.strip()]
    if not text:
        return None
    if name == "date":
        return typed_date(text)
    if name == "deadline":
        try:
            return typed_date(text)
        except ValueError:
            if any(mark.isdigit() for mark in text):  # a date that does not exist, not words such as “sớm”
                raise
            return text
    if name == "period":
        return typed_period(text)
    if name == "measurable":
        return int(text)
    if kind == "quantity" and name == "number":
        number = float(typed_number(text))
        return int(number) if number.is_integer() else number
    if choices_of(kind, name, text) and not any(choice.value == text for choice in choices_of(kind, name, text)):
        raise ValueError(text)
    return " ".join(text.split()) if name not in _LONG else text


def _problem(name: str) -> str:
    if name in _DATES:
        return _("Không phải ngày. Hãy viết ngày/tháng/năm, tháng/năm hoặc năm.")
    if name == "period":
        return _("Không hiểu kỳ. Hãy viết 2025, quý 3/2025, 6 tháng đầu 2025 hoặc 2025-H1.")
    if name == "number":
        return _("Không phải số. Hãy viết số, dùng dấu phẩy hoặc chấm thập phân.")
    return _("Hãy chọn một giá trị trong danh sách.")


def _help(name: str) -> str:
    if name == "date":
        return _("Ngày/tháng/năm, tháng/năm hoặc năm.")
    if name == "deadline":
        return _("Ngày/tháng/năm, tháng/năm, năm; hoặc chữ như “sớm”.")
    if name == "period":
        return _("Ví dụ: 2025, quý 3/2025, 6 tháng đầu 2025.")
    if name == "parties":
        return _("Mỗi dòng một mã đối tác, ví dụ KOR.")
    return _("Mỗi dòng một mục.") if name in _MANY else ""
