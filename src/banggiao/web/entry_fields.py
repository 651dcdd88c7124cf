"""How does a form ask for the fields of a new record: by list, by name with suggestions, by text?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from banggiao.core.registers import Register, register_of
from banggiao.core.vocabulary import vocabulary
from banggiao.reports.entry import Asked
from banggiao.reports.labels import label_of
from banggiao.web.asking import language
from banggiao.web.parts import Choice, Field

#: So many fields stand in sight; the others are folded away.
IN_SIGHT = 6


def entry_field(
    register: Register, each: Asked, value: str, *, errors: Sequence[str] = (), levels: Sequence[str] | None = None
) -> Field:
    """The control that asks for a field. `levels` are the classifications that may be chosen, all when not said."""
    name = each.name
    common: dict[str, Any] = {
        "name": name,
        "label": label_of(register, name),
        "value": value,
        "errors": tuple(errors),
        "required": each.required,
    }
    if each.kind == "code":
        terms = [(code, text) for code, text in vocabulary(each.vocabulary).choices(language())]
        if levels is not None and name == "classification":
            terms = [(code, text) for code, text in terms if code in levels]
        return Field(kind="select", choices=choices_among(terms, value, must=each.required or name == "classification"), **common)
    if each.kind == "flag":
        return Field(kind="checkbox", **{**common, "value": "yes"}, checked=value not in ("", "no"))
    if each.kind in ("record", "records"):
        book = register_of(each.model._meta.label_lower)
        many = each.kind == "records"
        url = reverse("web:choices", args=[book.name]) + f"?into={name}{'&many=yes' if many else ''}" if book else ""
        return Field(suggest=url, help=_("Có thể ghi nhiều, cách nhau bằng dấu chấm phẩy.") if many else "", **common)
    if each.kind == "long":
        return Field(kind="textarea", **common)
    return Field(help=_help(each), **common)


def _help(each: Asked) -> str:
    return {
        "date": _("Ví dụ: 05/9/2025, 9/2025 hoặc 2025."),
        "due": _("Ví dụ: 30/9/2025, 9/2025 hoặc quý III/2025."),
        "day": _("Ví dụ: 05/9/2025."),
        "period": _("Ví dụ: 2025, quý III/2025, 6 tháng đầu năm 2025 hoặc 9/2025."),
        "list": _("Có thể ghi nhiều, cách nhau bằng dấu chấm phẩy."),
    }.get(each.kind, "")


def choices_among(pairs: Sequence[tuple[str, str]], value: str, *, must: bool = False) -> list[Choice]:
    """The options of a list, what was typed among them even where it is none; the empty one is left out where one must choose."""
    first = [] if must and value else [Choice(value="", label=_("(chưa chọn)"), selected=not value)]
    listed = [*first, *(Choice(value=code, label=text, selected=code == value) for code, text in pairs)]
    if value and not any(choice.selected for choice in listed):
        listed.append(Choice(value=value, label=value, selected=True))
    return listed
