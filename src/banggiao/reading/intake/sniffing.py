"""What is this file really? Its content answers; its name only serves to notice a wrong label."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath
from typing import Literal

import regex

from banggiao.core.errors import N_, Unreadable

Kind = Literal["text", "html", "docx", "pdf"]

MEDIA_TYPES: dict[Kind, str] = {
    "text": "text/plain",
    "html": "text/html",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def sniff(data: bytes) -> Literal["text", "docx", "pdf"]:
    """The kind of `data`; "text" still covers HTML, which shows only once decoded.

    Raises `Unreadable` for a format that is not read, and for what is no text at all.
    """
    start = data[:1024]
    if start.startswith(b"%PDF-") or (b"%PDF-" in start and b"%%EOF" in data[-2048:]):
        return "pdf"
    if start.startswith(b"PK\x03\x04") or start.startswith(b"PK\x05\x06"):
        return _inside_zip(data)
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise _ole(data)
    for signature, (message, remedy) in _SIGNATURES:
        if start.startswith(signature):
            raise Unreadable(message, remedy=remedy)
    if (start[:4] == b"RIFF" and start[8:12] == b"WEBP") or (start[:2] == b"BM" and start[6:10] == bytes(4)):
        raise Unreadable(_IMAGE[0], remedy=_IMAGE[1])
    if start[4:8] == b"ftyp":
        raise Unreadable(_BINARY[0], remedy=_BINARY[1])
    if b"mime-version:" in start.lower() and b"multipart/" in start.lower():
        raise Unreadable(
            N_("Đây là thư điện tử hoặc trang web lưu gộp, không phải tài liệu."), remedy=N_("Hãy lưu lại ở dạng HTML hoặc PDF.")
        )
    return "text"


def looks_like_html(text: str, name: str) -> bool:
    """Whether a decoded text is HTML: it opens with markup, or is called HTML and holds some."""
    head = text[:65_536]
    start = _LEAD.sub("", head, count=1)
    if _OPENS_HTML.match(start):
        return True
    if start.startswith("<?xml"):
        if "<html" in head.lower():
            return True
        raise Unreadable(
            N_("Đây là tệp XML, không phải tài liệu đọc được."), remedy=N_("Hãy lưu tài liệu ở dạng DOCX, HTML, PDF hoặc TXT.")
        )
    return extension_of(name) in ("html", "htm", "xhtml") and _HTML_TAG.search(head) is not None


def is_mislabelled(name: str, kind: Kind) -> bool:
    """Whether the extension of `name` belongs to another kind of file; an unknown extension claims nothing."""
    claimed = _KIND_BY_EXTENSION.get(extension_of(name))
    return claimed is not None and claimed != kind


def extension_of(name: str) -> str:
    """The extension of a file name in lower case, without its dot."""
    return PurePosixPath(name).suffix[1:].lower()


def is_binary(data: bytes) -> bool:
    """Whether bytes without a UTF-16 mark hold what no text holds: NUL, or more than 1 % control characters."""
    return b"\0" in data or len(data) - len(data.translate(None, _CONTROLS)) > max(len(data) // 100, 1)


def binary_refusal() -> Unreadable:
    """The error for bytes that are no text."""
    return Unreadable(_BINARY[0], remedy=_BINARY[1])


_IMAGE = (
    N_("Đây là tệp hình ảnh, không có chữ để đọc."),
    N_("Hãy nhận dạng chữ (OCR) rồi gửi bản DOCX, TXT hoặc PDF có lớp chữ."),
)
_ARCHIVE = (
    N_("Đây là tệp nén, không phải tài liệu."),
    N_("Hãy giải nén rồi gửi từng tài liệu bên trong."),
)
_BINARY = (
    N_("Nội dung tệp không phải là văn bản."),
    N_("Hãy gửi tài liệu ở dạng TXT (UTF-8), HTML, DOCX hoặc PDF."),
)
_RTF = (N_("Định dạng RTF chưa được hỗ trợ."), N_("Hãy mở tệp và lưu lại ở dạng DOCX hoặc PDF."))
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", _IMAGE),
    (b"\xff\xd8\xff", _IMAGE),
    (b"GIF87a", _IMAGE),
    (b"GIF89a", _IMAGE),
    (b"II*\0", _IMAGE),
    (b"MM\0*", _IMAGE),
    (b"\x1f\x8b", _ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", _ARCHIVE),
    (b"Rar!\x1a\x07", _ARCHIVE),
    (b"\xfd7zXZ\0", _ARCHIVE),
    (b"{\\rtf", _RTF),
)

_KIND_BY_EXTENSION = {
    "txt": "text",
    "text": "text",
    "html": "html",
    "htm": "html",
    "xhtml": "html",
    "docx": "docx",
    "pdf": "pdf",
    **dict.fromkeys(
        ("doc", "rtf", "odt", "xls", "xlsx", "ppt", "pptx", "png", "jpg", "jpeg", "gif", "tif", "tiff", "zip"), "other"
    ),
}

_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r\f\v\x1b")
# White space, comments and an XHTML declaration may stand before the first tag.
_LEAD = regex.compile(r"(?:\s++|<!--.*?-->)*+", regex.DOTALL)
_OPENS_HTML = regex.compile(
    r"<(?:!doctype\s+html|html|head|body|meta|title|div|p|table|article|section|main|h[1-6]|span|center|font|ul|ol|br)\b",
    regex.IGNORECASE,
)
_HTML_TAG = regex.compile(r"</?(?:html|body|div|p|table|span|br|h[1-6]|a|li|td)\b[^<>]*+>", regex.IGNORECASE)


def _inside_zip(data: bytes) -> Literal["docx"]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as problem:
        raise Unreadable(
            N_("Tệp bị hỏng hoặc chưa tải về đủ."), remedy=N_("Hãy mở tệp bằng Word, lưu lại ở dạng DOCX rồi gửi lại.")
        ) from problem
    if "[Content_Types].xml" in names:
        if any(name.startswith("xl/") for name in names):
            raise _spreadsheet()
        if any(name.startswith("ppt/") for name in names):
            raise _slides()
        if any(name.startswith("word/") for name in names):
            return "docx"
    if "content.xml" in names and "mimetype" in names:
        raise Unreadable(N_("Định dạng OpenDocument chưa được hỗ trợ."), remedy=N_("Hãy mở tệp và lưu lại ở dạng DOCX hoặc PDF."))
    raise Unreadable(_ARCHIVE[0], remedy=_ARCHIVE[1])


def _ole(data: bytes) -> Unreadable:
    """Old Office files and encrypted new ones share this container; stream names in its directory tell them apart."""
    if _stream(data, "EncryptedPackage"):
        return Unreadable(N_("Tệp được bảo vệ bằng mật khẩu."), remedy=N_("Hãy mở tệp, lưu lại không đặt mật khẩu rồi gửi lại."))
    if _stream(data, "WordDocument"):
        return Unreadable(
            N_("Định dạng DOC cũ của Word chưa được hỗ trợ."), remedy=N_("Hãy mở tệp bằng Word và lưu lại ở dạng DOCX.")
        )
    if _stream(data, "Workbook") or _stream(data, "Book"):
        return _spreadsheet()
    if _stream(data, "PowerPoint Document"):
        return _slides()
    return Unreadable(N_("Đây là tệp Office cũ, chưa được hỗ trợ."), remedy=N_("Hãy mở tệp và lưu lại ở dạng DOCX hoặc PDF."))


def _stream(data: bytes, name: str) -> bool:
    return (name + "\0").encode("utf-16-le") in data


def _spreadsheet() -> Unreadable:
    return Unreadable(
        N_("Đây là bảng tính, không phải văn bản."),
        remedy=N_("Hãy nhập bảng tính ở mục dữ liệu, hoặc lưu nội dung ở dạng DOCX hoặc PDF."),
    )


def _slides() -> Unreadable:
    return Unreadable(
        N_("Đây là bài trình chiếu, không phải văn bản."), remedy=N_("Hãy lưu bài trình chiếu ở dạng PDF rồi gửi lại.")
    )
