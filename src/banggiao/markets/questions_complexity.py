"""Every read of what a country can make: complexity of economies and products, the product space, what lies near a product."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.questions import Bi, Column, Parameter
from banggiao.markets.answers import EXPORTER, MILLION, known, market_question, million, percent
from banggiao.markets.matrices import complexity_of, place_in
from banggiao.markets.names import countries, country_of, hs, product_names, sector_of
from banggiao.markets.questions_structure import PRODUCT, one_product
from banggiao.markets.store import Chosen

Cells = list[tuple[Any, ...]]
#: Products of the network picture: the largest in world trade; more cannot be told apart on a sheet.
NODES = 260


def _economies(params: Mapping[str, str], chosen: Chosen, viewer: Viewer) -> Cells:
    measured, names = complexity_of(chosen), countries(chosen)
    exports = {int(c): float(v) for c, v in zip(chosen.cube.countries, chosen.cube.exports.sum(axis=1), strict=True)}
    order = sorted(range(len(measured.countries)), key=lambda i: -measured.eci[i])
    return [
        (
            names[code].cell, names[code].iso3, rank, known(measured.eci[i], 3), int(measured.diversity[i]),
            known(measured.coi[i], 3), million(exports[code]),
        )
        for rank, i in enumerate(order, 1)
        for code in (int(measured.countries[i]),)
    ]  # fmt: skip


COMPLEXITY = market_question(
    "market_complexity",
    Bi("Độ phức hợp của các nền kinh tế", "Complexity of economies"),
    (),
    (
        Column("country", N_("Nước"), "record"),
        Column("code", N_("Mã")),
        Column("rank", N_("Thứ hạng"), "number"),
        Column("eci", "ECI", "number"),
        Column("diversity", N_("Đa dạng (sản phẩm có RCA ≥ 1)"), "number"),
        Column("coi", "COI", "number"),
        Column("exports", N_("Xuất khẩu"), "number", unit=MILLION),
    ),
    "market_complexity",
    _economies,
)


def _space(params: Mapping[str, str], chosen: Chosen, viewer: Viewer) -> Cells:
    import numpy as np

    measured = complexity_of(chosen)
    i = place_in(measured, country_of(params["exporter"], chosen, field="exporter"), field="exporter")
    cube = chosen.cube
    row, world = int(np.searchsorted(cube.countries, measured.countries[i])), cube.exports.sum(axis=0)
    position = {int(code): k for k, code in enumerate(cube.products)}
    names = product_names((int(code) for code in measured.products), chosen)
    found = [
        (
            names[code], hs(code), sector_of(code), known(measured.rca[i, k], 3), bool(measured.present[i, k]),
            known(measured.density[i, k]), known(measured.pci[k], 3), known(measured.cog[i, k], 3),
            int(measured.ubiquity[k]), million(cube.exports[row, position[code]]), million(world[position[code]]),
        )
        for k, code in enumerate(int(c) for c in measured.products)
        if params["sector"] in ("", sector_of(code))
    ]  # fmt: skip
    wanted = params["held"]
    found = [cells for cells in found if not wanted or cells[4] is (wanted == "yes")]
    # What is not yet exported with advantage comes first where it is near; what is, by its value.
    return sorted(found, key=lambda cells: (-cells[9], cells[1]) if wanted != "no" else (-(cells[5] or 0.0), cells[1]))


SPACE = market_question(
    "market_space",
    Bi("Không gian sản phẩm của một nước", "Product space of a country"),
    (
        EXPORTER,
        Parameter("sector", N_("Nhóm ngành hàng"), "code", "product_sector"),
        Parameter("held", N_("Đã có lợi thế (RCA ≥ 1)"), "code", "yes_no"),
    ),
    (
        Column("product", N_("Sản phẩm"), "bilingual"),
        Column("hs", N_("Mã HS"), "mono"),
        Column("sector", N_("Nhóm ngành hàng"), "code", "product_sector"),
        Column("rca", "RCA", "number"),
        Column("present", N_("RCA ≥ 1"), "flag"),
        Column("density", N_("Mật độ"), "number"),
        Column("pci", "PCI", "number"),
        Column("cog", "COG", "number"),
        Column("ubiquity", N_("Số nước có RCA ≥ 1"), "number"),
        Column("exports", N_("Xuất khẩu"), "number", unit=MILLION),
        Column("world", N_("Thương mại thế giới"), "number", unit=MILLION),
    ),
    "market_space",
    _space,
)


def _proximity(params: Mapping[str, str], chosen: Chosen, viewer: Viewer) -> Cells:
    import numpy as np

    from banggiao.analytics.layout import space_edges

    measured, cube = complexity_of(chosen), chosen.cube
    world = {int(code): float(v) for code, v in zip(cube.products, cube.exports.sum(axis=0), strict=True)}
    size = np.array([world[int(code)] for code in measured.products])
    largest = np.sort(np.argsort(-size, kind="stable")[:NODES])
    phi = measured.proximity()[np.ix_(largest, largest)]
    codes = [int(measured.products[k]) for k in largest]
    names = product_names(codes, chosen)
    return [(names[codes[a]], hs(codes[a]), names[codes[b]], hs(codes[b]), known(weight, 3)) for a, b, weight in space_edges(phi)]


PROXIMITY = market_question(
    "market_proximity",
    Bi("Cặp sản phẩm gần nhau nhất", "Products nearest to one another"),
    (),
    (
        Column("first", N_("Sản phẩm thứ nhất"), "bilingual"),
        Column("first_hs", N_("Mã HS thứ nhất"), "mono"),
        Column("second", N_("Sản phẩm thứ hai"), "bilingual"),
        Column("second_hs", N_("Mã HS thứ hai")),
        Column("proximity", N_("Độ gần"), "number"),
    ),
    "market_proximity",
    _proximity,
)


def _nearest(params: Mapping[str, str], chosen: Chosen, viewer: Viewer) -> Cells:
    measured = complexity_of(chosen)
    i = place_in(measured, country_of(params["exporter"], chosen, field="exporter"), field="exporter")
    table = measured.nearest(one_product(params["product"]), 20).to_pydict()
    names = product_names(table["product"], chosen)
    position = {int(code): k for k, code in enumerate(measured.products)}
    return [
        (
            names[code], hs(code), sector_of(code), known(phi, 3), known(measured.rca[i, position[code]], 3),
            percent(measured.density[i, position[code]]), known(measured.pci[position[code]], 3),
        )
        for code, phi in zip(table["product"], table["proximity"], strict=True)
    ]  # fmt: skip


NEAREST = market_question(
    "market_nearest",
    Bi("Sản phẩm gần với một sản phẩm", "Products near a product"),
    (PRODUCT, EXPORTER),
    (
        Column("product", N_("Sản phẩm"), "bilingual"),
        Column("hs", N_("Mã HS"), "mono"),
        Column("sector", N_("Nhóm ngành hàng"), "code", "product_sector"),
        Column("proximity", N_("Độ gần"), "number"),
        Column("rca", N_("RCA của nước"), "number"),
        Column("density", N_("Mật độ"), "percent"),
        Column("pci", "PCI", "number"),
    ),
    "market_proximity",
    _nearest,
)
