"""How does any table that a person names, with its columns, become a trade table that the measures understand?"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import ibis

from banggiao.analytics.engine import duckdb_connection, from_arrow
from banggiao.analytics.store.margins import quoted
from banggiao.core.errors import N_, FieldProblem, InvalidInput, NotFound, Unreadable

#: The columns of a trade table. Codes stay text, so that leading zeros and codes of any classification survive.
TEXTS, NUMBERS, YEAR = ("exporter", "importer", "product"), ("value", "quantity", "mfn", "preferential"), "year"
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Named:
    """A table read from a file: the trade table, its rows, and how many lines repeat a key that stood before.

    Measures add up lines of the same key; that there are any is worth saying.
    """

    table: ibis.Table
    rows: int
    repeated: int


def read_named(backend: ibis.BaseBackend, path: Path, columns: Mapping[str, str]) -> Named:
    """The columns of a csv, tsv, txt (or one of them .gz) or parquet file under our names: {"product": "hs6", "value": "usd"}.

    exporter, importer and product become text, value, quantity, mfn and preferential numbers, year a whole number. Raises
    NotFound without the file, Unreadable for what is no table, InvalidInput for a column that is not there (naming those that
    are) and for lines without code, with a value that is no number or is negative (with their numbers; 1 is the header).
    """
    for name in columns:
        if name not in (*TEXTS, *NUMBERS, YEAR):
            raise _invalid(name, N_("Không có cột chuẩn tên %(name)s."), path, name=name)
    if not path.is_file():
        raise NotFound(N_("Không thấy tệp này."), subject=str(path), remedy=N_("Hãy kiểm tra lại đường dẫn."))
    if backend.name == "duckdb":
        return _read(backend.con, backend, path, columns)
    with duckdb_connection() as connection:
        return _read(connection, backend, path, columns)


def _read(connection: duckdb.DuckDBPyConnection, backend: ibis.BaseBackend, path: Path, columns: Mapping[str, str]) -> Named:
    source, text = _source(path)
    try:
        present = [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]  # noqa: S608
        for name, wanted in columns.items():
            if wanted not in present:
                message = N_("Tệp không có cột %(wanted)s; các cột có trong tệp: %(present)s.")
                raise _invalid(name, message, path, wanted=wanted, present=", ".join(present))
        read = f"named_{secrets.token_hex(8)}"
        # Read once: as text with the number of each line, then checked, then typed.
        chosen = ", ".join(f"{_text(_identifier(wanted), text)} AS {name}" for name, wanted in columns.items())
        connection.execute(f"CREATE TEMP TABLE {read}_text AS SELECT {chosen}, row_number() OVER () + 1 AS line FROM {source}")  # noqa: S608
        _check(connection, f"{read}_text", columns, path)
        typed = ", ".join(f"{_type(name)} AS {name}" for name in columns)
        connection.execute(f"CREATE TEMP TABLE {read} AS SELECT {typed} FROM {read}_text")  # noqa: S608
        connection.execute(f"DROP TABLE {read}_text")
        key = ", ".join(name for name in columns if name not in NUMBERS)
        kinds = f"(SELECT count(*) FROM (SELECT DISTINCT {key} FROM {read}))" if key else "count(*)"  # noqa: S608
        rows, distinct = connection.execute(f"SELECT count(*), {kinds} FROM {read}").fetchall()[0]  # noqa: S608
    except (duckdb.InvalidInputException, duckdb.IOException, duckdb.ConversionException) as error:
        found = re.search(r"Line: (\d+)", str(error))
        raise Unreadable(
            N_("Không đọc được bảng trong tệp (dòng %(line)s).") if found else N_("Không đọc được bảng trong tệp."),
            subject=str(path),
            remedy=N_("Hãy gửi tệp csv mã UTF-8 có một dòng tiêu đề, hoặc tệp parquet."),
            **({"line": found[1]} if found else {}),
        ) from error
    if not rows:
        raise Unreadable(N_("Tệp không có dòng dữ liệu nào."), subject=str(path))
    here = backend.name == "duckdb"
    table = backend.table(read) if here else from_arrow(backend, connection.table(read).to_arrow_table())
    return Named(table, rows, rows - distinct)


def _source(path: Path) -> tuple[str, bool]:
    """The SQL that reads the file, and whether it gives texts only."""
    if path.suffix.lower() == ".parquet":
        return f"read_parquet({quoted(path)}, hive_partitioning = false)", False
    return f"read_csv({quoted(path)}, all_varchar = true, header = true, hive_partitioning = false)", True


def _text(column: str, text: bool) -> str:
    return f"trim({column})" if text else f"CAST({column} AS VARCHAR)"


def _type(name: str) -> str:
    if name in NUMBERS:
        return f"TRY_CAST(nullif({name}, '') AS DOUBLE)"
    return f"TRY_CAST({name} AS SMALLINT)" if name == YEAR else name


def _check(connection: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str], path: Path) -> None:
    number = N_("%(count)s dòng có cột %(column)s không phải là số (dòng %(lines)s).")
    point = N_("Hãy viết số bằng dấu chấm thập phân, không có dấu phân cách hàng nghìn.")
    negative = N_("%(count)s dòng có cột %(column)s âm (dòng %(lines)s).")
    empty = N_("%(count)s dòng có cột %(column)s trống (dòng %(lines)s).")
    for name, column in columns.items():
        if name in TEXTS:
            faults = {empty: (f"coalesce({name}, '') = ''", N_("Hãy ghi mã cho mọi dòng hoặc bỏ dòng đó."))}
        elif name == YEAR:
            faults = {number: (f"TRY_CAST({name} AS SMALLINT) IS NULL", N_("Hãy ghi năm bằng bốn chữ số."))}
        else:
            needed = "" if name == "value" else f"coalesce({name}, '') <> '' AND "
            wrong = f"{needed}NOT coalesce(isfinite(TRY_CAST({name} AS DOUBLE)), false)"
            minus = N_("Kim ngạch và khối lượng không thể âm; hãy sửa tệp.")
            faults = {number: (wrong, point), negative: (f"TRY_CAST({name} AS DOUBLE) < 0", minus)}
        for message, (condition, remedy) in faults.items():
            counted = f"SELECT count(*), list(line ORDER BY line)[1:{SHOWN}] FROM {table} WHERE {condition}"  # noqa: S608
            count, lines = connection.execute(counted).fetchall()[0]
            if count:
                shown = ", ".join(map(str, lines)) + (" …" if count > SHOWN else "")
                raise _invalid(name, message, path, remedy=remedy, count=count, column=column, lines=shown)


def _invalid(field: str, message: str, path: Path, remedy: str = "", **params: object) -> InvalidInput:
    return InvalidInput(message, subject=str(path), remedy=remedy, problems=[FieldProblem(field, message)], **params)


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
