"""Which parts of a Word file does python-docx not write? Note lists, fields, stamps, and a package that carries no clock time."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import cast

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_TAB_ALIGNMENT as TAB
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section, _Header
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from banggiao.reports.blocks import Note, OfficialDocument
from banggiao.reports.typography import Language
from banggiao.reports.wording import note_runs, shown

TYPEFACE = "Times New Roman"
_LANGUAGES = {"vi": "vi-VN", "en": "en-GB"}
_NOTE_INDENT = 510  # twips, 9 mm
_LACQUER = "BF2A23"
# The earliest time a zip entry can carry.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def element(tag: str, *, children: Sequence[BaseOxmlElement] = (), text: str = "", **attributes: object) -> BaseOxmlElement:
    """A WordprocessingML element; attributes are in the w: namespace."""
    made: BaseOxmlElement = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    if text:
        made.text = text
        made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    made.extend(children)
    return made


def prepare_styles(word: WordDocument, language: Language) -> None:
    """Times New Roman everywhere, the language, body 14 pt justified with an indent of 1.27 cm, headings, captions, notes."""
    styles = word.styles
    defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for child in list(defaults):
        if child.tag in (qn("w:rFonts"), qn("w:lang")):
            defaults.remove(child)
    code = _LANGUAGES[language]
    defaults.insert(0, _fonts())
    defaults.append(element("w:lang", val=code, eastAsia=code, bidi="ar-SA"))
    normal = styles["Normal"]
    _set(normal, size=14, after=6, indent=12.7, align=ALIGN.JUSTIFY)
    normal.paragraph_format.line_spacing = 1.1
    normal.paragraph_format.widow_control = True
    for level in (1, 2, 3):
        _set(
            styles[f"Heading {level}"], size=14, bold=True, italic=level == 3, before=6, after=6, indent=12.7, align=ALIGN.JUSTIFY
        )
        styles[f"Heading {level}"].paragraph_format.keep_with_next = True
    _set(styles["Caption"], size=13, bold=True, before=6, after=4, align=ALIGN.CENTER)
    styles["Header"].paragraph_format.tab_stops.clear_all()
    _set(styles["Header"], size=14)
    _set(_new(word, "Plain"), size=14)
    _set(_new(word, "TableText"), size=12, before=2, after=2)
    _set(_new(word, "Note"), size=11.5, after=4, align=ALIGN.JUSTIFY)
    styles.add_style("NoteReference", WD_STYLE_TYPE.CHARACTER).font.superscript = True
    settings = word.settings.element
    # Vietnamese words are syllables apart already.
    _insert_before(settings, element("w:autoHyphenation", val="0"), ("w:characterSpacingControl", "w:compat"))


def put_header(section: Section, left: str, right: str, *, width: float = 160) -> None:
    """Stamps left and right on every page, `width` mm apart; the page number between them from the second page of each part."""
    section.different_first_page_header_footer = True
    for header, numbered in ((section.first_page_header, False), (section.header, True)):
        _stamped(header, left, right, numbered, width)


def start_page_numbers(section: Section) -> None:
    """Pages of this part count from 1, its first page shows no number."""
    section.different_first_page_header_footer = True
    found = section._sectPr.find(qn("w:pgNumType"))
    if found is None:
        _insert_before(section._sectPr, element("w:pgNumType", start=1), ("w:cols", "w:titlePg", "w:docGrid"))


def styled(place: WordDocument | _Cell, style: str) -> Paragraph:
    """A new paragraph of the style with this id; python-docx looks a style up by name in 3 ms, too slow for hundreds."""
    paragraph = place.add_paragraph()
    paragraph._p.style = style
    return paragraph


def rule(place: WordDocument | _Cell, width: float, room: float, *, after: float = 0) -> None:
    """A line of `width` mm in the middle of `room` mm, as the upper edge of an all but empty paragraph; `after` points follow."""
    paragraph = styled(place, "Plain")
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = Mm((room - width) / 2)
    layout.space_before, layout.space_after = Pt(3), Pt(after)
    layout.line_spacing = Pt(4)
    edge = element("w:top", val="single", sz=6, space=0, color="000000")
    paragraph._p.get_or_add_pPr().insert_element_before(
        element("w:pBdr", children=[edge]), "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def add_field(paragraph: Paragraph, code: str, shown_now: str) -> BaseOxmlElement:
    """A field Word keeps up to date, showing `shown_now` until it does; returns its element."""
    run = element("w:r", children=[element("w:t", text=shown_now)])
    field = element("w:fldSimple", instr=f" {code} ", children=[run])
    paragraph._p.append(field)
    return field


def note_reference(paragraph: Paragraph, number: int) -> None:
    """[n] raised behind a figure: a field that follows the numbering of the notes when someone adds one."""
    field = add_field(paragraph, rf"REF note_{number} \r \h", f"[{number}]")
    field[0].insert(0, element("w:rPr", children=[element("w:rStyle", val="NoteReference")]))


def add_notes(word: WordDocument, notes: Sequence[Note], language: Language) -> None:
    """The notes as a list that Word numbers [1], [2]; each carries the bookmark its references point to, addresses are links.

    Not Word's own endnotes: LibreOffice sets those on pages without the header, so without DỰ THẢO. Footnotes would fill half
    of each page.
    """
    numbering = _numbering(word)
    for note in notes:
        paragraph = styled(word, "Note")
        properties = paragraph._p.get_or_add_pPr()
        properties.append(element("w:numPr", children=[element("w:ilvl", val=0), element("w:numId", val=numbering)]))
        paragraph._p.append(element("w:bookmarkStart", id=note.number, name=f"note_{note.number}"))
        for run, address in note_runs(note, language):
            words = element("w:r", children=[element("w:t", text=shown(run.text))])
            if address:
                words = element("w:hyperlink", children=[words])
                words.set(qn("r:id"), word.part.relate_to(address, RT.HYPERLINK, is_external=True))
            paragraph._p.append(words)
        paragraph._p.append(element("w:bookmarkEnd", id=note.number))


def packed(word: WordDocument, paper: OfficialDocument) -> bytes:
    """The file's bytes, with dates from `as_of` instead of the clock and without the template's picture."""
    properties = word.core_properties
    properties.title = shown(f"{paper.kind}: {paper.title}")[:255]
    properties.author = properties.last_modified_by = shown(paper.issuer)[:255]
    properties.created = properties.modified = datetime(paper.as_of.year, paper.as_of.month, paper.as_of.day, tzinfo=UTC)
    properties.language, properties.comments, properties.revision = _LANGUAGES[paper.language], "", 1
    package = word.part.package
    for key in [key for key, relation in package.rels.items() if relation.reltype == RT.THUMBNAIL]:
        del package.rels[key]
    plain, fixed = BytesIO(), BytesIO()
    word.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _NO_TIME), source.read(name), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


def _stamped(header: _Header, left: str, right: str, numbered: bool, width: float) -> None:
    header.is_linked_to_previous = False
    paragraph = header.paragraphs[0]
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(Mm(width / 2), TAB.CENTER)
    stops.add_tab_stop(Mm(width), TAB.RIGHT)
    _stamp(paragraph, left, _LACQUER)
    if numbered or right:
        paragraph.add_run("\t")
    if numbered:
        add_field(paragraph, "PAGE", "2")
    if right:
        paragraph.add_run("\t")
        _stamp(paragraph, right, "000000")


def _stamp(paragraph: Paragraph, words: str, colour: str) -> None:
    if not words:
        return
    run = paragraph.add_run(f"\u00a0{words}\u00a0")
    run.bold, run.font.size, run.font.color.rgb = True, Pt(11), RGBColor.from_string(colour)
    run._r.get_or_add_rPr().append(element("w:bdr", val="single", sz=6, space=0, color=colour))


def _numbering(word: WordDocument) -> int:
    """A list style of its own, [1], [2], hanging by 9 mm; returns its id."""
    root = word.part.numbering_part.element
    kind = 1 + max((int(found.get(qn("w:abstractNumId"))) for found in root.findall(qn("w:abstractNum"))), default=0)
    number = 1 + max((int(found.get(qn("w:numId"))) for found in root.findall(qn("w:num"))), default=0)
    level = [
        element("w:start", val=1),
        element("w:numFmt", val="decimal"),
        element("w:lvlText", val="[%1]"),
        element("w:lvlJc", val="left"),
    ]
    hanging = element("w:pPr", children=[element("w:ind", left=_NOTE_INDENT, hanging=_NOTE_INDENT)])
    definition = element("w:abstractNum", abstractNumId=kind, children=[element("w:lvl", ilvl=0, children=[*level, hanging])])
    first = root.find(qn("w:num"))
    first.addprevious(definition) if first is not None else root.append(definition)
    root.append(element("w:num", numId=number, children=[element("w:abstractNumId", val=kind)]))
    return number


def _fonts() -> BaseOxmlElement:
    return element("w:rFonts", ascii=TYPEFACE, hAnsi=TYPEFACE, eastAsia=TYPEFACE, cs=TYPEFACE)


def _new(word: WordDocument, name: str) -> ParagraphStyle:
    style = cast(ParagraphStyle, word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH))
    style.base_style = word.styles["Normal"]
    return style


def _set(
    style: ParagraphStyle,
    *,
    size: float,
    bold: bool = False,
    italic: bool = False,
    before: float = 0,
    after: float = 0,
    indent: float = 0,
    align: ALIGN = ALIGN.LEFT,
) -> None:
    properties = style.element.get_or_add_rPr()
    del properties[:]
    properties.append(_fonts())
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, italic
    layout = style.paragraph_format
    layout.space_before, layout.space_after, layout.first_line_indent, layout.alignment = Pt(before), Pt(after), Mm(indent), align
    layout.line_spacing = 1.0


def _insert_before(parent: BaseOxmlElement, child: BaseOxmlElement, followers: tuple[str, ...]) -> None:
    """The schema fixes the order of settings; Word calls a file damaged that breaks it."""
    for follower in followers:
        found = parent.find(qn(follower))
        if found is not None:
            found.addprevious(child)
            return
    parent.append(child)
