"""May this file be kept and handed on to others? Its bytes say what it is, its name must agree, and nothing in it may act.

Unlike `opening`, nothing is read out of the file: a picture, a table or a mail is as good a proof as a text.
"""

from __future__ import annotations

import email
import email.policy
import io
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath

import puremagic
import regex
from lxml import etree

from banggiao.core.errors import N_, Unreadable
from banggiao.reading.intake.limits import MAX_NAME_CHARACTERS, MEGABYTE
from banggiao.reading.intake.packages import check_package, check_part, parse_part
from banggiao.reading.intake.pdf_text import check_pdf
from banggiao.reading.intake.sniffing import is_binary, looks_like_html

MAX_KEPT_BYTES = 25 * MEGABYTE
#: Kind -> (extensions, media type): everything that is kept.
KINDS: dict[str, tuple[tuple[str, ...], str]] = {
    "PDF": (("pdf",), "application/pdf"),
    "DOCX": (("docx",), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "XLSX": (("xlsx",), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "PPTX": (("pptx",), "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    "ODT": (("odt",), "application/vnd.oasis.opendocument.text"),
    "ODS": (("ods",), "application/vnd.oasis.opendocument.spreadsheet"),
    "PNG": (("png",), "image/png"),
    "JPEG": (("jpg", "jpeg"), "image/jpeg"),
    "TIFF": (("tif", "tiff"), "image/tiff"),
    "TXT": (("txt",), "text/plain"),
    "CSV": (("csv",), "text/csv"),
    "EML": (("eml",), "message/rfc822"),
}
ALLOWED = tuple(KINDS)


@dataclass(frozen=True, slots=True)
class Vetted:
    """A file that may be kept: its label, what it is, and its media type."""

    name: str
    kind: str
    media_type: str


def vet(data: bytes, name: str) -> Vetted:
    """What the file is, when it may be kept. Raises `Unreadable` naming what is wrong with it.

    Refused are files above 25 MB, other kinds than KINDS, a name that says something else than the bytes, and whatever may act
    on the machine that opens it: programs, scripts, macros, what is locked and so cannot be looked at, archives that explode.
    """
    label = label_of(name)
    try:
        kind = _vetted(data, label, _Room())
    except Unreadable as problem:
        problem.subject = label
        raise
    except RecursionError:  # a mail of parts within parts within parts
        damaged = _damaged()
        damaged.subject = label
        raise damaged from None
    return Vetted(label, kind, KINDS[kind][1])


def label_of(name: str) -> str:
    """The last part of a name as people read it: no folders, no control or direction marks, at most 200 characters."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    # A direction mark makes "cod.exe" look like "exe.doc" turned round.
    clean = " ".join("".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in last).split()).strip(". ")
    stem, dot, extension = clean.rpartition(".")
    if not dot:
        return clean[:MAX_NAME_CHARACTERS] or "tep"
    return f"{stem[: MAX_NAME_CHARACTERS - len(extension) - 1]}.{extension}"[:MAX_NAME_CHARACTERS]


_BY_EXTENSION = {extension: kind for kind, (extensions, _media) in KINDS.items() for extension in extensions}
_BY_MEDIA_TYPE = {media: kind for kind, (_extensions, media) in KINDS.items()}
#: What mail carries beside documents: small pictures, signatures, appointments.
_IN_MAIL = frozenset({"gif", "bmp", "webp", "p7s", "asc", "ics", "htm", "html"})
_PROGRAMS = frozenset(
    "exe dll com scr sys drv msi msp jar js jse vbs vbe wsf wsh hta ps1 psm1 bat cmd sh lnk reg cpl pif apk dmg iso img".split()
)
_EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
_PROGRAM_STARTS = (
    b"\x7fELF",
    *(b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe"),
    b"\xca\xfe\xba\xbe",
    b"L\0\0\0",
    b"#!",
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BYTE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SCRIPT = regex.compile(rb"^\s*#!|<\?php|<script\b|<%@|^\s*@echo off", regex.IGNORECASE)
#: "+" and "-" begin numbers and lists as well; with a bar behind them they call a program (+cmd|...).
_FORMULA = regex.compile(r'(?:^|[,;\t\r\n])[ ]*"?(?:[=@]|[+\-][^,;\t\r\n|]*\|)[^,;\t\r\n]', regex.MULTILINE)
#: Elements that may call a program; only parts with one of these names are read through.
_FIELDS = (b"instrText", b"fldSimple", b"ddeLink", b"dde-")
_CALLS = frozenset({"ddeLink", "dde-source", "dde-connection", "dde-connection-decl"})
_DDE = regex.compile(r"(?:^|\0)\s*DDE", regex.IGNORECASE)
#: Links that Office follows by itself when the file is opened: also a picture, by which its sender learns who opens it.
_FOLLOWED = ("attachedTemplate", "oleObject", "frame", "subDocument", "package", "image", "audio", "video", "media", "aFChunk")
#: What Word takes into a document when it opens it, with whatever stands in there.
_TAKEN_IN = frozenset({"rtf", "htm", "html", "mht", "mhtml"})


def _name(word: str) -> bytes:
    """A pattern for a PDF name, whose letters may each be written as #xx."""
    return b"/" + b"".join(b"(?:%c|#%02x|#%02X)" % (c, c, c) for c in word.encode())


_PDF_ACTS = {
    N_("tập lệnh JavaScript"): regex.compile(_name("JavaScript")),
    N_("lệnh mở chương trình khác"): regex.compile(_name("Launch")),
    N_("tệp nhúng bên trong"): regex.compile(_name("EmbeddedFile")),
    N_("nội dung đa phương tiện chạy được"): regex.compile(_name("RichMedia")),
}
_PDF_LOCKED = regex.compile(_name("Encrypt") + rb"\b")
_OBJECT_STREAM = regex.compile(_name("ObjStm"))
_OBJECT_NUMBERS = regex.compile(rb"\s*\d+\s+\d+\s")
_STREAM = regex.compile(rb"stream\r?\n")
_MOST_UNPACKED = 200 * MEGABYTE
_MOST_STREAMS = 50_000


class _Room:
    """How much may still be unpacked of a file and of all that is packed within it, and how deep it lies."""

    def __init__(self) -> None:
        self.left = _MOST_UNPACKED
        self.depth = 0

    def take(self, size: int) -> None:
        """Raises Unreadable when nothing is left."""
        self.left -= size
        if self.left < 0:
            raise _dangerous(N_("tệp nén bung ra quá lớn"))

    @contextmanager
    def deeper(self, what: str) -> Iterator[None]:
        """One level down. Raises Unreadable below the second, saying what lies too deep."""
        if self.depth >= 2:
            raise _dangerous(what)
        self.depth += 1
        yield
        self.depth -= 1


def _vetted(data: bytes, label: str, room: _Room) -> str:
    extension = PurePosixPath(label).suffix[1:].lower()
    if extension in _PROGRAMS or _is_program(data):
        raise _dangerous(N_("chương trình hoặc tập lệnh"))
    claimed = _BY_EXTENSION.get(extension)
    if claimed is None:
        raise Unreadable(
            N_("Không nhận loại tệp “%(kind)s”."),
            remedy=N_("Hãy gửi một trong các loại: %(allowed)s."),
            kind=extension or "?",
            allowed=", ".join(ALLOWED),
        )
    if not data:
        raise Unreadable(N_("Tệp rỗng."), remedy=N_("Hãy kiểm tra lại tệp rồi gửi lại."))
    if len(data) > MAX_KEPT_BYTES:
        raise Unreadable(
            N_("Tệp lớn %(size)s MB, vượt giới hạn %(limit)s MB."),
            remedy=N_("Hãy chia nhỏ tệp, hoặc giảm độ phân giải của bản quét rồi gửi lại."),
            size=-(-len(data) // MEGABYTE),
            limit=MAX_KEPT_BYTES // MEGABYTE,
        )
    if _EICAR in data:
        raise _dangerous(N_("mẫu thử của phần mềm diệt vi-rút"))
    found = _kind_of(data, claimed)
    if found != claimed:
        raise Unreadable(
            N_("Tên tệp là %(claimed)s nhưng nội dung là %(found)s."),
            remedy=N_("Hãy đặt lại đuôi tên đúng với nội dung, hoặc lưu lại tệp ở dạng %(claimed)s."),
            claimed=claimed,
            found=found,
        )
    if found == "PDF":
        _look_into_pdf(data, room)
    elif zipfile.is_zipfile(io.BytesIO(data)) and data.startswith(b"PK"):
        _look_into_package(data, room)
    elif found == "EML":
        _look_into_mail(data, room)
    elif found in ("TXT", "CSV"):
        _look_into_text(data, found)
    return found


def _kind_of(data: bytes, claimed: str) -> str:
    """What the bytes are: a kind of KINDS, or a name for what is not kept."""
    if data.startswith(b"PK\x03\x04"):
        return _package_kind(data)
    if data.startswith(_OLE):
        raise Unreadable(
            N_("Đây là tệp Office kiểu cũ hoặc được đặt mật khẩu, không kiểm tra được."),
            remedy=N_("Hãy mở tệp, lưu lại ở dạng DOCX, XLSX, PPTX hoặc PDF, không đặt mật khẩu."),
        )
    if not is_binary(data[:65_536]) or data.startswith(_BYTE_MARKS):
        # Letters alone say nothing to a table of signatures ("BM" begins a bitmap and a sentence), except where they do.
        if data.startswith(b"%PDF-"):
            return "PDF"
        return "EML" if claimed == "EML" and _is_mail(data) else "CSV" if claimed == "CSV" else "TXT"
    try:
        guesses = puremagic.magic_string(data)
    except (puremagic.PureError, ValueError):
        guesses = []
    for guess in guesses:
        if guess.mime_type in _BY_MEDIA_TYPE:
            return _BY_MEDIA_TYPE[guess.mime_type]
    return (guesses[0].extension.lstrip(".").upper() or "?") if guesses else "?"


def _package_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            check_package(package, len(data))
            names = set(package.namelist())
            if "mimetype" in names and "content.xml" in names:
                return _BY_MEDIA_TYPE.get(package.read("mimetype")[:200].decode("ascii", "replace").strip(), "ODF")
            if "[Content_Types].xml" not in names:
                return "ZIP"
            types = package.read("[Content_Types].xml")
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, zlib.error, EOFError) as problem:
        raise _damaged() from problem
    check_part(types)
    if b"macroEnabled" in types or b"vbaProject" in types:
        raise _dangerous(N_("macro"))
    for kind in ("DOCX", "XLSX", "PPTX"):
        if f"{KINDS[kind][1]}.main+xml".encode() in types:
            return kind
    return "ZIP"


def _look_into_package(data: bytes, room: _Room) -> None:
    """Office and OpenDocument packages: their members, their links, and what is packed inside them."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for member in package.infolist():
                room.take(member.file_size)
                _look_into_member(package, member, room)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, zlib.error, EOFError) as problem:
        raise _damaged() from problem
    except etree.XMLSyntaxError as problem:
        raise _damaged() from problem


def _look_into_member(package: zipfile.ZipFile, member: zipfile.ZipInfo, room: _Room) -> None:
    name = member.filename.lower()
    extension = PurePosixPath(name).suffix[1:]
    folder = name.rsplit("/", 1)[0] if "/" in name else ""
    if name.endswith("vbaproject.bin") or "/activex" in f"/{name}" or folder.split("/")[0] in ("basic", "scripts"):
        raise _dangerous(N_("macro"))
    if extension in _PROGRAMS or extension in _TAKEN_IN or (folder.endswith("embeddings") and extension == "bin"):
        raise _dangerous(N_("chương trình hoặc tệp nhúng bên trong"))
    part = package.read(member)
    if _is_program(part) or _EICAR in part or part.startswith(_OLE):
        raise _dangerous(N_("chương trình hoặc tệp nhúng bên trong"))
    if part.startswith(b"PK\x03\x04"):
        with room.deeper(N_("tệp nén lồng nhau nhiều lớp")):
            inner = _package_kind(part)
            if inner not in KINDS:
                raise _dangerous(N_("tệp nén bên trong"))
            _look_into_package(part, room)
    if extension == "rels":
        for link in parse_part(part).iter("{*}Relationship"):
            followed = any(link.get("Type", "").endswith(f"/{kind}") for kind in _FOLLOWED)
            if followed and link.get("TargetMode", "").lower() == "external":
                raise _dangerous(N_("liên kết tự tải nội dung từ bên ngoài"))
    elif extension == "xml":
        if name == "meta-inf/manifest.xml" and b"encryption-data" in part:
            raise _locked()
        check_part(part)
        if _calls_program(part):
            raise _dangerous(N_("lệnh gọi chương trình khác (DDE)"))


def _calls_program(part: bytes) -> bool:
    """Whether a field or a link of the part is a DDE call, however its letters are spread over runs or written."""
    bare = part.replace(b"\0", b"")  # UTF-16
    if not any(name in bare for name in _FIELDS):
        return False
    words: list[str] = []
    for element in parse_part(part).iter(etree.Element):
        name = etree.QName(element).localname
        if name in _CALLS:
            return True
        if name == "instrText":
            words.append(element.text or "")
        elif name == "fldChar":
            words.append("\0")
        elif name == "fldSimple":
            words += ["\0", *(text for key, text in element.items() if etree.QName(key).localname == "instr"), "\0"]
    return _DDE.search("".join(words)) is not None


def _look_into_pdf(data: bytes, room: _Room) -> None:
    if _PDF_LOCKED.search(data):
        raise _locked()
    for what, pattern in _PDF_ACTS.items():
        if pattern.search(data):
            raise _dangerous(what)
    for number, place in enumerate(_OBJECT_STREAM.finditer(data)):
        start = _STREAM.search(data, place.end(), place.end() + 2000)
        if start is None or number >= _MOST_STREAMS:
            raise _damaged()
        plain = _objects(data, start.end(), room.left)
        room.take(len(plain))
        for what, pattern in _PDF_ACTS.items():
            if pattern.search(plain):
                raise _dangerous(what)
    check_pdf(data)


def _objects(data: bytes, start: int, most: int) -> bytes:
    """The objects of an object stream, which begins with pairs of numbers. What cannot be unpacked cannot be looked at."""
    packed, plain, step = zlib.decompressobj(), bytearray(), 1024
    try:
        # Piece by piece: what follows the stream is copied at every end, and a file may hold many streams.
        while not packed.eof and start < len(data) and len(plain) < most:
            piece = data[start : start + step]
            start, step = start + len(piece), min(step * 2, MEGABYTE)
            while piece and len(plain) < most:
                plain += packed.decompress(piece, most - len(plain))
                piece = packed.unconsumed_tail
    except zlib.error:
        end = data.find(b"endstream", start - len(piece))
        plain = bytearray(data[start - len(piece) : max(end, start - len(piece))]) if not plain else bytearray()
    if len(plain) >= most or not _OBJECT_NUMBERS.match(plain):
        raise Unreadable(
            N_("Tệp PDF có phần nén không kiểm tra được."), remedy=N_("Hãy in lại tệp ra PDF bằng phần mềm thông dụng rồi gửi.")
        )
    return bytes(plain)


def _look_into_mail(data: bytes, room: _Room) -> None:
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        name = part.get_filename()
        if part.is_multipart() or (name is None and part.get_content_maintype() == "text"):
            continue
        content = part.get_payload(decode=True)
        content = content if isinstance(content, bytes) else b""
        label = label_of(name or f"tep.{part.get_content_subtype()}")
        extension = PurePosixPath(label).suffix[1:].lower()
        if extension in _IN_MAIL and not _is_program(content) and _EICAR not in content:
            continue
        with room.deeper(N_("tệp lồng nhau nhiều lớp")):
            _vetted(content, label, room)


def _look_into_text(data: bytes, kind: str) -> None:
    text = data.decode("utf-16" if data.startswith(_BYTE_MARKS) else "utf-8", "replace")
    if _SCRIPT.search(data[:65_536]) or looks_like_html(text[:65_536], "x.txt"):
        raise _dangerous(N_("chương trình hoặc tập lệnh"))
    if kind == "CSV" and _FORMULA.search(text):
        raise _dangerous(N_("công thức bảng tính"))


def _is_mail(data: bytes) -> bool:
    head = email.message_from_bytes(data[:65_536], policy=email.policy.compat32)
    return bool(head.keys()) and {"from", "date", "subject", "received"} & {key.lower() for key in head} != set()


def _is_program(data: bytes) -> bool:
    """Programs of Windows, Linux and macOS, Java classes, shortcuts; a shell script by its first line."""
    return (
        (data[:2] == b"MZ" and is_binary(data[:4096]))
        or data[:4]
        in (b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"L\0\0\0")
        or data[:2] == b"#!"
    )


def _dangerous(what: str) -> Unreadable:
    return Unreadable(
        N_("Tệp có thể gây hại: có %(what)s."),
        remedy=N_("Đừng mở tệp này nếu không rõ nguồn; nếu là tài liệu thật, hãy in lại ra PDF rồi gửi."),
        what=what,
    )


def _locked() -> Unreadable:
    return Unreadable(N_("Tệp được bảo vệ bằng mật khẩu."), remedy=N_("Hãy mở tệp, lưu lại không đặt mật khẩu rồi gửi lại."))


def _damaged() -> Unreadable:
    return Unreadable(N_("Tệp bị hỏng hoặc chưa tải lên đủ."), remedy=N_("Hãy mở tệp, lưu lại rồi gửi lại."))
