"""What are the fields of a record called, and how does a form ask for them?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from banggiao.core.acts import Viewer
from banggiao.core.errors import NotFound
from banggiao.core.questions import Column
from banggiao.core.record import Record
from banggiao.core.registers import Register, find_record, register_of
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.states import LABELS
from banggiao.partners.models import Institution
from banggiao.reports.choices import institution_choices
from banggiao.reports.entry import Asked, asked
from banggiao.reports.labels import MORE
from banggiao.reports.naming import parted_links
from banggiao.web.asking import language
from banggiao.web.entry_fields import choices_among, entry_field
from banggiao.web.parts import Field
from banggiao.web.words import say

#: Never shown in a history: derived values.
DERIVED = frozenset({"rows_made", "sort_key", "period_start"})


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
    each = replace(asked(register, name), required=required)
    value = typed.get(name, _standing(each, record, viewer))
    if each.kind == "record" and each.model is Institution:
        pairs = [(pk, title.get(language())) for pk, title in institution_choices(viewer)]
    elif each.kind == "flag":
        pairs = vocabulary("yes_no").choices(language())
    else:
        return entry_field(register, each, value, errors=errors)
    choices = choices_among(pairs, value)
    label = field_label(register, name)
    return Field(kind="select", name=name, label=label, value=value, choices=choices, errors=tuple(errors), required=required)


def _standing(each: Asked, record: Record, viewer: Viewer) -> str:
    """What stands in the field, written as it may be typed: others by name or code, many parted by semicolons."""
    if each.kind == "records":
        ids = [row[0] if isinstance(row, list) else row for row in parted_links(record, each.name, viewer)[0]]
        return "; ".join(called(each.model, UUID(str(pk)), viewer) for pk in ids)
    value = getattr(record, each.field.attname)
    if value is None:
        return ""
    if each.kind == "record":
        return str(value) if each.model is Institution else called(each.model, value, viewer)
    if each.kind == "flag":
        return "yes" if value else "no"
    return "; ".join(map(str, value)) if each.kind == "list" else str(value)


def called(model: Any, pk: UUID, viewer: Viewer) -> str:
    """How somebody types which record is meant: bodies and partners by name, others by code; the id where neither is known."""
    book = register_of(model._meta.label_lower)
    try:
        record = find_record(book, str(pk), viewer) if book else None
    except NotFound:
        record = None
    if record is None or book is None:
        return str(pk)
    code = str(getattr(record, book.code_path)) if book.code_path else ""
    return code if code and not book.record_type.startswith("partners.") else book.title_of(record).get(language())
