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
    from banggiao.analytics.potential import CellPotential, ExporterPotential

#: Countries that export less than one billion USD take no part in complexity, as in the Atlas (thousand USD).
FLOOR = 1e6


def complexity_of(chosen: Chosen) -> Complexity:
    """The complexity of the year among countries above the floor. Raises InvalidInput where it would mean nothing."""
    return _complexity(*chosen.key)


def potential_of(chosen: Chosen, exporter: Country) -> ExporterPotential:
    """What an exporter could sell in every market and product, without the optional terms. Raises InvalidInput."""
    _place_in_cube(chosen, exporter, field="exporter")
    return _potential(*chosen.key, exporter.code)


def taken_apart(chosen: Chosen, exporter: Country, market: Country, product: int) -> CellPotential:
    """The potential of one product in one market, factor by factor. Raises InvalidInput for what was not traded that year."""
    import numpy as np

    from banggiao.analytics.potential import explain

    _place_in_cube(chosen, exporter, field="exporter")
    _place_in_cube(chosen, market, field="market")
    if product not in np.asarray(chosen.cube.products):
        raise _no_trade(f"{product:06d}", "product")
    return explain(chosen.cube, exporter.code, market.code, product)


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


def _place_in_cube(chosen: Chosen, country: Country, *, field: str) -> None:
    import numpy as np

    if country.code not in np.asarray(chosen.cube.countries):
        raise _no_trade(country.iso3, field)


def _no_trade(subject: str, field: str) -> InvalidInput:
    return InvalidInput(
        N_("Trong năm này bản phát hành không có thương mại của mục được hỏi."),
        subject=subject,
        remedy=N_("Hãy chọn năm, nước hoặc sản phẩm khác."),
        problems=[FieldProblem(field, N_("Giá trị không hợp lệ."))],
    )


@lru_cache(maxsize=6)
def _potential(root: str, release: str, year: int, exporter: int) -> ExporterPotential:
    from banggiao.analytics.potential import potential
    from banggiao.analytics.store import Store

    store = Store(root)
    return potential(store.cube(store.release(release), year), exporter)


@lru_cache(maxsize=2)
def _complexity(root: str, release: str, year: int) -> Complexity:
    from banggiao.analytics.complexity import complexity
    from banggiao.analytics.country_product import CountryProduct
    from banggiao.analytics.store import Store

    store = Store(root)
    matrix = CountryProduct.from_margin_file(store.margin_file(store.release(release), year, "exporter_product"))
    large = matrix.countries[matrix.values.sum(axis=1) >= FLOOR]
    return complexity(matrix.among(large.tolist()))
