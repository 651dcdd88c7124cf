"""Are the numbered articles of an instrument recognised, with the exact words of each?"""

from __future__ import annotations

import pytest

from banggiao.reading.articles import articles

TREATY = """HIỆP ĐỊNH

Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi
Hai bên hợp tác theo Điều 3 của Hiến chương.

Điều 2
Mở cửa thị trường
1. Bên A bỏ kiểm tra kép.
2. Bên B báo cáo hằng năm.

Chương II
Điều 3: Mỗi bên hoàn tất thủ tục trong nước và thông báo cho bên kia bằng công hàm qua đường ngoại giao trong vòng sáu mươi ngày.

Làm tại Hà Nội, ngày 1 tháng 3 năm 2025.
"""


def test_articles_with_their_headings_and_words() -> None:
    found = articles(TREATY)
    assert [(a.number, a.heading) for a in found] == [("Điều 1", "Phạm vi"), ("Điều 2", "Mở cửa thị trường"), ("Điều 3", "")]
    words = [TREATY[a.start : a.end] for a in found]
    assert words[0] == "Điều 1. Phạm vi\nHai bên hợp tác theo Điều 3 của Hiến chương."
    assert words[1].endswith("2. Bên B báo cáo hằng năm."), "a chapter ends an article"
    assert words[2].endswith("sáu mươi ngày."), "so does the place of signature"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", []),
        ("Theo Điều 5 của Luật, hai bên thống nhất.\n", []),
        ("Article 1\nScope\nArticle 2. Duties\nEach Party shall report.\nDone at Ha Noi", ["Article 1", "Article 2"]),
        ("ĐIỀU I\nA\nĐIỀU II\nB\nĐIỀU IV\nC\nĐIỀU IX\nD", ["ĐIỀU I", "ĐIỀU II", "ĐIỀU IV", "ĐIỀU IX"]),
        ("1. Hai bên họp.\nThêm một dòng.\n2. Hai bên báo cáo.\n5. Không theo thứ tự.\n", ["1", "2"]),
        ("1. Chỉ một mục.\n", []),
        ("Điều 1. A\nĐiều 2. B\n\nĐiều 1. A\n" + "Nội dung. " * 20 + "\nĐiều 2. B\nHết.", ["Điều 1", "Điều 2"]),
    ],
)
def test_what_counts_as_an_article(text: str, numbers: list[str]) -> None:
    found = articles(text)
    assert [a.number for a in found] == numbers
    assert all(0 <= a.start < a.end <= len(text) and not text[a.start : a.end].endswith("\n") for a in found)
    assert all(one.end <= two.start for one, two in zip(found, found[1:], strict=False))


def test_a_table_of_contents_is_not_the_text() -> None:
    text = "Điều 1. A\nĐiều 2. B\n\nĐiều 1. A\n" + "Nội dung. " * 20 + "\nĐiều 2. B\nHết."
    assert articles(text)[0].start == text.rindex("Điều 1")
