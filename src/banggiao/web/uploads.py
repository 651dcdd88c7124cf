"""Bringing documents in: files dropped or chosen, a text pasted; a few lines at once, everything else as a batch of jobs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile as Sent
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from banggiao.core.acts import CLASSIFICATIONS
from banggiao.core.errors import BangGiaoError
from banggiao.core.installation import LEVELS, installed_level
from banggiao.core.typed import typed_date
from banggiao.intelligence.models import UploadedFile
from banggiao.intelligence.questions import upload_of
from banggiao.intelligence.services import read_in
from banggiao.intelligence.services_uploads import MOST_FILES, Incoming, can_retry, label_of, retry, take_in
from banggiao.reading.intake.limits import MAX_FILE_BYTES, MEGABYTE, check_file_size
from banggiao.sources.models import Document
from banggiao.web.addresses import list_url, record_url
from banggiao.web.asking import asker, deed, moment, typed
from banggiao.web.frame import render
from banggiao.web.pages import BatchPage, UploadPage
from banggiao.web.parts import Action, Badge, Choice, Field, FieldSet, Header, Link, Tone
from banggiao.web.parts_reading import FileRow
from banggiao.web.words import label, say, told

#: One file no larger is read while its sender waits, which takes less than a second or two.
AT_ONCE_BYTES = 1 * MEGABYTE
_TONES: dict[str, Tone] = {"waiting": "active", "read": "good", "duplicate": "neutral", "refused": "bad"}
#: A worker looks for work every few seconds; when none has come by then, the page says so.
_LATE = timedelta(seconds=60)


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponseBase:
    """The form that takes files or a text; one small file or text is read at once, several become a batch."""
    act = deed(request)
    act.viewer.require("documents.read_in")
    if request.method != "POST":
        return _form(request)
    level = typed(request, "classification")
    files = request.FILES.getlist("file")
    text = typed(request, "text").strip()
    problems: dict[str, str] = {}
    if level not in _levels():
        problems["classification"] = _("Hãy chọn độ mật của tài liệu.")
    if not files and not text:
        problems[""] = _("Chưa có gì để nạp. Hãy chọn ít nhất một tệp hoặc dán một đoạn văn bản.")
    stated = {"title": typed(request, "title").strip()[:500], "outlet": typed(request, "outlet").strip()[:200], "published": ""}
    try:
        stated["published"] = typed_date(typed(request, "published"))
    except ValueError:
        problems["published"] = _("Không phải ngày. Hãy viết ngày/tháng/năm, tháng/năm hoặc năm.")
    if problems:
        return _form(request, problems)
    incoming = [_incoming(file) for file in files]
    if text:
        data = (f"{stated['title']}\n\n{text}" if stated["title"] and not text.startswith(stated["title"]) else text).encode()
        incoming.append(Incoming(name=_("Văn bản dán vào.txt"), size=len(data), chunks=(data,), stated=stated))
    if len(incoming) == 1 and incoming[0].size <= AT_ONCE_BYTES:
        return _read_now(request, incoming[0], level)
    made = take_in(act=act, files=incoming, classification=level)
    return redirect("web:upload_batch", made.pk)


@require_safe
def show_batch(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The files of one upload and what became of each; whoever sent them may leave and come back."""
    viewer = asker(request)
    viewer.require("documents.read_in")
    made, files = upload_of(viewer, key)
    waiting = [file for file in files if file.state == "waiting"]
    done = len(files) - len(waiting)
    visible = _visible([file for file in files if file.document_id], request)
    counts = {state: sum(file.state == state for file in files) for state in ("read", "duplicate", "refused")}
    told_counts = [f"{label('upload_state', state)}: {count}" for state, count in counts.items() if count]
    page = BatchPage(
        header=Header(
            title=ngettext("Nạp %(n)d tệp", "Nạp %(n)d tệp", len(files)) % {"n": len(files)},
            trail=(
                Link(label=_("Tài liệu đã đọc"), url=list_url("documents")),
                Link(label=_("Nạp tài liệu"), url=reverse("web:upload")),
            ),
        ),
        rows=[_row(file, visible) for file in files],
        words=_("Đã xử lý %(done)d trên %(all)d tệp.") % {"done": done, "all": len(files)}
        + "".join(f" {each}." for each in told_counts),
        percent=100 * done // max(len(files), 1),
        poll_url=request.path if waiting else "",
        retry=Action(
            label=_("Đọc lại các tệp không nhận"), url=reverse("web:retry_upload", args=[made.pk]), method="post", icon="history"
        )
        if can_retry(files)
        else None,
        late=_("Máy chủ chưa nhận việc đọc tệp; tệp đã được giữ an toàn và sẽ được đọc khi tiến trình nền chạy lại.")
        if waiting and done == 0 and moment(request) - made.recorded_at > _LATE
        else "",
    )
    return render(request, "upload_batch.html", page)


@require_POST
def retry_batch(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Read the refused files again."""
    act = deed(request)
    made, _files = upload_of(act.viewer, key)
    count = retry(act=act, upload=made)
    messages.info(request, ngettext("Đọc lại %(n)d tệp.", "Đọc lại %(n)d tệp.", count) % {"n": count})
    return redirect("web:upload_batch", made.pk)


def _incoming(file: Sent[Any]) -> Incoming:
    return Incoming(name=file.name or _("tệp không tên"), size=file.size or 0, chunks=file.chunks())


def _read_now(request: HttpRequest, file: Incoming, level: str) -> HttpResponseBase:
    act, name = deed(request), label_of(file.name)
    owner = min(act.viewer.institutions, key=str, default=None)
    try:
        check_file_size(file.size)
        data = b"".join(file.chunks)
        document, fresh = read_in(act=act, data=data, name=name, classification=level, owner=owner, stated=file.stated)
    except BangGiaoError as error:
        return _form(request, {"": f"{name}: {told(error)}"})
    if fresh:
        messages.success(request, _("Đã đọc tệp “%(name)s”. Hãy duyệt những gì máy đề xuất.") % {"name": name})
        return redirect(record_url("sources.document", document.pk))
    # The same bytes may have come in with others before, in a document that is not for this reader.
    if not Document.objects.visible_to(act.viewer).filter(pk=document.pk).exists():
        return _form(
            request, {"": _("Tệp “%(name)s” đã có trong hệ thống nhưng không thuộc phạm vi bạn được xem.") % {"name": name}}
        )
    messages.info(request, _("Tệp “%(name)s” đã có trong hệ thống, không nạp lại; đây là bản đã lưu.") % {"name": name})
    return redirect(record_url("sources.document", document.pk))


def _visible(files: Sequence[UploadedFile], request: HttpRequest) -> dict[UUID, str]:
    rows = Document.objects.visible_to(asker(request)).filter(pk__in={file.document_id for file in files})
    return dict(rows.values_list("pk", "title"))


def _row(file: UploadedFile, visible: dict[UUID, str]) -> FileRow:
    document, text = None, ""
    if file.document_id in visible:
        document = Link(label=visible[file.document_id], url=record_url("sources.document", file.document_id))
    elif file.state == "duplicate":
        text = _("Đã có trong hệ thống, ngoài phạm vi bạn được xem.")
    return FileRow(
        name=file.name,
        size=_size(file.size),
        badge=Badge(label=label("upload_state", file.state), tone=_TONES[file.state]),
        document=document,
        text=text or say(file.reason, file.params),
        remedy=say(file.remedy, file.params),
    )


def _size(count: int) -> str:
    if count >= MEGABYTE:
        return f"{count / MEGABYTE:.1f} MB".replace(".", ",")
    return f"{max(count // 1000, 1)} KB"


def _levels() -> tuple[str, ...]:
    return CLASSIFICATIONS[: CLASSIFICATIONS.index(LEVELS[installed_level()]) + 1]


def _form(request: HttpRequest, problems: dict[str, str] | None = None) -> HttpResponseBase:
    wrong = problems or {}
    level = typed(request, "classification")
    chosen = level if level in _levels() else _levels()[min(1, len(_levels()) - 1)]
    choices = [Choice(value=code, label=label("classification", code), selected=code == chosen) for code in _levels()]

    def errors(name: str) -> tuple[str, ...]:
        return (wrong[name],) if name in wrong else ()

    page = UploadPage(
        header=Header(title=_("Nạp tài liệu"), trail=(Link(label=_("Tài liệu đã đọc"), url=list_url("documents")),)),
        action=reverse("web:upload"),
        files=FieldSet(
            title=_("Tệp"),
            fields=(Field(name="file", label=_("Chọn tệp hoặc kéo thả vào đây"), kind="file", multiple=True),),
        ),
        pasted=FieldSet(
            title=_("Hoặc dán văn bản"),
            fields=(
                Field(name="text", label=_("Văn bản"), kind="textarea", value=typed(request, "text")),
                Field(name="title", label=_("Tiêu đề"), value=typed(request, "title")),
                Field(name="outlet", label=_("Nguồn đăng"), value=typed(request, "outlet")),
                Field(
                    name="published",
                    label=_("Ngày đăng"),
                    value=typed(request, "published"),
                    help=_("Ngày/tháng/năm, tháng/năm hoặc năm; để trống nếu văn bản đã nêu."),
                    errors=errors("published"),
                ),
            ),
            help=_("Hệ thống không tự tải trang theo địa chỉ; hãy mở trang, chép toàn văn rồi dán vào đây."),
        ),
        common=FieldSet(
            title=_("Phạm vi sử dụng"),
            fields=(
                Field(
                    name="classification",
                    label=_("Độ mật"),
                    kind="select",
                    value=chosen,
                    choices=choices,
                    required=True,
                    help=_("Bí mật nhà nước không được nạp vào đây; chỉ ghi số, ngày và nơi giữ văn bản."),
                    errors=errors("classification"),
                ),
            ),
        ),
        errors=tuple(text for name, text in wrong.items() if name in ("", "classification")),
        limits=(
            _("TXT, HTML, DOCX hoặc PDF có chữ (không nhận ảnh quét)."),
            _("Mỗi tệp tối đa %(size)d MB; mỗi lần tối đa %(count)d tệp.")
            % {"size": MAX_FILE_BYTES // MEGABYTE, "count": MOST_FILES},
            _("Bảng mã cũ (TCVN3, VNI) và dấu tổ hợp được sửa khi đọc; tệp đã nạp rồi không bị nạp lại."),
        ),
        cancel_url=list_url("documents"),
    )
    return render(request, "upload.html", page, status=422 if wrong else 200)
