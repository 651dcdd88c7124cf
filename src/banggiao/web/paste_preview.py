"""The page that shows what a list would do to the register, row by row and cell by cell, before anything is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from banggiao.core.acts import Viewer
from banggiao.core.errors import BangGiaoError
from banggiao.core.registers import Register
from banggiao.reports.cells import SEVERAL_PARTNERS
from banggiao.reports.entry import asked_by
from banggiao.reports.importing import Held, Wanted, lists_of, said_how
from banggiao.reports.labels import label_of
from banggiao.reports.pasting import KEY, PROGRESS, Line, Pasted, targets
from banggiao.reports.taking_in import look
from banggiao.web.addresses import list_url, record_url
from banggiao.web.asking import asker, language
from banggiao.web.formats import format_date, format_number
from banggiao.web.history import shown_value
from banggiao.web.models import StagedPaste
from banggiao.web.parts import Action, Badge, Cell, Choice, Empty, Field, Header, Link, Table, TableColumn, TableRow, Tone
from banggiao.web.parts_entry import Count, PreviewPage
from banggiao.web.services import table_of, wanted_of
from banggiao.web.words import label, partial_date, say, told

SHOWN = 100
_TONES: dict[str, Tone] = {
    "good": "good", "changed": "active", "clash": "bad", "same": "neutral", "twin": "risk", "wrong": "bad", "skipped": "neutral",
    "removed": "risk",
}  # fmt: skip
_ISO = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)
_DATES = ("date", "due", "day", "period")


def preview_page(request: HttpRequest, book: Register, staged: StagedPaste, *, wrong: BangGiaoError | None = None) -> PreviewPage:
    """The page of a staged table."""
    viewer, table, wanted = asker(request), table_of(staged), wanted_of(staged)
    held = look(book, staged.name, table, wanted, viewer)
    here = reverse("web:preview", args=[book.name, staged.pk])
    counted = held.counts()
    show = request.GET.get("show", "")
    shown = [line for line in held.lines if not show or line.kind == show]
    kinds = [
        (kind, label("import_row", kind), counted[kind]) for kind in _TONES if counted[kind] or kind in ("good", "wrong", "twin")
    ]
    ready = counted["good"] + counted["changed"] + (len(held.gone) if staged.name else 0)
    return PreviewPage(
        header=Header(
            title=_("Kiểm tra danh sách trước khi ghi: %(what)s") % {"what": book.title.get(language())},
            kicker=staged.name,
            subtitle=_("Các dòng dưới đây chưa được ghi. Bảng được giữ bảy ngày; tải lại trang không mất gì."),
            trail=(
                Link(label=book.title.get(language()), url=list_url(book.name)),
                Link(label=_("Đưa danh sách vào sổ"), url=reverse("web:paste", args=[book.name])),
            ),
        ),
        action=here,
        sheets=_sheets(staged),
        warnings=table.warnings,
        mapping=[
            _column_choice(book, n, head, name) for n, (head, name) in enumerate(zip(table.heading, table.columns, strict=True))
        ],
        options=_options(book, staged, table, held, wanted, viewer),
        counts=[Count(label=_("Tất cả"), value=len(held.lines), url=here, active=not show)]
        + [Count(label=text, value=n, url=f"{here}?{urlencode({'show': kind})}", active=kind == show) for kind, text, n in kinds],
        table=_lines_table(book, staged, table, shown[:SHOWN], viewer, here, show),
        note=_("Chỉ hiện %(shown)s dòng đầu trong %(total)s dòng.")
        % {"shown": SHOWN, "total": format_number(len(shown), language())}
        if len(shown) > SHOWN
        else "",
        gone=[_gone(book, row, viewer) for row in held.gone[:SHOWN]],
        dropped=[
            _("Dòng %(n)s (%(why)s): %(words)s")
            % {"n": line.number, "why": label("import_left_out", line.why), "words": line.text}
            for line in table.dropped
        ],
        choices=[Field(name="whole", label=_("Chỉ ghi khi mọi dòng đều đúng"), kind="checkbox", value="yes")]
        if counted["wrong"]
        else [],
        seen=held.seen,
        submit=_submit(counted),
        ready=ready,
        mend_url=reverse("web:mend", args=[book.name, staged.pk]) if counted["wrong"] else "",
        again_url=f"{reverse('web:paste', args=[book.name])}?from={staged.pk}",
        forget_url=reverse("web:forget_paste", args=[book.name, staged.pk]),
        cancel_url=list_url(book.name),
        errors=(told(wrong),) if wrong else (),
    )


def _submit(counted: dict[str, int]) -> str:
    parts = []
    if counted["good"] or not counted["changed"]:
        text = ngettext("Ghi %(count)s dòng", "Ghi %(count)s dòng", counted["good"])
        parts.append(text % {"count": format_number(counted["good"], language())})
    if counted["changed"]:
        text = ngettext("Sửa %(count)s bản ghi", "Sửa %(count)s bản ghi", counted["changed"])
        parts.append(text % {"count": format_number(counted["changed"], language())})
    return ", ".join(parts)


def _sheets(staged: StagedPaste) -> Field | None:
    if len(staged.sheets) < 2:
        return None
    choices = [
        Choice(value=str(n), label=_("%(name)s (%(n)s dòng)") % {"name": name, "n": rows}, selected=n == staged.sheet)
        for n, (name, rows) in enumerate(staged.sheets)
    ]
    return Field(name="sheet", label=_("Trang hoặc bảng trong tệp"), kind="select", value=str(staged.sheet), choices=choices)


def _options(book: Register, staged: StagedPaste, table: Pasted, held: Held, wanted: Wanted, viewer: Viewer) -> list[Field]:
    fields = []
    kinds = {each.name: each for each in asked_by(book)}
    partner = next((n for n in table.columns if n in kinds and kinds[n].kind == "record" and n.startswith("partner")), "")
    if partner and (wanted.options.partners or _several(held)):
        choices = (
            ("", _("(chưa chọn)")),
            ("split", _("Mỗi đối tác một bản ghi")),
            ("joint", _("Một bản ghi chung: đối tác đầu tiên, các đối tác khác ghi trong nội dung")),
        )
        fields.append(_select("partners", _("Ô nêu nhiều đối tác"), choices, wanted.options.partners))
    if held.counts()["twin"] or held.counts()["removed"] or wanted.twins:
        twins = (
            ("", _("Bỏ qua")),
            ("new", _("Ghi thành bản ghi mới")),
            ("same", _("Coi là bản ghi đã có và cập nhật")),
        )
        fields.append(_select("twins", _("Dòng có thể trùng"), twins, wanted.twins))
    if staged.name and (lists := lists_of(book, viewer)):
        current = wanted.listed or (str(held.listed.pk) if held.listed else "new")
        known = [
            (
                str(each.pk),
                _("%(name)s (nhập %(when)s)")
                % {"name": str(each).strip(), "when": format_date(each.imported_at.date(), language())},
            )
            for each in lists
        ]
        fields.append(_select("listed", _("Là phiên bản mới của danh sách"), [("new", _("(danh sách mới)")), *known], current))
    if PROGRESS in table.columns:
        fields.append(
            Field(
                name="as_of",
                label=_("Danh sách tính đến ngày"),
                value=wanted.as_of,
                help=_("Ví dụ 30/6/2025; để trống là hôm nay."),
            )
        )
    fields.append(
        Field(
            name="blank", label=_("Để trống ô không hiểu được ở trường không bắt buộc (nguyên văn vẫn ở dòng gốc của tệp)"),
            kind="checkbox", value="yes", checked=wanted.options.blank,
        )
    )  # fmt: skip
    return fields


def _several(held: Held) -> bool:
    return any(problem.message == SEVERAL_PARTNERS for line in held.lines for problem in line.understood.problems)


def _select(name: str, text: str, choices: Sequence[tuple[str, str]], value: str) -> Field:
    options = [Choice(value=code, label=words, selected=code == value) for code, words in choices]
    return Field(name=name, label=text, kind="select", value=value, choices=options)


def _column_choice(book: Register, number: int, head: str, name: str) -> Field:
    none = Choice(value="", label=_("(bỏ qua cột này)"), selected=not name)
    fields = [Choice(value=field, label=text, selected=field == name) for field, text in targets(book)]
    text = head[:60] or _("Cột %(n)s") % {"n": number + 1}
    return Field(name=f"column-{number}", label=text, kind="select", value=name, choices=[none, *fields])


def _lines_table(
    book: Register, staged: StagedPaste, table: Pasted, lines: Sequence[Line], viewer: Viewer, here: str, show: str
) -> Table:
    used = [(n, name) for n, name in enumerate(table.columns) if name]
    lead = next((name for _n, name in used if name == book.title_paths[0]), used[0][1] if used else "")
    names = {**dict(targets(book)), KEY: _("Mã dòng"), PROGRESS: _("Tình trạng tự báo")}
    columns = [
        TableColumn(key="_number", label=_("Dòng"), kind="code"),
        TableColumn(key="_state", label=_("Kết quả")),
        *(TableColumn(key=name, label=names.get(name, name), lead=name == lead) for _n, name in used),
        TableColumn(key="_choice", label=_("Ghi chú và lựa chọn")),
    ]
    rows = []
    for line in lines:
        problems: dict[str, list[str]] = {}
        for problem in line.understood.problems:
            problems.setdefault(problem.field, []).append(say(problem.message))
        mapped = {name for _n, name in used}
        beside = " ".join(f"{label_of(book, f)}: {' '.join(texts)}" for f, texts in problems.items() if f not in mapped)
        cells = [
            Cell(value=line.place if staged.name else line.number),
            _state(book, line),
            *(_cell(book, line, n, name, problems, viewer) for n, name in used),
            _choice(staged, table, line, beside, here, show),
        ]
        rows.append(TableRow(cells=cells, overdue=line.kind in ("wrong", "clash")))
    empty = Empty(title=_("Không có dòng nào"), text=_("Không có dòng nào thuộc nhóm này."))
    return Table(caption=_("Các dòng của bảng đã dán"), columns=columns, rows=rows, empty=empty)


def _cell(book: Register, line: Line, place: int, name: str, problems: dict[str, list[str]], viewer: Viewer) -> Cell:
    text = line.cells[place]
    if name in problems:
        return Cell(value=text or None, note=" ".join(problems[name]), note_tone="bad")
    if name in line.left:
        return Cell(value=text or None, note=_("Không hiểu được; trường này sẽ để trống."), note_tone="risk")
    change = next((c for c in line.about.changes if c.field in (name, name.removesuffix("_id"))), None)
    if change is not None:
        how = said_how(change)
        old = shown_value(book, change.field, change.old, viewer) if change.old not in ("", None, []) else _("(trống)")
        note = _("sổ đang ghi: %(old)s") % {"old": str(_day(old))[:200]} + (f" ({how})" if how else "")
        return Cell(value=text or _("(trống)"), note=note, note_tone="bad" if change.how == "clash" else "active")
    value = line.understood.values.get(name)
    kind = next((each.kind for each in asked_by(book) if each.name == name), "")
    meant = ""
    if text and value and kind in _DATES and not _ISO.match(text):
        meant = str(_day(partial_date(str(value)) if kind != "period" else shown_value(book, name, value, viewer)))
    elif value and (line.part or line.understood.links) and kind == "record":
        meant = str(shown_value(book, name, str(value), viewer))
    return Cell(value=text or None, note=_("hiểu là %(value)s") % {"value": meant} if meant and meant != text else "")


def _day(value: Any) -> Any:
    return format_date(value, language()) if isinstance(value, date) else value


def _state(book: Register, line: Line) -> Cell:
    record = line.about.record
    links = (Link(label=_("Xem bản ghi đã có"), url=record_url(book.record_type, record.pk)),) if record is not None else ()
    return Cell(badge=Badge(label=label("import_row", line.kind), tone=_TONES[line.kind]), links=links)


def _choice(staged: StagedPaste, table: Pasted, line: Line, beside: str, here: str, show: str) -> Cell:
    """What is still to be said of the row, and what can be decided on it."""
    notes = [beside] if beside else []
    if line.kind == "twin" and isinstance(line.twin, int):
        notes.append(_("Giống dòng %(n)s.") % {"n": table.place(line.twin) if staged.name else line.twin})
    if line.kind == "twin" and isinstance(line.twin, UUID) and line.likeness < 100:
        notes.append(_("Gần giống (%(n)s %%).") % {"n": round(line.likeness)})
    if line.kind == "removed":
        notes.append(_("Bản ghi của dòng này đã được rút khỏi sổ."))
    return Cell(actions=_actions(line, here, show), note=" ".join(notes), note_tone="bad" if beside else "neutral")


def _actions(line: Line, here: str, show: str) -> tuple[Action, ...]:
    """What can be decided on one row."""
    offered: list[tuple[str, str]] = []
    if line.kind in ("twin", "removed"):
        offered = [("new", _("Ghi mới"))] + ([("same", _("Là bản ghi này"))] if line.about.record is not None else [])
    elif line.kind == "clash":
        offered = [("take", _("Lấy theo danh sách")), ("keep", _("Giữ như trong sổ"))]
    elif line.kind == "skipped":
        offered = [("", _("Không bỏ qua"))]
    if line.kind in ("good", "changed", "clash", "twin", "wrong"):
        offered.append(("skip", _("Bỏ qua")))
    return tuple(
        Action(
            label=text, url=here, method="post", fields=(("do", "choose"), ("row", line.id), ("choice", choice), ("show", show))
        )
        for choice, text in offered
    )


def _gone(book: Register, row: Any, viewer: Viewer) -> Link:
    """A row that the list does not have any more; its record stays."""
    record = book.model.objects.visible_to(viewer).filter(pk=row.record_id).first()
    words = book.title_of(record).get(language()) if record is not None else _("(bản ghi bạn không được xem)")
    url = record_url(book.record_type, record.pk) if record is not None else ""
    return Link(label=_("Dòng cũ %(n)s: %(words)s") % {"n": row.place, "words": words[:200]}, url=url)
