"""What a reader of a further layout is given, and what it hands back: a table, its origin, and what its checks found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from banggiao.analytics.ingest.checks import SAMPLES, Report
from banggiao.analytics.ingest.codes import country_code, product_code
from banggiao.analytics.ingest.grids import Grid, grids_of
from banggiao.analytics.ingest.origins import Origin
from banggiao.analytics.ingest.running import Run
from banggiao.core.errors import N_

#: More lines than this share without a known country or product are a wrong column, not gaps.
MOST_UNKNOWN = 0.2
_UNKNOWN = {
    "country": N_("%(count)s dòng có nước không nhận ra đã bỏ."),
    "product": N_("%(count)s dòng có mã hàng không nhận ra đã bỏ."),
    "number": N_("%(count)s ô không phải là số đã bỏ."),
    "year": N_("%(count)s dòng không có năm hợp lệ đã bỏ."),
    "negative": N_("%(count)s dòng có trị giá âm."),
    "duplicate": N_("%(count)s dòng lặp lại một dòng trước."),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What the user says beside the files; empty where the files are to tell. `reporter` is an ISO code, `mapping` the name
    under which the columns of a customs table are remembered, `unit` that of the values."""

    reporter: str = ""
    year: str = ""
    unit: str = ""
    flow: str = ""
    mapping: str = ""
    title: str = ""


@dataclass
class Reading:
    """What a reader works with: the files, a folder for scraps, what the user told, where findings are noted."""

    paths: Sequence[Path]
    scratch: Path
    run: Run
    told: Told
    root: Path
    report: Report = field(default_factory=Report)

    def grids(self) -> Iterator[Grid]:
        """The tables in all files."""
        for path in self.paths:
            yield from grids_of(path, self.scratch, self.run)


@dataclass(frozen=True, slots=True)
class Made:
    """The rows of a release of another kind than annual trade, and where they come from. `value` is in thousand USD."""

    table: pa.Table
    origin: Origin
    years: tuple[int, ...]
    steps: tuple[str, ...] = ()
    value: float = 0.0
    countries: frozenset[int] = frozenset()
    products: frozenset[int] = frozenset()


Reader = Callable[[Reading], Made]


class Lines:
    """Counts the lines that are left out, by reason, with the first of each; refuses the file where they are too many."""

    def __init__(self, report: Report) -> None:
        self._report, self._counts, self._samples = report, Counter[str](), dict[str, list[str]]()
        self.kept = 0

    def country(self, text: str, where: str) -> int | None:
        """The number of a country; noted where there is none."""
        code = country_code(text)
        if code is None:
            self.left_out("country", f"{where}: {text}")
        return code

    def product(self, text: str, where: str) -> tuple[int, int] | None:
        """The code and how many digits of it were told; noted where it is none."""
        code = product_code(text)
        if code is None:
            self.left_out("product", f"{where}: {text}")
        return code

    def year(self, text: str, where: str) -> int | None:
        """The year; noted where it is none."""
        plain = text.strip().removesuffix(".0")[:4]
        if plain.isdecimal() and plain.isascii() and 1900 <= int(plain) <= 2200:
            return int(plain)
        self.left_out("year", f"{where}: {text or '-'}")
        return None

    def left_out(self, reason: str, sample: str) -> None:
        """Note a line that is left out, or is wrong."""
        self._counts[reason] += 1
        if len(known := self._samples.setdefault(reason, [])) < SAMPLES:
            known.append(sample)

    def close(self, subject: str) -> None:
        """Tell all that was noted. Raises Refused where nothing is left, values are negative or lines repeated, or too many
        codes are unknown."""
        whole = self.kept + sum(self._counts.values())
        for reason, count in self._counts.items():
            grave = reason in ("negative", "duplicate") or count > MOST_UNKNOWN * whole
            self._report.add(
                reason, "refused" if grave else "warning", _UNKNOWN[reason], count=count, samples=self._samples[reason]
            )
        if not self.kept:
            self._report.add("empty", "refused", N_("Các tệp không có dòng số liệu nào."), count=1)
        self._report.stop_if_refused(subject)


def table(rows: Sequence[tuple[object, ...]], columns: Iterable[tuple[str, pa.DataType]]) -> pa.Table:
    """Rows as an Arrow table of these columns."""
    named = list(columns)
    return pa.table(
        [pa.array([row[place] for row in rows], kind) for place, (_name, kind) in enumerate(named)],
        names=[name for name, _kind in named],
    )
