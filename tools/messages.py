"""Which sentences does the interface say, and is each of them there in English?

    python tools/messages.py update     bring locale/en/LC_MESSAGES/django.po in step with the code
    python tools/messages.py compile    write django.mo, which the programme reads (committed: gettext is not on a bare machine)
    python tools/messages.py check      list what is missing or out of step; exit code 1 when there is anything

Vietnamese is the source language, so there is no Vietnamese catalogue.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "banggiao"
PO = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
METHODS = [("**/migrations/**", "ignore"), ("web/templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {
    "web/templates/**.html": {"newstyle_gettext": "true", "trimmed": "true", "trim_blocks": "true", "lstrip_blocks": "true"}
}
KEYWORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
HEADER = """\
# English messages of Bang Giao; the source language is Vietnamese.
# Copyright 2026 The Bang Giao founders
# SPDX-License-Identifier: Apache-2.0"""
#: When the catalogue was begun. Fixed, so that writing it twice gives the same bytes; git knows when it changed.
BEGUN = datetime(2026, 11, 24, tzinfo=UTC)


def extracted() -> Catalog:
    """Every message of the code and the templates, with the places where it stands."""
    catalog = Catalog(
        locale="en",
        project="Bang Giao",
        version="1",
        header_comment=HEADER,
        msgid_bugs_address="see CONTRIBUTING.md",
        last_translator="The Bang Giao founders",
        language_team="English",
        creation_date=BEGUN,
        revision_date=BEGUN,
        charset="utf-8",
        fuzzy=False,
    )
    for name, line, message, comments, context in extract_from_dir(
        PACKAGE, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
    ):
        catalog.add(message, None, [(name, line)], auto_comments=comments, context=context)
    return catalog


def current() -> Catalog:
    """The committed English catalogue."""
    with PO.open("rb") as handle:
        return read_po(handle, locale="en", charset="utf-8")


def compiled(catalog: Catalog) -> bytes:
    """The catalogue as the programme reads it."""
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def faults() -> list[str]:
    """What is missing, left over, fuzzy or not compiled."""
    said, known = extracted(), current()
    problems = []
    for message in said:
        if not message.id:
            continue
        found = _translation(known, message)
        if found is None or not all(found.string if isinstance(found.string, tuple | list) else [found.string]):
            problems.append(f"not translated: {message.id!r}")
        elif found.fuzzy:
            problems.append(f"fuzzy: {message.id!r}")
    problems += [f"said nowhere: {m.id!r}" for m in known if m.id and _translation(said, m) is None]
    if PO.with_suffix(".mo").read_bytes() != compiled(known):
        problems.append("django.mo is not compiled from django.po")
    return problems


def update() -> None:
    """Add new messages to the catalogue, drop those said nowhere, keep every translation."""
    said = extracted()
    if PO.exists():
        known = current()
        for message in said:
            if message.id and (found := _translation(known, message)):
                message.string = found.string
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as handle:
        write_po(handle, said, width=120, include_lineno=False)


def main() -> int:
    """Do what is asked; returns the exit code."""
    what = sys.argv[1] if len(sys.argv) > 1 else "check"
    if what == "update":
        update()
    elif what == "compile":
        PO.with_suffix(".mo").write_bytes(compiled(current()))
    else:
        problems = faults()
        print("\n".join(problems) or "every message is there in English")
        return 1 if problems else 0
    return 0


def _translation(catalog: Catalog, message: Message) -> Message | None:
    """The same message in `catalog`; one that became plural, or no longer is, is another message."""
    found = catalog.get(message.id, message.context)
    return found if found and found.id == message.id else None


if __name__ == "__main__":
    raise SystemExit(main())
