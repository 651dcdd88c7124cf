"""Which duty does a tariff schedule ask: of everybody (MFN) and of partners with a preference, in WTO, TRAINS or MacMap layouts?

A row of the release is a year, importer, exporter (0: everybody), product, and the rates as fractions: `mfn`, and `preferential`
where there is one. Rates that are no percentage ("2 USD/kg") are kept as they are written in `text`, without a rate, and counted.
National tariff lines of more than six digits become the simple average of their subheading, which is what the WTO's six-digit
tables hold too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

import pyarrow as pa

from banggiao.analytics.ingest.codes import EVERYBODY, decimal_mark, number_of
from banggiao.analytics.ingest.grids import Headed, headed
from banggiao.analytics.ingest.origins import Origin
from banggiao.analytics.ingest.tables_of import Lines, Made, Reading, table
from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.core.folding import fold

COLUMNS = (
    ("year", pa.int16()), ("importer", pa.int16()), ("exporter", pa.int16()), ("product", pa.int32()), ("mfn", pa.float64()),
    ("preferential", pa.float64()), ("agreement", pa.string()), ("text", pa.string()),
)  # fmt: skip
SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "reporter": (
        "Reporter", "ReporterISO3", "Reporter ISO3", "Reporter Code", "ReporterCode", "Reporting Economy Code",
        "Reporting Economy", "Importer", "Imposing country", "Nước nhập khẩu",
    ),
    "partner": (
        "Partner", "PartnerISO3", "Partner ISO3", "Partner Code", "PartnerCode", "Partner Economy Code", "Exporter",
        "Exporting country", "Beneficiary", "Nước xuất khẩu",
    ),
    "product": (
        "Product", "ProductCode", "Product Code", "HS Code", "HS6", "HS", "Tariff line code", "Tariff line", "TL", "NTLC",
        "National tariff line code", "Mã HS", "Mã hàng",
    ),
    "year": ("Year", "Tariff Year", "TariffYear", "Năm"),
    "kind": ("DutyType", "Duty Type", "Tariff type", "Tariff regime", "TariffRegime", "Regime", "Duty scheme", "Loại thuế"),
    "rate": (
        "Simple Average", "SimpleAverage", "Ad valorem", "Ad valorem duty", "AV duty", "Ad valorem equivalent", "AVE", "Rate",
        "Applied rate", "Tariff", "Average AV duty", "Simple average ad valorem duty", "Thuế suất",
    ),
    "text": ("Specific duty", "NAV", "Non ad valorem", "Duty expression", "Duty text", "Original duty", "Thuế tuyệt đối"),
    "agreement": ("Agreement", "Preference", "Trade agreement", "Preferential agreement", "Hiệp định"),
}  # fmt: skip
_MFN = frozenset({"mfn", "mfn applied", "mfn duties", "mfn duties applied", "erga omnes", "toi hue quoc", "02", "2", ""})
_PREFERENTIAL = re.compile(r"prf|pref|fta|rta|gsp|cu|free trade|agreement|uu dai dac biet")
_BOUND = re.compile(r"bnd|bound|cam ket")
_FREE = frozenset({"free", "mien", "mien thue", "exempt", "duty free"})


def read(work: Reading) -> Made:
    """The schedule in the files. Raises InvalidInput for a wrong heading, Refused with the report for what may not be taken."""
    lines = Lines(work.report)
    rates: dict[tuple[int, int, int, int, str], list[float]] = defaultdict(list)
    texts: dict[tuple[int, int, int, int, str], str] = {}
    bound = finer = 0
    names = []
    for grid in work.grids():
        schedule = headed(grid, SPELLINGS, ("product", "rate", *(() if work.told.reporter else ("reporter",))))
        names.append(grid.name)
        percent = _percent(work, schedule)
        decimal = _decimal(schedule)
        for place, cells in schedule.records():
            where = grid.where(place)
            kind = fold(cells.get("kind", ""))
            if _BOUND.search(kind):
                bound += 1
                continue
            importer = lines.country(cells.get("reporter") or work.told.reporter, where)
            year = lines.year(cells.get("year") or work.told.year, where)
            product = lines.product(cells["product"], where)
            partner = cells.get("partner", "")
            exporter = EVERYBODY if not partner or kind in _MFN else lines.country(partner, where)
            if importer is None or year is None or product is None or exporter is None:
                continue
            code, digits = product
            if digits < 6:
                lines.left_out("product", f"{where}: {cells['product']}")
                continue
            finer += len(re.sub(r"\D", "", cells["product"])) > 6
            agreement = cells.get("agreement", "") or (cells.get("kind", "") if exporter or _PREFERENTIAL.search(kind) else "")
            key = (year, importer, exporter, code, agreement)
            rate, text = _rate(cells["rate"], cells.get("text", ""), percent, decimal)
            if rate is not None and rate < 0:
                lines.left_out("negative", f"{where}: {cells['rate']}")
                continue
            if rate is not None:
                rates[key].append(rate)
            elif text:
                texts[key] = text
            else:
                lines.left_out("number", f"{where}: -")
                continue
            lines.kept += 1
    lines.close(", ".join(names))
    return _made(work, rates, texts, bound, finer)


def _made(
    work: Reading,
    rates: Mapping[tuple[int, int, int, int, str], list[float]],
    texts: Mapping[tuple[int, int, int, int, str], str],
    bound: int,
    finer: int,
) -> Made:
    """One row a year, importer, exporter, product and agreement; a preference carries the MFN rate it is measured against."""
    general = {
        (year, importer, product): sum(found) / len(found)
        for (year, importer, exporter, product, _a), found in rates.items()
        if exporter == EVERYBODY
    }
    rows: list[tuple[object, ...]] = []
    for key in sorted(set(rates) | set(texts)):
        year, importer, exporter, product, agreement = key
        rate = sum(rates[key]) / len(rates[key]) if key in rates else None
        mfn = general.get((year, importer, product))
        preferential = None if exporter == EVERYBODY else rate
        rows.append((year, importer, exporter, product, mfn, preferential, agreement, texts.get(key, "")))
    alone = sum(row[2] != EVERYBODY and row[4] is None for row in rows)
    if texts:
        work.report.add(
            "specific",
            "warning",
            N_("%(count)s dòng thuế không theo tỷ lệ phần trăm: giữ nguyên văn, không có thuế suất."),
            count=len(texts),
            samples=[f"{product:06d}: {text}" for (_y, _i, _e, product, _a), text in texts.items()],
        )
    if alone:
        work.report.add("no_mfn", "warning", N_("%(count)s ưu đãi không có thuế MFN để so."), count=alone)
    if bound:
        work.report.add("bound", "ok", N_("%(count)s dòng thuế cam kết (bound) đã bỏ."), count=bound)
    steps = ["rates as fractions, simple average within a subheading"]
    if finer:
        steps.append(f"{finer} national tariff lines averaged to six digits")
    return Made(
        table(rows, COLUMNS),
        Origin(work.told.title or "Tariff schedules", "Tariff schedule as supplied by the user", "", ""),
        tuple(sorted({int(str(row[0])) for row in rows})),
        tuple(steps),
        countries=frozenset(int(str(code)) for row in rows for code in row[1:3] if code),
        products=frozenset(int(str(row[3])) for row in rows),
    )


def _rate(cell: str, text: str, percent: bool, decimal: str) -> tuple[float | None, str]:
    """(rate as a fraction, what is no percentage)."""
    plain = cell.strip().removesuffix("%").strip()
    if fold(plain) in _FREE:
        return 0.0, text
    number = number_of(plain, decimal)
    if number is None:
        return None, " ".join(filter(None, (cell.strip(), text)))
    return (number / 100 if percent or cell.strip().endswith("%") else number), text


def _percent(work: Reading, schedule: Headed) -> bool:
    """Whether rates are percentages. A schedule without any rate above 1 is more likely one of fractions, and must say so."""
    if work.told.unit in ("percent", "fraction"):
        return work.told.unit == "percent"
    numbers = [number_of(cells["rate"].removesuffix("%"), ".") for _n, cells in schedule.records()]
    positive = [number for number in numbers if number]
    if len(positive) >= 20 and max(positive) <= 1 and not any("%" in cells["rate"] for _n, cells in schedule.records()):
        raise InvalidInput(
            N_("Mọi thuế suất đều không quá 1: có lẽ là tỷ lệ chứ không phải phần trăm."),
            subject=schedule.grid.name,
            remedy=N_("Hãy nêu --unit fraction hoặc --unit percent."),
            problems=[FieldProblem("unit", N_("Chưa rõ đơn vị của thuế suất."))],
        )
    return True


def _decimal(schedule: Headed) -> str:
    cells = [cells["rate"] for _n, cells in schedule.records() if re.fullmatch(r"[\d.,\s]+%?", cells["rate"])]
    # Rates have few digits: 5,125 is a rate and no thousands.
    return "," if any("," in cell for cell in cells) and not any("." in cell for cell in cells) else decimal_mark(cells) or "."
