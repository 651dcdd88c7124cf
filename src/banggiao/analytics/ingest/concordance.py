"""How does a release told in one revision of the Harmonized System read in another, when codes were split and merged?

A table of pairs (code before, code after, weight) shares each code's trade out over its successors: by the weights given, evenly
where none are. The packaged tables are the UN Statistics Division's conversions to an earlier revision, one successor a code.
The weights used are kept with the release, and the world's total stays what it was.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from banggiao.analytics.engine import MEMORY, duckdb_connection
from banggiao.analytics.ingest.areas import packaged
from banggiao.analytics.ingest.layouts import known_revision
from banggiao.analytics.ingest.names import packaged_products, write_names
from banggiao.analytics.ingest.running import Cancelled, Progress, Run
from banggiao.analytics.ingest.tables import execute
from banggiao.analytics.store import Check, Release, Store, publishing, release_id
from banggiao.analytics.store.margins import PARQUET, quoted, write_margins
from banggiao.core.errors import N_, FieldProblem, InvalidInput

#: Sums in another order differ by rounding; more than this is a lost row.
_SAME_TOTAL = 1e-9


def shares(before: pa.Array, after: pa.Array, weight: pa.Array | None = None) -> pa.Table:
    """Pairs of codes with the share of each: `before` (int32), `after` (int32), `share`; the shares of a code sum to 1.

    Without weights, or where those of a code sum to nothing, its successors get equal shares. Raises InvalidInput for a pair that
    comes twice, a code that is none and a weight that is negative or missing.
    """
    old, new = before.to_numpy(zero_copy_only=False), after.to_numpy(zero_copy_only=False)
    given = np.ones(len(old)) if weight is None else weight.cast(pa.float64()).to_numpy(zero_copy_only=False)
    message = ""
    if len(old) == 0 or len(set(zip(old.tolist(), new.tolist(), strict=True))) != len(old):
        message = N_("Bảng đối chiếu rỗng hoặc có cặp mã lặp lại.")
    elif before.null_count or after.null_count or min(old.min(), new.min()) < 10_000 or max(old.max(), new.max()) > 999_999:
        message = N_("Bảng đối chiếu có mã không phải sáu chữ số của HS.")
    elif not np.isfinite(given).all() or (given < 0).any():
        message = N_("Bảng đối chiếu có trọng số âm hoặc thiếu.")
    if message:
        raise InvalidInput(message, problems=[FieldProblem("concordance", message)])
    codes, place = np.unique(old, return_inverse=True)
    total, count = np.bincount(place, given, len(codes)), np.bincount(place, minlength=len(codes))
    even = total[place] <= 0
    share = np.where(even, 1 / count[place], given / np.where(total[place] > 0, total[place], 1))
    return pa.table({"before": old.astype(np.int32), "after": new.astype(np.int32), "share": share})


def packaged_shares(revision: str, to: str) -> pa.Table | None:
    """The packaged conversion between two revisions (only codes that change), or None where there is none."""
    rows = [(r["code"], r["becomes"]) for r in packaged("hs_concordance") if (r["revision"], r["target"]) == (revision, to)]
    if not rows:
        return None
    return shares(pa.array([int(old) for old, _ in rows], pa.int32()), pa.array([int(new) for _, new in rows], pa.int32()))


def read_shares(path: Path) -> pa.Table:
    """A table of one's own: CSV or Parquet with columns before, after and perhaps weight. Raises InvalidInput."""
    with duckdb_connection() as connection:
        source = f"read_parquet({quoted(path)})" if path.suffix == ".parquet" else f"read_csv({quoted(path)}, header = true)"
        relation = connection.sql(f"FROM {source}")  # noqa: S608
        columns = relation.columns
        if "before" not in columns or "after" not in columns:
            raise InvalidInput(
                N_("Bảng đối chiếu cần các cột before, after và có thể có weight."),
                subject=path.name,
                problems=[FieldProblem("concordance", ", ".join(columns)[:200])],
            )
        weight = "weight::DOUBLE" if "weight" in columns else "1.0::DOUBLE"
        told = connection.sql(
            f"SELECT TRY_CAST(before AS INTEGER) AS before, TRY_CAST(after AS INTEGER) AS after, {weight} AS weight "  # noqa: S608
            f"FROM {source}"
        ).to_arrow_table()
    return shares(*(told[each].combine_chunks() for each in ("before", "after", "weight")))


def convert(
    store: Store,
    release: Release,
    to: str,
    *,
    at: str,
    table: pa.Table | None = None,
    name: str = "",
    in_force: bool = False,
    memory: str = MEMORY,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Release:
    """A release of annual trade as another beside it, in the revision `to`, by `table` (of `shares`; `name` is its name).

    Codes that the table does not name stay as they are. Quantities are shared as values are, and missing where a part is. Raises
    InvalidInput where no table leads there, StoreBusy, StoreFull, CalledOff.
    """
    run, target = Run(progress, cancelled), known_revision(to)
    known = packaged_shares(release.revision, target) if table is None and target else table
    if not target or target == release.revision or known is None or release.kind != "annual":
        raise InvalidInput(
            N_("Không có bảng đối chiếu từ %(revision)s sang %(target)s."),
            revision=release.revision or "-",
            target=to,
            problems=[FieldProblem("to", N_("Hãy nêu bảng đối chiếu, hoặc chọn HS92 hoặc HS17 từ HS22, HS92 từ HS17."))],
        )
    split = pc.value_counts(known["before"])
    several = sum(1 for each in split.to_pylist() if each["counts"] > 1)
    steps = (
        *release.steps,
        f"{release.revision} to {target} by {name or 'reference/hs_concordance (UN Statistics Division)'}: "
        f"{len(split)} codes change, {several} of them shared out; weights in concordance.parquet; from {release.id}",
    )
    id = release_id(release.source, target, release.years, release.inputs, *steps)
    with publishing(store) as draft, duckdb_connection(memory=memory, scratch=draft.folder / "spill") as connection:
        connection.register("shares", known)
        goods: set[int] = set()
        count = 0
        for n, year in enumerate(release.years):
            files = [str(path) for path in store.trade_files(release, [year])]
            path = draft.trade_file(year)
            shared = "sum(value * coalesce(share, 1))"
            sql = (
                f"SELECT year, exporter, importer, coalesce(after, product)::INTEGER AS product, {shared} AS value, "  # noqa: S608
                "CASE WHEN count(quantity) = count(*) THEN sum(quantity * coalesce(share, 1)) END AS quantity "
                f"FROM read_parquet({files!r}, hive_partitioning = false) LEFT JOIN shares ON product = before "
                f"GROUP BY year, exporter, importer, coalesce(after, product) HAVING {shared} > 0 "
                "ORDER BY product, exporter, importer"
            )
            start, end = n / len(release.years), (n + 1) / len(release.years)
            copy = f"COPY ({sql}) TO {quoted(path)} ({PARQUET})"
            execute(connection, copy, run, tell=run.within(f"convert {year}", start, end))
            rows = pq.read_table(path, columns=["exporter", "importer", "product", "value"])
            write_margins(draft, year, rows)
            goods |= set(rows["product"].unique().to_pylist())
            count += rows.num_rows
        value = math.fsum(
            pc.sum(pq.read_table(draft.margin_file(year, "pair"))["value"]).as_py() or 0.0 for year in release.years
        )
        if not math.isclose(value, release.value, rel_tol=_SAME_TOTAL):
            raise AssertionError(f"{release.id}: {release.value} became {value}")
        pq.write_table(known, draft.folder / "concordance.parquet", compression="zstd")
        countries = store.countries(release).to_pylist()
        texts = {row["product"]: row["description"] for row in store.products(release).to_pylist()}
        texts = packaged_products() if target == "HS22" else texts if known is None else _still_named(texts, known)
        write_names(
            draft.folder,
            [(row["code"], row["iso3"], row["name"]) for row in countries],
            [(code, texts.get(code, "")) for code in goods],
        )
        check = Check(
            "concordance",
            "ok",
            N_("Đã chuyển từ %(revision)s sang %(target)s: %(count)s mã thay đổi, %(several)s mã chia theo trọng số."),
            count=len(split),
            params={"revision": release.revision, "target": target, "count": len(split), "several": several},
        )
        return draft.publish(
            Release(
                id=id,
                kind="annual",
                source=release.source,
                revision=target,
                years=release.years,
                title=f"{release.title} -> {target}",
                citation=release.citation,
                url=release.url,
                licence=release.licence,
                synthetic=release.synthetic,
                rows=count,
                value=value,
                ingested_at=at,
                inputs=release.inputs,
                steps=steps,
                checks=(*release.checks, check),
            ),
            in_force=in_force,
        )


def _still_named(texts: dict[int, str], known: pa.Table) -> dict[int, str]:
    """Names of codes that mean the same before and after: a code that took others in is something else now."""
    changed = {*known["before"].to_pylist(), *known["after"].to_pylist()}
    return {code: text for code, text in texts.items() if code not in changed}
