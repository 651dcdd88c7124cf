"""Is every sentence of the interface there in English, with the same placeholders and no Vietnamese left in it?"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from django.utils import translation

from tools import messages

KNOWN = [message for message in messages.current() if message.id]
MARKERS = {"_", "N_", "gettext", "gettext_lazy", "ngettext", "pgettext"}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")
LETTERS = re.compile(r"[À-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ]")


def _forms(text: object) -> list[str]:
    """The singular and plural of a message, or its one form."""
    return [str(form) for form in text] if isinstance(text, tuple | list) else [str(text)]


def _marked(path: Path) -> Iterator[tuple[int, str, ast.expr | None]]:
    """Line, marker and first argument of every call in a file that marks or looks up a message."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKERS:
            yield node.lineno, node.func.id, node.args[1 if node.func.id == "pgettext" else 0] if node.args else None


def test_nothing_is_missing_left_over_or_uncompiled() -> None:
    assert messages.faults() == []


def test_updating_and_compiling_twice_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = messages.PO.read_bytes()
    copy = tmp_path / "django.po"
    copy.write_bytes(before)
    monkeypatch.setattr(messages, "PO", copy)
    messages.update()
    assert copy.read_bytes() == before
    assert b"fuzzy" not in before and b"FULL NAME" not in before and b"ORGANIZATION" not in before


def test_faults_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = messages.PO.read_text(encoding="utf-8")
    damaged = text.replace('msgstr "Suspend"', 'msgstr ""').replace('msgid "Terminate"', 'msgid "x"')
    damaged += '\nmsgid "Câu không còn ai nói."\nmsgstr "A sentence nobody says any more."\n'
    copy = tmp_path / "django.po"
    copy.write_text(damaged, encoding="utf-8")
    copy.with_suffix(".mo").write_bytes(messages.PO.with_suffix(".mo").read_bytes())
    monkeypatch.setattr(messages, "PO", copy)
    assert messages.faults() == [
        "not translated: 'Tạm đình chỉ'",
        "said nowhere: 'Câu không còn ai nói.'",
        "django.mo is not compiled from django.po",
    ]


@pytest.mark.parametrize("message", KNOWN, ids=lambda m: _forms(m.id)[0][:40])
def test_a_translation_keeps_placeholders_and_form(message: Message) -> None:
    vietnamese = _forms(message.id)[0]
    for english in _forms(message.string):
        assert sorted(PLACEHOLDER.findall(english)) == sorted(PLACEHOLDER.findall(vietnamese))
        assert not LETTERS.search(english), english
        assert english.strip() == english or message.context
        # A full sentence is one in both languages, a label too.
        for end in (".", ":", "…"):
            assert english.endswith(end) == vietnamese.endswith(end), english


@pytest.mark.parametrize("path", sorted(messages.PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(messages.PACKAGE)))
def test_what_python_marks_is_found(path: Path) -> None:
    said = {_forms(message.id)[0] for message in messages.extracted() if message.id} if list(_marked(path)) else set()
    for line, marker, argument in _marked(path):
        constant = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        assert constant or marker != "N_", f"line {line}: N_ marks a constant, or the extractor cannot find it"
        if isinstance(argument, ast.Constant):
            assert argument.value in said, f"line {line}"


@pytest.mark.parametrize("package", ["reading", "core"])
def test_pure_packages_are_heard(package: str) -> None:
    assert any(name.startswith(f"{package}/") for message in messages.extracted() for name, _line in message.locations)


def test_the_programme_speaks_english() -> None:
    with translation.override("en"):
        assert translation.gettext("Không tìm thấy bản ghi.") == "The record was not found."
        assert translation.ngettext("%(shown)s bản ghi", "%(shown)s bản ghi", 1) == "%(shown)s record"
        assert translation.ngettext("%(shown)s bản ghi", "%(shown)s bản ghi", 2) == "%(shown)s records"
    with translation.override("vi"):
        assert translation.gettext("Không tìm thấy bản ghi.") == "Không tìm thấy bản ghi."


def test_the_command_says_when_all_is_well() -> None:
    done = subprocess.run([sys.executable, messages.__file__, "check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "every message is there in English\n")
