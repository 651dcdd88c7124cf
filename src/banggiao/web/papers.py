"""How is an official paper shown as a page, with the same content, numbering and notes as in print?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from django.utils.translation import gettext as _

from banggiao.reports.blocks import (
    Block,
    BulletList,
    Figure,
    Heading,
    Note,
    NoteRef,
    NumberedList,
    OfficialDocument,
    Paragraph,
    SourceSentence,
    Text,
    inlines,
)
from banggiao.reports.blocks import Table as PaperTable
from banggiao.reports.wording import annex_heading, labelled, paper_date, paper_number, shown
from banggiao.web.pages import FigureNote, NoteSource, ReportBlock, ReportSection, ReviewReport
from banggiao.web.parts import Basis, Cell, Chart, Header, Section, StepAxis, Table, TableColumn, TableRow, TextPart

ChartUrl = Callable[[int], str]


def report_page(
    document: OfficialDocument,
    *,
    header: Header,
    chart_url: ChartUrl,
    steps: Sequence[StepAxis] = (),
    beside: Sequence[Section] = (),
) -> ReviewReport:
    """The paper as a page; `chart_url` says where the image of its nth chart stands.

    `steps` and `beside` stand in the right column.
    """
    counts: dict[str, int] = {}
    places = {id(figure): place for place, figure in enumerate(charts_of(document), 1)}
    sections = _sections(document.blocks, document, counts, places, chart_url, "part")
    for place, annex in enumerate(document.annexes, 1):
        label, _remark = annex_heading(document, place)
        inside = _sections(annex.blocks, document, counts, places, chart_url, f"annex-{place}")
        opening = inside.pop(0).blocks if inside and not inside[0].title else ()
        sections.append(ReportSection(id=f"annex-{place}", number=label, title=shown(annex.title), blocks=opening))
        sections += inside
    return ReviewReport(
        header=header,
        title=f"{document.kind.upper()}\n{shown(document.title)}",
        sections=sections,
        notes=[_note(note) for note in document.notes],
        issuer=document.issuer.upper(),
        number=paper_number(document),
        place_and_date=f"{document.place}, {paper_date(document)}",
        signer_post="\n".join(document.signing_as),
        signer=document.signer,
        draft=document.is_draft,
        exercise=document.exercise,
        steps=steps,
        beside=beside,
    )


def headings_of(document: OfficialDocument) -> list[str]:
    """The numbered headings of the first two levels: `II. Kết quả`, `II.1. Chỉ đạo`."""
    found, part = [], ""
    for block, label in labelled(document.blocks, document.language, {}):
        if isinstance(block, Heading) and block.level == 1:
            part = label
        if isinstance(block, Heading) and block.level <= 2:
            found.append(f"{part if block.level == 2 else ''}{label} {block.text}")
    return found


def charts_of(document: OfficialDocument) -> list[Figure]:
    """The charts of a paper in reading order."""
    blocks = (*document.blocks, *(block for annex in document.annexes for block in annex.blocks))
    return [block for block in blocks if isinstance(block, Figure)]


def paper_table(table: PaperTable, caption: str) -> Table:
    """A table of a paper as a page shows it."""
    return _table(table, caption)


def _sections(
    blocks: Sequence[Block],
    document: OfficialDocument,
    counts: dict[str, int],
    places: dict[int, int],
    chart_url: ChartUrl,
    stem: str,
) -> list[ReportSection]:
    """The blocks under their headings; what stands before the first heading is a section without a title."""
    groups: list[tuple[Heading | None, str, list[ReportBlock]]] = []
    for block, label in labelled(blocks, document.language, counts):
        if isinstance(block, Heading):
            groups.append((block, label, []))
            continue
        if not groups:
            groups.append((None, "", []))
        groups[-1][2].extend(_blocks(block, label, document, places, chart_url))
    return [
        ReportSection(
            id=f"{stem}-{place}",
            number=label,
            title=shown(heading.text) if heading else "",
            level=cast(Any, heading.level + 1 if heading else 2),
            blocks=inside,
        )
        for place, (heading, label, inside) in enumerate(groups, 1)
    ]


def _blocks(
    block: Block, label: str, document: OfficialDocument, places: dict[int, int], chart_url: ChartUrl
) -> list[ReportBlock]:
    match block:
        case Paragraph():
            return [ReportBlock(parts=_parts(block.text))]
        case BulletList():
            return [ReportBlock(parts=_parts(item), item=True, marker="–") for item in block.items]
        case NumberedList():
            return [ReportBlock(parts=_parts(item), item=True, marker=f"{n}.") for n, item in enumerate(block.items, 1)]
        case PaperTable():
            caption = f"{label}: {shown(block.caption)}" if block.caption else ""
            return [
                ReportBlock(table=_table(block, caption or shown(document.title)), caption=caption, source=_parts(block.source))
            ]
        case Figure():
            caption = f"{label}: {shown(block.caption)}"
            twin = _table(block.chart.as_table(document.language), caption)
            chart = Chart(title=caption, image_url=chart_url(places[id(block)]), summary=shown(block.alt) or caption, table=twin)
            return [ReportBlock(chart=chart, source=_parts(block.source))]
    return []


def _table(table: PaperTable, caption: str) -> Table:
    widest = max(range(len(table.columns)), key=lambda n: table.columns[n].width)
    return Table(
        caption=caption,
        columns=[
            TableColumn(key=f"c{n}", label=shown(c.label), kind="number" if c.align == "right" else "text", lead=n == widest)
            for n, c in enumerate(table.columns)
        ],
        rows=[TableRow(cells=[Cell(value=_plain(cell), parts=_parts(cell)) for cell in row]) for row in table.rows],
    )


def _parts(text: Text) -> list[TextPart]:
    parts: list[TextPart] = []
    for part in inlines(text):
        if isinstance(part, NoteRef):
            parts.append(TextPart(text="", note=part.number))
        elif part.text:
            parts.append(TextPart(text=shown(part.text), strong=part.bold, emphasis=part.italic))
    return parts


def _plain(text: Text) -> str:
    return "".join(part.text for part in inlines(text) if not isinstance(part, NoteRef)).strip()


def _note(note: Note) -> FigureNote:
    sources = []
    for source in note.sources:
        url = source.address if source.address.startswith(("https://", "http://", "/")) else ""
        if isinstance(source, SourceSentence):
            sources.append(NoteSource(sentence=source.sentence, text=source.document or _("Tài liệu"), url=url))
        else:
            sources.append(NoteSource(text=", ".join(filter(None, (source.dataset, source.row))), url=url))
    return FigureNote(number=note.number, basis=Basis(as_of=note.as_of, rule=note.rule), sources=sources)
