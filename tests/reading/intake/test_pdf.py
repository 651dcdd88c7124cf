"""Are the printed lines of a PDF put back together, and is a PDF without letters turned away with advice?"""

from __future__ import annotations

import io
import unicodedata

import pypdfium2
import pytest
import typst

from banggiao.core.errors import Unreadable
from banggiao.reading.intake import open_bytes
from banggiao.reading.intake.pdf_lines import paragraphs

LONG = (
    "Hai bên nhất trí tiếp tục mở cửa thị trường cho nông sản và thuỷ sản, rà soát các cam kết trong tuyên bố chung, "
    "thống nhất lịch làm việc của nhóm chuyên gia về kiểm dịch và giao Thứ trưởng Đỗ Thị Ỷ báo cáo kết quả "
    "trước ngày 30 tháng 9 năm 2025."
)
HEAD = '#set document(title: "Báo cáo mẫu", author: "Phòng Tổng hợp", date: datetime(year: 2025, month: 7, day: 3))\n'
PAGED = HEAD + (
    "#set page(width: 14cm, height: 10cm, header: [Tài liệu họp], footer: context align(center)[#counter(page).display()])\n"
)


def pdf(source: str) -> bytes:
    """A PDF set from typst markup, with the fonts typst brings along."""
    return typst.compile(source.encode(), ignore_system_fonts=True)


def test_wrapped_lines_become_paragraphs() -> None:
    opened = open_bytes(
        pdf(f"{HEAD}#set page(width: 12cm)\n= BÁO CÁO\n\n{LONG}\n\n- Việc thứ nhất\n- Việc thứ hai\n\n{LONG}"), "a.pdf"
    )
    assert opened.text == f"BÁO CÁO\n\n{LONG}\n\n• Việc thứ nhất\n\n• Việc thứ hai\n\n{LONG}\n"
    assert (opened.media_type, opened.repairs, opened.pages) == ("application/pdf", (), ((0, 1),))
    assert (opened.hints.title, opened.hints.author, opened.hints.published) == ("Báo cáo mẫu", "Phòng Tổng hợp", "2025-07-03")


def test_pages_are_counted_and_their_heads_and_numbers_dropped() -> None:
    parts = [f"Đoạn {number}. {LONG}" for number in range(1, 9)]
    opened = open_bytes(pdf(PAGED + "\n\n".join(parts)), "a.pdf")
    assert opened.text == "Tài liệu họp\n\n" + "\n\n".join(parts) + "\n"
    numbers = [page for _, page in opened.pages]
    assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) >= 3
    for offset, _ in opened.pages[1:]:
        assert opened.text[offset - 1].isspace() and not opened.text[offset].isspace()


def test_decomposed_letters_keep_page_offsets_right() -> None:
    broken = unicodedata.normalize("NFD", LONG)
    text, starts = paragraphs([[broken, "1"], ["Trang sau.", "2"]])
    assert (text[: starts[1][0]].rstrip(), text[starts[1][0] :]) == (broken, "Trang sau.\n")


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("Hai bên thống nhất mở rộng hợp tác trong lĩnh vực", "nông nghiệp.", True),
        ("Phát biểu tại buổi làm việc chiều nay, Thứ trưởng", "Đỗ Thị Ỷ nêu rõ.", True),
        ("Hai bên thống nhất mở rộng hợp tác trong lĩnh vực.", "Sau đó, hai đoàn dự tiệc.", False),
        ("Các việc cần làm của những đơn vị trong quý ba là:", "rà soát cam kết.", False),
        ("Các việc cần làm của những đơn vị trong quý ba như", "- Rà soát cam kết.", False),
        ("Các việc cần làm của những đơn vị trong quý ba như", "1. Rà soát cam kết.", False),
        ("BỘ A", "Số: 12/BC-A", False),
        ("Phần mở đầu", "Hai bên thống nhất mở rộng hợp tác.", False),
    ],
)
def test_which_lines_belong_together(before: str, after: str, joined: bool) -> None:
    filler = "x" * 50 + "."
    text, _ = paragraphs([[filler, before, after, filler]])
    assert (f"{before} {after}" in text) is joined


def test_a_page_that_starts_inside_a_sentence_begins_where_its_words_do() -> None:
    text, starts = paragraphs([["Hai bên thống nhất mở rộng hợp tác trong lĩnh vực"], ["nông nghiệp."]])
    assert text == "Hai bên thống nhất mở rộng hợp tác trong lĩnh vực nông nghiệp.\n"
    assert [(text[offset:].split()[0], page) for offset, page in starts] == [("Hai", 1), ("nông", 2)]


def test_a_number_that_is_no_page_number_stays() -> None:
    text, _ = paragraphs([["Dân số", "2025"], ["Tổng số", "17"]])
    assert "2025" in text and "17" in text


def test_the_number_of_a_single_page_goes() -> None:
    assert paragraphs([["Hai bên hội đàm.", "1"]])[0] == "Hai bên hội đàm.\n"


def test_a_scan_needs_ocr() -> None:
    with pytest.raises(Unreadable, match="bản quét") as caught:
        open_bytes(pdf("#rect(width: 5cm, height: 5cm, fill: gray)"), "quet.pdf")
    assert caught.value.subject == "quet.pdf" and "OCR" in caught.value.remedy


def test_pages_without_text_are_told() -> None:
    opened = open_bytes(pdf(f"{LONG}\n#pagebreak()\n#rect(width: 5cm)\n#pagebreak()\nHết."), "a.pdf")
    assert opened.repairs == ("pages_without_text",)
    assert [page for _, page in opened.pages] == [1, 3]


def test_a_password_is_asked_to_be_taken_off() -> None:
    with pytest.raises(Unreadable, match="mật khẩu") as caught:
        open_bytes(_LOCKED, "khoa.pdf")
    assert "không đặt mật khẩu" in caught.value.remedy


@pytest.mark.parametrize("keep", [12, 600])
def test_a_cut_file_is_called_damaged(keep: int) -> None:
    with pytest.raises(Unreadable, match="hỏng"):
        open_bytes(pdf(LONG)[:keep], "a.pdf")


def test_metadata_survives_rewriting() -> None:
    document = pypdfium2.PdfDocument(pdf(HEAD + LONG))
    out = io.BytesIO()
    document.save(out)
    document.close()
    assert open_bytes(out.getvalue(), "a.pdf").hints.author == "Phòng Tổng hợp"


# The smallest file that asks for a password: its standard security handler has keys no password was ever given for.
_LOCKED = b"""%%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj
4 0 obj<</Filter/Standard/V 2/R 3/Length 128/P -4/O<%s>/U<%s>>>endobj
trailer<</Root 1 0 R/Size 5/Encrypt 4 0 R/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]>>
%%%%EOF
""" % (b"ab" * 32, b"cd" * 32)
