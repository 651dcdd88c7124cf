"""Is the event a text reports found with its frame, and are the others only mentioned?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from banggiao.reading.entities import find_entities
from banggiao.reading.events import find_events
from banggiao.reading.layout import build_layout
from banggiao.reading.types import Metadata


def events(text: str, **metadata: Any) -> list[Mapping[str, Any]]:
    layout = build_layout(text)
    known = Metadata(**{"published": "2025-06-20", **metadata})
    return [fact.value for fact in find_events(layout, known, find_entities(layout, known))]


def main_event(text: str, **metadata: Any) -> Mapping[str, Any]:
    (main,) = [event for event in events(text, **metadata) if event["role"] == "main"]
    return main


def test_a_conference_with_organiser_chair_place_and_mode() -> None:
    text = (
        "Sáng 10/6, tại Hà Nội, Bộ Công Thương phối hợp với Bộ Ngoại giao tổ chức Hội nghị trực tuyến về thị trường châu Phi. "
        "Thứ trưởng Bộ Công Thương Trần Văn Mẫu chủ trì hội nghị."
    )
    main = main_event(text)
    assert (main["type"], main["date"], main["mode"], main["place"]) == ("conference", "2025-06-10", "online", "Hà Nội")
    assert (main["organiser"], main["chair"]) == ("Bộ Công Thương", "Trần Văn Mẫu")


@pytest.mark.parametrize(
    ("words", "mode"),
    [
        ("theo hình thức trực tiếp kết hợp trực tuyến", "hybrid"),
        ("trực tuyến với các địa phương", "hybrid"),
        ("theo hình thức trực tuyến", "online"),
        ("trong không khí thẳng thắn", None),
    ],
)
def test_modes(words: str, mode: str | None) -> None:
    text = f"Ngày 3/6, Bộ trưởng Bộ Ngoại giao Lê Văn Thử đã chủ trì hội nghị về xuất khẩu. Hội nghị được tổ chức {words}."
    assert main_event(text)["mode"] == mode


def test_chair_after_the_event_and_in_a_caption() -> None:
    after = "Ngày 2/6, Ban Chỉ đạo hội nhập quốc tế đã họp tổng kết, dưới sự chủ trì của Phó Thủ tướng Lê Văn Thử."
    assert main_event(after)["chair"] == "Lê Văn Thử"
    body = "Nội dung chính là xuất khẩu gạo và trái cây sang các thị trường mới."
    caption = f"Hội nghị diễn ra sáng 5/6, do Bộ trưởng Phạm Thị Mẫu chủ trì - Ảnh: Báo Mẫu/Văn An\n{body}"
    main = main_event(caption)
    assert (main["chair"], main["date"]) == ("Phạm Thị Mẫu", "2025-06-05")


def test_leading_at_another_site_is_not_chairing() -> None:
    text = (
        "Ngày 3/6, Thủ tướng Lê Văn Thử chủ trì hội nghị cùng 10 địa phương về xúc tiến đầu tư. "
        "Phó Chủ tịch UBND tỉnh Trần Thị Mẫu chủ trì tại điểm cầu tỉnh Lạng Sơn."
    )
    assert main_event(text)["chair"] == "Lê Văn Thử"


def test_a_visit_with_its_stretch_of_days() -> None:
    main = main_event(
        "Từ ngày 3 đến 5/6/2025, Chủ tịch nước Lê Văn Thử thăm cấp Nhà nước Kazakhstan. Hai bên ký tám văn kiện hợp tác."
    )
    assert (main["type"], main["date"], main["chair"]) == ("visit", "2025-06-03/2025-06-05", None)
    assert main["participants"] == ["Lê Văn Thử", "KAZ"]


def test_calls_and_talks() -> None:
    call = main_event("Chiều 4/6, Thủ tướng Lê Văn Thử điện đàm với Thủ tướng Pháp Jean Modele về hợp tác năng lượng.")
    talks = main_event("Sáng 4/6, Bộ trưởng Lê Văn Thử hội đàm với Bộ trưởng Ngoại giao Ba Lan Jan Modelski tại Hà Nội.")
    assert (call["type"], talks["type"]) == ("call", "meeting")


def test_an_invitation_is_no_visit() -> None:
    found = events("Trong buổi làm việc, Bộ trưởng mời Thủ tướng Lào thăm Việt Nam vào thời gian thích hợp và mong sớm được đón.")
    assert [event for event in found if event["type"] == "visit"] == []


def test_named_events_are_mentioned_once() -> None:
    text = (
        "Việt Nam chuẩn bị cho Đại hội Đảng lần thứ XV và tham gia Hội nghị thượng đỉnh G20 cùng các nước. "
        "Văn kiện Đại hội XV của Đảng đang được hoàn thiện; Diễn đàn Hợp tác Kinh tế châu Á - Thái Bình Dương là một khối."
    )
    found = events(text)
    assert [(event["role"], event["type"]) for event in found] == [("mentioned", "party_congress"), ("mentioned", "summit")]


def test_a_report_of_figures_tells_no_event() -> None:
    assert (
        events("Trong tháng 5, kim ngạch xuất khẩu đạt 39 tỷ USD, tăng 12% so với cùng kỳ năm trước, theo số liệu hải quan.")
        == []
    )
