"""Messages after a write, with the way to take it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from banggiao.core.registers import Register
from banggiao.reports.actions import may_undo
from banggiao.web.addresses import undo_url
from banggiao.web.asking import asker


def note_change(request: HttpRequest, text: str, book: Register, record: Any) -> None:
    """A message of success that can take back what it tells of, where the reader may."""
    tags = f"undo {undo_url(book, record)} {record.version}" if may_undo(book, record, asker(request)) else ""
    messages.success(request, text, extra_tags=tags)
