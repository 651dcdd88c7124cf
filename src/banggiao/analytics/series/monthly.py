"""How does a table of monthly trade become a matrix of series in which like months can be compared?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from banggiao.analytics.gravity.inputs import codes, columns, numbers, refuse
from banggiao.core.errors import N_

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Absent = Literal["missing", "zero"]


@dataclass(frozen=True, slots=True)
class MonthlySeries:
    """S series over T consecutive months.

    `values` [S, T] in one unit, NaN where a month is not known; zero means that nothing was traded. `first` is the first month
    as year * 12 + month - 1. `keys` is an Arrow table of S rows that names the series, `provisional` [T] marks months that may
    still be revised, `source_date` the day of the data (ISO) and `unit` that of the values.
    """

    keys: pa.Table
    values: Floats
    first: int
    provisional: Bools
    source_date: str
    unit: str

    def month(self, place: int) -> str:
        """The month at a place, as 2026-03."""
        number = self.first + place
        return f"{number // 12:04d}-{number % 12 + 1:02d}"

    def place(self, month: str) -> int:
        """Where a month such as 2026-03 stands. Raises InvalidInput for one outside the series."""
        try:
            year, number = month.split("-")
            at = int(year) * 12 + int(number) - 1 - self.first
        except ValueError:
            at = -1
        if not 0 <= at < self.values.shape[1]:
            refuse(
                "month",
                N_("Tháng “%(month)s” nằm ngoài chuỗi, từ %(first)s đến %(last)s."),
                month=month,
                first=self.month(0),
                last=self.month(self.values.shape[1] - 1),
            )
        return at

    def key(self, place: int) -> dict[str, Any]:
        """The names of one series by column."""
        return {name: self.keys.column(name)[place].as_py() for name in self.keys.column_names}


def monthly_series(
    data: Any,
    *,
    keys: Sequence[str] = ("reporter", "partner", "product", "flow"),
    value: str = "value",
    absent: Absent = "missing",
    source_date: str = "",
    unit: str = "thousand USD",
) -> MonthlySeries:
    """Rows with `keys`, year, month, `value` and optionally provisional (0 or 1), one a series and month, as a matrix.

    `absent` says what a month without a row means within the months a series is known in: "missing" where reporting is patchy,
    "zero" where the source lists only what was traded. A month is provisional when any of its rows is. Raises InvalidInput for
    rows that repeat a series and month, months outside 1 to 12 and negative values.
    """
    table = data if isinstance(data, pa.Table) else pa.table(data)
    has_flag = "provisional" in table.column_names
    raw = columns(table, [*keys, "year", "month", value, *(["provisional"] if has_flag else [])])
    year, month, amount = (numbers(name, raw[name]) for name in ("year", "month", value))
    if not len(year):
        refuse("rows", N_("Không có dòng nào để lập chuỗi tháng."))
    if not np.isfinite(year).all() or not np.isin(month, np.arange(1, 13)).all():
        refuse("month", N_("Tháng phải từ 1 đến 12 và năm phải có."))
    if (amount < 0).any():
        refuse(value, N_("Giá trị thương mại âm ở dòng %(line)s."), line=int(np.argmax(amount < 0)) + 1)
    series = codes([raw[name] for name in keys])
    when = (year * 12 + month - 1).astype(np.int64)
    first, last = int(when.min()), int(when.max())
    count, length = int(series.max()) + 1, last - first + 1
    cell = series * length + (when - first)
    if len(np.unique(cell)) < len(cell):
        refuse("rows", N_("Có chuỗi lặp lại trong cùng một tháng."), remedy=N_("Hãy cộng các dòng trùng trước."))
    values = np.full((count, length), np.nan)
    values.reshape(-1)[cell] = amount
    if absent == "zero":
        values[np.isnan(values)] = 0
    _, where = np.unique(series, return_index=True)
    flags = np.zeros(length, dtype=bool)
    if has_flag:
        flags[when[numbers("provisional", raw["provisional"]) == 1] - first] = True
    return MonthlySeries(table.select(list(keys)).take(pa.array(where)), values, first, flags, source_date, unit)
