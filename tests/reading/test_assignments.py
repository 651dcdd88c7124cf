"""Are directives split into numbered paragraphs, and are their tasks proposed with bodies, days and products?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from banggiao.reading.assignments import assignments, bodies_named
from banggiao.reading.paragraphs import paragraphs

LABELLED = yaml.safe_load((Path(__file__).parent / "assignments" / "paragraphs.yaml").read_text(encoding="utf-8"))
NOTICE = """DIỄN TẬP - VĂN BẢN THỬ NGHIỆM
VĂN PHÒNG BỘ A
Số: 08/TB-BA
THÔNG BÁO
Kết luận của Thứ trưởng tại cuộc họp giao ban ngoại giao kinh tế quý II

I. ĐÁNH GIÁ CHUNG

1. Các đơn vị đã ký hai bản ghi nhớ.

II. NHIỆM VỤ

1. Cục C:

a) Chủ trì rà soát các cam kết quá hạn, báo cáo Lãnh đạo Bộ trước ngày 30/8;

b) Phối hợp với Bộ B trình ký Kế hoạch
hành động thử nghiệm.

2. Các địa phương:

- Bố trí kinh phí

- Cử đầu mối trong tháng 9/2026.

Nơi nhận:
- Như phần dự họp;
"""


@pytest.mark.parametrize("which", ["seen", "kept"])
def test_labelled_paragraphs_give_the_tasks_a_reader_finds(which: str) -> None:
    rows = [row for row in LABELLED if row["set"] == which]
    found = missed = extra = 0
    for row in rows:
        left = list(assignments(row["text"], year=2026))
        for wanted in row["tasks"]:
            same = next((each for each in left if wanted["what"].lower() in each.text.lower()), None)
            if same is None:
                missed += 1
                continue
            left.remove(same)
            found += 1
            named = [body for body in same.coordinating if "liên quan" not in body]
            assert (same.lead, named, same.due, same.every) == (
                wanted["lead"],
                wanted["with"],
                wanted["due"],
                wanted.get("every", ""),
            ), row["text"]
        extra += len(left)
    assert len(rows) == 15
    assert (found, missed, extra) == ({"seen": 12, "kept": 13}[which], 0, 0)


def test_a_notice_falls_into_numbered_paragraphs_with_their_place() -> None:
    rows = paragraphs(NOTICE)
    assert [(row.number, row.heading) for row in rows] == [
        ("I", True),
        ("I.1", False),
        ("II", True),
        ("II.1", True),
        ("II.1.a", False),
        ("II.1.b", False),
        ("II.2", True),
        ("II.2.-1", False),
        ("II.2.-2", False),
    ]
    assert rows[5].text == "Phối hợp với Bộ B trình ký Kế hoạch hành động thử nghiệm."
    for row in rows:
        assert " ".join(NOTICE[row.start : row.end].split()).endswith(row.text)
    assert paragraphs("") == []
    assert [
        row.number for row in paragraphs("Điều 1. Phạm vi\n\n1. Nghị quyết này quy định việc A.\n\nĐiều 2. Giao Bộ B làm.")
    ] == [
        "Điều 1",
        "Điều 1.1",
        "Điều 2",
    ]


def test_a_heading_gives_its_body_to_what_stands_below() -> None:
    assert bodies_named("Cục C:") == ("Cục C", ())
    assert bodies_named("2. Giao Bộ Tài chính:") == ("Bộ Tài chính", ())
    assert bodies_named("2. Bộ B chủ trì, phối hợp với Bộ Tài chính:") == ("Bộ B", ("Bộ Tài chính",))
    for nobody in ("Về tình hình quý I", "Bộ Tài chính đã hoàn thành kế hoạch"):
        assert bodies_named(nobody) == ("", ())
    (shared,) = assignments("Hoàn thiện hồ sơ gia nhập.", lead="Bộ B", together=["Bộ A"])
    assert (shared.lead, shared.coordinating) == ("Bộ B", ("Bộ A",))
    first, second = (
        assignments(text, year=2026, lead="Cục C")[0]
        for text in (
            "Chủ trì rà soát các cam kết quá hạn, báo cáo Lãnh đạo Bộ trước ngày 30/8;",
            "Phối hợp với Bộ B trình ký Kế hoạch.",
        )
    )
    assert (first.lead, first.due, first.inferred) == ("Cục C", "2026-08-30", ("heading", "year"))
    assert (second.lead, second.coordinating) == ("Cục C", ("Bộ B",))


def test_bodies_of_the_register_are_known_by_name() -> None:
    text = "Trung tâm Dự báo Sao Mai tổng hợp số liệu hằng quý, gửi Bộ Tài chính."
    named = assignments(text, names=["Trung tâm Dự báo Sao Mai"])
    assert [(each.lead, each.every) for each in named] == [("Trung tâm Dự báo Sao Mai", "quarterly")]


@pytest.mark.parametrize(
    ("text", "due", "product", "inferred"),
    [
        ("Bộ Tài chính xây dựng đề án thuế, trình trong quý III.", "2026-09", "Đề án thuế", ("quarter", "year")),
        ("Bộ Tài chính hoàn thiện hồ sơ gia nhập trước ngày 05/8/2026.", "2026-08-05", "Hồ sơ gia nhập", ()),
        ("Bộ Tài chính, Bộ Y tế rà soát phí, báo cáo Thủ tướng Chính phủ.", "", "Báo cáo Thủ tướng Chính phủ", ("several",)),
    ],
)  # fmt: skip
def test_days_and_products(text: str, due: str, product: str, inferred: Any) -> None:
    (each,) = assignments(text, year=2026)
    assert (each.due, each.product, each.inferred) == (due, product, inferred)
