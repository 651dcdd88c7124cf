"""How does the text of a directive get in, and how is what somebody typed beside its paragraphs understood? For every face."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from banggiao.commitments.models import Directive, Paragraph
from banggiao.commitments.services import Ask
from banggiao.commitments.services_splitting import CYCLES, join_text
from banggiao.commitments.splitting import Proposed
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.core.typed import typed_deadline, typed_list
from banggiao.intelligence.services import read_in
from banggiao.partners.models import Institution
from banggiao.reports.naming import Named, Names, Unclear

#: What is asked of a task beside a paragraph; all are texts as people write them.
FIELDS = ("text", "lead", "coordinating", "due", "product", "every")


def take_text(*, act: Act, directive: Directive, data: bytes, name: str, version: int | None) -> list[Paragraph]:
    """A file or pasted text is read in and becomes the text of the directive; returns its paragraphs.

    It takes over the directive's classification and owner. Raises as `read_in` and `join_text`.
    """
    act.viewer.require("commitments.edit", subject=str(directive))
    stated = {"title": str(directive) + (f" – {directive.name_vi}" if directive.name_vi else ""), "published": directive.day}
    world = replace(act, exercise=directive.exercise)
    document, _fresh = read_in(
        act=world, data=data, name=name, classification=directive.classification, owner=directive.owner, stated=stated
    )
    return join_text(act=act, directive=directive, document=document, version=version)


def as_typed(proposed: Proposed) -> dict[str, str]:
    """A proposal as the fields that ask for a task: bodies by name, those the register does not know among them left out."""
    said = proposed.said
    return {
        "text": said.text,
        "lead": proposed.lead.name_vi if proposed.lead else "",
        "coordinating": "; ".join(body.name_vi for body in proposed.coordinating),
        "due": "/".join(reversed(said.due.split("-"))),
        "product": said.product,
        "every": said.every,
    }


def understood(
    rows: Mapping[str, Mapping[str, str]], viewer: Viewer, *, exercise: bool, proposed: Sequence[Proposed] = ()
) -> list[Ask]:
    """What was typed for each task, by its key, as asks. Raises InvalidInput naming each field as `key.field`."""
    names, problems, asks = Names(viewer), list[FieldProblem](), list[Ask]()
    said = {each.key: each.said for each in proposed}
    for key, row in rows.items():
        text = " ".join(row.get("text", "").split())
        if not text:
            problems.append(FieldProblem(f"{key}.text", N_("Hãy viết nội dung.")))
        lead = _bodies(row.get("lead", ""), names, exercise, f"{key}.lead", problems)
        together = _bodies(row.get("coordinating", ""), names, exercise, f"{key}.coordinating", problems)
        if len(lead) > 1:
            problems.append(FieldProblem(f"{key}.lead", N_("Chỉ một cơ quan chủ trì.")))
        due = ""
        try:
            due = typed_deadline(row.get("due", ""))
        except ValueError:
            problems.append(FieldProblem(f"{key}.due", N_("Không phải ngày.")))
        more: dict[str, Any] = {}
        if row.get("every"):
            if row["every"] not in CYCLES:
                problems.append(FieldProblem(f"{key}.every", N_("Giá trị không có trong danh mục.")))
            else:
                more["cycle_days"] = CYCLES[row["every"]]
        if key in said:
            source = said[key]
            more["assignee"] = ", ".join(filter(None, (source.lead, *source.coordinating)))[:300]
            more["urgency"] = "" if source.due else source.due_words[:120]
        asks.append(Ask(text, key, lead[0] if lead else None, together, due, row.get("product", "").strip(), more))
    if problems:
        raise InvalidInput(N_("Thông tin nhập chưa hợp lệ."), remedy=N_("Hãy sửa các trường được nêu."), problems=problems)
    return asks


def _bodies(text: str, names: Names, exercise: bool, field: str, problems: list[FieldProblem]) -> list[UUID]:
    found: list[UUID] = []
    for part in typed_list(text):
        try:
            named: Named = names.one(Institution, part)
        except Unclear as unclear:
            problems.append(FieldProblem(field, str(unclear)))
            continue
        if named.exercise != exercise:
            message = gettext("“%(name)s” không cùng là thật hoặc cùng là diễn tập với bản ghi này.") % {"name": part[:80]}
            problems.append(FieldProblem(field, message))
            continue
        found.append(named.id)
    return found
