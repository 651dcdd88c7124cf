"""The PDF: same bytes, only Tinos, DỰ THẢO until signed, DIỄN TẬP always, hostile text harmless, text that can be read back."""

from __future__ import annotations

import re
import subprocess
import sys
import zlib
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest

from banggiao.reports.blocks import Annex, BulletList, Chart, Column, Figure, Heading, NoteRef, Paragraph, Series, Table
from banggiao.reports.pdf import render_pdf
from tests.reports.papers import ENTERED, HOSTILE, needs_fonts, paper

pytestmark = needs_fonts


def pages(pdf: bytes) -> list[str]:
    opened = pypdfium2.PdfDocument(pdf)
    found = [page.get_textpage().get_text_bounded() for page in opened]
    opened.close()
    return [re.sub(r"\s+", " ", text.replace("\u200b", "")) for text in found]


@pytest.mark.parametrize("changes", [{}, ENTERED, {"exercise": True}, {"language": "en"}])
def test_the_same_paper_gives_the_same_bytes(changes: dict[str, Any]) -> None:
    assert render_pdf(paper(**changes)) == render_pdf(paper(**changes))


def test_another_process_gives_the_same_bytes() -> None:
    code = (
        "import hashlib; from tests.reports.papers import paper; from banggiao.reports.pdf import render_pdf;"
        "print(hashlib.sha256(render_pdf(paper())).hexdigest())"
    )
    environment = {"PYTHONPATH": ":".join(path for path in sys.path if path), "TZ": "Asia/Ho_Chi_Minh"}
    made = [
        subprocess.run(
            [sys.executable, "-c", code], env=environment | {"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert made[0] == made[1]


@pytest.mark.parametrize("changes", [{}, ENTERED | {"exercise": True}, {"title": HOSTILE}])
def test_only_tinos_is_embedded(changes: dict[str, Any]) -> None:
    fonts = set(re.findall(rb"/BaseFont\s*/([A-Za-z0-9+-]+)", _plain_objects(render_pdf(paper(**changes)))))
    assert fonts
    assert all(re.fullmatch(rb"[A-Z]{6}\+Tinos-(Regular|Bold|Italic|BoldItalic)", name) for name in fonts), fonts


def test_it_declares_archive_and_accessibility() -> None:
    pdf = render_pdf(paper())
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"2025-06-30" in pdf  # the date in its metadata is the as-of date


@pytest.mark.parametrize(
    ("changes", "draft", "exercise"),
    [
        ({}, True, False),
        (ENTERED, False, False),
        (ENTERED | {"signer": " "}, True, False),
        ({"exercise": True}, True, True),
        (ENTERED | {"exercise": True}, False, True),
    ],
)
def test_stamps_stand_on_every_page_or_on_none(changes: dict[str, Any], draft: bool, exercise: bool) -> None:
    text = pages(render_pdf(paper(**changes)))
    assert len(text) >= 3
    assert ["DỰ THẢO" in page for page in text] == [draft] * len(text)
    assert ["DIỄN TẬP" in page for page in text] == [exercise] * len(text)


def test_what_the_first_page_says() -> None:
    first = pages(render_pdf(paper(**ENTERED)))[0]
    for words in (
        "BỘ NGOẠI GIAO",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 02/BC-BNG",
        "Hà Nội, ngày 04 tháng 7 năm 2025",
        "BÁO CÁO",
        "I. KẾT QUẢ",
        "1. Động lực truyền thống",
        "17 văn kiện[1], hai lần nâng mức quan hệ[2].",
        "a) Thương mại",
        "Hình 1: Cam kết theo đối tác",
    ):
        assert words in first, words
    assert "CHÍNH PHỦ" not in first


def test_a_draft_leaves_number_date_and_signature_empty() -> None:
    text = " ".join(pages(render_pdf(paper())))
    assert re.search(r"Số: ?/BC-BNG", text)
    assert re.search(r"Hà Nội, ngày ?tháng ?năm", text)
    assert "Nguyễn Văn Mẫu" not in text


def test_notes_lead_to_rule_date_and_source() -> None:
    last = pages(render_pdf(paper()))[-1]
    assert "GHI CHÚ" in last
    assert "[1] Văn kiện ký tại hoạt động cấp cao, đếm theo văn kiện. Tính đến 30/6/2025." in last
    assert "Nguồn: “Hai bên ký tổng cộng 17 văn kiện.” (Thông cáo mẫu, đoạn 3), https://mau.example/thong-cao." in last
    assert "[3] Tỷ lệ hoàn thành có minh chứng. Tính đến 15/6/2025. Nguồn: Sổ cam kết, 55 dòng." in last


def test_page_numbers_start_on_the_second_page_and_again_in_each_annex() -> None:
    rows = tuple((str(place), "Bản ghi nhớ mẫu") for place in range(120))
    text = pages(
        render_pdf(
            paper(
                blocks=(Paragraph("câu " * 1500),),
                annexes=(Annex("Một", (Table((Column("TT"), Column("Tên")), rows),)),),
                notes=(),
            )
        )
    )
    annex = next(place for place, page in enumerate(text) if "Phụ lục" in page)
    assert not re.match(r"^1 ", text[0])
    assert [re.match(r"(?:DỰ THẢO )?(\d+) ", page) is not None for page in (text[0], text[1], text[annex], text[annex + 1])] == [
        False,
        True,
        False,
        True,
    ]
    assert text[annex + 1].replace("DỰ THẢO ", "").startswith("2 ")


def test_an_english_paper_has_english_fixed_parts() -> None:
    text = " ".join(
        pages(render_pdf(paper(language="en", kind="Report", issuer="Ministry of Foreign Affairs", place="Ha Noi", **ENTERED)))
    )
    for words in (
        "SOCIALIST REPUBLIC OF VIET NAM",
        "MINISTRY OF FOREIGN AFFAIRS",
        "No. 02/BC-BNG",
        "Ha Noi, 4 July 2025",
        "REPORT",
        "Recipients:",
        "NOTES",
    ):
        assert words in text, words
    assert "CỘNG HÒA" not in text


def test_hostile_text_is_only_text() -> None:
    blocks = (
        Heading(3, HOSTILE),
        Paragraph(HOSTILE),
        Paragraph(()),
        BulletList((HOSTILE, "x" * 3000)),
        Table((Column(HOSTILE), Column("x" * 400)), ((HOSTILE, "y" * 2000),), HOSTILE, HOSTILE),
        Table((Column("trống"),), ()),
        Figure(Chart("bar", (HOSTILE,), (Series(HOSTILE, (1,)),), HOSTILE), "", HOSTILE, HOSTILE),
    )
    text = " ".join(
        pages(
            render_pdf(paper(blocks=blocks, title=HOSTILE, issuer=HOSTILE, signer=HOSTILE, place=HOSTILE, recipients=(HOSTILE,)))
        )
    )
    assert '#read("/etc/hostname") $a^2$ *b* _c_ @d <e> \\ [x] `r`' in text
    assert "<script>alert(1)</script>" in text
    assert "Không có dữ liệu." in text


def test_long_words_stay_within_the_margins() -> None:
    pdf = pypdfium2.PdfDocument(render_pdf(paper(blocks=(Paragraph("w" * 500),), annexes=(), notes=())))
    page = pdf[0].get_textpage()
    right = max(page.get_charbox(place)[2] for place in range(page.count_chars()))
    pdf.close()
    assert right <= (210 - 20) / 25.4 * 72 + 2


@pytest.mark.parametrize("last", [Paragraph("câu cuối"), BulletList(("ý đầu", "câu cuối"))])
def test_the_signature_never_stands_alone_on_a_page(last: Paragraph | BulletList) -> None:
    for lines in range(14, 24):
        text = pages(render_pdf(paper(blocks=(*(Paragraph("câu"),) * lines, last), annexes=(), notes=(), **ENTERED)))
        assert "câu cuối" in next(page for page in text if "THỨ TRƯỞNG" in page)


def test_five_hundred_rows_repeat_their_head() -> None:
    rows = tuple((str(place), "Bản ghi nhớ hợp tác mẫu", ("x", NoteRef(1))) for place in range(500))
    long = paper(blocks=(Table((Column("TT"), Column("Tên mục"), Column("c")), rows), Paragraph(("a", NoteRef(1)))), annexes=())
    text = pages(render_pdf(replace(long, notes=paper().notes[:1])))
    assert len(text) > 10
    assert all("Tên mục" in page for page in text[:8])


def _plain_objects(pdf: bytes) -> bytes:
    """The file with its compressed object streams opened, for looking at names."""
    opened = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, flags=re.S):
        try:
            opened.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(opened)
