"""How does an official paper become a Word file that its office can go on editing?

The same content model, laid out with python-docx: headings are Word's headings, page numbers and note references fields, notes
a numbered list. The type is named Times New Roman, which every office has and whose measures are those of Tinos. The same paper
gives the same parts, byte for byte after unpacking.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph

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
from banggiao.reports.drawings import png
from banggiao.reports.typography import long_date, text_width
from banggiao.reports.word_parts import (
    add_notes,
    element,
    note_reference,
    packed,
    prepare_styles,
    put_header,
    rule,
    start_page_numbers,
    styled,
)
from banggiao.reports.wording import LABELS, annex_heading, labelled, paper_date, paper_number, recipient_lines, shown

_LINE_MM = 160
_PT_PER_MM = 72 / 25.4


def render_docx(document: OfficialDocument) -> bytes:
    """The paper as DOCX bytes.

    Raises SetupProblem when a chart cannot be drawn for want of fonts, InvalidInput when a figure has no note.
    """
    return _Writer(in_reading_order(document)).render()


class _Writer:
    """One pass over one paper; keeps the running counts of captions."""

    def __init__(self, paper: OfficialDocument) -> None:
        self.paper, self.labels = paper, LABELS[paper.language]
        self.word: WordDocument = Document()
        self.counts: dict[str, int] = {}
        # How wide tables are, and the line below the head of a working paper.
        self.line_mm, self.head_mm = (263, 263) if paper.layout == "landscape" else (_LINE_MM, 176)

    def render(self) -> bytes:
        paper, word = self.paper, self.word
        prepare_styles(word, paper.language)
        section = word.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin = section.bottom_margin = section.right_margin = Mm(20)
        section.left_margin = Mm(30)
        section.header_distance = section.footer_distance = Mm(9)
        exercise = self.labels.exercise if paper.exercise else ""
        draft = self.labels.draft if paper.is_draft else ""
        put_header(section, exercise, draft, width=self.line_mm)
        start_page_numbers(section)
        if paper.layout == "landscape":
            section.orientation = WD_ORIENT.LANDSCAPE
            section.page_width, section.page_height = section.page_height, section.page_width
        if paper.layout != "official":
            section.left_margin, section.right_margin, section.bottom_margin = Mm(18), Mm(16), Mm(12)
            for style in ("Normal", "Heading 2"):
                shape = word.styles[style].paragraph_format
                shape.first_line_indent, shape.space_before, shape.space_after = Mm(0), Pt(0), Pt(3)
                shape.line_spacing = 1.0
            self._working_head()
            self._blocks(paper.blocks)
        else:
            self._head()
            self._blocks(paper.blocks)
            self._close()
        for place, annex in enumerate(paper.annexes, 1):
            label, remark = annex_heading(paper, place)
            self._new_part((label, annex.title), remark)
            self._blocks(annex.blocks)
        if paper.notes:
            as_of = long_date(paper.as_of, paper.language)
            self._new_part((self.labels.notes,), self.labels.figures_as_of % {"date": as_of})
            add_notes(word, paper.notes, paper.language)
        return packed(word, paper)

    def _head(self) -> None:
        paper, labels = self.paper, self.labels
        left_mm, right_mm = labels.head_mm
        left, right = self._two_columns(left_mm, right_mm, rows=2)
        if paper.parent_issuer:
            self._centred(left[0], paper.parent_issuer.upper(), 13)
        issuer = shown(paper.issuer.upper())
        self._centred(left[0], issuer, 13, bold=True)
        rule(left[0], min(text_width(issuer, 13, bold=True) / _PT_PER_MM, left_mm - 6) * 0.42, left_mm)
        self._centred(right[0], labels.state, 13, bold=True)
        self._centred(right[0], labels.motto, 14, bold=True)
        rule(right[0], text_width(labels.motto, 14, bold=True) / _PT_PER_MM, right_mm)
        self._centred(left[1], f"{labels.number} {paper_number(paper)}", 13)
        self._centred(right[1], f"{paper.place}, {paper_date(paper)}", 14, italic=True)
        _drop_first_paragraphs(*left, *right)
        kind = self._centred(self.word, paper.kind.upper(), 14, bold=True)
        kind.paragraph_format.space_before = Pt(14)
        title = self._centred(self.word, paper.title, 14, bold=True)
        title.paragraph_format.space_before = Pt(4)
        rule(self.word, 42, _LINE_MM, after=10)

    def _working_head(self) -> None:
        """Kind and title only."""
        self._line(self.word, self.paper.kind.upper(), 14, bold=True)
        self._line(self.word, self.paper.title, 24, bold=True)
        rule(self.word, self.head_mm, self.head_mm, after=4)

    def _close(self) -> None:
        paper = self.paper
        for before in self.word.element.body.p_lst[-1:]:  # the signature takes the last paragraph along to a new page
            WordParagraph(before, self.word._body).paragraph_format.keep_with_next = True
        spacer = self._plain()
        spacer.paragraph_format.space_after, spacer.paragraph_format.keep_with_next = Pt(4), True
        (left,), (right,) = self._two_columns(72, 88, rows=1)
        if paper.recipients:
            self._line(left, self.labels.recipients, 12, bold=True, italic=True)
            for line in recipient_lines(paper):
                self._line(left, line, 11)
        for line in paper.signing_as:
            self._centred(right, line, 14, bold=True)
        name = self._centred(right, paper.signer, 14, bold=True)
        name.paragraph_format.space_before = Mm(26)
        _drop_first_paragraphs(left, right)

    def _new_part(self, titles: Sequence[str], remark: str) -> None:
        section = self.word.add_section(WD_SECTION.NEW_PAGE)
        start_page_numbers(section)
        heading = styled(self.word, "Heading1")
        heading.paragraph_format.first_line_indent = Mm(0)
        heading.alignment = ALIGN.CENTER
        for place, title in enumerate(titles):
            if place:
                heading.add_run().add_break()
            heading.add_run(shown(title))
        self._centred(self.word, remark, 14, italic=True)
        rule(self.word, 42, _LINE_MM, after=8)

    def _blocks(self, blocks: tuple[Block, ...]) -> None:
        for block, label in labelled(blocks, self.paper.language, self.counts):
            match block:
                case Heading():
                    styled(self.word, f"Heading{block.level}").add_run(f"{label} {shown(block.text)}".strip())
                case Paragraph():
                    self._fill(self.word.add_paragraph(), block.text)
                case BulletList() | NumberedList():
                    for place, item in enumerate(block.items, 1):
                        paragraph = self.word.add_paragraph(f"{'-' if isinstance(block, BulletList) else f'{place}.'} ")
                        self._fill(paragraph, item)
                case Table():
                    if block.caption:
                        self._caption(f"{label}: {block.caption}", keep=True)
                    self._table(block)
                    self._source(block.source)
                case Figure():
                    self._figure(block)
                    self._caption(f"{label}: {block.caption}", keep=bool(block.source))
                    self._source(block.source)

    def _caption(self, words: str, *, keep: bool) -> None:
        paragraph = styled(self.word, "Caption")
        paragraph.add_run(shown(words))
        paragraph.paragraph_format.keep_with_next = keep

    def _figure(self, block: Figure) -> None:
        paragraph = self._plain()
        paragraph.alignment = ALIGN.CENTER
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.space_before = Pt(6)
        image = BytesIO(png(block.chart, self.paper.language, exercise=self.paper.exercise))
        picture = paragraph.add_run().add_picture(image, width=Mm(_LINE_MM))
        picture._inline.docPr.set("descr", shown(block.alt))
        for side in ("distT", "distB", "distL", "distR"):
            picture._inline.set(side, "0")  # left out, LibreOffice moves the picture by 3 mm

    def _source(self, source: Text) -> None:
        if not source:
            spacer = self._plain()  # Word joins tables that follow each other without a paragraph between
            spacer.paragraph_format.space_after = Pt(0)
            return
        paragraph = self._plain()
        paragraph.paragraph_format.space_before = Pt(3)
        paragraph.paragraph_format.space_after = Pt(8)
        self._fill(paragraph, (f"{self.labels.source} ", *inlines(source)), size=11, italic=True)

    def _table(self, block: Table) -> None:
        total = sum(column.width for column in block.columns)
        widths = [round(column.width / total * self.line_mm * 1440 / 25.4) for column in block.columns]
        size = 10 if len(widths) > 6 else 11 if len(widths) > 4 else 12
        properties = [
            element("w:tblStyle", val="TableGrid"),
            element("w:tblW", w=sum(widths), type="dxa"),
            element("w:jc", val="center"),
            element("w:tblLayout", type="fixed"),
            element("w:tblCellMar", children=[element(f"w:{side}", w=75, type="dxa") for side in ("left", "right")]),
        ]
        grid = [element("w:gridCol", w=width) for width in widths]
        table = element("w:tbl", children=[element("w:tblPr", children=properties), element("w:tblGrid", children=grid)])
        self.word.element.body.insert_element_before(table, "w:sectPr")
        head = [((Run(column.label, bold=True),), "center") for column in block.columns]
        self._row(table, head, widths, size, header=True)
        for row in block.rows:
            cells = [(cell, column.align) for cell, column in zip(row, block.columns, strict=True)]
            self._row(table, cells, widths, size)
        if not block.rows:
            self._row(table, [((Run(self.labels.no_rows, italic=True),), "center")], [sum(widths)], size, span=len(widths))

    def _row(
        self,
        table: BaseOxmlElement,
        cells: Sequence[tuple[Text, str]],
        widths: Sequence[int],
        size: float,
        *,
        header: bool = False,
        span: int = 1,
    ) -> None:
        row = element(
            "w:tr", children=[element("w:trPr", children=[element("w:cantSplit"), *([element("w:tblHeader")] if header else [])])]
        )
        for (text, align), width in zip(cells, widths, strict=True):
            spans = [element("w:gridSpan", val=span)] if span > 1 else []
            properties = element(
                "w:tcPr", children=[element("w:tcW", w=width, type="dxa"), *spans, element("w:vAlign", val="center")]
            )
            paragraph = element(
                "w:p", children=[element("w:pPr", children=[element("w:pStyle", val="TableText"), element("w:jc", val=align)])]
            )
            row.append(element("w:tc", children=[properties, paragraph]))
            self._fill(WordParagraph(paragraph, self.word._body), text, size=size)
        table.append(row)

    def _fill(self, paragraph: WordParagraph, text: Text, *, size: float | None = None, italic: bool = False) -> None:
        for part in inlines(text):
            if isinstance(part, NoteRef):
                note_reference(paragraph, part.number)
                continue
            run = paragraph.add_run(shown(part.text))
            run.bold, run.italic = part.bold or None, part.italic or italic or None
            if size:
                run.font.size = Pt(size)

    def _two_columns(self, left: float, right: float, *, rows: int) -> tuple[list[_Cell], list[_Cell]]:
        """A table without lines whose cells are the left and the right column; its widths stand in the grid and in every cell."""
        table = self.word.add_table(rows=rows, cols=2)
        table.autofit = False
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        for column, width in zip(table.columns, (left, right), strict=True):
            column.width = Mm(width)
            for cell in column.cells:
                cell.width = Mm(width)
        for row in table.rows:
            row._tr.get_or_add_trPr().append(element("w:cantSplit"))
        return list(table.columns[0].cells), list(table.columns[1].cells)

    def _plain(self) -> WordParagraph:
        return styled(self.word, "Plain")

    def _line(
        self, place: WordDocument | _Cell, text: str, size: float, *, bold: bool = False, italic: bool = False
    ) -> WordParagraph:
        paragraph = styled(place, "Plain")
        run = paragraph.add_run(shown(text))
        run.font.size, run.bold, run.italic = Pt(size), bold or None, italic or None
        return paragraph

    def _centred(
        self, place: WordDocument | _Cell, text: str, size: float, *, bold: bool = False, italic: bool = False
    ) -> WordParagraph:
        paragraph = self._line(place, text, size, bold=bold, italic=italic)
        paragraph.alignment = ALIGN.CENTER
        return paragraph


def _drop_first_paragraphs(*cells: _Cell) -> None:
    """Takes away the empty paragraph that a new cell comes with, where another follows."""
    for cell in cells:
        if len(cell.paragraphs) > 1:
            cell._tc.remove(cell.paragraphs[0]._p)
