"""Tasks, results, shortcomings, promises and obstacles: what is one, what only looks like one."""

from __future__ import annotations

from typing import Any

import pytest

from banggiao.reading.barriers import find_barriers
from banggiao.reading.layout import build_layout
from banggiao.reading.promises import find_promises
from banggiao.reading.statements import find_statements
from banggiao.reading.types import Fact


def found(text: str, kind: str) -> list[Fact]:
    return [fact for fact in find_statements(build_layout(text), (), 2026) if fact.kind == kind]


def whats(text: str, kind: str) -> list[Any]:
    return [fact.value["what"] for fact in found(text, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "Thứ trưởng đã hội đàm với người đồng cấp Nước M.",
        "Hai bên đã trao đổi về tình hình khu vực.",
        "Bộ A đã tổ chức Hội nghị trực tuyến về thị trường.",
        "Kim ngạch hai chiều năm ngoái đạt 5 tỷ USD, tăng 12%.",
        "Các chuyên gia dự báo xuất khẩu sẽ tăng 10% trong năm nay.",
        "Giá dầu thế giới đã tăng mạnh trong tuần qua.",
        "Hai bên sẽ ký 5 văn kiện trong chuyến thăm tới.",
        'Bộ trưởng nói: "Chúng tôi đã ký là phải làm".',
        "Từ những năm 1990, hai nước đã thiết lập nhiều cơ chế hợp tác.",
    ],
)
def test_meetings_figures_forecasts_and_quotations_are_no_results(text: str) -> None:
    assert whats(text, "result") == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Tại lễ ký, hai bên đã ký kết 7 văn kiện hợp tác.", "hai bên đã ký kết 7 văn kiện hợp tác"),
        (
            "Trong năm qua, Bộ A đã hỗ trợ 40 doanh nghiệp vào thị trường mới.",
            "Bộ A đã hỗ trợ 40 doanh nghiệp vào thị trường mới",
        ),
        (
            "Năm 2025, công tác thông tin đã được các đơn vị triển khai bài bản.",
            "công tác thông tin đã được các đơn vị triển khai bài bản",
        ),
        ("Hai bên nhất trí nâng cấp quan hệ lên Đối tác toàn diện.", "Hai bên nhất trí nâng cấp quan hệ lên Đối tác toàn diện"),
    ],
)
def test_results_are_clauses_with_a_subject_of_ours(text: str, what: str) -> None:
    assert whats(text, "result") == [what]


def test_concrete_deeds_after_a_comma_are_results_of_their_own() -> None:
    text = "Năm 2025, ngành đối ngoại đã nâng cấp cơ chế làm việc với 4 nước, ký kết 90 thỏa thuận hợp tác."
    assert whats(text, "result") == ["ngành đối ngoại đã nâng cấp cơ chế làm việc với 4 nước", "ký kết 90 thỏa thuận hợp tác"]


NOTICE = """Thứ trưởng kết luận như sau:

1. Cục C:

a) Chủ trì rà soát 8 cam kết quá hạn, báo cáo Bộ trước ngày 30/4/2026;

b) Phối hợp với Bộ B xây dựng kế hoạch trong quý II/2026.

2. Giao Vụ D sớm hoàn thiện mẫu báo cáo.
"""


def test_items_of_a_notice_are_tasks_with_assignee_and_deadline() -> None:
    rows = [(f.value["enumerator"], f.value["assignee"], f.value["deadline"]) for f in found(NOTICE, "task")]
    assert rows == [("a)", "Cục C", "2026-04-30"), ("b)", "Cục C", "2026-Q2"), ("2.", "Vụ D", "sớm")]


@pytest.mark.parametrize("marks", [("Một là,", "Hai là,"), ("Thứ nhất,", "Thứ hai,"), ("-", "-"), ("(1)", "(2)"), ("a)", "b)")])
def test_lists_of_any_marker_under_an_announcement_are_tasks(marks: tuple[str, str]) -> None:
    text = "Bộ trưởng yêu cầu các đơn vị làm tốt hai nhiệm vụ:\n\n"
    text += f"{marks[0]} mở rộng thị trường;\n\n{marks[1]} đổi mới cách làm báo cáo."
    assert whats(text, "task") == ["mở rộng thị trường", "đổi mới cách làm báo cáo"]


def test_the_same_marker_lists_results_under_a_lead_of_results() -> None:
    text = (
        "Trong năm 2025, công tác đối ngoại của tỉnh đã được triển khai hiệu quả.\n\n"
        "Thứ nhất, xây dựng nhiều báo cáo về thị trường.\n\nThứ hai, hỗ trợ các huyện kết nối với nhà đầu tư."
    )
    assert len(whats(text, "result")) == 3
    assert whats(text, "task") == []


def test_an_inline_list_gives_one_task_an_item_even_with_a_semicolon_inside() -> None:
    text = "Quý tới, các đơn vị làm tốt các nhiệm vụ: "
    text += "(i) mở rộng thị trường; tìm đối tác mới; (ii) đổi mới phương thức làm việc."
    assert [f.value["enumerator"] for f in found(text, "task")] == ["(i)", "(ii)"]


@pytest.mark.parametrize(
    "text",
    [
        "Ngoại giao số được xác định là nhiệm vụ trọng tâm.",
        "Các đại biểu bàn về những lợi thế nước ta cần khai thác.",
        'Hội nghị diễn ra với tinh thần "đã nói phải làm".',
        "Thủ tướng đề nghị phía Nước M mở cửa thị trường cho nông sản.",
        "Bộ A giao lưu với các cơ quan báo chí.",
    ],
)
def test_mottos_requests_abroad_and_descriptions_are_no_tasks(text: str) -> None:
    assert whats(text, "task") == []


def test_a_row_of_a_table_is_a_task() -> None:
    text = "STT\tNhiệm vụ\tCơ quan chủ trì\tThời hạn\n"
    text += "1\tLập kế hoạch triển khai\tSở A\t31/01/2027\n2\tTập huấn cho doanh nghiệp\tSở B\tQuý II/2027"
    rows = [(f.value["what"], f.value["assignee"], f.value["deadline"]) for f in found(text, "task")]
    assert rows == [("Lập kế hoạch triển khai", "Sở A", "2027-01-31"), ("Tập huấn cho doanh nghiệp", "Sở B", "2027-Q2")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tuy nhiên, việc triển khai một số thỏa thuận còn chậm.", ["việc triển khai một số thỏa thuận còn chậm"]),
        ("Công tác dự báo có lúc chưa kịp thời.", ["Công tác dự báo có lúc chưa kịp thời"]),
        ("Dư địa hợp tác giữa hai nước còn rất lớn.", []),
        ("Đây là thành tích chưa từng có.", []),
        ("Bộ A tháo gỡ khó khăn cho doanh nghiệp.", []),
    ],
)
def test_shortcomings_need_a_complaint(text: str, expected: list[str]) -> None:
    assert whats(text, "shortcoming") == expected


def test_promises_know_their_side_and_how_far_they_can_be_checked() -> None:
    text = (
        "Hai bên nhất trí thúc đẩy trao đổi đoàn. Phía Chile cam kết cấp phép cho 5 doanh nghiệp trước ngày 31/12/2026. "
        "Phía Việt Nam cam kết tạo thuận lợi cho hàng hóa của bạn. Hai bên nhất trí đánh giá cao kết quả chuyến thăm."
    )
    rows = [(f.value["side"], f.value["measurable"], f.value["deadline"]) for f in find_promises(build_layout(text), (), 2026)]
    assert rows == [("joint", 1, None), ("theirs", 3, "2026-12-31"), ("ours", 1, None)]


def test_named_obstacles_come_once_with_their_other_places() -> None:
    text = "Việt Nam nỗ lực gỡ thẻ vàng IUU. Thẻ vàng IUU được áp dụng từ lâu. Thép cuộn chịu thuế chống bán phá giá."
    rows = find_barriers(build_layout(text))
    assert [(f.value["code"], f.value["type"]) for f in rows] == [("EU-IUU", "fisheries_sanction"), (None, "trade_remedy")]
    assert len(rows[0].value["mentions"]) == 1


def test_spans_stay_inside_their_sentence_and_line() -> None:
    text = NOTICE + "\nTrong năm qua, Bộ A đã hỗ trợ doanh nghiệp tìm\nThị trường mới tại nhiều khu vực."
    layout = build_layout(text)
    for fact in find_statements(layout, (), 2026):
        assert fact.evidence[0] <= fact.span[0] < fact.span[1] <= fact.evidence[1]
        assert "\n" not in layout.slice(fact.span)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (
            "Một nhiệm vụ lớn được Thứ trưởng Bộ Ngoại giao nhấn mạnh là mở rộng thị trường cho nông sản của tỉnh.",
            "mở rộng thị trường cho nông sản của tỉnh",
        ),
        (
            "Một nhiệm vụ nữa được Thứ trưởng Bộ Ngoại giao Lê Văn Mẫu nêu là kết nối địa phương với doanh nghiệp nước bạn.",
            "kết nối địa phương với doanh nghiệp nước bạn",
        ),
    ],
)
def test_a_named_task_begins_after_what_names_it(text: str, what: str) -> None:
    assert whats(text, "task") == [what]


@pytest.mark.parametrize(
    "text",
    ["Bộ Ngoại giao nhắc đến các nước.", "Bên bán chuyển giao hồ sơ cho đơn vị.", "Hai nước bàn giao tuyến đường."],
)
def test_giao_inside_another_word_gives_no_order(text: str) -> None:
    assert whats(text, "task") == []


def test_a_ministry_whose_name_ends_in_giao_is_given_its_task_whole() -> None:
    text = "Vụ trưởng Lê Văn Mẫu đề nghị Bộ Ngoại giao mở rộng hợp tác lao động, báo cáo trước ngày 28/4."
    assert [fact.value["assignee"] for fact in found(text, "task")] == ["Bộ Ngoại giao"]


def test_tasks_carry_the_period_their_lead_sentence_names_until_another_is_named() -> None:
    text = (
        "Đối với nhiệm vụ 6 tháng cuối năm, Bộ trưởng yêu cầu các đơn vị đẩy mạnh kết nối địa phương.\n\n"
        "Các cơ quan đại diện cần chủ động tham mưu cho địa phương về thị trường.\n\n"
        "Về nhiệm vụ quý I năm 2027, Bộ trưởng giao các đơn vị làm tốt 2 việc:\n\n"
        "Một là, rà soát các cam kết quá hạn.\n\n"
        "Hai là, hoàn thiện mẫu báo cáo trong năm 2028.\n"
    )
    assert [fact.value["period"] for fact in found(text, "task")] == ["2026-H2", "2026-H2", "2027-Q1", "2028"]
