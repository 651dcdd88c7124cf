"""What does a PDF say, page by page? Reading order and paragraphs are rebuilt in `pdf_lines`."""

from __future__ import annotations

import re
import threading
import unicodedata
from typing import Any

import pypdfium2
from pypdfium2 import PdfiumError
from pypdfium2 import raw as pdfium

from banggiao.core.errors import N_, Unreadable
from banggiao.reading.intake.extract import Extract, tidy
from banggiao.reading.intake.limits import MAX_PDF_PAGES, check_text_size
from banggiao.reading.intake.mending import mend
from banggiao.reading.intake.pdf_lines import paragraphs
from banggiao.reading.types import Hints


def read_pdf(data: bytes) -> Extract:
    """The text layer of a PDF as paragraphs, already mended; `pages` gives where each page with text begins.

    Repairs also say `pages_without_text` when some pages are only pictures. Raises `Unreadable` when the file is damaged,
    locked by a password, too long, or has no text layer.
    """
    # PDFium keeps global state and is not safe to enter from two threads.
    with _PDFIUM:
        pages, hints = _page_texts(data)
    letters = [sum(map(str.isalnum, page)) for page in pages]
    if not any(letters):
        raise _needs_ocr()
    shown = "".join(pages)
    if sum(1 for char in shown if char == "\ufffd" or unicodedata.category(char) == "Co") * 3 > sum(letters):
        raise Unreadable(
            N_("Lớp chữ của tệp PDF dùng phông mã hóa riêng, không đọc được thành chữ."),
            remedy=N_("Hãy nhận dạng chữ (OCR) hoặc gửi bản DOCX gốc."),
        )
    # Mended while lines are still those of the page, so that a joined paragraph needs no new offsets.
    lines = [[tidy(line) for line in page.split("\n")] for page in pages]
    flat, repairs = mend("\n".join(line for page in lines for line in page))
    mended = iter(flat.replace("\xad", "").split("\n"))
    text, starts = paragraphs([[next(mended) for _ in page] for page in lines])
    if any(count == 0 for count in letters):
        repairs = (*repairs, "pages_without_text")
    return Extract(text, hints, repairs, starts)


def check_pdf(data: bytes) -> None:
    """Raise `Unreadable` when PDFium cannot open the file: it is damaged, locked by a password, too long, or has no page."""
    with _PDFIUM:
        document = _opened(data)
        try:
            if not len(document):
                raise _damaged()
        finally:
            document.close()


_PDFIUM = threading.Lock()
_DATE = re.compile(r"(?:D:)?(\d{4})(\d{2})(\d{2})")


def _opened(data: bytes) -> Any:
    """The document; the caller holds `_PDFIUM` and closes it."""
    try:
        document = pypdfium2.PdfDocument(data)
    except PdfiumError as problem:
        if getattr(problem, "err_code", None) == pdfium.FPDF_ERR_PASSWORD or "password" in str(problem).lower():
            raise Unreadable(
                N_("Tệp PDF được bảo vệ bằng mật khẩu."), remedy=N_("Hãy mở tệp, lưu lại không đặt mật khẩu rồi gửi lại.")
            ) from problem
        raise _damaged() from problem
    if len(document) > MAX_PDF_PAGES:
        document.close()
        raise Unreadable(
            N_("Tệp PDF có hơn %(limit)s trang."),
            remedy=N_("Hãy tách tài liệu thành nhiều tệp nhỏ hơn rồi gửi lại."),
            limit=MAX_PDF_PAGES,
        )
    return document


def _page_texts(data: bytes) -> tuple[list[str], Hints]:
    document = _opened(data)
    try:
        pages: list[str] = []
        size = 0
        for index in range(len(document)):
            pages.append(_page_text(document, index))
            size += len(pages[-1])
            check_text_size(size)
        return pages, _hints(document.get_metadata_dict(skip_empty=True))
    except PdfiumError as problem:
        raise _damaged() from problem
    finally:
        document.close()


def _page_text(document: Any, index: int) -> str:
    page = document[index]
    try:
        layer = page.get_textpage()
        try:
            text: str = layer.get_text_range()
        finally:
            layer.close()
    finally:
        page.close()
    # PDFium writes these two for a hyphen at the end of a line.
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufffe", "-").replace("\x02", "-").replace("\0", "")


def _hints(properties: dict[str, str]) -> Hints:
    dated = _DATE.match(properties.get("ModDate") or properties.get("CreationDate") or "")
    return Hints(
        title=_property(properties.get("Title")),
        author=_property(properties.get("Author")),
        published="-".join(dated.groups()) if dated else None,
    )


def _property(value: str | None) -> str | None:
    # The print dialogue of Word writes the file name where the title should be.
    if not value or value.startswith("Microsoft Word"):
        return None
    return unicodedata.normalize("NFC", tidy(value[:500])) or None


def _damaged() -> Unreadable:
    return Unreadable(N_("Tệp PDF bị hỏng hoặc chưa tải về đủ."), remedy=N_("Hãy tải lại tệp, hoặc mở và in lại ra PDF rồi gửi."))


def _needs_ocr() -> Unreadable:
    return Unreadable(
        N_("Tệp PDF là bản quét, không có lớp chữ."),
        remedy=N_("Hãy nhận dạng chữ (OCR) rồi gửi lại bản PDF có lớp chữ, DOCX hoặc TXT."),
    )
