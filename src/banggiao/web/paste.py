"""Pasting a table from Word or Excel into a register: seen and mended before anything is written, kept until it is settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banggiao.accounts.models import User
from banggiao.core.errors import N_, BangGiaoError, InvalidInput, MissingInformation, NotFound, SecrecyRefused, Unreadable
from banggiao.core.registers import Register, register_named
from banggiao.reports import actions
from banggiao.reports.entry import asked_by
from banggiao.reports.labels import label_of
from banggiao.reports.pasted import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, rows_of_file, rows_of_text
from banggiao.reports.pasting import Line, Pasted, checked, recognised, to_mend
from banggiao.web.addresses import list_url, record_url
from banggiao.web.asking import asker, deed, language, moment, refilling, refills
from banggiao.web.formats import format_number
from banggiao.web.frame import render
from banggiao.web.models import StagedPaste
from banggiao.web.parts import Badge, Cell, Choice, Empty, Field, Header, Link, Table, TableColumn, TableRow
from banggiao.web.parts_entry import Count, PastePage, PreviewPage
from banggiao.web.services import drop, forget_written, map_columns, meanings_of, stage, table_of, waiting_of, write_out
from banggiao.web.words import say, told

SHOWN = 100
#: So many records can be taken back with one press; more are taken back from the list, one by one.
MOST_UNDONE = 500


@refills
@require_http_methods(["GET", "HEAD", "POST"])
def paste(request: HttpRequest, register: str) -> HttpResponseBase:
    """Where a table is pasted, or a file with one given; it is kept and shown before anything is written."""
    book, user = _book(request, register), cast(User, request.user)
    text = request.POST.get("table", "")
    if request.method != "POST" or refilling(request):
        return _form(request, book, text or _left_of(request, book))
    file = request.FILES.get("file")
    try:
        if file is not None:
            if (file.size or 0) > MOST_BYTES:
                raise InvalidInput(N_("Tệp quá lớn."), remedy=N_("Hãy chia bảng thành nhiều phần rồi gửi từng phần."))
            rows = rows_of_file(file.read(), file.name or "")
        else:
            rows = rows_of_text(text)
        table = recognised(book, rows, meanings_of(user, book.name))
    except (Unreadable, InvalidInput) as error:
        return _form(request, book, text, wrong=error)
    staged = stage(user=user, register=book.name, table=table, at=moment(request))
    return redirect("web:preview", book.name, staged.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, register: str, key: UUID) -> HttpResponseBase:
    """What the table would write, row by row; columns are explained here, and the sound rows written."""
    book, staged = _staged(request, register, key)
    if request.method != "POST":
        return _preview(request, book, staged)
    if request.POST.get("do") == "map":
        known = {each.name for each in asked_by(book)}
        chosen = [request.POST.get(f"column-{n}", "") for n in range(len(staged.heading))]
        map_columns(staged, [name if name in known and chosen.index(name) == n else "" for n, name in enumerate(chosen)])
        return redirect("web:preview", book.name, staged.pk)
    twins, whole = request.POST.get("twins") == "yes", request.POST.get("whole") == "yes"
    try:
        lines, done = write_out(staged, book, twins=twins, whole=whole, act=deed(request))
    except (MissingInformation, NotFound, SecrecyRefused) as error:
        return _preview(request, book, staged, wrong=error)
    count, skipped = len(done.records), 0 if twins else sum(line.kind == "twin" for line in lines)
    if not count:
        messages.warning(
            request,
            _("Chưa ghi dòng nào: không có dòng nào vừa đúng vừa mới. Hãy sửa dòng có lỗi, hoặc chọn ghi cả dòng có thể trùng."),
        )
        return redirect("web:preview", book.name, staged.pk)
    text = ngettext("Đã ghi %(count)s bản ghi.", "Đã ghi %(count)s bản ghi.", count) % {"count": format_number(count, language())}
    if skipped:
        more = ngettext("Bỏ qua %(count)s dòng có thể trùng.", "Bỏ qua %(count)s dòng có thể trùng.", skipped)
        text += " " + more % {"count": format_number(skipped, language())}
    if done.left:
        more = ngettext("Còn %(count)s dòng có lỗi.", "Còn %(count)s dòng có lỗi.", len(done.left))
        text += " " + more % {"count": format_number(len(done.left), language())}
    undo = reverse("web:paste_undo", args=[book.name, staged.pk])
    messages.success(request, text, extra_tags=f"undo {undo} 0" if count <= MOST_UNDONE else "")
    if not done.left:
        return redirect(list_url(book.name))
    return redirect("web:preview", book.name, staged.pk)


@require_safe
def mend(request: HttpRequest, register: str, key: UUID) -> HttpResponseBase:
    """The faulty rows as a file, with what is wrong behind each."""
    book, staged = _staged(request, register, key)
    table = table_of(staged)
    content = to_mend(book, table, checked(book, table, asker(request)))
    name = f"{book.name}-can-sua.csv"
    return HttpResponse(
        content, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@require_POST
def take_back(request: HttpRequest, register: str, key: UUID) -> HttpResponseBase:
    """Take back what was written of the table, as far as nobody has touched it since."""
    book, staged = _staged(request, register, key)
    ids = staged.written[-MOST_UNDONE:]
    standing = list(book.model.objects.visible_to(asker(request)).filter(pk__in=ids))
    gone = actions.undo_many(book, standing, act=deed(request))
    forget_written(staged, gone)
    kept = len(standing) - len(gone)
    text = ngettext("Đã rút %(count)s bản ghi.", "Đã rút %(count)s bản ghi.", len(gone)) % {"count": len(gone)}
    if kept:
        text += " " + ngettext(
            "Còn %(kept)s bản ghi đã có người sửa hoặc gắn vào nên được giữ.",
            "Còn %(kept)s bản ghi đã có người sửa hoặc gắn vào nên được giữ.",
            kept,
        ) % {"kept": kept}
    messages.success(request, text)
    return redirect(list_url(book.name))


@require_POST
def forget(request: HttpRequest, register: str, key: UUID) -> HttpResponseBase:
    """Throw the table away; what was written of it stays."""
    book, staged = _staged(request, register, key)
    drop(staged)
    messages.info(request, _("Đã bỏ bảng đã dán. Các bản ghi đã ghi vẫn giữ nguyên."))
    return redirect("web:paste", book.name)


def _book(request: HttpRequest, register: str) -> Register:
    book, viewer = register_named(register), asker(request)
    viewer.require(book.permission, subject=register)
    actions.require_entry(book, viewer)
    return book


def _staged(request: HttpRequest, register: str, key: UUID) -> tuple[Register, StagedPaste]:
    book = _book(request, register)
    found = StagedPaste.objects.filter(pk=key, user=cast(User, request.user), register=book.name).first()
    if found is None:
        raise NotFound(
            N_("Không tìm thấy bảng đã dán."), subject=str(key), remedy=N_("Bảng được giữ bảy ngày; hãy dán lại nếu cần.")
        )
    return book, found


def _left_of(request: HttpRequest, book: Register) -> str:
    """The rows of a kept table as text again, to be mended in the page."""
    key = request.GET.get("from", "")
    try:
        staged = StagedPaste.objects.filter(pk=UUID(key), user=cast(User, request.user), register=book.name).first()
    except ValueError:
        staged = None
    return "\n".join("\t".join(map(_quoted, row)) for row in (staged.heading, *staged.rows)) if staged else ""


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in '\t\n"') else cell


def _form(request: HttpRequest, book: Register, text: str, *, wrong: BangGiaoError | None = None) -> HttpResponseBase:
    waiting = [
        Link(
            label=_("Bảng dán lúc %(when)s") % {"when": f"{staged.staged_at.astimezone():%H:%M %d/%m/%Y}"},
            url=reverse("web:preview", args=[book.name, staged.pk]),
        )
        for staged in waiting_of(cast(User, request.user), book.name, moment(request))
    ]
    page = PastePage(
        header=Header(
            title=_("Dán bảng vào sổ: %(what)s") % {"what": book.title.get(language())},
            subtitle=_("Sao chép bảng trong Word hoặc Excel, kể cả dòng tiêu đề, rồi dán vào đây. Chưa có gì được ghi ngay."),
            trail=(Link(label=book.title.get(language()), url=list_url(book.name)),),
        ),
        action=request.path,
        area=Field(name="table", label=_("Bảng"), kind="textarea", value=text, errors=(told(wrong),) if wrong else ()),
        file=Field(name="file", label=_("Hoặc chọn tệp .xlsx, .docx, .csv"), kind="file"),
        columns=[label_of(book, each.name) + (" *" if each.required else "") for each in asked_by(book)],
        limits=_("Tối đa %(rows)s dòng, %(columns)s cột, %(size)s MB mỗi lần.")
        % {"rows": format_number(MOST_ROWS, language()), "columns": MOST_COLUMNS, "size": MOST_BYTES // 10**6},
        waiting=waiting,
        cancel_url=list_url(book.name),
    )
    return render(request, "paste_form.html", page, status=422 if wrong else 200)


def _preview(
    request: HttpRequest,
    book: Register,
    staged: StagedPaste,
    *,
    wrong: BangGiaoError | None = None,
) -> HttpResponseBase:
    table = table_of(staged)
    lines = checked(book, table, asker(request))
    here = reverse("web:preview", args=[book.name, staged.pk])
    counted = Counter(line.kind for line in lines)
    wanted = request.GET.get("show", "")
    shown = [line for line in lines if not wanted or line.kind == wanted]
    kinds = [
        ("", _("Tất cả"), len(lines)),
        ("good", _("Ghi được"), counted["good"]),
        ("wrong", _("Có lỗi"), counted["wrong"]),
        ("twin", _("Có thể trùng"), counted["twin"]),
    ]
    ready = counted["good"] + counted["twin"]
    page = PreviewPage(
        header=Header(
            title=_("Kiểm tra bảng trước khi ghi: %(what)s") % {"what": book.title.get(language())},
            subtitle=_("Các dòng dưới đây chưa được ghi. Bảng được giữ bảy ngày; tải lại trang không mất gì."),
            trail=(
                Link(label=book.title.get(language()), url=list_url(book.name)),
                Link(label=_("Dán bảng"), url=reverse("web:paste", args=[book.name])),
            ),
        ),
        action=here,
        mapping=[
            _column_choice(book, n, head, name) for n, (head, name) in enumerate(zip(table.heading, table.columns, strict=True))
        ],
        counts=[
            Count(label=text, value=n, url=f"{here}?{urlencode({'show': kind})}" if kind else here, active=kind == wanted)
            for kind, text, n in kinds
        ],
        table=_lines_table(book, table, shown[:SHOWN]),
        note=_("Chỉ hiện %(shown)s dòng đầu trong %(total)s dòng.")
        % {"shown": SHOWN, "total": format_number(len(shown), language())}
        if len(shown) > SHOWN
        else "",
        choices=_choices(counted),
        submit=ngettext("Ghi %(count)s dòng", "Ghi %(count)s dòng", counted["good"])
        % {"count": format_number(counted["good"], language())}
        if not counted["twin"]
        else _("Ghi các dòng đã chọn"),
        ready=ready,
        mend_url=reverse("web:mend", args=[book.name, staged.pk]) if counted["wrong"] else "",
        again_url=f"{reverse('web:paste', args=[book.name])}?from={staged.pk}",
        forget_url=reverse("web:forget_paste", args=[book.name, staged.pk]),
        cancel_url=list_url(book.name),
        errors=(told(wrong),) if wrong else (),
    )
    return render(request, "paste_preview.html", page, status=422 if wrong else 200)


def _column_choice(book: Register, number: int, head: str, name: str) -> Field:
    none = Choice(value="", label=_("(bỏ qua cột này)"), selected=not name)
    fields = [Choice(value=f.name, label=label_of(book, f.name), selected=f.name == name) for f in asked_by(book)]
    label = head[:60] or _("Cột %(n)s") % {"n": number + 1}
    return Field(name=f"column-{number}", label=label, kind="select", value=name, choices=[none, *fields])


def _choices(counted: Mapping[str, int]) -> list[Field]:
    fields = []
    if counted["twin"]:
        label = ngettext("Ghi cả %(count)s dòng có thể trùng", "Ghi cả %(count)s dòng có thể trùng", counted["twin"]) % {
            "count": counted["twin"]
        }
        fields.append(Field(name="twins", label=label, kind="checkbox", value="yes"))
    if counted["wrong"]:
        fields.append(Field(name="whole", label=_("Chỉ ghi khi mọi dòng đều đúng"), kind="checkbox", value="yes"))
    return fields


def _lines_table(book: Register, table: Pasted, lines: Sequence[Line]) -> Table:
    used = [(n, name) for n, name in enumerate(table.columns) if name]
    columns = [
        TableColumn(key="_number", label=_("Dòng"), kind="code"),
        TableColumn(key="_state", label=_("Kết quả")),
        *(TableColumn(key=name, label=label_of(book, name), lead=place == 0) for place, (_n, name) in enumerate(used)),
    ]
    rows = []
    for line in lines:
        problems: dict[str, list[str]] = {}
        for problem in line.understood.problems:
            problems.setdefault(problem.field, []).append(say(problem.message))
        mapped = {name for _n, name in used}
        beside = " ".join(f"{label_of(book, f)}: {' '.join(texts)}" for f, texts in problems.items() if f not in mapped)
        cells = [
            Cell(value=line.number),
            _state(book, line, beside),
            *(Cell(value=line.cells[n] or None, note=" ".join(problems.get(name, ())), note_tone="bad") for n, name in used),
        ]
        rows.append(TableRow(cells=cells, overdue=line.kind == "wrong"))
    empty = Empty(title=_("Không có dòng nào"), text=_("Không có dòng nào thuộc nhóm này."))
    return Table(caption=_("Các dòng của bảng đã dán"), columns=columns, rows=rows, empty=empty)


def _state(book: Register, line: Line, beside: str) -> Cell:
    if line.kind == "wrong":
        return Cell(badge=Badge(label=_("Có lỗi"), tone="bad"), note=beside, note_tone="bad")
    if line.kind == "good":
        return Cell(badge=Badge(label=_("Ghi được"), tone="good"))
    if isinstance(line.twin, int):
        return Cell(badge=Badge(label=_("Có thể trùng"), tone="risk"), note=_("Giống dòng %(n)s.") % {"n": line.twin})
    link = Link(label=_("Xem bản ghi đã có"), url=record_url(book.record_type, cast(UUID, line.twin)))
    return Cell(badge=Badge(label=_("Có thể trùng"), tone="risk"), links=(link,))
