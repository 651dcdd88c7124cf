"""How does an official paper become a PDF? The content goes as JSON into one fixed Typst layout.

Typst source is never built from content, so nothing in a text can act as markup. The same paper gives the same bytes: dates come
from `as_of`, the identity from the content. The file is PDF/A-2a (archive, with structure) and PDF/UA-1 (readable aloud).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst

from banggiao.reports.blocks import (
    Block,
    BulletList,
    Figure,
    Heading,
    NoteRef,
    NumberedList,
    OfficialDocument,
    Paragraph,
    Run,
    Table,
    Text,
    in_reading_order,
    inlines,
)
from banggiao.reports.drawings import svg
from banggiao.reports.typefaces import font_files, printable
from banggiao.reports.typography import long_date, pieces
from banggiao.reports.wording import LABELS, annex_heading, labelled, note_runs, paper_date, paper_number, recipient_lines, shown

_LAYOUT = Path(__file__).parent / "templates" / "official.typ"
# A table row longer than this may go over a page break; a shorter one is kept together.
_KEPT_TOGETHER = 900


def render_pdf(document: OfficialDocument) -> bytes:
    """The paper as PDF bytes. Raises SetupProblem when the fonts are missing, InvalidInput when a figure has no note."""
    fonts = font_files()
    content = json.dumps(_content(in_reading_order(document)), ensure_ascii=False)
    compiled: bytes = typst.compile(
        str(_LAYOUT),
        sys_inputs={"document": content},
        font_paths=[str(fonts[0].parent)],
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
    )
    return compiled


def _content(document: OfficialDocument) -> dict[str, Any]:
    labels = LABELS[document.language]
    counts: dict[str, int] = {}
    return {
        "language": document.language,
        "labels": {
            name: getattr(labels, name) for name in ("state", "motto", "draft", "exercise", "recipients", "notes", "no_rows")
        },
        "head-mm": labels.head_mm,
        "title": _words(f"{document.kind}: {document.title}"),
        "as_of": [document.as_of.year, document.as_of.month, document.as_of.day],
        "draft": document.is_draft,
        "working": document.layout != "official",
        "landscape": document.layout == "landscape",
        "exercise": document.exercise,
        "parent": _words(document.parent_issuer.upper()),
        "issuer": _words(document.issuer),
        "issuer-capitals": _words(document.issuer.upper()),
        "number": _words(f"{labels.number} {paper_number(document)}"),
        "place-date": _words(f"{document.place}, {paper_date(document)}"),
        "kind-capitals": _words(document.kind.upper()),
        "title-pieces": _pieces(document.title),
        "blocks": _blocks(document.blocks, document, counts),
        "signing-as": [_words(line) for line in document.signing_as],
        "signer": _words(document.signer),
        "recipients": [_pieces(line) for line in recipient_lines(document)],
        "annexes": [
            {
                "label": label,
                "title-pieces": _pieces(annex.title),
                "remark": _pieces(remark),
                "blocks": _blocks(annex.blocks, document, counts),
            }
            for annex, (label, remark) in (
                (annex, annex_heading(document, place)) for place, annex in enumerate(document.annexes, 1)
            )
        ],
        "notes-remark": _pieces(labels.figures_as_of % {"date": long_date(document.as_of, document.language)}),
        "notes": [
            {
                "number": note.number,
                "text": [_run(run) | ({"link": link} if link else {}) for run, link in note_runs(note, document.language)],
            }
            for note in document.notes
        ],
    }


def _blocks(blocks: tuple[Block, ...], document: OfficialDocument, counts: dict[str, int]) -> list[dict[str, Any]]:
    made = [_block(block, label, document) for block, label in labelled(blocks, document.language, counts)]
    # PDF/UA refuses a structure that skips a level; what is seen keeps the level asked for.
    depth = 0
    for block in made:
        if block["kind"] == "heading":
            block["depth"] = depth = min(block["level"], depth + 1)
    return made


def _block(block: Block, label: str, document: OfficialDocument) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "label": label, "pieces": _pieces(block.text)}
        case Paragraph():
            return {"kind": "paragraph", "text": _text(block.text)}
        case BulletList() | NumberedList():
            dashed = isinstance(block, BulletList)
            return {
                "kind": "list",
                "items": [
                    {"label": "-" if dashed else f"{place}.", "text": _text(item)} for place, item in enumerate(block.items, 1)
                ],
            }
        case Table():
            return {
                "kind": "table",
                "columns": [
                    {"width": column.width, "align": column.align, "label": _pieces(column.label)} for column in block.columns
                ],
                # A head as tall as a page would push the rows off every page.
                "repeat": sum(len(column.label) for column in block.columns) < _KEPT_TOGETHER,
                "rows": [{"keep": _length(row) < _KEPT_TOGETHER, "cells": [_text(cell) for cell in row]} for row in block.rows],
                "caption": _pieces(f"{label}: {block.caption}") if block.caption else [],
                "source": _source(block.source, document),
            }
        case Figure():
            return {
                "kind": "figure",
                "svg": printable(svg(block.chart, document.language, exercise=document.exercise)),
                "alt": _words(block.alt).strip() or _words(f"{label}: {block.caption}"),
                "caption": _pieces(f"{label}: {block.caption}"),
                "source": _source(block.source, document),
            }


def _source(source: Text, document: OfficialDocument) -> list[dict[str, Any]]:
    return [_run(Run(f"{LABELS[document.language].source} ")), *_text(source)] if source else []


def _text(text: Text) -> list[dict[str, Any]]:
    return [{"note": part.number} if isinstance(part, NoteRef) else _run(part) for part in inlines(text)]


def _run(run: Run) -> dict[str, Any]:
    return {"pieces": _pieces(run.text), "bold": run.bold, "italic": run.italic}


def _pieces(text: str) -> list[str]:
    return list(pieces(_words(text)))


def _words(text: str) -> str:
    return printable(shown(text))


def _length(row: tuple[Text, ...]) -> int:
    return sum(len(part.text) for cell in row for part in inlines(cell) if isinstance(part, Run))
