"""What are the fields of a record called, and how does a form ask for them?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import ForeignKey
from django.utils.translation import gettext as _

from banggiao.core.acts import Viewer
from banggiao.core.questions import Column
from banggiao.core.record import PartialDateField, Record
from banggiao.core.registers import Register
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.states import LABELS
from banggiao.reports.choices import institution_choices
from banggiao.reports.labels import MORE
from banggiao.web.asking import language
from banggiao.web.parts import Choice, Field
from banggiao.web.words import say

#: Never shown in a history: derived values.
DERIVED = frozenset({"sort_key", "period_start"})


def columns_by_field(register: Register) -> dict[str, tuple[str, Column]]:
    """Field -> (what it is called, the column that shows it); a bilingual column names two fields, a record column its key."""
    found: dict[str, tuple[str, Column]] = {}
    for field in (*register.fields, *register.page_fields):
        if len(field.paths) == 2 and field.paths[0] != field.paths[1]:
            found[field.paths[0]] = (say(field.column.label), field.column)
            found[field.paths[1]] = (_("%(name)s (tiếng Anh)") % {"name": say(field.column.label)}, field.column)
        elif field.paths:
            found[field.paths[0]] = (say(field.column.label), field.column)
    return found


def field_label(register: Register, name: str) -> str:
    """What a field of a record is called."""
    columns = columns_by_field(register)
    if name in columns:
        return columns[name][0]
    for table in (*(m.field_labels for m in register.machines), LABELS, MORE):
        for key in (name, f"{name}_id"):
            if key in table:
                return say(table[key])
    return name


def vocabulary_of(register: Register, name: str) -> str:
    """The closed list a field takes its values from; empty when it takes none."""
    columns = columns_by_field(register)
    shown = columns[name][1].vocabulary if name in columns else ""
    named = {"classification": "classification", "evidence": "evidence_mark", "confidence": "confidence_level", "topic": "topic"}
    return shown or register.model.closed.get(name, "") or named.get(name, "")


def asked_field(
    register: Register,
    record: Record,
    name: str,
    viewer: Viewer,
    *,
    typed: Mapping[str, str],
    errors: Sequence[str] = (),
    required: bool = False,
) -> Field:
    """The form field that asks for a field of a record, filled with what was typed, else with what stands."""
    column: Any = record._meta.get_field(name.removesuffix("_id") if name.endswith("_id") else name)
    stands = getattr(record, column.attname)
    value = typed.get(name, "" if stands is None else str(stands))
    common: dict[str, Any] = {
        "name": name,
        "label": field_label(register, name),
        "value": value,
        "errors": tuple(errors),
        "required": required,
    }
    if terms := vocabulary_of(register, name):
        return Field(kind="select", choices=_choices(vocabulary(terms).choices(language()), value), **common)
    if isinstance(column, ForeignKey) and column.related_model._meta.label_lower == "partners.institution":
        pairs = [(pk, title.get(language())) for pk, title in institution_choices(viewer)]
        return Field(kind="select", choices=_choices(pairs, value), **common)
    if isinstance(column, PartialDateField):
        return Field(help=_("Viết NNNN-TT-NN; nếu chưa rõ ngày thì NNNN-TT hoặc NNNN."), **common)
    kind = column.get_internal_type()
    if kind == "TextField" or (column.max_length or 0) > 250:
        return Field(kind="textarea", **common)
    return Field(kind="number" if "Integer" in kind else "date" if kind == "DateField" else "text", **common)


def _choices(pairs: Sequence[tuple[str, str]], value: str) -> list[Choice]:
    listed = [Choice(value="", label=_("(chưa chọn)"), selected=not value)]
    listed += [Choice(value=code, label=text, selected=code == value) for code, text in pairs]
    if value and not any(choice.selected for choice in listed):
        listed.append(Choice(value=value, label=value, selected=True))
    return listed
