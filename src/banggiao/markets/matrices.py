"""How do the questions reach the measures on whole matrices: complexity and export potential of a year, kept while it is asked?

No formula stands here. A release never changes, so what was computed for it holds until it is pushed out by others.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.markets.names import Country
from banggiao.markets.store import Chosen

if TYPE_CHECKING:
    from banggiao.analytics.complexity import Complexity

#: Countries that export less than one billion USD take no part in complexity, as in the Atlas (thousand USD).
FLOOR = 1e6


def complexity_of(chosen: Chosen) -> Complexity:
    """The complexity of the year among countries above the floor. Raises InvalidInput where it would mean nothing."""
    return _complexity(*chosen.key)


def place_in(measured: Complexity, country: Country, *, field: str) -> int:
    """The row of a country. Raises InvalidInput where it takes no part."""
    import numpy as np

    found = np.flatnonzero(measured.countries == country.code)
    if not len(found):
        raise InvalidInput(
            N_("Nước này không tham gia phép tính: xuất khẩu dưới một tỷ USD hoặc không có lợi thế ở sản phẩm nào."),
            subject=country.iso3,
            remedy=N_("Hãy chọn nước khác."),
            problems=[FieldProblem(field, N_("Giá trị không hợp lệ."))],
        )
    return int(found[0])


@lru_cache(maxsize=2)
def _complexity(root: str, release: str, year: int) -> Complexity:
    from banggiao.analytics.complexity import complexity
    from banggiao.analytics.country_product import CountryProduct
    from banggiao.analytics.store import Store

    store = Store(root)
    matrix = CountryProduct.from_margin_file(store.margin_file(store.release(release), year, "exporter_product"))
    large = matrix.countries[matrix.values.sum(axis=1) >= FLOOR]
    return complexity(matrix.among(large.tolist()))
