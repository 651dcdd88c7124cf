"""A composed paper as a file: PDF, DOCX and JSON, each the same bytes for the same paper."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from banggiao.core.acts import Act
from banggiao.core.errors import N_, InvalidInput, NotFound
from banggiao.core.exports import note_taken
from banggiao.reports import blocks
from banggiao.reports.blocks import OfficialDocument

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
}


def as_json(document: OfficialDocument) -> bytes:
    """The whole paper as JSON: every block says what it is, every note reference leads to a note."""
    return (
        json.dumps({"draft": document.is_draft, **_plain(document)}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    ).encode()


def from_json(data: bytes) -> OfficialDocument:
    """The paper that `as_json` wrote, equal to what it was made of. Raises InvalidInput for anything else."""
    read = json.loads(data)
    try:
        document = _read({name: value for name, value in read.items() if name != "draft"})
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InvalidInput(N_("Không đọc được văn bản đã lưu."), subject=str(error)[:80]) from error
    if not isinstance(document, OfficialDocument):
        raise InvalidInput(N_("Không đọc được văn bản đã lưu."))
    return document


def as_pdf(document: OfficialDocument) -> bytes:
    """The paper as PDF."""
    from banggiao.reports.pdf import render_pdf  # typst is a large library, loaded where a PDF is made

    return render_pdf(document)


def as_docx(document: OfficialDocument) -> bytes:
    """The paper as a Word file."""
    from banggiao.reports.docx import render_docx

    return render_docx(document)


RENDERERS: dict[str, Callable[[OfficialDocument], bytes]] = {"pdf": as_pdf, "docx": as_docx, "json": as_json}


def take(document: OfficialDocument, form: str, *, act: Act) -> bytes:
    """The paper as a file for somebody to take away. Raises NotPermitted without `exports.take`, NotFound for an unknown form."""
    act.viewer.require("exports.take", subject=document.title)
    if form not in RENDERERS:
        raise NotFound(N_("Không có định dạng “%(form)s”."), form=form, remedy=N_("Hãy chọn docx, pdf hoặc json."))
    content = RENDERERS[form](document)
    note_taken(act, {"paper": document.title, "form": form, "as_of": document.as_of.isoformat(), "draft": document.is_draft})
    return content


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {"is": type(value).__name__, **{f.name: _plain(getattr(value, f.name)) for f in fields(value)}}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


_CLASSES = {
    cls.__name__: cls
    for cls in (
        blocks.Annex, blocks.BulletList, blocks.Chart, blocks.Column, blocks.Figure, blocks.Heading, blocks.Note, blocks.NoteRef,
        blocks.NumberedList, OfficialDocument, blocks.Paragraph, blocks.Place, blocks.Run, blocks.Series, blocks.Shade,
        blocks.SourceRow, blocks.SourceSentence, blocks.Table, blocks.WorldMap,
    )
}  # fmt: skip
_DATES = ("as_of", "dated")


def _read(value: Any, name: str = "") -> Any:
    if isinstance(value, Mapping) and "is" in value:
        return _CLASSES[value["is"]](**{n: _read(part, n) for n, part in value.items() if n != "is"})
    if isinstance(value, Mapping):
        return {n: _read(part) for n, part in value.items()}
    if isinstance(value, list):
        # Values of a series are numbers; a decimal was written as text.
        return tuple(Decimal(part) if name == "values" and isinstance(part, str) else _read(part) for part in value)
    return date.fromisoformat(value) if name in _DATES and value else value
