"""How is a table of text read by DuckDB with types of ours, every line that does not fit kept with its number?"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import duckdb

from banggiao.analytics.ingest.checks import SAMPLES, Report
from banggiao.analytics.ingest.opening import Opened
from banggiao.analytics.ingest.running import Run, called_off
from banggiao.analytics.store.margins import quoted
from banggiao.core.errors import N_, Unreadable

#: What stands for "not known" in the tables met so far.
NULLS = ("", "NA", "NULL", "null", "..", "N/A")
_POLL = 0.1
_numbers = itertools.count()


class Table:
    """A CSV file as something to select from.

    `types` names the columns wanted (as in the header) and their DuckDB types; `meaning` says our names in SQL over them.
    """

    def __init__(self, file: Opened, types: Mapping[str, str], meaning: Mapping[str, str] | None = None) -> None:
        self.file, self.types, self.meaning = file, types, dict(meaning or {})
        self.mark = f"rejects_{next(_numbers)}"

    def relation(self, *, in_order: bool = False) -> str:
        """The SQL that reads it; unwanted columns stay text and cost next to nothing. `in_order` reads on one thread."""
        columns = ", ".join(f"{quoted(name)}: {quoted(self.types.get(name, 'VARCHAR'))}" for name in self.file.header)
        return (
            f"read_csv({quoted(self.file.path)}, header = true, auto_detect = false, delim = {quoted(self.file.delimiter)}, "
            f"quote = '\"', escape = '\"', columns = {{{columns}}}, nullstr = [{', '.join(map(quoted, NULLS))}], "
            f"store_rejects = true, rejects_table = '{self.mark}', rejects_scan = '{self.mark}_scan', rejects_limit = 1000"
            f"{', parallel = false' if in_order else ''})"
        )

    def rejected(self, connection: duckdb.DuckDBPyConnection) -> list[tuple[int, str, str]]:
        """(line, column, text) of the lines that the last reading could not take, at most a thousand; forgotten thereafter."""
        try:
            rows = connection.execute(
                f"SELECT DISTINCT ON (line) line, coalesce(column_name, ''), csv_line FROM {self.mark} ORDER BY line"  # noqa: S608
            ).fetchall()
        except duckdb.CatalogException:
            return []
        connection.execute(f"DROP TABLE {self.mark}; DROP TABLE {self.mark}_scan")
        return [(int(line), str(column), str(text)) for line, column, text in rows]

    def lines(self, connection: duckdb.DuckDBPyConnection, where: str, parameters: Sequence[Any] = ()) -> list[str]:
        """The first lines for which a condition on our names holds, as `file:line: text`. Reads the file again."""
        wanted = ", ".join(column(each) for each in self.types)
        text = f"concat_ws({quoted(self.file.delimiter)}, {', '.join(f'{column(each)}::VARCHAR' for each in self.types)})"
        ours = "".join(f", {sql} AS {name}" for name, sql in self.meaning.items())
        found = connection.execute(
            f"SELECT line, text FROM (SELECT line, {text} AS text{ours} FROM "  # noqa: S608
            f"(SELECT row_number() OVER () + 1 AS line, {wanted} FROM {self.relation(in_order=True)})) "
            f"WHERE {where} ORDER BY line LIMIT {SAMPLES}",
            list(parameters),
        ).fetchall()
        self.rejected(connection)
        return [f"{self.file.name}:{line}: {row}" for line, row in found]


def note_rejected(report: Report, table: Table, connection: duckdb.DuckDBPyConnection) -> None:
    """Lines that are no rows of the table forbid the ingest, the first of them named."""
    found = table.rejected(connection)
    if found:
        report.add(
            "lines",
            "refused",
            N_("%(count)s dòng không đọc được theo kiểu của cột (thiếu hoặc thừa cột, không phải số)."),
            count=len(found),
            samples=[f"{table.file.name}:{line}: {text}" for line, _, text in found],
        )


def execute(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    run: Run,
    *,
    tell: Callable[[float], None] | None = None,
    name: str = "",
) -> None:
    """Run a long statement, telling how far it is; a call to stop interrupts it.

    Raises CalledOff, Unreadable for text that is not UTF-8 (naming `name`), otherwise what DuckDB raises.
    """
    failures: list[BaseException] = []

    def work() -> None:
        try:
            connection.execute(sql)
        except BaseException as error:  # handed to the caller's thread
            failures.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    stopped = False
    while thread.is_alive():
        thread.join(_POLL)
        if not stopped and run.called_off():
            stopped = True
            connection.interrupt()
        if tell and not stopped:
            tell(max(connection.query_progress(), 0.0) / 100)
    if stopped:
        raise called_off()
    for error in failures:
        text = str(error).lower()
        if "utf-8" in text or "unicode" in text:
            raise Unreadable(N_("Không nhận ra bảng mã của tệp."), subject=name, remedy=N_("Hãy lưu tệp bằng UTF-8.")) from error
        if "maximum line size" in text or "unterminated quote" in text:
            raise Unreadable(
                N_("Tệp có dòng quá dài hoặc dấu ngoặc kép không đóng."),
                subject=name,
                remedy=N_("Hãy xuất lại tệp csv từ nguồn."),
            ) from error
        raise error


def column(name: str) -> str:
    """A column's name as SQL."""
    return '"' + name.replace('"', '""') + '"'
