"""What does a UN Comtrade table say of who sold to whom, when exporter and importer both report and never agree?

Import records are taken where the importer reports that year (customs watch imports more closely), exporters' records where it
does not; the other way round on demand. The gap between the two is measured over the pairs that both report. Only totals of
six-digit goods count: breakdowns by transport, customs procedure or second partner would be counted twice. Imports stand at CIF,
exports at FOB value, as reported. Layout: comtradeplus.un.org, bulk and API downloads.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import duckdb

from banggiao.analytics.ingest.areas import Area
from banggiao.analytics.ingest.checks import SAMPLES, Report
from banggiao.analytics.ingest.layouts import COMTRADE, known_revision
from banggiao.analytics.ingest.opening import Opened
from banggiao.analytics.ingest.tables import Table, column
from banggiao.core.errors import N_, Unreadable

Prefer = Literal["imports", "exports"]
#: JSON is read whole, so no larger than this; bulk downloads come as text.
MOST_JSON = 512 << 20
#: Why a row is no flow of a product between two: number in the staged rows -> check.
_REASONS = {
    1: ("levels", N_("%(count)s dòng không phải mã sáu chữ số (tổng số, chương, nhóm) đã bỏ.")),
    2: ("breakdowns", N_("%(count)s dòng chi tiết theo vận tải, thủ tục hoặc đối tác thứ hai đã bỏ để không tính hai lần.")),
    3: ("flows", N_("%(count)s dòng tái xuất, tái nhập và dòng khác đã bỏ (đã nằm trong xuất, nhập).")),
    4: ("monthly", N_("%(count)s dòng không phải số liệu năm đã bỏ.")),
}


def table_of(file: Opened) -> tuple[Table, str]:
    """The table, and the SELECT that stages it: year, reporter, partner, product, flow, value, quantity, reason (0: kept)."""
    found = COMTRADE.taken(file)
    types = {found["year"]: "INTEGER", found["reporter"]: "INTEGER", found["partner"]: "INTEGER", found["value"]: "DOUBLE"}
    types |= {found[key]: "VARCHAR" for key in ("flow", "product")}
    types |= {found[key]: "DOUBLE" for key in ("weight",) if key in found}
    types |= {found[key]: "VARCHAR" for key in ("second", "customs", "transport", "frequency") if key in found}

    def named(key: str) -> str:
        return column(found[key])

    flow = f"upper(trim({named('flow')}))"
    meaning = {key: named(key) for key in ("year", "value")} | {"product": f"TRY_CAST({named('product')} AS INTEGER)"}
    for side, import_, export in (("exporter", "partner", "reporter"), ("importer", "reporter", "partner")):
        meaning[side] = f"CASE WHEN {flow} IN ('M', '1') THEN {named(import_)} ELSE {named(export)} END"
    table = Table(file, types, meaning)
    breakdown = ["FALSE"]
    if "second" in found:
        breakdown.append(f"coalesce(TRY_CAST({named('second')} AS INTEGER), 0) <> 0")
    if "transport" in found:
        breakdown.append(f"coalesce(TRY_CAST({named('transport')} AS INTEGER), 0) <> 0")
    if "customs" in found:
        breakdown.append(f"upper(coalesce({named('customs')}, 'C00')) NOT IN ('C00', '')")
    yearly = f"upper(coalesce({named('frequency')}, 'A')) <> 'A'" if "frequency" in found else "FALSE"
    quantity = f"{named('weight')} / 1000" if "weight" in found else "NULL::DOUBLE"
    return table, (
        f"SELECT {named('year')}::SMALLINT AS year, {named('reporter')} AS reporter, {named('partner')} AS partner, "  # noqa: S608
        f"TRY_CAST({named('product')} AS INTEGER) AS product, CASE {flow} WHEN 'M' THEN 'M' WHEN '1' THEN 'M' WHEN 'X' THEN 'X' "
        f"WHEN '2' THEN 'X' END AS flow, {named('value')} AS value, {quantity} AS quantity, CASE WHEN {yearly} THEN 4 "
        f"WHEN NOT regexp_full_match(coalesce({named('product')}, ''), '[0-9]{{6}}') THEN 1 WHEN {' OR '.join(breakdown)} THEN 2 "
        f"WHEN {flow} NOT IN ('M', 'X', '1', '2') THEN 3 ELSE 0 END::TINYINT AS reason FROM {table.relation()}"
    )


def revision_of(file: Opened, connection: duckdb.DuckDBPyConnection) -> str:
    """The HS revision that the rows tell, or nothing. Raises Unreadable where there are several."""
    found = COMTRADE.found(file.header)
    if "revision" not in found:
        return ""
    table = Table(file, {found["revision"]: "VARCHAR"})
    told = connection.execute(
        f"SELECT DISTINCT r FROM (SELECT {column(found['revision'])} AS r FROM {table.relation()}) WHERE r IS NOT NULL LIMIT 9"  # noqa: S608
    ).fetchall()
    table.rejected(connection)
    revisions = {known_revision(str(each)) for (each,) in told}
    if len(revisions) > 1:
        raise Unreadable(
            N_("Tệp lẫn nhiều phiên bản danh mục hàng: %(found)s."),
            subject=file.name,
            remedy=N_("Hãy tải riêng từng phiên bản HS (HS as reported)."),
            found=", ".join(sorted(str(each) for (each,) in told)),
        )
    return next(iter(revisions), "")


def note_left_out(connection: duckdb.DuckDBPyConnection, staged: str, report: Report) -> None:
    """Count in the report the rows that are no flows."""
    counts: dict[int, int] = dict(
        connection.execute(f"SELECT reason, count(*) FROM {staged} WHERE reason <> 0 GROUP BY 1 ORDER BY 1").fetchall()  # noqa: S608
    )
    for reason, count in counts.items():
        name, text = _REASONS[reason]
        report.add(name, "ok", text, count=count)


def flows_of_year(staged: str, prefer: Prefer) -> str:
    """The SELECT of exporter, importer, product, value, quantity out of the staged rows of a year."""
    kept = f"FROM {staged} WHERE reason = 0"
    sides = {
        "M": f"SELECT partner AS exporter, reporter AS importer, product, value, quantity {kept} AND flow = 'M'",  # noqa: S608
        "X": f"SELECT reporter AS exporter, partner AS importer, product, value, quantity {kept} AND flow = 'X'",  # noqa: S608
    }
    first, second, side = ("M", "X", "importer") if prefer == "imports" else ("X", "M", "exporter")
    return (
        f"{sides[first]} UNION ALL SELECT * FROM ({sides[second]}) "  # noqa: S608
        f"WHERE {side} NOT IN (SELECT DISTINCT reporter {kept} AND flow = '{first}')"
    )


def note_mirror(
    connection: duckdb.DuckDBPyConnection, staged: str, year: int, report: Report, countries: Mapping[int, Area]
) -> None:
    """Note how far importers and exporters disagree over the pairs both report: sum |M - X| / sum of the larger."""
    rows = connection.execute(
        f"WITH kept AS (FROM {staged} WHERE reason = 0), "  # noqa: S608
        "m AS (SELECT partner AS i, reporter AS j, sum(value) AS v FROM kept WHERE flow = 'M' GROUP BY ALL), "
        "x AS (SELECT reporter AS i, partner AS j, sum(value) AS v FROM kept WHERE flow = 'X' GROUP BY ALL) "
        "SELECT i, j, m.v, x.v FROM m JOIN x USING (i, j) ORDER BY abs(m.v - x.v) DESC, i, j"
    ).fetchall()
    if not rows:
        return
    gap = sum(abs(m - x) for _, _, m, x in rows) / (sum(max(m, x) for _, _, m, x in rows) or 1.0)

    def name(code: int) -> str:
        return (countries[code].iso3 or countries[code].name) if code in countries else str(code)

    worst = [f"{year} {name(i)} -> {name(j)}: M {m:,.0f}, X {x:,.0f}" for i, j, m, x in rows[:SAMPLES]]
    report.add(
        "mirror",
        "warning" if gap > 0.25 else "ok",
        N_("Số bên nhập và bên xuất báo cáo lệch nhau %(percent)s %% trên %(count)s cặp nước cùng báo cáo."),
        count=len(rows),
        samples=worst,
        percent=f"{100 * gap:.1f}",
    )


def text_of_json(file: Opened, scratch: Path) -> Opened:
    """An API answer ({"data": [...]}) as a text table, so that there is one way of reading. Raises Unreadable."""
    if file.bytes > MOST_JSON:
        raise Unreadable(
            N_("Tệp JSON quá lớn."), subject=file.name, remedy=N_("Hãy tải dạng bulk (tsv hoặc csv) từ UN Comtrade.")
        )
    try:
        told: Any = json.loads(file.path.read_text(encoding="utf-8-sig"))
        rows = told["data"] if isinstance(told, dict) else told
        wanted = {spelling for spellings in COMTRADE.columns.values() for spelling in spellings}
        header = list(dict.fromkeys(key for row in rows[:1000] for key in row if key.lower() in wanted))
        text = ["\t".join(header), *("\t".join(_cell(row.get(key)) for key in header) for row in rows)]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(
            N_("Tệp JSON không phải câu trả lời của UN Comtrade."),
            subject=file.name,
            remedy=N_("Cần một đối tượng có danh sách “data”."),
        ) from error
    target = scratch / f"json-{file.path.name}"
    target.write_text("\n".join(text) + "\n", encoding="utf-8")
    return Opened(target, file.name, tuple(header), "\t")


def _cell(value: Any) -> str:
    return "" if value is None else str(value).replace("\t", " ").replace("\n", " ")
