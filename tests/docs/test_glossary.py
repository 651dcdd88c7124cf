"""Does the glossary hold every noun of the code, in both languages, and no noun that the code does not have?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

import banggiao.analytics
from banggiao.core.history import as_known
from banggiao.core.lines import Lines
from banggiao.core.registers import registers
from banggiao.core.transitions import Machine
from banggiao.core.vocabulary import vocabulary, vocabulary_names
from banggiao.sources.datasets import packaged_sets
from tools.make_reference_docs import DOCS, machines

GLOSSARY = (DOCS / "glossary.md").read_text(encoding="utf-8")


def _rows() -> Iterator[list[str]]:
    for line in GLOSSARY.splitlines():
        if line.startswith("| ") and not line.startswith(("| ---", "| Vietnamese")):
            yield [cell.strip() for cell in line.strip().strip("|").split(" | ")]


CODES = {code for row in _rows() for code in re.findall(r"`([^`]+)`", row[2])}
MODELS = {model for model in apps.get_models() if model.__module__.startswith("banggiao.")}


@pytest.mark.parametrize("name", sorted(model.__name__ for model in MODELS))
def test_every_record_has_a_line(name: str) -> None:
    assert name in CODES


@pytest.mark.parametrize("name", vocabulary_names())
def test_every_closed_list_has_a_line(name: str) -> None:
    assert name in CODES


@pytest.mark.parametrize("name", [register.name for register in registers()])
def test_every_register_has_a_line(name: str) -> None:
    assert name in CODES


@pytest.mark.parametrize("machine", list(machines()), ids=lambda machine: machine.name)
def test_every_state_has_a_line_of_its_machine(machine: Machine) -> None:
    found = {row[2].strip("`") for row in _rows() if row[3] == f"`{machine.name}`"}
    assert set(machine.states()) == found


def test_every_line_is_complete_in_both_languages() -> None:
    assert not [row for row in _rows() if len(row) < 3 or not (row[0] and row[1] and row[2])]


def test_no_line_names_what_the_code_does_not_have() -> None:
    fields = {field.name for model in MODELS for field in model._meta.get_fields()}
    terms = {term.code for name in vocabulary_names() for term in vocabulary(name).terms}
    known = {model.__name__ for model in MODELS} | fields | terms | set(vocabulary_names()) | {r.name for r in registers()}
    abstract = {base.__name__ for model in MODELS for base in model.__mro__}
    declared = {Lines.__name__, as_known.__name__} | {source.set for source in packaged_sets()}
    assert not CODES - known - abstract - declared - _measured()


def _measured() -> set[str]:
    """What the analytics call by name: their functions, classes, fields and columns, read without importing libraries."""
    names: set[str] = set()
    for path in Path(banggiao.analytics.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                names.add(node.name)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                names.add(node.target.id)
            elif isinstance(node, ast.keyword) and node.arg and path.parent.name == "measures":
                names.add(node.arg)  # a column of an answer
    return names
