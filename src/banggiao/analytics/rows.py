"""How are columns of trade read from Parquet, their codes numbered and their values checked?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from banggiao.core.errors import N_, FieldProblem, InvalidInput, Unreadable

Floats = npt.NDArray[np.float64]
Duplicates = Literal["refuse", "sum"]
#: Country codes fit int16, HS6 as an integer has six digits.
MOST_COUNTRY, MOST_PRODUCT = 32_767, 999_999
#: Rows worked on at a time: so few that what is read stays in the cache until it is placed.
STRETCH = 1 << 16
NOTHING = N_("Không có dòng thương mại nào có trị giá lớn hơn 0.")


def table(file: Path, columns: Sequence[str]) -> pa.Table:
    """These columns of a Parquet file, in this order, and no others. Raises Unreadable, naming file and columns."""
    try:
        return pq.ParquetFile(file).read(columns=list(columns)).select(columns)
    except (OSError, KeyError, pa.ArrowInvalid) as error:
        raise Unreadable(
            N_("Không đọc được tệp Parquet này hoặc tệp thiếu cột."),
            subject=file.name,
            remedy=N_("Tệp cần có các cột: %(columns)s."),
            columns=", ".join(columns),
        ) from error


def labels(columns: Iterable[npt.NDArray[Any]], most: int, name: str) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.intp]]:
    """The codes that occur in the columns, ascending, and a table from code to position.

    Raises InvalidInput for a code that is no whole number from 0 to `most`, or for more than 32,767 different ones.
    """
    seen = np.zeros(most + 1, bool)
    for column in columns:
        if not len(column):
            continue
        if column.dtype.kind not in "iu" or column.min() < 0 or column.max() > most:
            raise refused(name, N_("Mã ở cột %(column)s phải là số nguyên từ 0 đến %(most)s."), column=name, most=most)
        seen[column] = True
    codes = np.flatnonzero(seen).astype(np.int32)
    if len(codes) > MOST_COUNTRY:
        raise refused(name, N_("Có quá nhiều mặt hàng: nhiều nhất %(most)s."), most=MOST_COUNTRY)
    position = np.zeros(most + 1, np.intp)
    position[codes] = np.arange(len(codes))
    return codes, position


def wrong_value(exporter: Any, importer: Any, product: Any, value: Floats) -> None:
    """Raises InvalidInput with the first row whose value is negative, missing or infinite; `importer` may be None."""
    if not len(value) or (value.min() >= 0 and value.max() < np.inf):  # a NaN fails both comparisons
        return
    first = int(np.argmax(~(value >= 0) | np.isinf(value)))
    if importer is None:
        message = N_("Trị giá %(value)s của nước %(exporter)s, mặt hàng %(product)s, là số âm hoặc thiếu.")
        raise refused("value", message, value=float(value[first]), exporter=exporter[first], product=product[first])
    raise refused(
        "value",
        N_("Trị giá %(value)s từ nước %(exporter)s sang nước %(importer)s, mặt hàng %(product)s, là số âm hoặc thiếu."),
        value=float(value[first]),
        exporter=exporter[first],
        importer=importer[first],
        product=product[first],
    )


def refused(field: str, message: str, **params: object) -> InvalidInput:
    """The error for input that cannot be used, with the column it is about."""
    return InvalidInput(message, problems=[FieldProblem(field, message)], **params)
