"""What does a national customs table tell month by month: by partner, by product, or by both, as Excel or csv?

A row of the release: year, month, reporter, partner (0: all), product (six digits; a chapter or heading filled up with zeros, 0:
all goods), flow, value (thousand USD), quantity (as the table gives it), provisional. Labels of goods that are no HS codes
("Hàng thủy sản") must be explained once; see `remembered`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from banggiao.analytics.ingest.areas import by_iso3, packaged
from banggiao.analytics.ingest.codes import EVERYBODY, country_code, decimal_mark, number_of, product_code
from banggiao.analytics.ingest.grids import Grid
from banggiao.analytics.ingest.months import Heading, MonthColumn, heading_of, unit_said
from banggiao.analytics.ingest.origins import Origin
from banggiao.analytics.ingest.remembered import Remembered, ask_for, remember, remembered
from banggiao.analytics.ingest.tables import NULLS
from banggiao.analytics.ingest.tables_of import Lines, Made, Reading, table
from banggiao.analytics.ingest.totals import UNIT_FACTOR, UNITS
from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.core.folding import fold, nfc

COLUMNS = (
    ("year", pa.int16()), ("month", pa.int8()), ("reporter", pa.int16()), ("partner", pa.int16()), ("product", pa.int32()),
    ("flow", pa.string()), ("value", pa.float64()), ("quantity", pa.float64()), ("provisional", pa.bool_()),
)  # fmt: skip
_PARTNER = ("nuoc", "thi truong", "country", "partner", "nuoc vung lanh tho", "doi tac", "nuoc khu vuc")
_PRODUCT = (
    "mat hang",
    "nhom hang",
    "ma hs",
    "hs",
    "hs code",
    "product",
    "ten hang",
    "mat hang chu yeu",
    "commodity",
    "nhom mat hang",
)
_TOTALS = ("tong", "tong so", "tong tri gia", "total", "tong cong", "tong kim ngach", "the gioi", "world")
_PARTS = ("trong do", "of which", "doanh nghiep", "khu vuc", "ngoai ra")
_Key = tuple[int, int, int, int, str]
_REMEDIES = {
    "header": N_("Hãy kiểm tra lại tệp: cần ít nhất một cột mang tên tháng."),
    "number": N_("Hãy lưu tệp Excel thay cho csv, hoặc xóa dấu hàng nghìn."),
}


@dataclass(frozen=True, slots=True)
class _Sides:
    """The columns of labels: the place of the partner and of the product, or None."""

    partner: int | None
    product: int | None


def read(work: Reading) -> Made:
    """The months in the files. Raises InvalidInput for what is unclear (no months, year, unit, flow, unexplained goods),
    Refused for what may not be taken. What was told is remembered under the name of the mapping once all could be read."""
    name = work.told.mapping or "customs"
    known = remembered(work.root, name)
    known.reporter = work.told.reporter or known.reporter or "VNM"
    known.flow = work.told.flow or known.flow
    reporter = country_code(known.reporter)
    if not reporter:
        raise _unclear(N_("Không nhận ra nước báo cáo “%(reporter)s”."), "reporter", reporter=known.reporter)
    lines = Lines(work.report)
    cells: dict[_Key, list[float | bool | None]] = {}
    open_labels: list[str] = []
    units: set[str] = set()
    names = []
    for grid in work.grids():
        heading = heading_of(grid, work.told.year)
        if heading is None or not heading.columns:
            continue
        names.append(grid.name)
        unit = work.told.unit or unit_said(heading.title) or known.unit
        if unit not in UNITS:
            raise _unclear(N_("Bảng không cho biết đơn vị của trị giá."), "unit", subject=grid.name)
        units.add(unit)
        _take(grid, heading, known, UNITS[unit], lines, cells, open_labels, work)
    if not names:
        raise _unclear(N_("Không tìm thấy cột nào là tháng (ví dụ “Tháng 3/2026”, “2026-03”, “Mar 2026”)."), "header")
    if open_labels:
        ask_for(known, open_labels)
        raise InvalidInput(
            N_("Chưa biết %(count)s tên hàng là mã HS nào: %(labels)s."),
            subject=", ".join(names),
            remedy=N_("Hãy ghi mã (2, 4 hoặc 6 số; 0 là mọi hàng; - để bỏ) vào tệp %(path)s rồi nhập lại; lần sau sẽ nhớ."),
            count=len(set(open_labels)),
            labels=", ".join(dict.fromkeys(open_labels))[:300],
            path=remember(work.root, known),
            problems=[FieldProblem("products", label) for label in dict.fromkeys(open_labels)],
        )
    lines.close(", ".join(names))
    _gaps(work, cells)
    _against_known(work, cells, reporter)
    work.report.stop_if_refused(", ".join(names))
    known.unit = min(units) if len(units) == 1 else known.unit
    remember(work.root, known)
    rows = [
        (year, month, reporter, partner, product, flow, *cells[key])
        for key in sorted(cells)
        for year, month, partner, product, flow in (key,)
    ]
    return Made(
        table(rows, COLUMNS),
        Origin(
            work.told.title or f"Monthly trade of {known.reporter}",
            f"National customs tables ({name}) as supplied by the user",
            "",
            "",
        ),
        tuple(sorted({key[0] for key in cells})),
        (f"columns read by mapping {name}", *(f"values in {unit}" for unit in sorted(units))),
        value=sum(float(cell[0] or 0) for cell in cells.values()),
        countries=frozenset({reporter, *(key[2] for key in cells)} - {EVERYBODY}),
        products=frozenset(key[3] for key in cells if key[3]),
    )


def _take(
    grid: Grid,
    heading: Heading,
    known: Remembered,
    factor: float,
    lines: Lines,
    cells: dict[_Key, list[float | bool | None]],
    open_labels: list[str],
    work: Reading,
) -> None:
    """The figures of one grid into `cells`."""
    sides = _sides(grid, heading)
    decimal = _decimal(grid, heading)
    sums: dict[MonthColumn, float] = defaultdict(float)
    totals: dict[MonthColumn, float] = {}
    partner_above = ""
    for number in range(heading.last + 1, len(grid.rows)):
        row, where = grid.rows[number], grid.where(number)
        label, country = _at(row, sides.product), _at(row, sides.partner)
        partner_above = country or partner_above
        if not any(_at(row, column.place) not in ("", "-", *NULLS) for column in heading.columns) or not (label or country):
            continue
        whole = fold(label or country)
        if whole in _TOTALS or (country and label and fold(label) in _TOTALS):
            totals |= {
                c: x for c in heading.columns if (x := number_of(_at(row, c.place), decimal)) is not None and not c.quantity
            }
            continue
        if whole.startswith(_PARTS):
            continue
        partner = EVERYBODY if sides.partner is None else _partner(partner_above, known, lines, where)
        product = 0 if sides.product is None else _product(label, known, open_labels)
        if partner is None or product is None:
            continue
        for column in heading.columns:
            _cell(_at(row, column.place), column, (partner, product), known, factor, decimal, lines, where, cells, sums)
    _check_totals(work, sums, totals, grid)


def _cell(
    text: str, column: MonthColumn, key: tuple[int, int], known: Remembered, factor: float, decimal: str, lines: Lines,
    where: str, cells: dict[_Key, list[float | bool | None]], sums: dict[MonthColumn, float],
) -> None:  # fmt: skip
    if text in ("-", *NULLS):
        return
    flow = column.flow or known.flow
    if flow not in ("export", "import"):
        raise _unclear(N_("Bảng không cho biết là xuất khẩu hay nhập khẩu."), "flow", subject=where)
    if not column.year:
        raise _unclear(N_("Không rõ tháng %(month)s thuộc năm nào."), "year", subject=where, month=column.month)
    number = number_of(text, decimal)
    if number is None:
        lines.left_out("number", f"{where}: {text}")
        return
    if number < 0:
        lines.left_out("negative", f"{where}: {text}")
        return
    full = (column.year, column.month, *key, flow)
    cell = cells.setdefault(full, [None, None, column.provisional])
    place = 1 if column.quantity else 0
    if cell[place] is not None:
        lines.left_out("duplicate", f"{where}: {column.year}-{column.month:02d}")
        return
    cell[place] = number if column.quantity else number * factor
    if not column.quantity:
        sums[column] += number
    lines.kept += 1


def _sides(grid: Grid, heading: Heading) -> _Sides:
    """Which columns hold partners and goods: by their headings, else by what stands in the first column of words."""
    partner = product = None
    first = min(column.place for column in heading.columns)
    for row in grid.rows[: heading.last + 1]:
        for place, cell in enumerate(row[:first]):
            word = fold(cell)
            if word in _PARTNER and partner is None:
                partner = place
            elif word in _PRODUCT and (product is None or "hs" in word.split()):
                product = place
    if partner is None and product is None and first:
        body = grid.rows[heading.last + 1 :]
        wordy = [sum(bool(text) and not text.isdecimal() for row in body if (text := _at(row, place))) for place in range(first)]
        labelled = wordy.index(max(wordy))
        labels = [text for row in body if (text := _at(row, labelled))]
        named = sum(country_code(label) is not None for label in labels)
        return _Sides(labelled, None) if named * 2 > len(labels) else _Sides(None, labelled)
    return _Sides(partner, product)


def _partner(label: str, known: Remembered, lines: Lines, where: str) -> int | None:
    code = known.partners.get(nfc(label), "")
    return country_code(code) if code else lines.country(label, where)


def _product(label: str, known: Remembered, open_labels: list[str]) -> int | None:
    """Six digits of a label; None where it is to be left out or not yet explained."""
    code = known.products.get(nfc(label), "")
    if code == "-":
        return None
    if code == "0":
        return 0
    found = product_code(code or label)
    if found is None:
        open_labels.append(nfc(label))
        return None
    return found[0]


def _decimal(grid: Grid, heading: Heading) -> str:
    texts = [_at(row, column.place) for row in grid.rows[heading.last + 1 :] for column in heading.columns]
    mark = decimal_mark([text for text in texts if text not in ("-", *NULLS)])
    if mark is None:
        raise _unclear(
            N_("Không rõ dấu chấm, dấu phẩy trong số là dấu thập phân hay dấu hàng nghìn."), "number", subject=grid.name
        )
    return mark or "."


def _check_totals(work: Reading, sums: dict[MonthColumn, float], totals: dict[MonthColumn, float], grid: Grid) -> None:
    """A row of totals is left out, but must agree with what was read: a row lost or read twice shows here."""
    off = [
        f"{grid.name}: {column.year}-{column.month:02d}: {total:,.6g} / {sums[column]:,.6g}"
        for column, total in totals.items()
        if sums[column] > total * 1.01
    ]
    if off:
        work.report.add(
            "sums", "warning", N_("%(count)s tháng có tổng các dòng lớn hơn dòng tổng của bảng."), count=len(off), samples=off
        )
    elif totals:
        work.report.add("sums", "ok", N_("Tổng các dòng không vượt dòng tổng của bảng."))


def _gaps(work: Reading, cells: dict[_Key, list[float | bool | None]]) -> None:
    held = {key[0] * 12 + key[1] - 1 for key in cells}
    missing = [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(min(held), max(held)) if month not in held]
    if missing:
        work.report.add(
            "months", "warning", N_("Thiếu các tháng %(months)s."), count=len(missing), months=", ".join(missing[:24])
        )


def _against_known(work: Reading, cells: dict[_Key, list[float | bool | None]], reporter: int) -> None:
    """A month of Viet Nam beyond a hundred times its published total is in another unit than was said."""
    if reporter != by_iso3()["VNM"]:
        return
    published = {(row["period"], row["flow"]): 1e3 * float(row["value_usd_million"]) for row in packaged("trade_monthly")}
    months: dict[tuple[str, str], float] = defaultdict(float)
    for (year, month, _partner, _product, flow), cell in cells.items():
        months[f"{year:04d}-{month:02d}", flow] += float(cell[0] or 0)
    off = [
        f"{key[0]} {key[1]}: {value / published[key]:,.0f}x"
        for key, value in months.items()
        if key in published and value > UNIT_FACTOR * published[key]
    ]
    if off:
        work.report.add(
            "unit",
            "refused",
            N_("%(count)s tháng lớn hơn 100 lần số đã công bố: có lẽ nhầm đơn vị."),
            count=len(off),
            samples=off,
        )


def _at(row: Sequence[str], place: int | None) -> str:
    return row[place].strip() if place is not None and place < len(row) else ""


def _unclear(message: str, field: str, *, subject: str = "", **params: object) -> InvalidInput:
    return InvalidInput(
        message,
        subject=subject,
        remedy=_REMEDIES.get(field, N_("Hãy nêu bằng --%(field)s.")),
        field=field,
        problems=[FieldProblem(field, N_("Chưa rõ."))],
        **params,
    )
