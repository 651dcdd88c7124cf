"""What does an SDMX file tell of trade by month: SDMX-ML (generic or structure-specific) or SDMX-CSV, read by sdmx1?

Dimensions are found by the names that statistical offices use; a file without months, or with a country or good that is unknown,
is refused or its lines counted as in every other layout. Rows are those of `customs`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from banggiao.analytics.ingest.codes import EVERYBODY
from banggiao.analytics.ingest.customs import COLUMNS
from banggiao.analytics.ingest.grids import grids_of, headed
from banggiao.analytics.ingest.origins import Origin
from banggiao.analytics.ingest.tables_of import Lines, Made, Reading, table
from banggiao.analytics.ingest.totals import UNITS
from banggiao.core.errors import N_, FieldProblem, InvalidInput, Unreadable

SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "period": ("TIME_PERIOD", "TIME"),
    "value": ("OBS_VALUE", "value"),
    "reporter": ("REPORTER", "REF_AREA", "REPORTING_AREA", "GEO", "reporter"),
    "partner": ("PARTNER", "COUNTERPART_AREA", "VIS_AREA", "partner"),
    "product": ("PRODUCT", "PRODUCTS", "COMMODITY", "CMD", "HS", "CLASSIFICATION", "product"),
    "flow": ("FLOW", "TRADE_FLOW", "FLOW_CODE", "flow"),
    "frequency": ("FREQ", "FREQUENCY"),
    "status": ("OBS_STATUS",),
    "multiplier": ("UNIT_MULT",),
    "unit": ("UNIT_MEASURE", "UNIT", "CURRENCY"),
}
_FLOWS = {
    "x": "export",
    "export": "export",
    "exports": "export",
    "2": "export",
    "m": "import",
    "import": "import",
    "imports": "import",
    "1": "import",
}
_PROVISIONAL = frozenset("PEF")


def read(work: Reading) -> Made:
    """The months in the files. Values are in USD times 10 to the UNIT_MULT unless the unit is told. Raises InvalidInput,
    Unreadable, Refused."""
    lines = Lines(work.report)
    rows: dict[tuple[int, int, int, int, int, str], tuple[object, ...]] = {}
    units: set[str] = set()
    yearly = 0
    for path in work.paths:
        for where, told in _observations(path, work):
            month = _month(told.get("period", ""))
            if month is None:
                yearly += 1
                continue
            unit = told.get("unit", "").upper()
            if unit and unit not in ("USD", "USD_EXCHANGE_RATE", "US_DOLLAR") and not work.told.unit:
                raise InvalidInput(
                    N_("Trị giá không theo USD mà theo %(unit)s."),
                    subject=where,
                    remedy=N_("Hãy tải số liệu theo USD."),
                    unit=unit,
                    problems=[FieldProblem("unit", unit)],
                )
            flow = _FLOWS.get((told.get("flow") or work.told.flow).lower(), "")
            reporter = lines.country(told.get("reporter") or work.told.reporter or "VNM", where)
            partner = lines.country(told.get("partner", "0") or "0", where)
            product = (
                (0, 0) if told.get("product", "").upper() in ("", "TOTAL", "_T", "_Z") else lines.product(told["product"], where)
            )
            if not flow:
                raise InvalidInput(
                    N_("Bảng không cho biết là xuất khẩu hay nhập khẩu."),
                    subject=where,
                    remedy=N_("Hãy nêu bằng --flow."),
                    problems=[FieldProblem("flow", N_("Chưa rõ."))],
                )
            if reporter is None or partner is None or product is None:
                continue
            try:
                factor = (
                    UNITS[work.told.unit] if work.told.unit else 10.0 ** int(float(told.get("multiplier") or 0)) * UNITS["usd"]
                )
                value = float(told["value"]) * factor
            except (ValueError, KeyError):
                lines.left_out("number", f"{where}: {told.get('value', '')}")
                continue
            units.add(f"{factor:g}")
            key = (*month, reporter, partner, product[0], flow)
            if value < 0:
                lines.left_out("negative", f"{where}: {told['value']}")
            elif key in rows:
                lines.left_out("duplicate", f"{where}: {told['period']}")
            else:
                rows[key] = (*key, value, None, told.get("status", "").upper() in _PROVISIONAL)
                lines.kept += 1
    if yearly:
        work.report.add("frequency", "warning", N_("%(count)s số không theo tháng đã bỏ."), count=yearly)
    lines.close(", ".join(path.name for path in work.paths))
    return Made(
        table([rows[key] for key in sorted(rows)], COLUMNS),
        Origin(work.told.title or "Monthly trade (SDMX)", "SDMX file as supplied by the user", "", ""),
        tuple(sorted({key[0] for key in rows})),
        tuple(f"values times {unit} give thousand USD" for unit in sorted(units)),
        value=sum(float(str(row[6])) for row in rows.values()),
        countries=frozenset(code for key in rows for code in key[2:4]) - {EVERYBODY},
        products=frozenset(key[4] for key in rows if key[4]),
    )


def _observations(path: Path, work: Reading) -> Iterator[tuple[str, dict[str, str]]]:
    """(where, our name -> text) of every observation of a file."""
    with path.open("rb") as handle:
        start = handle.read(512).lstrip(b"\xef\xbb\xbf \r\n\t")
    if not start.startswith(b"<"):
        for grid in grids_of(path, work.scratch, work.run):
            flat = headed(grid, SPELLINGS, ("period", "value"))
            yield from ((grid.where(place), cells) for place, cells in flat.records())
        return
    by_spelling = {word.upper(): name for name, words in reversed(list(SPELLINGS.items())) for word in words}
    for number, told in enumerate(_of_message(path), 1):
        named = {by_spelling[key.upper()]: text for key, text in told.items() if key.upper() in by_spelling}
        yield f"{path.name}#{number}", named


def _of_message(path: Path) -> Iterator[dict[str, str]]:
    import sdmx

    try:
        message: Any = sdmx.read_sdmx(path)
        sets = list(getattr(message, "data", ()))
    except Exception as error:  # the library and its XML parser have families of their own
        raise Unreadable(
            N_("Không đọc được tệp SDMX."),
            subject=path.name,
            remedy=N_("Hãy tải lại dạng SDMX-ML generic hoặc SDMX-CSV."),
        ) from error
    if not sets:
        raise Unreadable(
            N_("Tệp SDMX không chứa số liệu (có thể chỉ là cấu trúc)."),
            subject=path.name,
            remedy=N_("Hãy tải tệp dữ liệu (data message)."),
        )
    for each in sets:
        for observation in each.obs:
            told = {str(key): str(getattr(kv, "value", kv)) for key, kv in observation.key.values.items()}
            told |= {str(key): str(getattr(av, "value", av)) for key, av in observation.attrib.items()}
            yield told | {"OBS_VALUE": "" if observation.value is None else str(observation.value)}


def _month(text: str) -> tuple[int, int] | None:
    parts = text.replace("M", "-").replace("--", "-").split("-")
    if len(parts) >= 2 and all(part.isdecimal() for part in parts[:2]) and len(parts[0]) == 4 and 1 <= int(parts[1]) <= 12:
        return int(parts[0]), int(parts[1])
    return None
