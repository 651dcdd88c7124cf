"""How is one file opened, from its bytes or its path to canonical text? Each step is a module of this package."""

from __future__ import annotations

import hashlib
import stat
import unicodedata
from pathlib import Path

from banggiao.core.errors import N_, Unreadable
from banggiao.reading.intake.decoding import declared_charset, decode
from banggiao.reading.intake.docx_text import read_docx
from banggiao.reading.intake.extract import Extract
from banggiao.reading.intake.html_text import read_html
from banggiao.reading.intake.limits import MAX_FILE_BYTES, MAX_NAME_CHARACTERS, check_file_size, check_text_size
from banggiao.reading.intake.mending import mend
from banggiao.reading.intake.pdf_text import read_pdf
from banggiao.reading.intake.sniffing import MEDIA_TYPES, Kind, binary_refusal, is_binary, is_mislabelled, looks_like_html, sniff
from banggiao.reading.types import Intake


def open_bytes(data: bytes, name: str) -> Intake:
    """The canonical text of a TXT, HTML, DOCX or PDF file given as bytes; `name` is how the sender called it.

    Only the base name of `name` is kept. `repairs` of the answer also says `mislabelled` when the extension is wrong.
    Raises `Unreadable`, its subject the file name, when there is nothing to read or it must not be read.
    """
    source = _base_name(name)
    try:
        return _open(data, source)
    except Unreadable as problem:
        problem.subject = source
        raise


def open_path(path: Path) -> Intake:
    """The canonical text of the file at `path`, as `open_bytes`; its size is checked before anything is read.

    Raises `Unreadable` also when the path is missing, no plain file, or may not be read.
    """
    source = _base_name(path.name or str(path))
    try:
        return _open(contents(path), source)
    except Unreadable as problem:
        problem.subject = source
        raise


def _open(data: bytes, source: str) -> Intake:
    check_file_size(len(data))
    if not data:
        raise _empty()
    kind, extract = _extracted(data, source)
    check_text_size(len(extract.text))
    # A PDF is mended by its reader, line by line, before page offsets are counted.
    text, mended = (extract.text, ()) if kind == "pdf" else mend(extract.text)
    if kind in ("html", "docx"):
        # Only after mending, because to TCVN3 the soft hyphen is a letter.
        text = text.replace("\xad", "")
    if not text.strip("\ufeff\u200b \t\r\n\f\v") or not text.strip():
        raise _empty()
    repairs = (*extract.repairs, *mended, *(("mislabelled",) if is_mislabelled(source, kind) else ()))
    # The combining tones of Windows-1258 are that encoding, not a second repair.
    if "windows-1258" in repairs:
        repairs = tuple(repair for repair in repairs if repair != "nfd")
    return Intake(
        source=source,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=MEDIA_TYPES[kind],
        text=text,
        hints=extract.hints,
        repairs=repairs,
        pages=extract.pages,
    )


def _extracted(data: bytes, source: str) -> tuple[Kind, Extract]:
    kind = sniff(data)
    if kind == "docx":
        return kind, read_docx(data)
    if kind == "pdf":
        return kind, read_pdf(data)
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not wide and is_binary(data):
        raise binary_refusal()
    text, repairs = decode(data, declared_charset(data))
    if wide and "\0" in text:
        raise binary_refusal()
    text = text.replace("\r\n", "\n")
    if "\r" in text and "\n" not in text:
        text, repairs = text.replace("\r", "\n"), (*repairs, "line_ends")
    if looks_like_html(text, source):
        page = read_html(text)
        return "html", Extract(page.text, page.hints, (*repairs, *page.repairs))
    return "text", Extract(text, repairs=repairs)


def contents(path: Path) -> bytes:
    """The bytes of the file at `path`, its size checked first. Raises `Unreadable` naming the file."""
    try:
        return _contents(path)
    except Unreadable as problem:
        problem.subject = _base_name(path.name or str(path))
        raise


def _contents(path: Path) -> bytes:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise Unreadable(N_("Đây là thư mục, không phải tệp."), remedy=N_("Hãy chỉ ra từng tệp trong thư mục."))
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable(N_("Đây không phải tệp thông thường."), remedy=N_("Hãy chỉ ra một tệp TXT, HTML, DOCX hoặc PDF."))
        check_file_size(status.st_size)
        with path.open("rb") as file:
            # One byte more than allowed, so that a file that grows meanwhile is still refused.
            return file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as problem:
        raise Unreadable(N_("Không tìm thấy tệp."), remedy=N_("Hãy kiểm tra lại tên tệp và đường dẫn.")) from problem
    except PermissionError as problem:
        raise Unreadable(N_("Không có quyền đọc tệp."), remedy=N_("Hãy cấp quyền đọc tệp rồi thử lại.")) from problem
    except (OSError, ValueError) as problem:
        raise Unreadable(N_("Không đọc được tệp từ ổ đĩa."), remedy=N_("Hãy chép tệp sang nơi khác rồi thử lại.")) from problem


def _base_name(name: str) -> str:
    """The last part of a path of either kind, in NFC, free of control, format and surrogate characters, never empty."""
    last = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    shown = "".join(
        char for char in unicodedata.normalize("NFC", last[-1_000:]) if unicodedata.category(char) not in _UNSHOWN
    ).strip()
    if shown.strip(".") == "":
        return "khong-ten"
    if len(shown) <= MAX_NAME_CHARACTERS:
        return shown
    stem, dot, extension = shown.rpartition(".")
    tail = dot + extension if stem and len(extension) <= 8 else ""
    return shown[: MAX_NAME_CHARACTERS - len(tail)] + tail


_UNSHOWN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def _empty() -> Unreadable:
    return Unreadable(N_("Tệp không có nội dung."), remedy=N_("Hãy kiểm tra lại tệp và gửi bản có chữ."))
