"""Metadata: the text speaks first, then its address, then what the file says of itself."""

from __future__ import annotations

import pytest

from banggiao.reading.layout import build_layout
from banggiao.reading.metadata import read_metadata
from banggiao.reading.types import Hints, Metadata

BODY = "Hôm qua, Bộ A làm việc với các hiệp hội về xuất khẩu nông sản và kim ngạch xuất khẩu của năm."


def read(text: str, hints: Hints | None = None) -> Metadata:
    hints = hints or Hints()
    return read_metadata(build_layout(text, hints), hints)


def test_title_author_and_moment_of_a_news_page() -> None:
    meta = read(f"Bộ A bàn cách mở rộng thị trường\n\nLê Thị Mẫu 09:15 | 12/05/2026\nTGVN. {BODY}")
    assert (meta.title, meta.author, meta.published) == ("Bộ A bàn cách mở rộng thị trường", "Lê Thị Mẫu", "2026-05-12T09:15")
    assert meta.outlet == "Báo Thế giới và Việt Nam"
    assert meta.inferred == {}


def test_the_line_that_marks_an_exercise_is_no_title_even_where_the_file_says_so() -> None:
    mark = "DIỄN TẬP - VĂN BẢN THỬ NGHIỆM, KHÔNG CÓ GIÁ TRỊ"
    meta = read(f"{mark}\n\nBộ A bàn cách mở rộng thị trường\n\n{BODY}", Hints(title=mark))
    assert meta.title == "Bộ A bàn cách mở rộng thị trường"


@pytest.mark.parametrize(
    ("url", "published"),
    [
        ("https://bao.example.vn/tin-20260130072805379.htm", "2026-01-30T07:28"),
        ("https://bao.example.vn/tin-102260415093012345.htm", "2026-04-15T09:30"),
        ("https://www.example.gov.vn/vi/nr040807104143/ns240515081530", "2024-05-15T08:15"),
        ("https://bao.example.vn/2026/03/12/tin.htm", "2026-03-12"),
        ("https://bao.example.vn/tin-209611.htm", None),
    ],
)
def test_digits_of_the_address_tell_the_moment(url: str, published: str | None) -> None:
    meta = read(f"Bộ A bàn cách mở rộng thị trường\n\n{BODY}\n\nNguồn: {url}")
    assert (meta.url, meta.published) == (url, published)
    assert ("published" in meta.inferred) is (published is not None)


def test_domain_names_the_outlet_and_says_so() -> None:
    meta = read(f"Bộ A bàn cách mở rộng thị trường\n\n{BODY}\n\nNguồn: https://www.moit.gov.vn/tin-1.htm")
    assert (meta.outlet, meta.genre) == ("Bộ Công Thương (moit.gov.vn)", "official_news")
    assert meta.inferred["outlet"] == "domain of the URL"


def test_the_container_is_asked_last() -> None:
    hints = Hints(title="Tên khác", author="Ai đó", published="2026-02-03T10:00:00+07:00", outlet="Trang X")
    meta = read(f"{BODY}", hints)
    assert (meta.title, meta.author, meta.published, meta.outlet) == ("Tên khác", "Ai đó", "2026-02-03T10:00", "Trang X")
    assert meta.inferred["published"] == "properties of the file"


@pytest.mark.parametrize(
    ("text", "genre"),
    [
        ("Số: 12/TB-BA\nTHÔNG BÁO\nKết luận của Bộ trưởng tại cuộc họp tháng 3\n\nNội dung.", "conclusion_notice"),
        ("Tuyên bố chung giữa Nước M và Nước N\n\nHai bên hài lòng với kết quả.", "joint_statement"),
        ("BÁO CÁO\nKết quả đối ngoại của UBND tỉnh X năm 2025\n\nNội dung.", "provincial_report"),
        (f"Bộ A bàn cách mở rộng thị trường\n\n{BODY}", "news"),
    ],
)
def test_the_head_tells_the_kind(text: str, genre: str) -> None:
    assert read(text).genre == genre


def test_language_and_topics() -> None:
    meta = read(f"Bộ A bàn cách mở rộng thị trường\n\n{BODY}")
    assert meta.language == "vi"
    assert "trade" in meta.topics
    english = "The ministry met exporters to discuss new markets for farm goods, and the two sides agreed to meet again."
    assert read(english).language == "en"
    assert read("12 34").language is None
