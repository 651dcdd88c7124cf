"""Do the generated pages and lists say what the declarations say today?"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tools import make_reference_docs as made

REFERENCE = made.DOCS / "reference"
AGAIN = "run: .venv/bin/python tools/make_reference_docs.py"


@cache
def _pages() -> dict[str, str]:
    return made.pages()


def test_every_page_is_committed_and_none_is_left_over() -> None:
    assert {path.name for path in REFERENCE.iterdir()} == set(_pages()), AGAIN


@pytest.mark.parametrize("name", ["README.md", *made.PAGES])
def test_page_is_up_to_date(name: str) -> None:
    if name not in _pages():
        pytest.skip(f"There is nothing to describe in {name} yet.")
    assert (REFERENCE / name).read_text(encoding="utf-8") == _pages()[name], AGAIN


def test_generated_parts_of_the_glossary_are_up_to_date() -> None:
    text = (made.DOCS / "glossary.md").read_text(encoding="utf-8")
    assert made.filled(text) == text, AGAIN


def test_every_machine_has_a_list_that_names_its_states() -> None:
    assert {machine.name for machine in made.machines()} == set(made.STATE_LISTS)


def test_a_part_that_is_missing_is_noticed() -> None:
    with pytest.raises(SystemExit, match="registers"):
        made.filled("# Glossary")


def test_a_setting_that_nobody_described_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "settings.py").write_text('import os\nos.environ.get("BANGGIAO_NEWS")\n', encoding="utf-8")
    monkeypatch.setattr(made, "SOURCE", tmp_path)
    with pytest.raises(SystemExit, match="BANGGIAO_NEWS"):
        made.documented()
