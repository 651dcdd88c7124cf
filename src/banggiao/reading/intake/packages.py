"""Is an Office file (DOCX, XLSX) safe to unpack? Its directory and its parts are looked at before any of them is read."""

from __future__ import annotations

import zipfile
from typing import Any

from lxml import etree

from banggiao.core.errors import N_, Unreadable
from banggiao.reading.intake.limits import MAX_XML_BYTES, MAX_ZIP_BYTES, MAX_ZIP_ENTRIES, MAX_ZIP_RATIO, ZIP_RATIO_FREE_BYTES

_WORD = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"


def check_package(package: zipfile.ZipFile, size: int, *, most_xml: int = MAX_XML_BYTES) -> None:
    """Refuse a package for what its directory declares. A member cannot yield more than it declares: zipfile stops there.

    Raises `Unreadable` for a bomb, a path that leads outside, and a password.
    """
    members = package.infolist()
    total = sum(member.file_size for member in members)
    written = sum(member.file_size for member in members if member.filename.lower().endswith((".xml", ".rels")))
    if (
        len(members) > MAX_ZIP_ENTRIES
        or total > MAX_ZIP_BYTES
        or written > most_xml
        or (total > ZIP_RATIO_FREE_BYTES and total > size * MAX_ZIP_RATIO)
    ):
        raise Unreadable(
            N_("Tệp bung ra quá lớn, có thể là tệp phá hoại."),
            remedy=N_("Đừng mở tệp này nếu không rõ nguồn; nếu là tài liệu thật, hãy lưu lại ở dạng PDF hoặc tách nhỏ."),
        )
    for member in members:
        name = member.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or ":" in name.split("/", 1)[0]:
            raise _harmful()
        if member.flag_bits & 1:
            raise Unreadable(
                N_("Tệp được bảo vệ bằng mật khẩu."), remedy=N_("Hãy mở tệp, lưu lại không đặt mật khẩu rồi gửi lại.")
            )


def check_part(part: bytes) -> None:
    """Refuse a part with a document type, which makes entities explode and has no place in these formats."""
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part or b"<!DOCTYPE" in part.replace(b"\0", b""):
        raise _harmful()


def parse_part(part: bytes) -> Any:
    """The root of a part. Raises `Unreadable` for a harmful one."""
    check_part(part)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True)
    return etree.fromstring(part.replace(_STRICT, _WORD), parser)


def _harmful() -> Unreadable:
    return Unreadable(
        N_("Tệp có cấu trúc bất thường, có thể gây hại."),
        remedy=N_("Đừng mở tệp này nếu không rõ nguồn; nếu là tài liệu thật, hãy lưu lại ở dạng PDF."),
    )
