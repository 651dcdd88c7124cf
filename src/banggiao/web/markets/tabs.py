"""Which pages of world trade are there, in the order of their bar and of the menu?"""

from __future__ import annotations

from dataclasses import dataclass

from banggiao.core.errors import N_


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of the markets: the name of its route, what it is called, its symbol of `img/icons.svg`."""

    route: str
    label: str
    icon: str


#: A new page is one line more here.
TABS = (
    Tab("markets", N_("Toàn cảnh thị trường"), "market"),
    Tab("market_explorer", N_("Cơ hội xuất khẩu"), "target"),
    Tab("market_space", N_("Không gian sản phẩm"), "space"),
    Tab("market_dependence", N_("Phụ thuộc nhập khẩu"), "link"),
    Tab("market_tariffs", N_("Mô phỏng thuế quan"), "scales"),
    Tab("market_agreement", N_("Nếu có hiệp định mới"), "bridge"),
    Tab("market_concentration", N_("Đa dạng hóa"), "spread"),
)
