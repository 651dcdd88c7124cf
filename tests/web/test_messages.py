"""Is every sentence of the interface there in English, with the same placeholders and no Vietnamese left in it?"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
from django.utils import translation

from banggiao.core import errors
from tools import messages

KNOWN = [message for message in messages.current() if message.id]
EXTRACTED = [message for message in messages.extracted() if message.id]
SOURCES = sorted(path for path in messages.PACKAGE.rglob("*.py") if "migrations" not in path.parts)
ERRORS = {name for name, thing in vars(errors).items() if isinstance(thing, type) and issubclass(thing, errors.BangGiaoError)}
MARKERS = {"_", "N_", "gettext", "gettext_lazy", "ngettext", "pgettext"}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")
LETTERS = re.compile(r"[À-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ]")


def _forms(text: object) -> list[str]:
    """The singular and plural of a message, or its one form."""
    return [str(form) for form in text] if isinstance(text, tuple | list) else [str(text)]


SAID = {_forms(message.id)[0] for message in EXTRACTED}


def _calls(path: Path, names: Collection[str]) -> Iterator[ast.Call]:
    """Every call in a file of one of the names."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


def _marked(path: Path) -> Iterator[tuple[int, str, ast.expr]]:
    """Line, marker and message of every call in a file that marks or looks up a message."""
    for call in _calls(path, MARKERS):
        marker = ast.unparse(call.func)
        yield call.lineno, marker, call.args[1 if marker == "pgettext" else 0]


def test_nothing_is_missing_left_over_or_uncompiled() -> None:
    assert messages.faults() == []


def test_updating_twice_gives_the_same_bytes_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "django.po"
    copy.write_bytes(messages.PO.read_bytes())
    monkeypatch.setattr(messages, "PO", copy)
    messages.update()
    once = copy.read_bytes()
    messages.update()
    assert copy.read_bytes() == once
    assert {_forms(m.id)[0]: m.string for m in messages.current() if m.id} == {_forms(m.id)[0]: m.string for m in KNOWN}
    assert not any(word in once for word in (b"fuzzy", b"FULL NAME", b"ORGANIZATION", b"EMAIL@ADDRESS", b"VERSION"))


def test_faults_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = messages.PO.read_text(encoding="utf-8")
    damaged = text.replace('msgstr "Suspend"', 'msgstr ""')
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


def test_translations_keep_placeholders_and_form() -> None:
    wrong = []
    for message in KNOWN:
        vietnamese = _forms(message.id)[0]
        forms = _forms(message.string)
        for place, english in enumerate(forms):
            said, held = (sorted(PLACEHOLDER.findall(text)) for text in (english, vietnamese))
            # One of something may be said without its number: "every day".
            same = said == held or (len(forms) > 1 and place == 0 and [*said, "%(n)d"] == held)
            # A full sentence is one in both languages, a label too.
            alike = all(english.endswith(end) == vietnamese.endswith(end) for end in (".", ":", "…"))
            if not same or not alike or LETTERS.search(english) or (english != english.strip() and not message.context):
                wrong.append((vietnamese, english))
    assert wrong == []


def test_what_python_marks_is_found() -> None:
    """The extractor hears constants only: N_ around anything else would be a message that nobody can translate."""
    unheard = []
    for path in SOURCES:
        for line, marker, argument in _marked(path):
            if isinstance(argument, ast.Constant):
                heard = argument.value in SAID
            else:
                heard = marker != "N_"
            if not heard:
                unheard.append((path.name, line))
    assert unheard == []


def test_what_errors_say_is_there_in_english() -> None:
    """Marked or not, what an error says reaches an English reader; unmarked and said nowhere else, it would be Vietnamese."""
    unheard = []
    for path in SOURCES:
        said = [
            part
            for call in _calls(path, ERRORS)
            for part in (*call.args[:1], *(k.value for k in call.keywords if k.arg == "remedy"))
        ]
        said += [part for call in _calls(path, {"FieldProblem"}) for part in call.args[1:2]]
        texts = [(part.lineno, part.value) for part in said if isinstance(part, ast.Constant) and part.value]
        unheard += [(path.name, line, text) for line, text in texts if text not in SAID]
    assert unheard == []


@pytest.mark.parametrize("package", ["reading", "core"])
def test_pure_packages_are_heard(package: str) -> None:
    assert any(name.startswith(f"{package}/") for message in EXTRACTED for name, _line in message.locations)


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
