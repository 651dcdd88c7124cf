"""The same sample papers for every report test; bodies, people and figures are made up."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from banggiao.core.errors import SetupProblem
from banggiao.reports.blocks import (
    Annex,
    BulletList,
    Chart,
    Column,
    Figure,
    Heading,
    NoteBook,
    NumberedList,
    OfficialDocument,
    Paragraph,
    Run,
    Series,
    SourceRow,
    SourceSentence,
    Table,
)
from banggiao.reports.typefaces import font_files

DAY = date(2025, 6, 30)
ENTERED: dict[str, Any] = {"number": 2, "dated": date(2025, 7, 4), "signer": "Nguyễn Văn Mẫu"}

CHART = Chart(
    kind="stacked",
    categories=("Nước A", "Nước B", "Nước Cộng hòa có tên rất dài ở phía nam"),
    series=(Series("Hoàn thành", (12, 8, 3)), Series("Đang thực hiện", (20, None, 9)), Series("Quá hạn", (1, 2, 0))),
    unit="cam kết",
    category_label="Đối tác",
)


def have_fonts() -> bool:
    """Whether the merged faces are there."""
    try:
        font_files()
    except SetupProblem:
        return False
    return True


needs_fonts = pytest.mark.skipif(not have_fonts(), reason="src/banggiao/reports/fonts is empty: run tools/merge_fonts.py first.")


def paper(**changes: Any) -> OfficialDocument:
    """A two-part report with every kind of block, three notes and one annex."""
    book = NoteBook()
    signed = book.refer(
        "Văn kiện ký tại hoạt động cấp cao, đếm theo văn kiện",
        DAY,
        SourceSentence("Hai bên ký tổng cộng 17 văn kiện.", "Thông cáo mẫu, đoạn 3", "https://mau.example/thong-cao"),
    )
    upgraded = book.refer("Đối tác được nâng mức quan hệ", DAY, SourceRow("Mức quan hệ", "2 dòng", "https://mau.example/muc"))
    rate = book.refer("Tỷ lệ hoàn thành có minh chứng", date(2025, 6, 15), SourceRow("Sổ cam kết", "55 dòng"))
    base: dict[str, Any] = {
        "kind": "Báo cáo",
        "kind_code": "BC",
        "title": "Tình hình thực hiện cam kết mẫu 6 tháng đầu năm 2025",
        "issuer": "Bộ Ngoại giao",
        "issuer_code": "BNG",
        "place": "Hà Nội",
        "as_of": DAY,
        "blocks": (
            Heading(1, "KẾT QUẢ"),
            Heading(2, "Động lực truyền thống"),
            Paragraph(("Có ", Run("17 văn kiện", bold=True), signed, ", hai lần nâng mức quan hệ", upgraded, ".")),
            Heading(3, "Thương mại"),
            BulletList((("Kim ngạch đạt 2,5 tỷ USD, hoàn thành 57,8%", rate, "."), "Ý thứ hai.")),
            Figure(CHART, "Biểu đồ chồng theo đối tác.", "Cam kết theo đối tác", ("Sổ cam kết", rate)),
            Heading(1, "NHIỆM VỤ"),
            NumberedList(("Việc thứ nhất.", "Việc thứ hai.")),
            Table(
                (Column("TT", "center", 0.5), Column("Nội dung", width=4), Column("Tiến độ", "right")),
                (("1", "Mở cửa thị trường cho quả mẫu", ("68%", rate)), ("2", "Họp kỳ tới", "–")),
                "Việc cần chú ý",
                "Sổ cam kết",
            ),
        ),
        "recipients": ("Lãnh đạo Bộ", "Lưu: VT, THKT"),
        "signing_as": ("KT. BỘ TRƯỞNG", "THỨ TRƯỞNG"),
        "annexes": (Annex("Danh mục văn kiện", (CHART.as_table("vi", "Cam kết theo đối tác"),)),),
        "notes": book.notes,
    }
    return OfficialDocument(**(base | changes))


# Typst markup, HTML, template and control signs, a lone surrogate, signs the faces lack.
HOSTILE = (
    '#read("/etc/hostname") $a^2$ *b* _c_ @d <e> \\ [x] `r` // no /* c */ <script>alert(1)</script> &amp; {{x}}'
    + "\x00\x07\u202e\ud800中😀"
)
