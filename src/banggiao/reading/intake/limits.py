"""How much will intake take on before it refuses? Every bound stands here, in bytes or characters."""

from __future__ import annotations

from banggiao.core.errors import N_, Unreadable

MEGABYTE = 1_000_000
MAX_FILE_BYTES = 100 * MEGABYTE
MAX_TEXT_CHARACTERS = 20 * MEGABYTE
MAX_HTML_CHARACTERS = 20 * MEGABYTE
# Above this the search for the main text is left out: we do not bound its cost, and so large a page is an archive, no article.
MAX_MAIN_TEXT_CHARACTERS = 1 * MEGABYTE
MAX_MAIN_TEXT_DEPTH = 150
MAX_MAIN_TEXT_ELEMENTS = 20_000

MAX_ZIP_ENTRIES = 5_000
MAX_ZIP_BYTES = 200 * MEGABYTE
MAX_XML_BYTES = 50 * MEGABYTE
# Word's XML shrinks to about a thirtieth; only filler shrinks beyond a hundredth.
MAX_ZIP_RATIO = 100
ZIP_RATIO_FREE_BYTES = 10 * MEGABYTE

MAX_PDF_PAGES = 5_000
MAX_NAME_CHARACTERS = 200


def check_file_size(size: int) -> None:
    """Raise `Unreadable` when a file of `size` bytes is more than intake takes."""
    if size > MAX_FILE_BYTES:
        raise Unreadable(
            N_("Tệp lớn %(size)s MB, vượt giới hạn %(limit)s MB."),
            remedy=N_("Hãy tách tài liệu thành nhiều tệp nhỏ hơn hoặc bỏ bớt hình ảnh rồi gửi lại."),
            size=-(-size // MEGABYTE),
            limit=MAX_FILE_BYTES // MEGABYTE,
        )


def check_text_size(characters: int, limit: int = MAX_TEXT_CHARACTERS) -> None:
    """Raise `Unreadable` when a text is longer than `limit` characters."""
    if characters > limit:
        raise Unreadable(
            N_("Văn bản dài hơn %(limit)s triệu ký tự."),
            remedy=N_("Hãy tách tài liệu thành nhiều tệp nhỏ hơn rồi gửi lại."),
            limit=limit // MEGABYTE,
        )
