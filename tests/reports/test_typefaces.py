"""The faces hold every Vietnamese letter; their absence is an error with a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from banggiao.core.errors import SetupProblem
from banggiao.reports.typefaces import FOLDER, font_files, printable
from tests.reports.papers import needs_fonts
from tools.merge_fonts import SOURCE, merge, vietnamese_letters


def test_the_alphabet_is_complete() -> None:
    letters = vietnamese_letters()
    assert len(letters) == 2 * (12 * 6 + 1) + 1  # 12 vowels in 6 tones and đ, both cases, ₫
    assert {"ậ", "Ỹ", "ợ", "đ", "Ư", "₫"} <= letters


@needs_fonts
def test_every_face_has_every_vietnamese_letter() -> None:
    ttlib = pytest.importorskip("fontTools.ttLib", reason="fontTools comes with the asset requirements.")
    for path in font_files():
        covered = ttlib.TTFont(path).getBestCmap()
        assert not [letter for letter in vietnamese_letters() if ord(letter) not in covered], path.name


@needs_fonts
def test_what_the_faces_lack_is_shown_as_lacking() -> None:
    assert printable("Việt Nam ₫ “–” Москва") == "Việt Nam ₫ “–” Москва"
    assert printable("a中😀b") == "a\ufffd\ufffdb"


def test_missing_faces_are_named_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(SetupProblem, match=r"Tinos-Bold\.ttf") as caught:
        font_files(tmp_path)
    assert "tools/merge_fonts.py" in caught.value.remedy


@needs_fonts
@pytest.mark.skipif(not (SOURCE / "files").is_dir(), reason="node_modules is absent: npm ci was not run here.")
def test_merging_again_gives_the_shipped_faces(tmp_path: Path) -> None:
    merge(SOURCE, tmp_path)
    assert [path.read_bytes() for path in font_files(tmp_path)] == [path.read_bytes() for path in font_files()]
    assert (tmp_path / "coverage.txt").read_text() == (FOLDER / "coverage.txt").read_text()
    assert not list(tmp_path.glob("*.new"))
