"""How do files of other layouts than BACI and Comtrade become a release of their kind, checked and whole or not at all?"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow.parquet as pq

from banggiao.analytics.ingest import customs, indicators, names, sdmx, tariffs, utilisation
from banggiao.analytics.ingest.annual import Outcome
from banggiao.analytics.ingest.areas import areas
from banggiao.analytics.ingest.running import Cancelled, Progress, Run
from banggiao.analytics.ingest.tables_of import Reader, Reading, Told
from banggiao.analytics.store import InputFile, Release, Store, publishing, release_id
from banggiao.core.errors import N_, FieldProblem, InvalidInput


@dataclass(frozen=True, slots=True)
class Layouts:
    """A source by name: the kind of release it makes, and who reads it."""

    kind: str
    read: Reader


READERS: Mapping[str, Layouts] = {
    "wdi": Layouts("indicators", indicators.read),
    "tariffs": Layouts("tariffs", tariffs.read),
    "origin": Layouts("origin", utilisation.read),
    "customs": Layouts("monthly", customs.read),
    "sdmx": Layouts("monthly", sdmx.read),
}


@dataclass(frozen=True, slots=True)
class Further:
    """How such files are to be read: the source (a key of READERS), what the user tells, and whether to publish."""

    source: str
    told: Told = field(default_factory=Told)
    in_force: bool = True
    dry_run: bool = False


def ingest_further(
    store: Store,
    paths: Sequence[Path],
    *,
    at: str,
    wanted: Further,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Outcome:
    """Make a release out of World Bank, tariff, certificate-of-origin, customs or SDMX files. `at` is when, ISO 8601.

    Raises Refused (with the report) for what may not be ingested, Unreadable and InvalidInput for what is no such table,
    StoreBusy, StoreFull, CalledOff. Whatever is raised, the release in force stays as it was.
    """
    if wanted.source not in READERS:
        raise InvalidInput(
            N_("Không có cách đọc nguồn «%(source)s»."),
            source=wanted.source,
            remedy=N_("Hãy chọn một trong: %(known)s."),
            known=", ".join(READERS),
            problems=[FieldProblem("source", N_("Giá trị không hợp lệ."))],
        )
    if not paths:
        raise InvalidInput(N_("Hãy nêu ít nhất một tệp số liệu."), problems=[FieldProblem("files", N_("Chưa có tệp nào."))])
    layouts, run = READERS[wanted.source], Run(progress, cancelled)
    with publishing(store, layouts.kind) as draft:
        scratch = draft.folder / "scratch"
        scratch.mkdir()
        work = Reading(paths, scratch, run, wanted.told, store.root)
        run.at("read", 0.0)
        made = layouts.read(work)
        work.report.stop_if_refused()
        run.at("write", 0.9)
        pq.write_table(made.table, draft.data_file(), compression="zstd")
        known, described = areas(), names.packaged_products()
        names.write_names(
            draft.folder,
            [(code, known[code].iso3, known[code].name) for code in made.countries if code in known],
            [(code, described.get(code, "")) for code in made.products],
        )
        inputs = tuple(InputFile.of(path) for path in paths)
        # What the user told is part of how the files were read, and so of the id.
        told = tuple(f"{name}: {value}" for name in Told.__slots__ if (value := getattr(wanted.told, name)))
        release = Release(
            id=release_id(wanted.source, "", made.years, inputs, *made.steps, *told),
            kind=layouts.kind,
            source=wanted.source,
            years=made.years,
            title=made.origin.title,
            citation=made.origin.citation,
            url=made.origin.url,
            licence=made.origin.licence,
            rows=made.table.num_rows,
            value=made.value,
            ingested_at=at,
            inputs=inputs,
            steps=(*made.steps, *told),
            checks=work.report.checks,
        )
        if wanted.dry_run:
            return Outcome(release, published=False)
        shutil.rmtree(scratch)
        run.at("publish", 0.98)
        return Outcome(draft.publish(replace(release), in_force=wanted.in_force), published=True)
