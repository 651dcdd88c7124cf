"""The pages on which a table is pasted or a list is given, looked at, mended and written, and how that is taken back."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banggiao.accounts.models import User
from banggiao.core.errors import (
    N_,
    BangGiaoError,
    InvalidInput,
    MissingInformation,
    NotFound,
    SecrecyRefused,
    StaleEdit,
    Unreadable,
    VersionRequired,
)
from banggiao.core.registers import Register, register_named
from banggiao.reports import actions
from banggiao.reports.entry import asked_by
from banggiao.reports.importing import CHOICES, Wanted, list_meant
from banggiao.reports.labels import label_of
from banggiao.reports.pasting import recognised, targets, to_mend
from banggiao.reports.sheets import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, sheets_of_text
from banggiao.reports.taking_in import TakenIn, find_table, look, open_list
from banggiao.web.addresses import list_url
from banggiao.web.asking import asker, deed, language, moment, refilling, refills, typed
from banggiao.web.formats import format_number
from banggiao.web.frame import render
from banggiao.web.models import StagedPaste
from banggiao.web.parts import Field, Header, Link
from banggiao.web.parts_entry import PastePage
from banggiao.web.paste_preview import preview_page
from banggiao.web.services import (
    choose,
    choose_sheet,
    drop,
    file_of,
    map_columns,
    meanings_of,
    stage,
    table_of,
    take_back_written,
    waiting_of,
    wanted_of,
    write_out,
)
from banggiao.web.words import told

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
    sent, viewer = request.FILES.get("file"), asker(request)
    known, wanted, place = meanings_of(user, book, viewer), Wanted(), 0
    try:
        if sent is not None:
            if (sent.size or 0) > MOST_BYTES:
                raise InvalidInput(N_("Tệp quá lớn."), remedy=N_("Hãy chia bảng thành nhiều phần rồi gửi từng phần."))
            file = open_list(sent.read(), sent.name or "")
            place, table = find_table(book, file, "", known, viewer)
            listed = list_meant(book, file.name, table.sheet, "", viewer)
            wanted = Wanted.of({**listed.options, "listed": ""}) if listed else wanted
        else:
            file = None
            table = max((recognised(book, s, known, viewer) for s in sheets_of_text(text)), key=lambda found: len(found.rows))
    except (Unreadable, InvalidInput) as error:
        return _form(request, book, text, wrong=error)
    staged = stage(user=user, register=book.name, table=table, at=moment(request), file=file, place=place, wanted=wanted)
    return redirect("web:preview", book.name, staged.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, register: str, key: UUID) -> HttpResponseBase:
    """What the table would write, row by row; columns are explained here, rows decided on, and what can be written is written."""
    book, staged = _staged(request, register, key)
    here = redirect("web:preview", book.name, staged.pk)
    do = request.POST.get("do", "") if request.method == "POST" else ""
    if request.method != "POST":
        return _preview(request, book, staged)
    if do == "map":
        _take_columns(request, book, staged)
        return here
    if do == "sheet":
        return _other_sheet(request, book, staged)
    if do == "choose":
        choice = request.POST.get("choice", "")
        choose(staged, row=request.POST.get("row", "")[:20], choice=choice if choice in CHOICES else "")
        back = request.POST.get("show", "")
        here["Location"] += f"?show={back}" if back.isalpha() else ""
        return here
    try:
        done = write_out(
            staged, book, seen=request.POST.get("seen", "")[:64], whole=request.POST.get("whole") == "yes", act=deed(request)
        )
    except (MissingInformation, NotFound, SecrecyRefused) as error:
        return _preview(request, book, staged, wrong=error)
    except (StaleEdit, VersionRequired) as error:
        return _preview(request, book, staged, wrong=error, status=412)
    if not (done.created or done.changed or done.document):
        messages.warning(
            request,
            _("Chưa ghi dòng nào: không có dòng nào vừa đúng vừa mới. Hãy sửa dòng có lỗi, hoặc chọn ghi cả dòng có thể trùng."),
        )
        return here
    undo = reverse("web:paste_undo", args=[book.name, staged.pk])
    undone = 0 < len(done.created) + len(done.changed) <= MOST_UNDONE
    said = _told(done)
    if undone and done.asked:
        said += " " + _("Hoàn tác không rút đề nghị chuyển hạn.")
    messages.success(request, said, extra_tags=f"undo {undo} 0" if undone else "")
    waiting = [line for line in done.left if line.kind == "wrong" or staged.name]
    return here if waiting else redirect(list_url(book.name))


@require_safe
def mend(request: HttpRequest, register: str, key: UUID) -> HttpResponseBase:
    """The faulty rows as a file, with what is wrong behind each."""
    book, staged = _staged(request, register, key)
    table = table_of(staged)
    content = to_mend(book, table, look(book, staged.name, table, wanted_of(staged), asker(request)).lines)
    name = f"{book.name}-can-sua.csv"
    return HttpResponse(
        content, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@require_POST
def take_back(request: HttpRequest, register: str, key: UUID) -> HttpResponseBase:
    """Take back what was written of the table, as far as nobody has touched it since."""
    book, staged = _staged(request, register, key)
    done = take_back_written(staged, book, act=deed(request))
    made, changed, kept = len(done.made), len(done.changed), done.kept
    text = ngettext("Đã rút %(count)s bản ghi.", "Đã rút %(count)s bản ghi.", made) % {"count": made}
    if changed:
        text += " " + ngettext(
            "%(count)s bản ghi đã sửa trở lại như trước.", "%(count)s bản ghi đã sửa trở lại như trước.", changed
        ) % {"count": changed}
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
    found = StagedPaste.objects.filter(pk=key, user=cast(User, request.user), register=book.name).defer("original").first()
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
            label=" – ".join(
                filter(
                    None, (staged.name, _("Bảng dán lúc %(when)s") % {"when": f"{staged.staged_at.astimezone():%H:%M %d/%m/%Y}"})
                )
            ),
            url=reverse("web:preview", args=[book.name, staged.pk]),
        )
        for staged in waiting_of(cast(User, request.user), book.name, moment(request))
    ]
    page = PastePage(
        header=Header(
            title=_("Đưa danh sách vào sổ: %(what)s") % {"what": book.title.get(language())},
            subtitle=_("Dán bảng từ Word hoặc Excel, kể cả dòng tiêu đề, hoặc chọn tệp. Chưa có gì được ghi ngay."),
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
    request: HttpRequest, book: Register, staged: StagedPaste, *, wrong: BangGiaoError | None = None, status: int = 422
) -> HttpResponseBase:
    page = preview_page(request, book, staged, wrong=wrong)
    return render(request, "paste_preview.html", page, status=status if wrong else 200)


def _take_columns(request: HttpRequest, book: Register, staged: StagedPaste) -> None:
    known = {name for name, _label in targets(book)}
    chosen = [request.POST.get(f"column-{n}", "") for n in range(len(staged.heading))]
    columns = [name if name in known and chosen.index(name) == n else "" for n, name in enumerate(chosen)]
    map_columns(staged, columns, asker(request))
    names = ("partners", "twins", "listed", "as_of")
    given = {name: typed(request, name)[:60] for name in names} | {"blank": request.POST.get("blank") == "yes"}
    choose(staged, wanted=Wanted.of(given).to_json())


def _other_sheet(request: HttpRequest, book: Register, staged: StagedPaste) -> HttpResponseBase:
    """The preview of another table of the same file."""
    viewer, file = asker(request), file_of(staged)
    number = request.POST.get("sheet", "")
    if file is not None and number.isascii() and number.isdigit() and int(number) < len(file.sheets):
        try:
            user = cast(User, request.user)
            place, table = find_table(book, file, str(int(number) + 1), meanings_of(user, book, viewer), viewer)
        except InvalidInput as error:
            return _preview(request, book, staged, wrong=error)
        choose_sheet(staged, place, table)
    return redirect("web:preview", book.name, staged.pk)


def _told(done: TakenIn) -> str:
    """What was written and what was not, in a few short sentences."""
    twins = sum(line.kind in ("twin", "removed") for line in done.left)
    clashes = sum(line.kind == "clash" for line in done.left)
    wrong = sum(line.kind == "wrong" for line in done.left)

    def words(text: str, count: int) -> str:
        return text % {"count": format_number(count, language())} if count else ""

    created, changed = len(done.created), len(done.changed)
    sentences = [
        words(ngettext("Đã ghi %(count)s bản ghi.", "Đã ghi %(count)s bản ghi.", created), created),
        words(ngettext("Đã sửa %(count)s bản ghi.", "Đã sửa %(count)s bản ghi.", changed), changed),
        words(ngettext("Đề nghị chuyển %(count)s hạn.", "Đề nghị chuyển %(count)s hạn.", done.asked), done.asked),
        words(ngettext("Bỏ qua %(count)s dòng có thể trùng.", "Bỏ qua %(count)s dòng có thể trùng.", twins), twins),
        words(ngettext("Còn %(count)s dòng cần chọn.", "Còn %(count)s dòng cần chọn.", clashes), clashes),
        words(ngettext("Còn %(count)s dòng có lỗi.", "Còn %(count)s dòng có lỗi.", wrong), wrong),
    ]
    return " ".join(filter(None, sentences)) or _("Đã ghi nhớ danh sách; không có bản ghi nào thay đổi.")
