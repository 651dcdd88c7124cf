"""How do files of others become plain UTF-8 text that may be read, without trusting their names, sizes or make?

A member of an archive is streamed into a file with a name of ours, never extracted by its own; what unpacks out of proportion or
beyond the room on the disk is refused.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from banggiao.analytics.ingest.running import Run
from banggiao.core.errors import N_, Unreadable

#: Trade tables shrink to a fifth or a tenth; beyond this a file was made to burst.
MOST_RATIO, RATIO_FROM = 200, 64 << 20
MOST_MEMBERS = 500
_BLOCK = 1 << 20
_READABLE = (".csv", ".txt", ".tsv", ".json")
_REMEDY = N_("Hãy gửi tệp csv, tsv, json, hoặc các tệp đó nén zip hay gz.")


@dataclass(frozen=True, slots=True)
class Opened:
    """A plain text file: where it lies, how it is called to people, its header and delimiter (both empty for JSON)."""

    path: Path
    name: str
    header: tuple[str, ...] = ()
    delimiter: str = ""

    @property
    def bytes(self) -> int:
        """Its size."""
        return self.path.stat().st_size

    @property
    def is_json(self) -> bool:
        """Whether it holds JSON and not a table."""
        return not self.delimiter


def opened(path: Path, scratch: Path, run: Run) -> Iterator[Opened]:
    """The tables in a file: itself, or what an archive holds, unpacked into `scratch`.

    Raises Unreadable (naming file and member) for what is empty, no text, encrypted, broken or bursting; OSError where the disk
    is full.
    """
    with path.open("rb") as handle:
        start = handle.read(8)
    if not start:
        raise _unreadable(path.name, N_("Tệp rỗng."))
    if start.startswith(b"PK"):
        yield from _members(path, scratch, run)
    elif start.startswith(b"\x1f\x8b"):
        with gzip.open(path, "rb") as stream:
            plain = _unpacked(stream, path.name, path.stat().st_size, scratch, run)
        yield _looked_at(plain, path.name, scratch)
    else:
        yield _looked_at(path, path.name, scratch)


def _members(path: Path, scratch: Path, run: Run) -> Iterator[Opened]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [each for each in archive.infolist() if not each.is_dir()]
            if any(each.filename == "[Content_Types].xml" for each in infos):
                raise _unreadable(path.name, N_("Đây là tệp Excel hoặc Word, không phải bảng csv."))
            if len(infos) > MOST_MEMBERS:
                raise _unreadable(path.name, N_("Tệp nén chứa quá nhiều tệp."))
            wanted = [each for each in infos if each.filename.lower().endswith((*_READABLE, *(f"{e}.gz" for e in _READABLE)))]
            for info in wanted:
                name = f"{path.name}/{info.filename}"
                if "readme" in info.filename.lower():
                    continue
                if info.flag_bits & 0x1:
                    raise _unreadable(name, N_("Tệp nén có mật khẩu."))
                with archive.open(info) as stream:
                    inner: Any = gzip.GzipFile(fileobj=stream) if info.filename.lower().endswith(".gz") else stream
                    plain = _unpacked(inner, name, info.compress_size, scratch, run)
                if plain.stat().st_size:
                    yield _looked_at(plain, name, scratch)
            if not wanted:
                raise _unreadable(path.name, N_("Tệp nén không chứa bảng số liệu nào."))
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise _unreadable(path.name, N_("Tệp nén bị hỏng hoặc nén theo cách không đọc được.")) from error


def _unpacked(stream: Any, name: str, packed: int, scratch: Path, run: Run) -> Path:
    """The stream as a file of ours. The sizes an archive tells of itself are not believed: bytes are counted as they come."""
    target = _fresh(scratch)
    written = 0
    free = shutil.disk_usage(scratch).free
    try:
        with target.open("wb") as out:
            while block := stream.read(_BLOCK):
                written += len(block)
                if written > RATIO_FROM and written > MOST_RATIO * max(packed, 1):
                    raise _unreadable(name, N_("Tệp nén phình ra quá lớn so với kích thước, có thể là tệp phá hoại."))
                if written > free - _BLOCK:
                    raise OSError(28, "No space left on device", str(target))
                out.write(block)
                if not written % (64 * _BLOCK):
                    run.at("unpack", 0.0)
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        raise _unreadable(name, N_("Tệp nén bị hỏng hoặc bị cắt giữa chừng.")) from error
    return target


def _looked_at(path: Path, name: str, scratch: Path) -> Opened:
    with path.open("rb") as handle:
        start = handle.read(_BLOCK)
    if not start.strip():
        raise _unreadable(name, N_("Tệp rỗng."))
    coding = _coding(start, complete=path.stat().st_size <= len(start))
    if coding != "utf-8":
        path = _recoded(path, name, coding, scratch)
        with path.open("rb") as handle:
            start = handle.read(_BLOCK)
    text = start.decode("utf-8-sig", errors="ignore")
    if b"\0" in start:
        raise _unreadable(name, N_("Tệp không phải là văn bản."))
    if text.lstrip()[:1] in ("{", "["):
        return Opened(path, name)
    first = text.splitlines()[0] if text.strip() else ""
    delimiter = max(",\t;|", key=first.count)
    header = next(csv.reader([first], delimiter=delimiter), [])
    return Opened(path, name, tuple(column.strip() for column in header), delimiter)


def _coding(start: bytes, *, complete: bool) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start, complete)
        return "utf-8"
    except UnicodeDecodeError:
        return "cp1252"


def _recoded(path: Path, name: str, coding: str, scratch: Path) -> Path:
    target = _fresh(scratch)
    try:
        with path.open(encoding=coding, newline="", errors="strict" if coding == "utf-16" else "replace") as given:
            with target.open("w", encoding="utf-8", newline="") as out:
                shutil.copyfileobj(given, out, _BLOCK)
    except UnicodeError as error:
        raise _unreadable(name, N_("Không nhận ra bảng mã của tệp."), N_("Hãy lưu tệp bằng UTF-8.")) from error
    return target


def _fresh(scratch: Path) -> Path:
    scratch.mkdir(parents=True, exist_ok=True)
    return scratch / f"text-{sum(1 for _ in scratch.glob('text-*')):04d}"


def _unreadable(name: str, message: str, remedy: str = _REMEDY) -> Unreadable:
    return Unreadable(message, subject=name, remedy=remedy)
