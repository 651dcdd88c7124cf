"""Writes the packaged list of HS codes from the public-domain table of `datasets/harmonized-system` (PDDL).

python tools/make_hs_nomenclature.py harmonized-system.csv src/banggiao/data/reference/hs_nomenclature/2026-11-24

Descriptions of neighbours begin and end alike, so a row holds only the words that differ: `head` words are taken over from the
beginning of the description above, `tail` words from its end. `banggiao.analytics.products.descriptions` joins them again.
"""

from __future__ import annotations

import csv
import hashlib
import re
import sys
from pathlib import Path


def packed(rows: list[tuple[str, str]]) -> list[tuple[str, str, str, str]]:
    """(code, head, words, tail) of (code, description) in the order given."""
    out, above = [], list[str]()
    for code, description in rows:
        words = description.split()
        shorter = min(len(words), len(above))
        head = next((n for n in range(shorter) if words[n] != above[n]), shorter)
        most = shorter - head
        tail = next((n for n in range(most) if words[-1 - n] != above[-1 - n]), most)
        out.append((code, str(head or ""), " ".join(words[head : len(words) - tail]), str(tail or "")))
        above = words
    return out


def main(source: Path, folder: Path) -> None:
    """Write the CSV into `folder` and its digest and number of rows into the origin file beside it."""
    with source.open(encoding="utf-8-sig", newline="") as handle:
        rows = [(row["hscode"], row["description"]) for row in csv.DictReader(handle) if row["hscode"].isdigit()]
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "hs_nomenclature.csv"
    with target.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["code", "head", "words", "tail"])
        writer.writerows(packed(sorted(rows)))
    origin = folder / "origin.toml"
    text = origin.read_text(encoding="utf-8")
    text = re.sub(r'(?m)^sha256 = ".*"$', f'sha256 = "{hashlib.sha256(target.read_bytes()).hexdigest()}"', text)
    origin.write_text(re.sub(r"(?m)^rows = .*$", f"rows = {len(rows)}", text), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
