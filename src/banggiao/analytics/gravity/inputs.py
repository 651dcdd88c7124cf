"""How do tables and matrices that callers bring become checked NumPy arrays?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from banggiao.core.errors import N_, FieldProblem, InvalidInput

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
#: What a table may be: Arrow, pandas or Polars (anything with the Arrow C interface), or columns by name.
Table = Any


def refuse(field: str, message: str, *, subject: str = "", remedy: str = "", **params: object) -> NoReturn:
    """Raise InvalidInput with one problem on `field`; the message is a source message with `%(name)s` placeholders."""
    raise InvalidInput(message, subject=subject, remedy=remedy, problems=[FieldProblem(field, message)], **params)


def columns(data: Table, names: Iterable[str]) -> dict[str, npt.NDArray[Any]]:
    """The named columns of a table as arrays of equal length; Arrow nulls in numbers become NaN.

    Raises InvalidInput naming the first column that is missing or of another length.
    """
    wanted = list(dict.fromkeys(names))
    if isinstance(data, Mapping):
        have: Mapping[str, Any] = data
        missing = [name for name in wanted if name not in have]
    else:
        table = data if isinstance(data, pa.Table) else pa.table(data)
        missing = [name for name in wanted if name not in table.column_names]
        have = {} if missing else {name: _from_arrow(table.column(name)) for name in wanted}
    if missing:
        refuse("columns", N_("Bảng thiếu cột “%(column)s”."), remedy=N_("Hãy kiểm tra tên các cột của bảng."), column=missing[0])
    arrays = {name: np.asarray(have[name]) for name in wanted}
    lengths = {len(array) for array in arrays.values()}
    if len(lengths) > 1:
        refuse("columns", N_("Các cột dài ngắn khác nhau."))
    return arrays


def numbers(name: str, array: npt.NDArray[Any]) -> Floats:
    """A column as 64-bit floats. Raises InvalidInput when it holds text."""
    try:
        return np.asarray(array, dtype=np.float64)
    except (TypeError, ValueError):
        refuse(name, N_("Cột “%(column)s” phải là số."), column=name)


def square(name: str, matrix: npt.ArrayLike, size: int | None = None, *, positive: bool = False) -> Floats:
    """A finite, non-negative (with `positive`: positive) C x C matrix as 64-bit floats. Raises InvalidInput otherwise."""
    values = np.array(matrix, dtype=np.float64)
    if values.ndim != 2 or values.shape[0] != values.shape[1] or (size is not None and len(values) != size):
        refuse(name, N_("Ma trận “%(name)s” phải vuông, mỗi nước một hàng và một cột."), name=name)
    if not np.isfinite(values).all() or (values < 0).any() or (positive and (values == 0).any()):
        refuse(name, N_("Ma trận “%(name)s” có giá trị trống, vô hạn hoặc âm."), name=name)
    return values


def vector(name: str, values: npt.ArrayLike, size: int) -> Floats:
    """A positive, finite vector with one entry a country. Raises InvalidInput otherwise."""
    array = np.array(values, dtype=np.float64)
    if array.shape != (size,):
        refuse(name, N_("“%(name)s” phải có mỗi nước một giá trị."), name=name)
    if not np.isfinite(array).all() or (array <= 0).any():
        refuse(name, N_("“%(name)s” phải lớn hơn 0 ở mọi nước."), name=name)
    return array


def codes(arrays: Sequence[npt.NDArray[Any]]) -> Ints:
    """Consecutive numbers for the distinct combinations of several columns, as fixed effects and clusters need them."""
    result = np.zeros(len(arrays[0]), dtype=np.int64)
    for array in arrays:
        _, inverse = np.unique(array, return_inverse=True)
        _, result = np.unique(result * (int(inverse.max(initial=0)) + 1) + inverse, return_inverse=True)
    return result.astype(np.int64)


def places(countries: Sequence[str], wanted: Iterable[str]) -> Ints:
    """Where the wanted countries stand in the list. Raises InvalidInput naming the first that is not there."""
    index = {country: place for place, country in enumerate(countries)}
    chosen = list(dict.fromkeys(wanted))
    for country in chosen:
        if country not in index:
            refuse(
                "countries",
                N_("Không có nước “%(country)s” trong dữ liệu."),
                subject=country,
                remedy=N_("Hãy chọn nước có trong bộ dữ liệu."),
                country=country,
            )
    return np.array([index[country] for country in chosen], dtype=np.int64)


def _from_arrow(column: pa.ChunkedArray) -> npt.NDArray[Any]:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
    if column.null_count and (pa.types.is_integer(column.type) or pa.types.is_boolean(column.type)):
        column = column.cast(pa.float64())
    array: npt.NDArray[Any] = column.to_numpy()
    if array.dtype == object:
        # Sorting Python strings is twenty times as slow as sorting fixed-width ones.
        array = np.array(["" if value is None else str(value) for value in array])
    return array
