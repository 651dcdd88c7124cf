"""Make the reference set hs_concordance: `python tools/make_hs_concordance.py FOLDER [YYYY-MM-DD]`.

FOLDER holds concordance_hs2022_hs2017, concordance_hs2022_hs1992 and concordance_hs2017_hs1992 as Parquet (hs_from, hs_to,
table), as taken from insongkim/concordance, data-raw. The day is when they were fetched. Needs the extra `markets`.
"""

from __future__ import annotations

import csv
import hashlib
import io
import sys
from pathlib import Path

import pyarrow.parquet as pq

REFERENCE = Path(__file__).parent.parent / "src" / "banggiao" / "data" / "reference" / "hs_concordance"
PAIRS = (("HS22", "HS17", "hs2022_hs2017"), ("HS22", "HS92", "hs2022_hs1992"), ("HS17", "HS92", "hs2017_hs1992"))
ORIGIN = """\
set = "hs_concordance"
version = "{day}"
title_vi = "Chuyển mã hàng HS sang phiên bản trước (HS 2022, 2017 sang 2017, 1992)"
title_en = "Conversion of HS codes to an earlier revision (HS 2022, 2017 to 2017, 1992)"
producer = "United Nations Statistics Division"
citation = "UN Statistics Division, HS conversion tables, through insongkim/concordance, commit 201c812"
url = "https://github.com/insongkim/concordance"
published = "2022-01-01"
accessed = "{day}"
licence = "MIT (insongkim/concordance); the correspondences are facts published by the UN Statistics Division"
sha256 = "{digest}"
rows = {rows}
steps = [
    "made by tools/make_hs_concordance.py from the sheets of conversion: one code of the earlier revision for each code",
    "only codes that change are kept: a code without a row stays as it is",
    "checked: six digits, one row for each revision, target and code",
]
key = ["revision", "target", "code"]

[columns]
revision = "text required"
target = "text required"
code = "hs_code required"
becomes = "hs_code required"

[[known_gaps]]
code = "one_successor"
vi = "Mỗi mã chỉ chuyển sang một mã; muốn chia một mã cho nhiều mã thì cần bảng có trọng số của mình."
en = "Each code becomes one other; sharing a code out over several needs a table of weights of one's own."
"""


def main(folder: Path, day: str) -> None:
    """Write the set for that day."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["revision", "target", "code", "becomes"])
    rows = 0
    for revision, target, name in PAIRS:
        table = pq.read_table(folder / f"concordance_{name}.parquet").to_pylist()
        told = {(row["hs_from"], row["hs_to"]) for row in table if row["table"] == "conversion"}
        if len({old for old, _ in told}) != len(told) or not all(len(c) == 6 and c.isdigit() for pair in told for c in pair):
            raise SystemExit(f"{name}: not one six-digit code for each")
        for old, new in sorted(told):
            if old != new:
                writer.writerow([revision, target, old, new])
                rows += 1
    content = out.getvalue().encode()
    edition = REFERENCE / day
    edition.mkdir(parents=True, exist_ok=True)
    (edition / "hs_concordance.csv").write_bytes(content)
    origin = ORIGIN.format(day=day, digest=hashlib.sha256(content).hexdigest(), rows=rows)
    (edition / "origin.toml").write_text(origin, encoding="utf-8")
    print(rows, len(content))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
