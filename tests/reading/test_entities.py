"""Are people, bodies, partners, places, documents, agreements and quantities found in running text of the trade?"""

from __future__ import annotations

from typing import Any

import pytest

from banggiao.reading.entities import find_entities
from banggiao.reading.layout import build_layout
from banggiao.reading.partners import find_partners
from banggiao.reading.rules import shadow
from banggiao.reading.syllables import is_syllable
from banggiao.reading.types import Fact, Metadata


def facts(text: str, kind: str) -> list[Fact]:
    found = find_entities(build_layout(text), Metadata(published="2025-06-01"))
    return [fact for fact in found if fact.kind == kind]


def values(text: str, kind: str, key: str) -> list[Any]:
    return [fact.value[key] for fact in facts(text, kind)]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Anh cho biết Mỹ và Anh sẽ hợp tác.", ["USA", "GBR"]),
        ("Anh ấy có ý kiến khác; ông Đức và bà Nga tán thành.", []),
        ("Tuấn Anh đến Mỹ Đình bằng xe buýt.", []),
        ("các nước như Anh, Pháp, Đức, Ý, Áo và Bỉ", ["GBR", "FRA", "DEU", "ITA", "AUT", "BEL"]),
        ("quan hệ Việt - Trung, Nga - Mỹ và Nhật-Hàn", ["CHN", "RUS", "USA", "JPN", "KOR"]),
        ("tiếng Anh, tiếng Pháp; Pháp luật Việt Nam; Áo dài", []),
        ("Trung Đông Âu, Mỹ La-tinh, Đông Âu và Trung Đông", ["CEE", "LATAM", "EASTERN_EUROPE", "MIDEAST"]),
        ("thăm cấp Nhà nước Hàn Quốc và nước Nga", ["KOR", "RUS"]),
        ("Ấn Độ Dương, Thái Bình Dương, Lào Cai", []),
        ("Đài Loan (Trung Quốc), Hồng Kông", ["TWN", "HKG"]),
    ],
)
def test_states_and_words_that_look_like_them(text: str, codes: list[str]) -> None:
    found = [
        mention.entry["code"] for mention in find_partners(shadow(text)) if mention.entry["type"] not in ("home", "continent")
    ]
    assert list(dict.fromkeys(found)) == codes


def test_taiwan_is_a_territory_and_the_home_country_no_partner() -> None:
    found = facts("Việt Nam và Đài Loan (Trung Quốc) tăng cường thương mại.", "partner")
    assert [(fact.value["code"], fact.value["type"]) for fact in found] == [("TWN", "territory")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Thủ tướng Nhật Bản Ishiba Shigeru và Tổng thống Pháp Emmanuel Macron dự lễ.", ["Ishiba Shigeru", "Emmanuel Macron"]),
        ("Chủ tịch Ủy ban châu Âu Ursula von der Leyen phát biểu.", ["Ursula von der Leyen"]),
        ("Ngoại trưởng Hàn Quốc Cho Tae-yul đến Hà Nội.", ["Cho Tae-yul"]),
        ("Tổng Bí thư Tô Lâm tiếp Chủ tịch Trung Quốc Tập Cận Bình.", ["Tô Lâm", "Tập Cận Bình"]),
        ("ông Trần Văn Ba, Giám đốc Công ty TNHH Hoàng Long, cho biết đơn hàng tăng.", ["Trần Văn Ba"]),
        ("Phó Chủ tịch Ngân hàng Phát triển châu Á (ADB) Scott Morris làm việc tại Hà Nội.", ["Scott Morris"]),
        ("Chủ tịch Tập đoàn AstraZeneca Michel Demaré đến Hà Nội.", ["Michel Demaré"]),
        ("Hội nghị tại huyện Mai Châu và đường Trần Hưng Đạo.", []),
    ],
)
def test_people(text: str, names: list[str]) -> None:
    assert values(text, "person", "name") == names


def test_offices_before_and_after_the_name() -> None:
    text = "Đại tướng Phan Văn Giang, Ủy viên Bộ Chính trị, Bộ trưởng Bộ Quốc phòng dự họp cùng Thứ trưởng Bộ Y tế Lê Thị Mẫu."
    first, second = facts(text, "person")
    assert first.value["positions"] == ["Đại tướng", "Ủy viên Bộ Chính trị", "Bộ trưởng Bộ Quốc phòng"]
    assert second.value["positions"] == ["Thứ trưởng Bộ Y tế"]


def test_one_fact_a_person_with_further_mentions() -> None:
    (fact,) = facts("Tổng thống Donald Trump phát biểu. Ông Trump cảm ơn. Donald Trump ra về.", "person")
    assert fact.value["name"] == "Donald Trump"
    assert len(fact.value["mentions"]) == 2


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "Bộ Công Thương phối hợp với Hiệp hội Cà phê - Ca cao Việt Nam tổ chức.",
            ["Bộ Công Thương", "Hiệp hội Cà phê - Ca cao Việt Nam"],
        ),
        (
            "Đại sứ quán Việt Nam tại Ba Lan và Bộ Ngoại giao Ba Lan trao đổi.",
            ["Đại sứ quán Việt Nam tại Ba Lan", "Bộ Ngoại giao Ba Lan"],
        ),
        ("Kỳ họp của Ủy ban liên Chính phủ Việt Nam - Nga đã diễn ra.", ["Ủy ban liên Chính phủ Việt Nam - Nga"]),
        ("Giao Bộ A và công ty B báo cáo; Tỉnh X phối hợp.", ["Bộ A", "công ty B", "Tỉnh X"]),
        ("UBND tỉnh Lạng Sơn và Sở Công Thương họp.", ["UBND tỉnh Lạng Sơn", "Sở Công Thương"]),
        ("Bộ Ngoại giao tổng hợp, báo cáo Chính phủ.", ["Bộ Ngoại giao", "Chính phủ"]),
        ("Tổ chức Hội nghị đúng kế hoạch.", []),
    ],
)
def test_bodies(text: str, names: list[str]) -> None:
    assert values(text, "organisation", "name") == names


def test_governing_documents_by_code_and_by_issuer() -> None:
    text = "Theo Nghị quyết 59-NQ/TW, Chỉ thị số 41 của Ban Bí thư, Nghị quyết 57, 68 của Bộ Chính trị, Nghị định 28/2025/NĐ-CP."
    assert values(text, "legal_document", "number") == ["59-NQ/TW", "41-CT/TW", "57-NQ/TW", "68-NQ/TW", "28/2025/NĐ-CP"]


def test_the_number_of_the_letter_itself_and_its_signer() -> None:
    text = "BỘ A\nSố: 12/TB-BA\n\nTHÔNG BÁO\n\nBộ A thông báo để các đơn vị biết và thực hiện.\n\nCHÁNH VĂN PHÒNG\nTrần Thị Thử\n"
    assert values(text, "legal_document", "number") == ["12/TB-BA"]
    assert values(text, "person", "name") == ["Trần Thị Thử"]


def test_quantities_with_scale_qualifier_and_period() -> None:
    found = facts("Năm 2024, kim ngạch đạt gần 98,5 tỷ USD, tăng 12,5%; đã ký hai hiệp định, gấp đôi năm trước.", "quantity")
    read = [(fact.value["number"], fact.value["unit"], fact.value["qualifier"]) for fact in found]
    assert read == [(98_500_000_000, "USD", "gần"), (12.5, "%", None), (2, "hiệp định", None), (2, "lần", "gấp")]
    assert found[0].value["period"] == "2024"


@pytest.mark.parametrize(
    "text", ["quan hệ hai nước, hai bên", "ngày 5 tháng 3 năm 2025", "lần thứ 4, khóa 12", "trong năm, nhiệm vụ tăng", "Covid-19"]
)
def test_no_quantities(text: str) -> None:
    assert facts(text + " được nhắc đến.", "quantity") == []


@pytest.mark.parametrize(
    ("text", "kind", "status"),
    [
        ("Hai bên thúc đẩy đàm phán FTA với Mercosur.", "fta", "under_negotiation"),
        (
            "Trong thời gian tới, hai bên cần phối hợp để sớm ký kết Hiệp định tránh đánh thuế hai lần.",
            "agreement",
            "pushed_for_signing",
        ),
        ("Hai bên đã ký Bản ghi nhớ về hợp tác nông nghiệp.", "mou", "signed"),
        ("Các nước thành viên còn lại sớm phê chuẩn EVIPA.", "ipa", "pending_ratification"),
        ("Doanh nghiệp biết tận dụng mọi ưu đãi của các FTA thế hệ mới.", "fta", "to_be_used"),
        ("Tiếp tục thực thi hiệu quả Hiệp định CPTPP.", "fta", "in_implementation"),
        ("Hiệp định RCEP đã có hiệu lực từ năm 2022.", "fta", "in_force"),
    ],
)
def test_stage_of_agreements(text: str, kind: str, status: str) -> None:
    (fact,) = facts(text, "agreement")
    assert (fact.value["type"], fact.value["status"]) == (kind, status)


def test_items_of_a_list_take_the_stage_of_its_lead() -> None:
    text = "Nhân dịp này, hai bên đã ký các văn kiện sau:\n- Bản ghi nhớ về kinh tế số;\n- Nghị định thư về kiểm dịch thực vật.\n"
    assert values(text, "agreement", "status") == ["signed", "signed"]


def test_spans_stand_in_the_text_and_in_their_sentence() -> None:
    text = "Uỷ ban nhân dân tỉnh Lạng Sơn ký thoả thuận về cửa khẩu với Quảng Tây.\nẢnh: Báo Mẫu/Nhật Bắc\nNguyễn Văn An dự."
    layout = build_layout(text)
    for fact in find_entities(layout, Metadata()):
        assert 0 <= fact.evidence[0] <= fact.span[0] < fact.span[1] <= fact.evidence[1] <= len(text)
    assert "JPN" not in values(text, "partner", "code")


def test_syllables() -> None:
    assert all(is_syllable(word) for word in "Nguyễn Khuyến Quỳnh Thuỷ Giang Yến Oanh Nghiêm Hoà Khoẻ Phước Luật".split())
    assert not any(is_syllable(word) for word in "Macron Joe Park Trump Anwar Manet Biden Jae-myung Zelensky".split())


@pytest.mark.parametrize(
    "unit",
    ["Bộ trưởng và ", "Hiệp định về ", "1.", "Nguyễn ", "(", "ngày 1 ", "Thủ tướng, ", "tỷ USD ", "Mỹ-", "hai ", "Ủy ban và "],
)
def test_hostile_repetition_is_read_to_its_end(unit: str) -> None:
    text = unit * (30_000 // len(unit))
    assert all(fact.span[1] <= len(text) for fact in find_entities(build_layout(text), Metadata()))
