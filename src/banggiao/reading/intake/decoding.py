"""Which characters do these bytes stand for? The repairs named are what had to be assumed beyond plain UTF-8."""

from __future__ import annotations

import codecs
import re

import ftfy.bad_codecs  # noqa: F401  registers the lenient `sloppy-windows-*` codecs

from banggiao.reading.intake.likeness import likeness


def decode(data: bytes, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The text of `data`, without its byte order mark, and the repairs made.

    `declared` is a charset the container names; it counts only when the bytes are not UTF-8, because that is a claim
    they prove themselves. What is neither is read as Windows-1258 when this gives Vietnamese, else as Windows-1252.
    """
    for mark, codec, repairs in _MARKS:
        if data.startswith(mark):
            return _lenient(data[len(mark) :], codec, repairs)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    text = data.decode("utf-8", errors="replace")
    wrong = text.count("\ufffd")
    if wrong * _GOOD_PER_BAD < sum(map(text.count, _UTF8_WITNESSES)):
        return text, ("invalid_bytes",)
    codec = (declared or "").strip().lower()
    if _KNOWN_CHARSET.fullmatch(codec) and codec not in _LATIN:
        text, repairs = _lenient(data, codec, (codec,))
        if "invalid_bytes" not in repairs:
            return text, repairs
    western = data.decode("sloppy-windows-1252")
    vietnamese = data.decode("sloppy-windows-1258")
    sample = slice(0, _SAMPLE_CHARACTERS)
    before, after = likeness(western[sample]), likeness(vietnamese[sample])
    if after.valid > before.valid and after.is_vietnamese:
        return vietnamese, ("windows-1258",)
    return western, ("windows-1252",)


def declared_charset(data: bytes) -> str | None:
    """The charset an HTML page names in its head, in lower case; None when it names none."""
    found = _META_CHARSET.search(data[:4096])
    return found.group(1).decode("ascii").lower() if found else None


# The mark of UTF-32 begins with that of UTF-16, so it comes first.
_MARKS: tuple[tuple[bytes, str, tuple[str, ...]], ...] = (
    (codecs.BOM_UTF8, "utf-8", ("bom",)),
    (codecs.BOM_UTF32_LE, "utf-32-le", ("utf-32",)),
    (codecs.BOM_UTF16_LE, "utf-16-le", ("utf-16",)),
    (codecs.BOM_UTF16_BE, "utf-16-be", ("utf-16",)),
)
_SAMPLE_CHARACTERS = 200_000
# Characters no single-byte text forms by chance when read as UTF-8: enough of them for each broken byte mean damaged UTF-8.
_UTF8_WITNESSES = "àáạảãâầấậẩẫăằắặẳẵèéẹẻẽêềếệểễìíịỉĩòóọỏõôồốộổỗơờớợởỡùúụủũưừứựửữỳýỵỷỹđ–“”’"
_GOOD_PER_BAD = 5
_LATIN = {"iso-8859-1", "latin1", "latin-1", "us-ascii", "windows-1252", "cp1252", "windows-1258", "cp1258"}
_KNOWN_CHARSET = re.compile(
    r"(?:windows-|cp)125\d|iso-8859-\d{1,2}|latin-?1|us-ascii|gb2312|gbk|gb18030|big5|shift_jis|euc-jp|euc-kr|koi8-r|tis-620"
)
_META_CHARSET = re.compile(rb"<meta\b[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9_-]{2,20})", re.IGNORECASE)


def _lenient(data: bytes, codec: str, repairs: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    try:
        return data.decode(codec), repairs
    except UnicodeDecodeError:
        return data.decode(codec, errors="replace"), (*repairs, "invalid_bytes")
