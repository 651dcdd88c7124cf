"""The Word file: same parts every time, the decree's layout, stamps in every header, linked notes, text that reads back."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from lxml import etree

from banggiao.reports.blocks import BulletList, Column, Heading, OfficialDocument, Paragraph, Table
from banggiao.reports.docx import render_docx
from tests.reports.papers import ENTERED, HOSTILE, needs_fonts, paper

pytestmark = needs_fonts


def opened(document: OfficialDocument) -> WordDocument:
    return Document(BytesIO(render_docx(document)))


def part(document: OfficialDocument, name: str) -> str:
    return zipfile.ZipFile(BytesIO(render_docx(document))).read(name).decode()


def words(word: WordDocument) -> str:
    found = ["".join(node.text or "" for node in line.iter(qn("w:t"))) for line in word.element.body.iter(qn("w:p"))]
    return re.sub(r"[\s\u00a0]+", " ", "\n".join(found))


def test_the_same_paper_gives_the_same_file() -> None:
    assert render_docx(paper()) == render_docx(paper())
    entries = zipfile.ZipFile(BytesIO(render_docx(paper()))).infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert not [entry.filename for entry in entries if "thumbnail" in entry.filename]


def test_another_process_gives_the_same_file() -> None:
    code = (
        "import hashlib; from tests.reports.papers import paper; from banggiao.reports.docx import render_docx;"
        "print(hashlib.sha256(render_docx(paper())).hexdigest())"
    )
    path = ":".join(entry for entry in sys.path if entry)
    made = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONPATH": path, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Ho_Chi_Minh"))
    }
    assert len(made) == 1


def test_page_and_type_follow_the_decree() -> None:
    word = opened(paper())
    for section in word.sections:
        assert [
            round(side.mm) for side in (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        ] == [20, 20, 30, 20]  # type: ignore[union-attr]
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)  # type: ignore[union-attr]
        assert section.different_first_page_header_footer
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
    normal = word.styles["Normal"]
    assert normal.font.size.pt == 14
    assert round(normal.paragraph_format.first_line_indent.cm, 2) == 1.27
    styles = part(paper(), "word/styles.xml")
    assert 'w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="Times New Roman" w:cs="Times New Roman"' in styles
    assert 'w:val="vi-VN"' in styles
    assert '<w:autoHyphenation w:val="0"/>' in part(paper(), "word/settings.xml")


def test_the_head_leaves_ten_centimetres_for_the_name_of_the_state() -> None:
    head = opened(paper(**ENTERED)).tables[0]
    assert [round(column.width.mm) for column in head.columns] == [58, 102]
    assert [round(cell.width.mm) for cell in head.rows[0].cells] == [58, 102]
    left, right = ([line.text for line in cell.paragraphs if line.text] for cell in head.rows[0].cells)
    assert left == ["BỘ NGOẠI GIAO"]
    assert right == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    assert head.rows[0].cells[1].paragraphs[0].runs[0].font.size.pt == 13
    assert head.rows[1].cells[0].text == "Số: 02/BC-BNG"
    assert head.rows[1].cells[1].text.replace("\u00a0", " ") == "Hà Nội, ngày 04 tháng 7 năm 2025"


def test_a_unit_of_a_ministry_names_its_parent_first() -> None:
    head = opened(paper(parent_issuer="Bộ Ngoại giao", issuer="Vụ Mẫu")).tables[0]
    assert [line.text for line in head.rows[0].cells[0].paragraphs if line.text] == ["BỘ NGOẠI GIAO", "VỤ MẪU"]


@pytest.mark.parametrize(
    ("changes", "stamps"),
    [
        ({}, {"DỰ THẢO"}),
        (ENTERED, set()),
        ({"exercise": True}, {"DỰ THẢO", "DIỄN TẬP"}),
        (ENTERED | {"exercise": True}, {"DIỄN TẬP"}),
    ],
)
def test_stamps_stand_in_every_header(changes: dict[str, Any], stamps: set[str]) -> None:
    word = opened(paper(**changes))
    for section in word.sections:
        for header in (section.header, section.first_page_header):
            text = header.paragraphs[0].text.replace("\u00a0", " ")
            assert {stamp for stamp in ("DỰ THẢO", "DIỄN TẬP") if stamp in text} == stamps
    fields = [
        header._element.xpath("count(.//w:fldSimple)") for header in (word.sections[0].header, word.sections[0].first_page_header)
    ]
    assert fields == [1, 0]  # the page number, from the second page on


def test_the_text_is_all_there_in_order() -> None:
    text = words(opened(paper(**ENTERED)))
    order = [
        "BÁO CÁO",
        "I. KẾT QUẢ",
        "1. Động lực truyền thống",
        "Có 17 văn kiện[1], hai lần nâng mức quan hệ[2].",
        "a) Thương mại",
        "- Kim ngạch đạt 2,5 tỷ USD, hoàn thành 57,8%[3].",
        "Hình 1: Cam kết theo đối tác",
        "Nguồn: Sổ cam kết[3]",
        "II. NHIỆM VỤ",
        "2. Việc thứ hai.",
        "Bảng 1: Việc cần chú ý",
        "68%[3]",
        "Nơi nhận:",
        "- Lưu: VT, THKT.",
        "THỨ TRƯỞNG",
        "Nguyễn Văn Mẫu",
        "Phụ lục",
        "GHI CHÚ",
        "Văn kiện ký tại hoạt động cấp cao, đếm theo văn kiện. Tính đến 30/6/2025. Nguồn: “Hai bên ký tổng cộng 17 văn kiện.”",
    ]
    places = [text.find(piece) for piece in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)


def test_a_draft_leaves_number_date_and_signature_empty() -> None:
    text = words(opened(paper()))
    assert "Số: /BC-BNG" in text
    assert "Hà Nội, ngày tháng năm" in text
    assert "Nguyễn Văn Mẫu" not in text


def test_headings_are_word_headings_and_pictures_have_words() -> None:
    word = opened(paper())
    assert [line.style.style_id for line in word.paragraphs if line.text.startswith(("I. ", "1. Động", "a) "))] == [
        "Heading1",
        "Heading2",
        "Heading3",
    ]  # type: ignore[union-attr]
    assert [node.get("descr") for node in word.element.body.iter(qn("wp:docPr"))] == ["Biểu đồ chồng theo đối tác."]


def test_every_reference_leads_to_the_bookmark_of_its_note() -> None:
    body = opened(paper()).element.body
    targets = {
        match[1] for node in body.iter(qn("w:fldSimple")) if (match := re.match(r" REF (note_\d+) ", node.get(qn("w:instr"))))
    }
    assert targets == {node.get(qn("w:name")) for node in body.iter(qn("w:bookmarkStart"))} == {"note_1", "note_2", "note_3"}
    links = [node.get(qn("r:id")) for node in body.iter(qn("w:hyperlink"))]
    relations = part(paper(), "word/_rels/document.xml.rels")
    assert len(links) == 2
    assert all(f'Id="{link}"' in relations for link in links)


def test_table_widths_fill_the_line_and_the_head_repeats() -> None:
    table = opened(paper()).tables[1]
    widths = [int(node.get(qn("w:w"))) for node in table._tbl.iter(qn("w:gridCol"))]
    assert sum(widths) == pytest.approx(160 / 25.4 * 1440, abs=3)
    assert len(list(table._tbl.iter(qn("w:tblHeader")))) == 1


def test_hostile_text_is_only_text() -> None:
    blocks = (
        Heading(3, HOSTILE),
        Paragraph(HOSTILE),
        Paragraph(()),
        BulletList((HOSTILE,)),
        Table((Column(HOSTILE),), ((HOSTILE,),), HOSTILE, HOSTILE),
        Table((Column("trống"), Column("b")), ()),
    )
    document = paper(blocks=blocks, title=HOSTILE, issuer=HOSTILE, place=HOSTILE, signer=HOSTILE, recipients=(HOSTILE,))
    text = words(opened(document))
    assert "<script>alert(1)</script> &amp; {{x}}" in text
    assert "Không có dữ liệu." in text
    for name in ("word/document.xml", "docProps/core.xml"):
        etree.fromstring(part(document, name).encode())


def test_an_english_paper_has_english_fixed_parts() -> None:
    document = paper(language="en", kind="Report", issuer="Ministry of Foreign Affairs", place="Ha Noi")
    text = words(opened(document))
    for piece in ("SOCIALIST REPUBLIC OF VIET NAM", "MINISTRY OF FOREIGN AFFAIRS", "REPORT", "Recipients:", "Annex", "NOTES"):
        assert piece in text, piece
    assert 'w:val="en-GB"' in part(document, "word/styles.xml")
