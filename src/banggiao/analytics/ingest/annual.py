"""How do the files of a year of world trade, or of many, become a release, checked and whole or not at all?"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from banggiao.analytics.engine import MEMORY, duckdb_connection
from banggiao.analytics.ingest import baci, comtrade, foreign, names
from banggiao.analytics.ingest.areas import Area
from banggiao.analytics.ingest.checks import Report
from banggiao.analytics.ingest.layouts import BACI, COMTRADE, COUNTRIES, PRODUCTS, known_revision, layout_of, revision_in
from banggiao.analytics.ingest.opening import Opened, opened
from banggiao.analytics.ingest.origins import Origin, origin_of
from banggiao.analytics.ingest.running import Cancelled, Progress, Run
from banggiao.analytics.ingest.tables import Table, execute, note_rejected
from banggiao.analytics.ingest.totals import UNITS, check_totals
from banggiao.analytics.ingest.year import Checked, check_year
from banggiao.analytics.store import Check, Draft, InputFile, NoRelease, Release, Store, layout, publishing, release_id
from banggiao.analytics.store.margins import PARQUET, quoted, write_margins
from banggiao.analytics.store.publication import full
from banggiao.core.errors import N_, FieldProblem, InvalidInput

#: Parquet needs about a third of the text it is made of; several years at once pass through a second copy.
_ROOM = 0.4
_SORTED = "SELECT year, exporter, importer, product, value, quantity"


@dataclass(frozen=True, slots=True)
class Wanted:
    """How files are to be read. What is left empty is told by the files themselves.

    `unit` is that of the values ("usd", "thousand_usd", "million_usd"); `prefer` says whose records count where importer and
    exporter both report (Comtrade); `extend` takes the years that the files lack from the release in force.
    """

    source: str = ""
    revision: str = ""
    unit: str = ""
    prefer: comtrade.Prefer = "imports"
    extend: bool = False
    in_force: bool = True
    dry_run: bool = False
    title: str = ""
    memory: str = MEMORY
    threads: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an ingest came to: the release (as it would be, for a dry run) and whether it stands in the store."""

    release: Release
    published: bool

    @property
    def checks(self) -> tuple[Check, ...]:
        """The validation report."""
        return self.release.checks


@dataclass
class _Work:
    """What the steps of one ingest share."""

    draft: Draft
    run: Run
    wanted: Wanted
    connection: duckdb.DuckDBPyConnection
    report: Report = field(default_factory=Report)

    @property
    def scratch(self) -> Path:
        return self.draft.folder / "scratch"


def ingest(
    store: Store,
    paths: Sequence[Path],
    *,
    at: str,
    wanted: Wanted | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Outcome:
    """Make a release of annual trade out of CEPII BACI or UN Comtrade files (csv, tsv, json; plain, zip or gz), and of the lists
    of country and product codes beside them. `at` is when, ISO 8601.

    Raises Refused (with the validation report) for what may not be ingested, Unreadable and InvalidInput for what is no such
    table, StoreBusy, StoreFull, CalledOff. Whatever is raised, the release in force stays as it was.
    """
    wanted = wanted or Wanted()
    run = Run(progress, cancelled)
    if wanted.unit and wanted.unit not in UNITS:
        raise InvalidInput(
            N_("Không biết đơn vị “%(unit)s”; hãy dùng usd, thousand_usd hoặc million_usd."),
            unit=wanted.unit,
            problems=[FieldProblem("unit", N_("Giá trị không hợp lệ."))],
        )
    if not paths:
        raise InvalidInput(N_("Hãy nêu ít nhất một tệp số liệu."), problems=[FieldProblem("files", N_("Chưa có tệp nào."))])
    with publishing(store) as draft, ThreadPoolExecutor(1) as aside:
        scratch = draft.folder / "scratch"
        scratch.mkdir()
        _room_for(store, sum(path.stat().st_size for path in paths))
        digests = aside.submit(lambda: tuple(InputFile.of(path) for path in paths))
        if wanted.source == foreign.LISTS:  # may be Excel files, which are no text
            files = [Opened(path, path.name) for path in paths]
        else:
            files = [file for path in paths for file in opened(path, scratch, run)]
        with duckdb_connection(memory=wanted.memory, threads=wanted.threads, scratch=scratch / "spill") as connection:
            work = _Work(draft, run, wanted, connection)
            release = _made(work, store, files)
        inputs = digests.result()
        id = release_id(release.source, release.revision, release.years, inputs, *release.steps)
        release = replace(release, id=id, ingested_at=at, inputs=inputs)
        work.report.stop_if_refused()
        if wanted.dry_run:
            return Outcome(release, published=False)
        run.at("publish", 0.98)
        shutil.rmtree(scratch)
        return Outcome(draft.publish(release, in_force=wanted.in_force), published=True)


def _made(work: _Work, store: Store, files: list[Opened]) -> Release:
    """The rows, margins and names of a release in the draft, and its description without id and inputs."""
    wanted, report = work.wanted, work.report
    files, clothed = foreign.as_comtrade(files, wanted.source, work.scratch, report, work.run)
    files = [comtrade.text_of_json(file, work.scratch) if file.is_json else file for file in files]
    layouts = [(file, layout_of(file, wanted.source or None)) for file in files]
    tables = [(file, each) for file, each in layouts if each not in (COUNTRIES, PRODUCTS)]
    kinds = {each.name for _, each in tables}
    if len(kinds) != 1:
        raise InvalidInput(
            N_("Cần các bảng số liệu của một nguồn; tìm thấy: %(found)s."),
            found=", ".join(sorted(kinds)) or "-",
            problems=[FieldProblem("files", N_("Hãy nhập từng nguồn một."))],
        )
    (source,) = kinds
    data = [file for file, _ in tables]
    revision = _revision(work, source, data)
    countries = names.countries_of(file for file, each in layouts if each == COUNTRIES)
    products = names.products_of((file for file, each in layouts if each == PRODUCTS), revision)
    factor = UNITS[wanted.unit or ("usd" if source == COMTRADE.name else "thousand_usd")]
    years = _Years(work, countries, products)
    if source == BACI.name:
        _baci(work, data, factor, years)
    else:
        _comtrade(work, data, factor, years)
    report.stop_if_refused()
    if not years.done:
        report.add("empty", "refused", N_("Các tệp không có dòng số liệu nào."), count=1)
        report.stop_if_refused()
    margins = {each.year: layout.margin_file(work.draft.folder, each.year, "pair") for each in years.done}
    check_totals(store, margins, report, source=clothed or source, unit_said=bool(wanted.unit))
    taken = _span(store, years, clothed or source, revision, wanted, report, work.draft)
    report.stop_if_refused()
    used = frozenset().union(*(each.countries for each in years.done)) | taken.countries
    goods = frozenset().union(*(each.products for each in years.done)) | taken.products
    names.write_names(
        work.draft.folder,
        [(code, countries[code].iso3, countries[code].name) for code in used if code in countries],
        [(code, products.get(code, "")) for code in goods],
    )
    origin = origin_of(clothed or source, revision, [file.name for file in data])
    return Release(
        id="",
        kind="annual",
        source=clothed or source,
        revision=revision,
        years=tuple(sorted({*(each.year for each in years.done), *taken.years})),
        title=wanted.title or origin.title,
        citation=origin.citation,
        url=origin.url,
        licence=origin.licence,
        rows=sum(each.rows for each in years.done) + taken.rows,
        value=sum(each.value for each in years.done) + taken.value,
        steps=(*_steps(wanted, source, factor, origin), *taken.steps),
        checks=report.checks,
    )


class _Years:
    """Rows of a year, in any order, become the sorted and checked file of that year with its margins."""

    def __init__(self, work: _Work, countries: dict[int, Area], products: dict[int, str]) -> None:
        self._work, self.countries, self._products = work, countries, products
        self.done: list[Checked] = []

    def write(self, year: int, rows: str, name: str, start: float, end: float) -> Path:
        """Sort the rows of a SELECT into the file of the year."""
        work, path = self._work, self._work.draft.trade_file(year)
        order = f"COPY ({_SORTED} FROM ({rows}) ORDER BY product, exporter, importer) TO {quoted(path)} ({PARQUET})"  # noqa: S608
        execute(work.connection, order, work.run, tell=work.run.within(f"sort {year}", start, end), name=name)
        return path

    def check(self, year: int, tables: Sequence[Table]) -> None:
        """Check the file of the year and write its margins; `tables` are where lines are looked for."""
        work = self._work

        def locate(where: str, parameters: Sequence[Any]) -> list[str]:
            found: list[str] = []
            for table in tables:
                found += table.lines(work.connection, f"({where}) AND (year = {year} OR year IS NULL)", parameters)
                if len(found) >= 5:
                    break
            return found[:5]

        checked = check_year(
            layout.trade_folder(work.draft.folder, year) / "rows.parquet",
            year,
            work.report,
            countries=self.countries,
            products=self._products,
            locate=locate,
        )
        if checked.rows and not work.report.refused:
            write_margins(work.draft, year, checked.table)
        self.done.append(replace(checked, table=checked.table.slice(0, 0)))


def _baci(work: _Work, files: list[Opened], factor: float, years: _Years) -> None:
    told = [(file, baci.one_year(file)) for file in files]
    alone = {year: [file for file, each in told if each == year] for _, year in told if year is not None}
    mixed = [file for file, year in told if year is None]
    total, done = sum(file.bytes for file in files) or 1, 0
    for year in sorted(alone):
        if mixed:
            # A file of many years may hold this one too.
            mixed += alone[year]
            continue
        size = sum(file.bytes for file in alone[year])
        tables = _directly(work, alone[year], year, factor, years, done / total, (done + size) / total)
        done += size
        if tables is None:
            mixed += alone[year]
            shutil.rmtree(layout.trade_folder(work.draft.folder, year))
        else:
            years.check(year, tables)
    if mixed:
        again = {each.year for each in years.done} & _staged(work, mixed, factor, years)
        for year in again:
            raise InvalidInput(
                N_("Năm %(year)s có ở nhiều tệp, trong đó có tệp gồm nhiều năm."),
                year=year,
                problems=[FieldProblem("files", N_("Hãy nhập riêng từng bộ tệp."))],
            )


def _directly(
    work: _Work, files: list[Opened], year: int, factor: float, years: _Years, start: float, end: float
) -> list[Table] | None:
    """Files of one year go from text to sorted Parquet in one pass; None where another year turned up in them."""
    for padded in (False, True):
        pairs = [baci.table_of(file, factor, padded=padded) for file in files]
        tables = [table for table, _ in pairs]
        path = years.write(year, " UNION ALL ".join(sql for _, sql in pairs), files[0].name, start, end)
        rejected = {table: table.rejected(work.connection) for table in tables} if not padded else {}
        if not any(baci.some_quantity(table, lines) for table, lines in rejected.items()):
            break
    _note_lines(work, tables, rejected, padded)
    return tables if _holds_only(path, year) else None


def _note_lines(work: _Work, tables: list[Table], rejected: dict[Table, list[tuple[int, str, str]]], padded: bool) -> None:
    text = N_("%(count)s dòng không đọc được theo kiểu của cột (thiếu hoặc thừa cột, không phải số).")
    for table, lines in rejected.items():
        if lines:
            samples = [f"{table.file.name}:{line}: {row}" for line, _, row in lines]
            work.report.add("lines", "refused", text, count=len(lines), samples=samples)
    for table in tables if padded else ():
        note_rejected(work.report, table, work.connection)
        wrong = baci.wrong_quantities(table, work.connection)
        if wrong:
            work.report.add("lines", "refused", text, count=len(wrong), samples=wrong)
    # What the checks find is numbered by the rows that could be read, so they wait until all can.
    work.report.stop_if_refused()


def _holds_only(path: Path, year: int) -> bool:
    """Whether every row is of that year, by the statistics that Parquet keeps of each group of rows."""
    told = pq.read_metadata(path)
    groups = [told.row_group(n).column(0).statistics for n in range(told.num_row_groups)]
    return all(each is None or not each.has_min_max or (each.min == each.max == year) for each in groups)


def _staged(work: _Work, files: list[Opened], factor: float, years: _Years) -> set[int]:
    """Files of many years pass through unsorted Parquet, a folder a year, so that no more than one year is sorted at a time."""
    folder = work.scratch / "staged"
    tables: list[Table] = []
    for n, file in enumerate(files):
        for padded in (False, True):
            table, rows = baci.table_of(file, factor, padded=padded)
            _partition(work, rows, folder / f"{n}", file.name, n / len(files) * 0.6, (n + 1) / len(files) * 0.6)
            rejected = table.rejected(work.connection) if not padded else []
            if not baci.some_quantity(table, rejected):
                break
            shutil.rmtree(folder / f"{n}")
        _note_lines(work, [table], {table: rejected}, padded)
        tables.append(table)
    work.report.stop_if_refused()
    found = _years_in(work, folder)
    for n, year in enumerate(found):
        parts = [str(path) for path in sorted(folder.glob(f"*/year={year}/*.parquet"))]
        rows = f"SELECT {year}::SMALLINT AS year, * FROM read_parquet({parts!r}, hive_partitioning = false)"  # noqa: S608
        years.write(year, rows, files[0].name, 0.6 + 0.4 * n / len(found), 0.6 + 0.4 * (n + 1) / len(found))
        for path in folder.glob(f"*/year={year}"):
            shutil.rmtree(path)
        years.check(year, tables)
    return set(found)


def _comtrade(work: _Work, files: list[Opened], factor: float, years: _Years) -> None:
    folder = work.scratch / "staged"
    tables = []
    for n, file in enumerate(files):
        table, rows = comtrade.table_of(file)
        _partition(work, rows, folder / f"{n}", file.name, n / len(files) * 0.6, (n + 1) / len(files) * 0.6)
        note_rejected(work.report, table, work.connection)
        tables.append(table)
    work.report.stop_if_refused()
    found = _years_in(work, folder)
    for n, year in enumerate(found):
        parts = [str(path) for path in sorted(folder.glob(f"*/year={year}/*.parquet"))]
        staged = f"read_parquet({parts!r}, hive_partitioning = false)"
        comtrade.note_left_out(work.connection, staged, work.report)
        comtrade.note_mirror(work.connection, staged, year, work.report, years.countries)
        rows = (
            f"SELECT {year}::SMALLINT AS year, exporter::SMALLINT AS exporter, importer::SMALLINT AS importer, product, "  # noqa: S608
            f"value * {factor!r} AS value, quantity FROM ({comtrade.flows_of_year(staged, work.wanted.prefer)})"
        )
        years.write(year, rows, files[0].name, 0.6 + 0.4 * n / len(found), 0.6 + 0.4 * (n + 1) / len(found))
        years.check(year, tables)


def _partition(work: _Work, rows: str, folder: Path, name: str, start: float, end: float) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    execute(
        work.connection,
        f"COPY ({rows}) TO {quoted(folder)} (FORMAT parquet, COMPRESSION lz4_raw, PARTITION_BY (year))",
        work.run,
        tell=work.run.within("read", start, end),
        name=name,
    )


def _years_in(work: _Work, folder: Path) -> list[int]:
    told = {path.name.partition("=")[2] for path in folder.glob("*/year=*")}
    strange = sorted(each for each in told if not each.isdigit() or not 1900 <= int(each) <= 2200)
    if strange:
        text = N_("Có dòng không có năm, hoặc năm không thể có: %(years)s.")
        work.report.add("years_form", "refused", text, count=len(strange), years=", ".join(strange))
        work.report.stop_if_refused()
    return sorted(int(each) for each in told)


@dataclass(frozen=True, slots=True)
class _Taken:
    """What came from the release in force."""

    years: tuple[int, ...] = ()
    rows: int = 0
    value: float = 0.0
    countries: frozenset[int] = frozenset()
    products: frozenset[int] = frozenset()
    steps: tuple[str, ...] = ()


def _span(store: Store, years: _Years, source: str, revision: str, wanted: Wanted, report: Report, draft: Draft) -> _Taken:
    """Tell of years that are missing, in between and against the release in force; take them over where that is wanted."""
    held = sorted(each.year for each in years.done)
    before: Release | None = None
    with suppress(NoRelease):
        before = store.in_force()
    related = before is not None and (before.source, before.revision) == (source, revision)
    lost = [year for year in before.years if year not in held] if before is not None and related else []
    taken = _Taken()
    if wanted.extend and before is not None:
        if not related:
            raise InvalidInput(
                N_("Không nối được vào bản đang dùng %(release)s vì khác nguồn hoặc khác phiên bản HS."),
                release=before.id,
                problems=[FieldProblem("extend", N_("Hãy nhập thành bản riêng."))],
            )
        draft.take_years(before, lost)
        codes = [pq.read_table(file, columns=["exporter", "importer", "product"]) for file in store.trade_files(before, lost)]
        taken = _Taken(
            tuple(lost),
            sum(each.num_rows for each in codes),
            sum(sum(pq.read_table(store.margin_file(before, year, "pair"))["value"].to_pylist()) for year in lost),
            frozenset(c for each in codes for side in ("exporter", "importer") for c in each[side].unique().to_pylist()),
            frozenset(c for each in codes for c in each["product"].unique().to_pylist()),
            (f"years {lost} from {before.id}",) if lost else (),
        )
        lost = []
    every = {*held, *taken.years}
    gaps = [year for year in range(min(every), max(every)) if year not in every]
    missing = sorted({*gaps, *lost})
    if missing:
        text = N_("Thiếu các năm %(years)s (ở giữa, hoặc bản đang dùng có mà bản này không có).")
        report.add("years", "warning", text, count=len(missing), years=", ".join(map(str, missing)))
    else:
        report.add("years", "ok", N_("Các năm liền nhau, không thiếu năm nào."))
    return taken


def _revision(work: _Work, source: str, files: list[Opened]) -> str:
    told = {revision_in(file.name) for file in files} - {""}
    if work.wanted.revision:
        named = known_revision(work.wanted.revision)
        told = {named} if named else set()
    elif source == COMTRADE.name:
        told = {comtrade.revision_of(file, work.connection) for file in files} - {""}
    if len(told) != 1:
        raise InvalidInput(
            N_("Không rõ số liệu theo phiên bản HS nào (%(found)s)."),
            found=", ".join(sorted(told)) or "-",
            remedy=N_("Hãy nêu bằng --revision, ví dụ --revision HS92; mỗi lần nhập chỉ một phiên bản."),
            problems=[FieldProblem("revision", N_("Cần HS92, HS96, HS02, HS07, HS12, HS17 hoặc HS22."))],
        )
    return told.pop()


def _steps(wanted: Wanted, source: str, factor: float, origin: Origin) -> tuple[str, ...]:
    steps = [f"values times {factor:g} give thousand USD" + (f" (unit said: {wanted.unit})" if wanted.unit else "")]
    if source == COMTRADE.name:
        steps.append(f"{wanted.prefer} reports where both sides report, the other side's elsewhere; six-digit totals only")
    if wanted.title:
        steps.append(f"title given: {wanted.title}")
    return (*steps, *origin.steps)


def _room_for(store: Store, size: int) -> None:
    if shutil.disk_usage(store.root).free < _ROOM * size:
        raise full(store)
