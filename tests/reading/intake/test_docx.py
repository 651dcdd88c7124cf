"""Is all of a Word file's body read, and is a harmful package refused before it is unpacked?"""

from __future__ import annotations

import datetime
import io
import zipfile

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from banggiao.core.errors import Unreadable
from banggiao.reading import read
from banggiao.reading.intake import open_bytes

MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def docx(*blocks: str) -> bytes:
    """A Word file whose body holds `blocks`: raw XML where it begins with `<`, else a paragraph."""
    document = Document()
    for block in blocks:
        if block.startswith("<"):
            element = parse_xml(block.replace(">", f" {nsdecls('w')}>", 1))
            document.element.body.insert(len(document.element.body) - 1, element)
        else:
            document.add_paragraph(block)
    return saved(document)


def saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def repacked(data: bytes, **members: bytes) -> bytes:
    """`data` with members replaced or added; `__` in a key stands for `/`, `_X` keys keep their dots."""
    out = io.BytesIO()
    wanted = {key.replace("__", "/"): value for key, value in members.items()}
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            if item.filename not in wanted:
                new.writestr(item, old.read(item))
        for name, value in wanted.items():
            new.writestr(name, value)
    return out.getvalue()


def test_paragraphs_tables_and_properties() -> None:
    document = Document()
    document.core_properties.title = "Báo cáo quý II"
    document.core_properties.author = "Phòng Tổng hợp"
    document.core_properties.modified = datetime.datetime(2025, 7, 3, 8, 0)
    document.sections[0].header.paragraphs[0].text = "ĐẦU TRANG"
    document.sections[0].footer.paragraphs[0].text = "CHÂN TRANG"
    document.add_heading("BÁO CÁO", 1)
    document.add_paragraph("Hai bên đã ký ba thỏa thuận.")
    table = document.add_table(rows=2, cols=3)
    for cell, text in zip((*table.rows[0].cells, *table.rows[1].cells), ("TT", "Việc", "Hạn", "1", "Rà soát", ""), strict=True):
        cell.text = text
    document.add_paragraph("Trân trọng.")
    opened = open_bytes(saved(document), "bao-cao.docx")
    assert opened.text == "BÁO CÁO\n\nHai bên đã ký ba thỏa thuận.\n\nTT | Việc | Hạn\n1 | Rà soát\n\nTrân trọng.\n"
    assert opened.media_type == MEDIA
    assert (opened.hints.title, opened.hints.author, opened.hints.published) == ("Báo cáo quý II", "Phòng Tổng hợp", "2025-07-03")


def test_insertions_controls_and_breaks_are_read_deletions_and_hidden_text_are_not() -> None:
    data = docx(
        "<w:p><w:r><w:t>Còn </w:t></w:r><w:ins><w:r><w:t>thêm</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>bỏ</w:delText></w:r></w:del></w:p>",
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>Trong khung</w:t></w:r></w:p></w:sdtContent></w:sdt>",
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r><w:r><w:t>Một</w:t><w:br/><w:t>Hai</w:t><w:tab/><w:t>Ba</w:t></w:r></w:p>",
        "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>Cuối</w:t></w:r></w:p>",
    )
    assert open_bytes(data, "a.docx").text == "Còn thêm\n\nTrong khung\n\nMột\nHai Ba\n\nCuối\n"


def test_text_of_a_box_is_read_once() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>Trong hộp</w:t></w:r></w:p></w:txbxContent>"
    data = docx(
        '<w:p xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:r><mc:AlternateContent>'
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>Ngoài</w:t></w:r></w:p>"
    )
    assert open_bytes(data, "a.docx").text == "Ngoài\n\nTrong hộp\n"


def test_a_table_used_as_a_frame_keeps_its_paragraphs() -> None:
    document = Document()
    cell = document.add_table(rows=1, cols=1).cell(0, 0)
    cell.text = "Đoạn một."
    cell.add_paragraph("Đoạn hai.")
    assert open_bytes(saved(document), "a.docx").text == "Đoạn một.\nĐoạn hai.\n"


def test_legacy_encoding_and_decomposed_letters_are_mended() -> None:
    opened = open_bytes(docx("Hoäi nghò nhaát trí môû roäng hôïp taùc ñaàu tö, thöông maïi."), "a.docx")
    assert (opened.text, opened.repairs) == ("Hội nghị nhất trí mở rộng hợp tác đầu tư, thương mại.\n", ("vni",))


def test_an_empty_document_is_refused() -> None:
    with pytest.raises(Unreadable, match="không có nội dung"):
        open_bytes(docx(), "a.docx")


def bomb_by_ratio() -> bytes:
    return repacked(docx("a"), **{"word__media__nen.bin": bytes(30_000_000)})


def bomb_by_size() -> bytes:
    return repacked(docx("a"), **{"word__document.xml": b"<a>" + b" " * 60_000_000})


def bomb_by_count() -> bytes:
    return repacked(docx("a"), **{f"word__{number}.bin": b"" for number in range(5_001)})


def bomb_by_entities() -> bytes:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    xml = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e0 "lol">{levels}]><a>&e9;</a>'
    return repacked(docx("a"), **{"word__document.xml": xml.encode()})


def bomb_by_entities_in_utf16() -> bytes:
    xml = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'
    return repacked(docx("a"), **{"word__document.xml": xml.encode("utf-16")})


def climbing() -> bytes:
    return repacked(docx("a"), **{"..__..__etc__passwd": b"x"})


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (bomb_by_ratio, "bung ra quá lớn"),
        (bomb_by_size, "bung ra quá lớn"),
        (bomb_by_count, "bung ra quá lớn"),
        (bomb_by_entities, "gây hại"),
        (bomb_by_entities_in_utf16, "gây hại"),
        (climbing, "gây hại"),
    ],
)
def test_harmful_packages_are_refused(make: object, said: str) -> None:
    with pytest.raises(Unreadable, match=said) as caught:
        open_bytes(make(), "x.docx")  # type: ignore[operator]
    assert caught.value.subject == "x.docx" and caught.value.remedy


def test_a_member_that_yields_more_than_it_declares_is_refused() -> None:
    data = bytearray(repacked(docx("a"), **{"word__document.xml": b"<a>" + b"x" * 1_000 + b"</a>"}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    with pytest.raises(Unreadable, match="bị hỏng"):
        open_bytes(bytes(data), "x.docx")


@pytest.mark.parametrize("cut", [100, 2_000, 20_000])
def test_a_cut_file_is_called_damaged(cut: int) -> None:
    with pytest.raises(Unreadable, match="hỏng"):
        open_bytes(docx("Nội dung")[:cut], "x.docx")


def test_broken_xml_is_called_damaged() -> None:
    with pytest.raises(Unreadable, match="hỏng"):
        open_bytes(repacked(docx("a"), **{"word__document.xml": b"<w:document"}), "x.docx")


def numbered(*levels: tuple[str, str, int], start: int | None = None) -> tuple[Document, list[int]]:
    """A document with a list of these levels (kind, text, first number) and two lists of that kind: one counts on, one anew."""
    document = Document()
    numbering = document.part.numbering_part.element
    shapes = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{first}"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for at, (kind, text, first) in enumerate(levels)
    )
    numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="900">{shapes}</w:abstractNum>'))
    anew = "" if start is None else f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride>'
    for number, more in ((901, ""), (902, ""), (903, anew)):
        numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="900"/>{more}</w:num>'))
    return document, [901, 902, 903]


def listed(document: Document, text: str, number: int, level: int = 0) -> None:
    """A paragraph of a list."""
    properties = document.add_paragraph(text)._p.get_or_add_pPr()
    properties.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'))


def shown(document: Document) -> list[str]:
    return [line for line in open_bytes(saved(document), "a.docx").text.split("\n") if line]


def test_numbers_that_word_counts_stand_before_their_paragraphs() -> None:
    document, (one, _two, _three) = numbered(("upperRoman", "%1.", 1), ("decimal", "%2.", 1), ("lowerLetter", "%3)", 1))
    for text, level in (
        ("Kết quả", 0),
        ("Thương mại", 1),
        ("gạo", 2),
        ("cà phê", 2),
        ("Đầu tư", 1),
        ("Nhiệm vụ", 0),
        ("Lao động", 1),
    ):
        listed(document, text, one, level)
    assert shown(document) == [
        "I. Kết quả", "1. Thương mại", "a) gạo", "b) cà phê", "2. Đầu tư", "II. Nhiệm vụ", "1. Lao động",
    ]  # fmt: skip


def test_a_number_may_hold_those_above_it_and_empty_paragraphs_count() -> None:
    document, (one, _two, _three) = numbered(("decimal", "%1.", 3), ("decimal", "%1.%2.", 1))
    listed(document, "Chung", one)
    listed(document, "Riêng", one, 1)
    listed(document, "", one, 1)
    listed(document, "Sau dòng trống", one, 1)
    assert shown(document) == ["3. Chung", "3.1. Riêng", "3.3. Sau dòng trống"]


def test_lists_of_a_kind_count_on_unless_one_says_where_it_begins() -> None:
    document, (one, two, three) = numbered(("decimal", "%1.", 1), start=1)
    for text, number in (("a", one), ("b", two), ("c", three), ("d", three)):
        listed(document, f"Việc {text}", number)
    assert shown(document) == ["1. Việc a", "2. Việc b", "1. Việc c", "2. Việc d"]


def test_marks_are_dashes_and_none_is_none() -> None:
    document, (one, _two, _three) = numbered(("bullet", "\uf0b7", 1), ("none", "", 1))
    listed(document, "Gạch đầu dòng", one)
    listed(document, "Không có gì", one, 1)
    listed(document, "Bỏ danh sách", 0)
    listed(document, "Danh sách không có", 12345)
    assert shown(document) == ["- Gạch đầu dòng", "Không có gì", "Bỏ danh sách", "Danh sách không có"]


def test_the_style_of_a_paragraph_may_number_it() -> None:
    document = Document()
    document.add_paragraph("Rà soát hồ sơ", style="List Number")
    document.add_paragraph("Báo cáo kết quả", style="List Number")
    document.add_paragraph("Việc khác", style="List Bullet")
    assert shown(document) == ["1. Rà soát hồ sơ", "2. Báo cáo kết quả", "- Việc khác"]


def test_tasks_of_a_list_that_word_numbers_carry_their_numbers() -> None:
    document, (one, _two, _three) = numbered(("decimal", "%1.", 1))
    document.add_paragraph("Bộ trưởng yêu cầu các đơn vị làm tốt hai nhiệm vụ:")
    listed(document, "Rà soát các thỏa thuận đã ký, báo cáo trước ngày 30/9/2026;", one)
    listed(document, "Xây dựng kế hoạch mở rộng thị trường cho nông sản.", one)
    found = [fact.value["enumerator"] for fact in read(saved(document), "a.docx").facts if fact.kind == "task"]
    assert found == ["1.", "2."]


def test_numbers_that_cannot_be_read_leave_the_text() -> None:
    document = Document()
    document.add_paragraph("Rà soát hồ sơ", style="List Number")
    broken = repacked(saved(document), **{"word__numbering.xml": b"<w:numbering"})
    assert open_bytes(broken, "a.docx").text == "Rà soát hồ sơ\n"
