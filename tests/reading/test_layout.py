"""Lines and sentences: what stands around a text is told from the text, and sentences keep their place."""

from __future__ import annotations

import pytest

from banggiao.reading.layout import build_layout
from banggiao.reading.types import Hints

PAGE = """📞

Đoàn công tác Bộ A thăm và làm việc tại Nước M

Lê Thị Mẫu 09:15 | 12/05/2026
Sáng 11/5, đoàn công tác của Bộ A đã làm việc tại Nước M. Hai bên trao đổi nhiều nội dung.
Toàn cảnh buổi làm việc. (Ảnh: Minh Thử)

Kết quả làm việc

Hai bên đã ký 3 văn kiện hợp tác. Văn kiện được trao ngay sau lễ ký.

Tin liên quan
Bộ A chuẩn bị kỳ họp Ủy ban hỗn hợp

Trưởng đoàn Bộ A phát biểu tại buổi làm việc.

Đoàn tiếp tục làm việc với các hiệp hội doanh nghiệp trong hai ngày tới.

Minh Thử

Nguồn: https://tin.example/bai-1.htm
Bình luận (0)

Triển lãm hàng tiêu dùng mở cửa tại Thành phố X

Triển lãm hàng tiêu dùng mở cửa tại Thành phố X

Hơn 200 gian hàng tham gia triển lãm năm nay.
"""

LETTER = """VĂN PHÒNG BỘ A
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 12/TB-BA
Hà Nội, ngày 5 tháng 3 năm 2026
THÔNG BÁO
Kết luận của Bộ trưởng tại cuộc họp giao ban tháng 3

I. ĐÁNH GIÁ CHUNG

Các đơn vị đã hoàn thành phần lớn công việc.

II. NHIỆM VỤ

1. Cục C rà soát các cam kết quá hạn;
2. Vụ D báo cáo trước ngày 15/3/2026.

Nơi nhận:
- Như trên;
- Lưu: VT.
KT. BỘ TRƯỞNG
"""


def classes(text: str) -> dict[str, str]:
    return {line.text: line.cls for line in build_layout(text).lines if line.text.strip()}


@pytest.mark.parametrize(
    ("line", "cls"),
    [
        ("📞", "boilerplate"),
        ("Lê Thị Mẫu 09:15 | 12/05/2026", "boilerplate"),
        ("Toàn cảnh buổi làm việc. (Ảnh: Minh Thử)", "caption"),
        ("Kết quả làm việc", "heading"),
        ("Bộ A chuẩn bị kỳ họp Ủy ban hỗn hợp", "boilerplate"),
        ("Minh Thử", "boilerplate"),
        ("Nguồn: https://tin.example/bai-1.htm", "boilerplate"),
        ("Bình luận (0)", "boilerplate"),
        ("Hơn 200 gian hàng tham gia triển lãm năm nay.", "boilerplate"),
        ("Hai bên đã ký 3 văn kiện hợp tác. Văn kiện được trao ngay sau lễ ký.", "body"),
        ("Đoàn tiếp tục làm việc với các hiệp hội doanh nghiệp trong hai ngày tới.", "body"),
    ],
)
def test_lines_of_a_web_page(line: str, cls: str) -> None:
    assert classes(PAGE)[line] == cls


def test_an_unmarked_caption_is_recognised_by_its_form() -> None:
    assert classes(PAGE)["Trưởng đoàn Bộ A phát biểu tại buổi làm việc."] == "caption"


def test_an_office_letter_keeps_its_items_and_loses_head_and_tail() -> None:
    found = classes(LETTER)
    assert [text for text, cls in found.items() if cls == "body"] == [
        "Các đơn vị đã hoàn thành phần lớn công việc.",
        "1. Cục C rà soát các cam kết quá hạn;",
        "2. Vụ D báo cáo trước ngày 15/3/2026.",
    ]
    assert next(line.text for line in build_layout(LETTER).lines if line.role == "title").startswith("Kết luận của Bộ trưởng")


def test_a_sentence_broken_over_two_lines_is_one_and_offsets_hold() -> None:
    text = "Bộ A họp bàn phê chuẩn\n\n"
    text += "Các bộ, ngành cùng nhiều cơ quan đại diện đã kiên trì vận động từng nước thành viên của khối kinh tế sớm phê chuẩn\n"
    text += "Hiệp định bảo hộ đầu tư trong năm nay. Hai bên trao đổi thêm."
    layout = build_layout(text)
    spans = [sentence.span for sentence in layout.sentences if sentence.cls == "body"]
    assert layout.slice(spans[0]) == text[text.index("Các bộ, ngành") : text.index(". Hai") + 1]
    assert len(layout.shadow) == len(text)
    assert "\n" not in layout.shadow[slice(*spans[0])]


def test_sentences_do_not_end_at_abbreviations_numbers_or_initials() -> None:
    text = "Đoàn đến TP. Hồ Chí Minh với 1.600 đại biểu. Ông A. B. Nguyễn chủ trì... Sau đó, đoàn rời đi."
    layout = build_layout(text)
    assert [layout.slice(sentence.span) for sentence in layout.sentences] == [
        "Đoàn đến TP. Hồ Chí Minh với 1.600 đại biểu.",
        "Ông A. B. Nguyễn chủ trì...",
        "Sau đó, đoàn rời đi.",
    ]


def test_lines_broken_at_a_fixed_width_are_no_headings() -> None:
    words = "Năm nay ngành tiếp tục hỗ trợ doanh nghiệp tìm thị trường mới và giữ vững các thị trường đã có ở khu vực".split()
    lines = [" ".join(words[n : n + 8]) for n in range(0, len(words), 8)]
    layout = build_layout("\n".join([*lines, "trong nhiều tháng liền."]))
    assert {line.cls for line in layout.lines} == {"body"}
    assert len(layout.sentences) == 1


def test_a_table_row_is_body() -> None:
    layout = build_layout("STT\tNhiệm vụ\tChủ trì\n1\tLập kế hoạch\tCục C")
    assert {line.cls for line in layout.lines} == {"body"}


def test_an_empty_text_has_no_sentences() -> None:
    assert build_layout("", Hints()).sentences == ()


def test_what_runs_on_without_a_stop_is_read_in_pieces() -> None:
    text = "các bộ, ngành, địa phương; " * 400
    spans = [sentence.span for sentence in build_layout(text).sentences]
    assert max(end - start for start, end in spans) <= 2_500
    assert all(before[1] <= after[0] for before, after in zip(spans, spans[1:], strict=False))
