"""How far are preferences used, by tables of certificates of origin: agreement, year, market, product, eligible, claimed?

A row of the release: agreement, year, exporter, importer, product (0: all goods), eligible and claimed in thousand USD, and the
rates as fractions where the table tells them.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from banggiao.analytics.ingest.codes import decimal_mark, number_of
from banggiao.analytics.ingest.grids import Headed, headed
from banggiao.analytics.ingest.origins import Origin
from banggiao.analytics.ingest.tables_of import Lines, Made, Reading, table
from banggiao.analytics.ingest.totals import UNITS
from banggiao.core.errors import N_, FieldProblem, InvalidInput

COLUMNS = (
    ("agreement", pa.string()), ("year", pa.int16()), ("exporter", pa.int16()), ("importer", pa.int16()), ("product", pa.int32()),
    ("eligible", pa.float64()), ("claimed", pa.float64()), ("mfn", pa.float64()), ("preferential", pa.float64()),
)  # fmt: skip
SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "agreement": ("Agreement", "FTA", "Form", "CO form", "Hiệp định", "Mẫu C/O", "Mẫu CO"),
    "year": ("Year", "Năm"),
    "market": ("Market", "Importer", "Country", "Partner", "Destination", "Thị trường", "Nước nhập khẩu", "Nước"),
    "product": ("Product", "HS", "HS Code", "HS6", "Product code", "Mã HS", "Mã hàng"),
    "eligible": ("Eligible", "Eligible value", "Exports", "Total exports", "Kim ngạch đủ điều kiện",
        "Kim ngạch xuất khẩu", "Kim ngạch"),
    "claimed": ("Claimed", "Utilised", "Used", "Value with CO", "Preferential value", "Kim ngạch có C/O",
        "Kim ngạch cấp C/O", "Trị giá C/O"),
    "mfn": ("MFN", "MFN rate", "Thuế MFN"),
    "preferential": ("Preferential", "Preferential rate", "Thuế ưu đãi"),
}  # fmt: skip


def read(work: Reading) -> Made:
    """The table of use in the files; values are in USD unless the unit is told. Raises InvalidInput, Refused."""
    if work.told.unit not in UNITS:
        raise InvalidInput(
            N_("Bảng tận dụng ưu đãi không tự cho biết đơn vị của trị giá."),
            remedy=N_("Hãy nêu --unit usd, thousand_usd hoặc million_usd."),
            problems=[FieldProblem("unit", N_("Chưa rõ đơn vị."))],
        )
    lines, factor = Lines(work.report), UNITS[work.told.unit]
    rows: dict[tuple[str, int, int, int, int], tuple[object, ...]] = {}
    beyond: list[str] = []
    names = []
    for grid in work.grids():
        use = headed(grid, SPELLINGS, ("agreement", "market", "eligible", "claimed"))
        names.append(grid.name)
        decimal = _decimal(use)
        for place, cells in use.records():
            where = grid.where(place)
            exporter = lines.country(work.told.reporter or "VNM", where)
            market = lines.country(cells["market"], where)
            year = lines.year(cells.get("year") or work.told.year, where)
            product = (0, 0) if not cells.get("product") else lines.product(cells["product"], where)
            if exporter is None or market is None or year is None or product is None:
                continue
            eligible, claimed = number_of(cells["eligible"], decimal), number_of(cells["claimed"], decimal)
            if eligible is None or claimed is None:
                lines.left_out("number", f"{where}: {cells['eligible']} | {cells['claimed']}")
                continue
            if eligible < 0 or claimed < 0:
                lines.left_out("negative", f"{where}: {cells['eligible']} | {cells['claimed']}")
                continue
            key = (cells["agreement"], year, exporter, market, product[0])
            if key in rows:
                lines.left_out("duplicate", f"{where}: {cells['agreement']} {year} {cells['market']} {cells.get('product', '')}")
                continue
            if claimed > eligible:
                beyond.append(f"{where}: {cells['claimed']} > {cells['eligible']}")
            fractions = [_fraction(cells.get(name, ""), decimal) for name in ("mfn", "preferential")]
            rows[key] = (*key, eligible * factor, claimed * factor, *fractions)
            lines.kept += 1
    if beyond:
        work.report.add(
            "claimed",
            "warning",
            N_("%(count)s dòng có trị giá hưởng ưu đãi lớn hơn trị giá đủ điều kiện; giữ nguyên."),
            count=len(beyond),
            samples=beyond,
        )
    lines.close(", ".join(names))
    return Made(
        table(list(rows.values()), COLUMNS),
        Origin(work.told.title or "Use of trade preferences", "Table of certificates of origin as supplied by the user", "", ""),
        tuple(sorted({key[1] for key in rows})),
        (f"values times {factor:g} give thousand USD (unit said: {work.told.unit})",),
        value=sum(float(str(row[6])) for row in rows.values()),
        countries=frozenset(code for key in rows for code in key[2:4]),
        products=frozenset(key[4] for key in rows if key[4]),
    )


def _fraction(cell: str, decimal: str) -> float | None:
    number = number_of(cell.removesuffix("%"), decimal) if cell else None
    return None if number is None else number / 100


def _decimal(use: Headed) -> str:
    cells = [cells[name] for _n, cells in use.records() for name in ("eligible", "claimed") if cells[name]]
    mark = decimal_mark(cells)
    if mark is None:
        raise InvalidInput(
            N_("Không rõ dấu chấm, dấu phẩy trong số là dấu thập phân hay dấu hàng nghìn."),
            subject=use.grid.name,
            remedy=N_("Hãy lưu tệp Excel thay cho csv, hoặc xóa dấu hàng nghìn."),
            problems=[FieldProblem("number", ", ".join(cells[:3]))],
        )
    return mark or "."
