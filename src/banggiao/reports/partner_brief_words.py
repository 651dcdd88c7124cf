"""The fixed words of the sheet for a meeting, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from banggiao.reports.typography import Language


@dataclass(frozen=True, slots=True)
class BriefWords:
    kind: str
    issuer: str
    place: str
    sides: Mapping[str, str]  # %(open)s
    no_promise: str
    market: str
    meetings: str
    since: str  # %(day)s
    no_level: str
    recalled: str
    anniversary: str  # %(day)s %(years)s %(what)s
    mission: str  # %(name)s
    due: str  # %(day)s
    no_due: str
    overdue: str
    unknown: str
    million: str
    as_of: str  # %(day)s
    no_trade: str
    in_force: str  # %(names)s
    pending: str  # %(names)s
    barriers: str  # %(names)s
    more: str  # %(count)s
    coming: str  # %(day)s %(name)s
    past: str  # %(day)s %(name)s
    people: str  # %(names)s
    closing: str  # %(day)s


BRIEF_WORDS: Mapping[Language, BriefWords] = {
    "vi": BriefWords(
        kind="Trang tiếp xúc",
        issuer="Bộ Ngoại giao",
        place="Hà Nội",
        sides={
            "theirs": "Phía bạn đã hứa: %(open)s việc chưa xong",
            "ours": "Phía ta đã hứa: %(open)s việc chưa xong",
            "joint": "Hai bên cùng làm: %(open)s việc chưa xong",
        },
        no_promise="Sổ không có việc nào chưa xong.",
        market="Thương mại, hiệp định, rào cản",
        meetings="Tiếp xúc gần đây và sắp tới",
        since="từ %(day)s",
        no_level="Sổ chưa ghi mức quan hệ.",
        recalled="chưa kiểm chứng",
        anniversary="Kỷ niệm gần nhất: %(day)s, %(years)s năm, %(what)s.",
        mission="Cơ quan đại diện của ta: %(name)s.",
        due="hạn %(day)s",
        no_due="không ghi hạn",
        overdue="QUÁ HẠN",
        unknown="đã qua hạn, chưa rõ kết quả",
        million="triệu USD",
        as_of="tính đến %(day)s",
        no_trade="Các bộ dữ liệu đã nạp không có số thương mại theo năm với đối tác này.",
        in_force="Hiệp định đang có hiệu lực: %(names)s",
        pending="Hiệp định chưa có hiệu lực hoặc đang đàm phán: %(names)s",
        barriers="Rào cản: %(names)s",
        more=" và %(count)s rào cản khác",
        coming="Sắp tới, %(day)s: %(name)s.",
        past="%(day)s: %(name)s.",
        people="Người đã gặp, đã biết, theo tài liệu: %(names)s.",
        closing="Lấy từ các sổ theo quyền xem của người lập, tính đến %(day)s; mỗi số liệu giữ cách đếm của nguồn.",
    ),
    "en": BriefWords(
        kind="Meeting sheet",
        issuer="Ministry of Foreign Affairs",
        place="Ha Noi",
        sides={
            "theirs": "They promised: %(open)s still open",
            "ours": "We promised: %(open)s still open",
            "joint": "Both sides together: %(open)s still open",
        },
        no_promise="Nothing is open on record.",
        market="Trade, agreements, barriers",
        meetings="Meetings past and to come",
        since="since %(day)s",
        no_level="No level of relations is on record.",
        recalled="not verified",
        anniversary="Next anniversary: %(day)s, %(years)s years, %(what)s.",
        mission="Our mission: %(name)s.",
        due="due %(day)s",
        no_due="no due date",
        overdue="OVERDUE",
        unknown="date passed, outcome not known",
        million="USD million",
        as_of="as of %(day)s",
        no_trade="The loaded sets hold no yearly trade figures with this partner.",
        in_force="Agreements in force: %(names)s",
        pending="Agreements not in force or under negotiation: %(names)s",
        barriers="Barriers: %(names)s",
        more=" and %(count)s more",
        coming="To come, %(day)s: %(name)s.",
        past="%(day)s: %(name)s.",
        people="People met or known, as documents name them: %(names)s.",
        closing="From the registers as far as its author may see them, as of %(day)s; each figure as its source counts.",
    ),
}
