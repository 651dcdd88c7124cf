"""Makes the four Tinos faces that reports are set in: one TTF each, out of the subsets of the @fontsource/tinos package.

Usage: python tools/merge_fonts.py [--source FOLDER] [--target FOLDER]

The package cuts the family into files for browsers; Typst and resvg need whole faces. The system's own fonts are never used:
some distributions ship Times-like faces without ơ, ư and 90 other Vietnamese letters, and a renderer fills such gaps silently
from another family. Beside the faces stands `coverage.txt`, the ranges of characters present in all four, so that reports can
tell what cannot be printed. The same package gives the same bytes; a face is replaced whole, so nothing ever reads half of one.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from fontTools.merge import Merger, Options
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "node_modules" / "@fontsource" / "tinos"
TARGET = ROOT / "src" / "banggiao" / "reports" / "fonts"

FACES = {"Regular": "400-normal", "Bold": "700-normal", "Italic": "400-italic", "BoldItalic": "700-italic"}
# Cyrillic and Greek are there because a citation may quote a partner's own spelling of a name.
SUBSETS = ("latin", "latin-ext", "vietnamese", "cyrillic", "greek")

# 2020-03-05, the day of the decree on official papers, in seconds since 1904: a fixed date keeps the bytes the same.
FONT_TIME = 3666211200


def vietnamese_letters() -> set[str]:
    """Every Vietnamese letter with every tone mark, in both cases (NFC), and the đồng sign."""
    tones = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    letters = {unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in tones} | {"đ"}
    return letters | {letter.upper() for letter in letters} | {"₫"}


def merge(source: Path, target: Path) -> list[Path]:
    """Write the four faces, their coverage and licence into `target`; return the faces. Exits when a letter is absent."""
    target.mkdir(parents=True, exist_ok=True)
    common: set[int] | None = None
    written: list[Path] = []
    for face, cut in FACES.items():
        path = target / f"Tinos-{face}.ttf"
        covered = _save_merged([source / "files" / f"tinos-{subset}-{cut}.woff" for subset in SUBSETS], path)
        missing = sorted(letter for letter in vietnamese_letters() if ord(letter) not in covered)
        if missing:
            sys.exit(f"Tinos {face} lacks: {' '.join(missing)}. Install the locked version of @fontsource/tinos and run again.")
        common = covered if common is None else common & covered
        written.append(path)
    (target / "coverage.txt").write_text(
        "".join(f"{first:04X}-{last:04X}\n" for first, last in _ranges(common or ())), encoding="ascii"
    )
    shutil.copyfile(source / "LICENSE", target / "LICENSE.txt")
    return written


def _save_merged(files: list[Path], target: Path) -> set[int]:
    """Merge the subsets into one face at `target`; return the code points it has."""
    absent = [str(file) for file in files if not file.is_file()]
    if absent:
        sys.exit(f"Missing: {', '.join(absent)}. Run `npm ci --ignore-scripts` first.")
    with tempfile.TemporaryDirectory() as folder:
        plain = []
        for file in files:
            subset = TTFont(file, recalcTimestamp=False)
            subset.flavor = None  # out of the WOFF wrapping
            plain.append(str(Path(folder) / f"{file.stem}.ttf"))
            subset.save(plain[-1])
        # `gasp` differs between subsets and only steers hinting, which these files do not have.
        font = Merger(options=Options(drop_tables=["gasp"])).merge(plain)
        font.recalcTimestamp = False
        font["head"].created = font["head"].modified = FONT_TIME
        font.save(Path(folder) / target.name)
        fresh = target.with_suffix(".new")
        shutil.copyfile(Path(folder) / target.name, fresh)
        fresh.replace(target)
    return set(font.getBestCmap())


def _ranges(codes: Iterable[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for code in sorted(codes):
        if found and found[-1][1] == code - 1:
            found[-1] = (found[-1][0], code)
        else:
            found.append((code, code))
    return found


def main() -> None:
    """Merge and print the sizes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--source", type=Path, default=SOURCE, help="folder of the @fontsource/tinos package")
    parser.add_argument("--target", type=Path, default=TARGET, help="folder to write the faces to")
    arguments = parser.parse_args()
    for path in merge(arguments.source, arguments.target):
        print(f"{path.name}: {path.stat().st_size / 1024:.0f} KB")


if __name__ == "__main__":
    main()
