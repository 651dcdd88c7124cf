"""How do World Bank WITS and ITC Trade Map tables become what UN Comtrade, their source, would have said?

Both show UN Comtrade's records in other clothes: WITS by ISO codes and in thousand USD, Trade Map as lists with one column a
year. They are rewritten into the columns of Comtrade, so that there is one way of checking; the release keeps the name of its
source.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from banggiao.analytics.ingest.checks import Report
from banggiao.analytics.ingest.codes import EVERYBODY, country_code, number_of, product_code
from banggiao.analytics.ingest.grids import grids_of
from banggiao.analytics.ingest.layouts import Layout
from banggiao.analytics.ingest.opening import Opened
from banggiao.analytics.ingest.running import Run
from banggiao.core.errors import N_, FieldProblem, InvalidInput

WITS = Layout(
    "wits",
    {
        "year": ("year",),
        "reporter": ("reporteriso3", "reporter"),
        "partner": ("partneriso3", "partner"),
        "flow": ("tradeflowname", "tradeflow", "trade flow", "tradeflowcode"),
        "product": ("productcode", "product code"),
        "value": ("tradevalue in 1000 usd", "trade value 1000usd", "trade value 1000 usd", "tradevalue"),
        "quantity": ("quantity",),
        "unit": ("qtytoken", "quantity unit", "qtyunit"),
        "revision": ("nomenclature", "nomen"),
    },
    ("year", "reporter", "partner", "flow", "product", "value"),
)
#: The source whose files are lists, told by the user because a list of years may be anything.
LISTS = "trademap"
HEADER = ("refYear", "reporterCode", "partnerCode", "flowCode", "cmdCode", "primaryValue", "netWgt", "classificationCode")
_VALUE_IN = re.compile(
    r"\b(?P<flow>export|import)ed value in (?P<year>(19|20)\d\d)|\bvalue in (?P<bare>(19|20)\d\d)", re.IGNORECASE
)
_SIDE = re.compile(r"\b(exported|imported)\s+(?:by|from|to)\s+(?P<name>.+?)(?:\s+in\s+(19|20)\d\d)?\s*$", re.IGNORECASE)
_PRODUCT = re.compile(r"product\s*:\s*'?(\d{2,6})\b", re.IGNORECASE)


def is_wits(header: Sequence[str]) -> bool:
    """Whether a header is that of WITS and not of Comtrade, whose columns have other names."""
    return WITS.fits(header) == 1


def as_comtrade(files: Iterable[Opened], source: str, scratch: Path, report: Report, run: Run) -> tuple[list[Opened], str]:
    """The files, those of WITS (and of Trade Map, where `source` says so) rewritten; and the name of their source, "" for others.

    Raises InvalidInput where a list does not tell its country or product, or files of several sources come together.
    """
    out, names = [], set[str]()
    for number, file in enumerate(files):
        if source == LISTS:
            rows: Iterator[tuple[str, ...]] = _of_lists(file, scratch, report, run)
        elif not file.is_json and (source == WITS.name or is_wits(file.header)):
            rows = _of_wits(file, report)
        else:
            names.add("")
            out.append(file)
            continue
        names.add(LISTS if source == LISTS else WITS.name)
        target = scratch / f"comtrade-{number}"
        with target.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle, delimiter="\t", lineterminator="\n")
            writer.writerow(HEADER)
            writer.writerows(rows)
        out.append(Opened(target, file.name, HEADER, "\t"))
    if len(names) > 1:
        raise InvalidInput(
            N_("Các tệp thuộc nhiều nguồn khác nhau."),
            problems=[FieldProblem("files", N_("Hãy nhập từng nguồn một."))],
        )
    return out, next(iter(names), "")


def _of_wits(file: Opened, report: Report) -> Iterator[tuple[str, ...]]:
    found = WITS.taken(file)
    place = {key: file.header.index(name) for key, name in found.items()}
    unknown, samples = 0, list[str]()
    with file.path.open(encoding="utf-8-sig", newline="") as handle:
        rows = csv.reader(handle, delimiter=file.delimiter)
        next(rows, None)
        for line, row in enumerate(rows, 2):
            if not any(row):
                continue
            told = {key: row[at].strip() if at < len(row) else "" for key, at in place.items()}
            reporter, partner = country_code(told["reporter"]), country_code(told["partner"])
            value = number_of(told["value"])
            if reporter is None or partner is None or value is None:
                unknown += 1
                samples.append(f"{file.name}:{line}: {told['reporter']} {told['partner']} {told['value']}")
                continue
            flow = {"e": "X", "6": "X", "i": "M", "5": "M"}.get(told["flow"][:1].lower(), told["flow"])
            weight = told.get("quantity", "") if told.get("unit", "").lower() in ("kg", "8") else ""
            code = told["product"].zfill(6) if told["product"].isdecimal() and len(told["product"]) == 5 else told["product"]
            yield (
                told["year"], str(reporter), str(partner), flow, code, repr(value * 1000), weight, told.get("revision", ""),
            )  # fmt: skip
    if unknown:
        text = N_("%(count)s dòng có nước hoặc trị giá không nhận ra đã bỏ.")
        report.add("wits", "warning", text, count=unknown, samples=samples)


def _of_lists(file: Opened, scratch: Path, report: Report, run: Run) -> Iterator[tuple[str, ...]]:
    """A list of markets (or suppliers) of one product: title, product and unit above, then a row a country, a column a year."""
    for grid in grids_of(file.path, scratch, run):
        heading = next((n for n, row in enumerate(grid.rows[:40]) if any(_VALUE_IN.search(cell) for cell in row)), None)
        if heading is None:
            raise _unclear(file, "header", N_("Không thấy cột “Exported value in …” hoặc “Imported value in …”."))
        above = [cell for row in grid.rows[:heading] for cell in row if cell]
        side = next((m for text in above if (m := _SIDE.search(text))), None)
        product = next((m.group(1) for text in above if (m := _PRODUCT.search(text))), "")
        country = country_code(side.group("name")) if side else None
        if side is None or not country:
            raise _unclear(file, "reporter", N_("Tiêu đề của bảng không cho biết nước nào xuất khẩu hay nhập khẩu."))
        code = product_code(product)
        if code is None or code[1] < 6:
            raise _unclear(file, "product", N_("Tiêu đề của bảng không cho biết mã hàng sáu chữ số."))
        flow = "X" if side.group(1).lower() == "exported" else "M"
        factor = 1.0 if any(re.search(r"unit\s*:\s*US dollars?\s*$", text, re.IGNORECASE) for text in above) else 1000.0
        years = {at: m["year"] or m["bare"] for at, cell in enumerate(grid.rows[heading]) if (m := _VALUE_IN.search(cell))}
        unknown, samples = 0, list[str]()
        for number in range(heading + 1, len(grid.rows)):
            row = grid.rows[number]
            if not row or not row[0]:
                continue
            partner = country_code(row[0])
            if partner == EVERYBODY:
                continue
            if partner is None:
                unknown += 1
                samples.append(f"{grid.where(number)}: {row[0]}")
                continue
            for at, year in years.items():
                value = number_of(row[at]) if at < len(row) else None
                if value:
                    yield (year, str(country), str(partner), flow, f"{code[0]:06d}", repr(value * factor), "", "")
        if unknown:
            text = N_("%(count)s dòng có nước không nhận ra đã bỏ.")
            report.add("country", "warning", text, count=unknown, samples=samples)


def _unclear(file: Opened, field: str, message: str) -> InvalidInput:
    return InvalidInput(
        message,
        subject=file.name,
        remedy=N_("Hãy tải lại từ Trade Map, giữ nguyên các dòng tiêu đề phía trên bảng."),
        problems=[FieldProblem(field, N_("Chưa rõ."))],
    )
