"""Where does each record and each list stand?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from banggiao.core.acts import Viewer
from banggiao.core.errors import NotFound
from banggiao.core.questions import Ref
from banggiao.core.registers import Register, find_record, register_of
from banggiao.web.asking import language


def list_url(question: str, params: Mapping[str, str] | None = None) -> str:
    """The page that lists the answer of a question, narrowed by its parameters."""
    query = urlencode({n: v for n, v in (params or {}).items() if v})
    return reverse("web:list", args=[question]) + (f"?{query}" if query else "")


def record_url(record_type: str, record_id: UUID | None) -> str:
    """The page of a record; empty when no register lists its kind."""
    if record_type == "sources.fact":
        return reverse("web:fact", args=[record_id]) if record_id else ""
    register = register_of(record_type)
    return reverse("web:record", args=[register.name, record_id]) if register and record_id else ""


def record_title(record_type: str, record_id: UUID, viewer: Viewer) -> str:
    """What a record is called; empty when the viewer may not know of it."""
    register = register_of(record_type)
    try:
        return register.title_of(find_record(register, str(record_id), viewer)).get(language()) if register else ""
    except NotFound:
        return ""


def ref_url(ref: Ref) -> str:
    """The page a cell leads to."""
    return record_url(ref.record_type, ref.id)


def fact_place(document_id: UUID, fact_id: UUID | None, start: int | None = None) -> str:
    """The place in a document's text where a fact begins, or without one the words at `start` that were cited."""
    # The query leads to the right part of a long document, the anchor to the words in it.
    place = f"?fact={fact_id}#w-{fact_id}" if fact_id else f"?at={start}#w-at" if start is not None else ""
    return reverse("web:record", args=["documents", document_id]) + place


def undo_url(register: Register, record: Any) -> str:
    """Where the last change of a record is taken back."""
    return reverse("web:undo", args=[register.name, record.pk])
