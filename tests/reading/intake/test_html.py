"""Is what a visitor of the page sees what we read: all of the article, none of the scripts?"""

from __future__ import annotations

import pytest

from banggiao.core.errors import Unreadable
from banggiao.reading.intake import open_bytes

BODY = [
    f"Đoạn {number}: hai bên trao đổi về việc mở cửa thị trường nông sản, rà soát các cam kết đã nêu và thống nhất lịch làm việc."
    for number in range(1, 7)
]
PAGE = f"""<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>Họp rà soát cam kết | Báo Mẫu</title>
<meta property="og:title" content="Họp rà soát cam kết"><meta property="og:site_name" content="Báo Mẫu">
<meta name="author" content="Trần Thị B"><meta property="article:published_time" content="2025-07-22T09:30:00+07:00">
<link rel="canonical" href="https://bao-mau.example/hop-ra-soat">
<style>.x {{ color: red }}</style><script>var lo = "MÃ KỊCH BẢN";</script></head>
<body><nav><a href="/">Trang chủ</a> <a href="/kt">Kinh tế</a></nav>
<article><h1>Họp rà soát cam kết</h1><p class="sapo">{BODY[0]}</p>
<p>{BODY[1]}<br>{BODY[2]}</p><!-- BÌNH LUẬN ẨN --><div style="display: none">PHẦN ẨN MỘT</div><p hidden>PHẦN ẨN HAI</p>
<noscript>KHÔNG KỊCH BẢN</noscript><script>document.write("VIẾT RA")</script>
<h2>Kết quả</h2><ul><li>Việc thứ nhất</li><li>Việc thứ hai</li></ul>
<table><tr><th>Mặt hàng</th><th>Kim ngạch</th></tr><tr><td><p>Chanh leo</p></td><td>12,5 triệu USD</td></tr></table>
<p>{BODY[3]}</p><p>{BODY[4]}</p><p>{BODY[5]}</p><p>Trần B</p></article>
<footer>Giấy phép số 1</footer></body></html>"""


def lines_of(page: str | bytes, name: str = "trang.html") -> list[str]:
    data = page.encode() if isinstance(page, str) else page
    return [line for line in open_bytes(data, name).text.split("\n") if line]


def test_article_is_read_in_order() -> None:
    lines = lines_of(PAGE)
    assert lines[lines.index("Họp rà soát cam kết") :][:4] == ["Họp rà soát cam kết", *BODY[:3]]
    start = lines.index("Kết quả")
    assert lines[start : start + 8] == [
        "Kết quả",
        "Việc thứ nhất",
        "Việc thứ hai",
        "Mặt hàng | Kim ngạch",
        "Chanh leo | 12,5 triệu USD",
        *BODY[3:],
    ]
    assert "Trần B" in lines


def test_scripts_styles_comments_and_hidden_parts_stay_out() -> None:
    text = "\n".join(lines_of(PAGE))
    for unseen in ("KỊCH BẢN", "VIẾT RA", "color", "BÌNH LUẬN ẨN", "PHẦN ẨN"):
        assert unseen not in text


def test_navigation_outside_the_article_is_cut() -> None:
    assert "Trang chủ Kinh tế" not in lines_of(PAGE)


def test_hints_come_from_the_head() -> None:
    hints = open_bytes(PAGE.encode(), "trang.html").hints
    assert (hints.title, hints.author, hints.published) == ("Họp rà soát cam kết", "Trần Thị B", "2025-07-22")
    assert (hints.outlet, hints.url) == ("Báo Mẫu", "https://bao-mau.example/hop-ra-soat")


def test_paragraphs_are_parted_by_a_blank_line_and_rows_are_not() -> None:
    text = open_bytes(PAGE.encode(), "trang.html").text
    assert f"{BODY[3]}\n\n{BODY[4]}\n\n" in text
    assert "Mặt hàng | Kim ngạch\nChanh leo | 12,5 triệu USD\n\n" in text


def test_no_sentence_of_a_page_without_markup_for_the_article_is_lost() -> None:
    soup = "".join(f"<div><div><span>{part}</span></div></div>" for part in BODY)
    assert [line for line in lines_of(f"<html><body>{soup}</body></html>") if line in BODY] == BODY


def test_very_broken_markup_is_still_read() -> None:
    broken = f"<html><body><div><p>{BODY[0]}<table><tr><td>{BODY[1]}</div></span><p>{BODY[2]}<b><i></p></b> &hellip; <a href='x"
    assert [line for line in BODY[:3] if any(line in shown for shown in lines_of(broken))] == BODY[:3]


def test_tables_that_lay_out_the_page_are_not_flattened() -> None:
    page = (
        f"<table><tr><td><table><tr><td>Trái</td></tr></table></td><td><p>{BODY[0]}</p><p>{BODY[1]}</p>"
        "<table><tr><td>a</td><td>b</td></tr></table></td></tr></table>"
    )
    lines = lines_of(page)
    assert BODY[0] in lines and BODY[1] in lines and "a | b" in lines


def test_declared_charset_counts_when_the_bytes_are_not_utf8() -> None:
    page = '<html><head><meta charset="windows-1251"></head><body><p>Встреча министров</p></body></html>'
    assert lines_of(page.encode("cp1251")) == ["Встреча министров"]


def test_utf8_wins_over_a_wrong_declaration() -> None:
    head = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">'
    page = f"<html><head>{head}</head><body><p>{BODY[0]}</p></body></html>"
    assert lines_of(page) == [BODY[0]]


def test_xhtml_with_declaration_and_utf16() -> None:
    page = f'<?xml version="1.0" encoding="utf-16"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{BODY[0]}</p></body></html>'
    assert lines_of(page.encode("utf-16")) == [BODY[0]]


def test_body_hidden_until_a_script_runs_is_read() -> None:
    assert lines_of(f'<html><body style="visibility:hidden"><p>{BODY[0]}</p></body></html>') == [BODY[0]]


def test_deep_nesting_is_read() -> None:
    assert lines_of("<div>" * 1_000 + BODY[0] + "</div>" * 1_000) == [BODY[0]]


def test_tags_opened_on_every_line_and_never_closed_lose_nothing() -> None:
    page = "<html><body>" + "".join(f"<font size=2>Dòng {number}<br>\n" for number in range(5_000))
    assert lines_of(page) == [f"Dòng {number}" for number in range(5_000)]


def test_nesting_beyond_the_parser_is_refused_and_not_cut() -> None:
    with pytest.raises(Unreadable, match="lồng nhau") as caught:
        open_bytes(b"<div>" * 50_000 + b"a", "sau.html")
    assert caught.value.remedy


def test_page_above_the_bound_of_the_main_text_search_is_read_whole() -> None:
    page = "<html><body>" + "".join(f"<p>Câu {number}. {BODY[0]}</p>" for number in range(8_000)) + "</body></html>"
    assert len(lines_of(page)) == 8_000


def test_page_without_text_is_refused() -> None:
    with pytest.raises(Unreadable):
        open_bytes(b"<html><body><script>1</script></body></html>", "a.html")


def test_items_of_a_numbered_list_begin_with_their_numbers() -> None:
    page = (
        "<p>Bộ trưởng yêu cầu làm tốt các nhiệm vụ sau:</p>"
        "<ol><li>Rà soát hồ sơ</li><li><p>Mở rộng thị trường</p><p>Nói thêm</p>"
        "<ol type=a><li>gạo</li><li>cà phê</li></ol></li><li value=7>Báo cáo</li><li>Tổng kết</li></ol>"
        f"<ul><li>Việc khác</li></ul><ol start=4 type=I><li>Kết quả</li></ol><p>{BODY[0]}</p>"
    )
    assert lines_of(page)[1:-1] == [
        "1. Rà soát hồ sơ", "2. Mở rộng thị trường", "Nói thêm", "a) gạo", "b) cà phê", "7. Báo cáo", "8. Tổng kết", "Việc khác",
        "IV. Kết quả",
    ]  # fmt: skip


def test_items_numbered_by_hand_or_shown_without_numbers_get_none() -> None:
    page = (
        "<p>Các việc cần làm trong quý tới gồm:</p><ol><li>1. Rà soát</li><li>- Báo cáo</li></ol>"
        "<ol style='list-style-type: none'><li>Không số</li></ol><ol reversed><li>Đếm lùi</li></ol><li>Lạc loài</li>"
        f"<p>{BODY[0]}</p>"
    )
    assert lines_of(page)[1:-1] == ["1. Rà soát", "- Báo cáo", "Không số", "Đếm lùi", "Lạc loài"]


def test_an_article_is_narrowed_as_well_when_its_list_is_numbered() -> None:
    items = "".join(f"<li>Nhiệm vụ {word} là rà soát các thỏa thuận đã ký với đối tác và báo cáo kết quả.</li>" for word in "ABC")
    page = PAGE.replace("<p>Trần B</p>", f"<ol>{items}</ol><p>Trần B</p>")
    shown = lines_of(page)
    assert [line[:13] for line in shown if "Nhiệm vụ" in line and "rà soát các thỏa" in line] == [
        "1. Nhiệm vụ A", "2. Nhiệm vụ B", "3. Nhiệm vụ C",
    ]  # fmt: skip
    assert "Giấy phép số 1" not in shown
