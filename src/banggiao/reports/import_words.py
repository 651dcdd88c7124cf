"""How is an import told to a programme: the table found, what each row would do, what is gone, and what to confirm it with?"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from banggiao.core.registers import Register
from banggiao.reports.importing import Held, said_how
from banggiao.reports.pasting import Line, Pasted
from banggiao.reports.taking_in import ListFile, TakenIn


def told_preview(
    register: Register, file: ListFile, table: Pasted, held: Held, *, show: str = "", offset: int = 0, most: int = 200
) -> dict[str, Any]:
    """The preview as JSON-ready values; `show` keeps rows of one kind, `offset` and `most` part them."""
    rows = [line for line in held.lines if not show or line.kind == show]
    return {
        "file": file.name,
        "sheet": table.sheet,
        "sheets": [{"name": sheet.name, "rows": len(sheet.rows)} for sheet in file.sheets],
        "columns": [{"heading": h, "field": f or None} for h, f in zip(table.heading, table.columns, strict=True)],
        "list": str(held.listed.pk) if held.listed else None,
        "counts": held.counts(),
        "rows": [told_line(register, line) for line in rows[offset : offset + most]],
        "total": len(rows),
        "gone": [
            {"row": row.place, "record": str(row.record_id), "words": str(row.values.get(register.title_paths[0], ""))[:300]}
            for row in held.gone[:most]
        ],
        "dropped": [{"row": line.number, "why": line.why, "words": line.text} for line in table.dropped],
        "warnings": list(table.warnings),
        "seen": held.seen,
    }


def told_line(register: Register, line: Line) -> dict[str, Any]:
    """One row: what it would do, what is wrong with it by field, what changes from what to what, and the record it is."""
    about = line.about
    return {
        "id": line.id,
        "row": line.place,
        "kind": line.kind,
        "words": str(line.understood.values.get(register.title_paths[0], ""))[:300],
        "record": str(about.record.pk) if about.record is not None else None,
        "version": about.record.version if about.record is not None else None,
        "twin_row": line.twin if isinstance(line.twin, int) else None,
        "likeness": round(line.likeness) if line.twin is not None else None,
        "problems": [{"field": p.field, "message": gettext(p.message)} for p in line.understood.problems],
        "left_empty": [{"field": name, "words": words[:200]} for name, words in line.left.items()],
        "changes": [{"field": c.field, "old": c.old, "new": c.new, "how": c.how, "note": said_how(c)} for c in about.changes],
    }


def told_result(register: Register, done: TakenIn) -> dict[str, Any]:
    """What was written."""
    return {
        "created": [str(record.pk) for record in done.created],
        "changed": [{"id": str(record.pk), "version": record.version} for record in done.changed],
        "claims": done.claims,
        "later_dates_asked": done.asked,
        "left": [told_line(register, line) for line in done.left[:200]],
        "left_total": len(done.left),
        "document": str(done.document.pk) if done.document else None,
    }
