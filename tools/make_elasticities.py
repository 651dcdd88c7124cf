"""Make the reference set substitution_elasticities: `python tools/make_elasticities.py FILE YYYY-MM-DD`.

FILE is the table of Broda and Weinstein's elasticities of substitution for 73 countries as Parquet (columns cname, hs_3digit,
sigma); the day is when it was fetched. Needs the extra `markets`.
"""

from __future__ import annotations

import csv
import hashlib
import io
import sys
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

REFERENCE = Path(__file__).resolve().parent.parent / "src" / "banggiao" / "data" / "reference"
#: The table names countries in one word.
CODES = dict(
    pair.split(":")
    for pair in """
    Algeria:DZA Argentina:ARG Australia:AUS Austria:AUT Belize:BLZ Bolivia:BOL Brazil:BRA Canada:CAN CentralAfricanRep:CAF
    Chile:CHL China:CHN Colombia:COL Croatia:HRV Cyprus:CYP Denmark:DNK Dominica:DMA Ecuador:ECU Egypt:EGY ElSalvador:SLV
    Finland:FIN France:FRA Gabon:GAB Germany:DEU Greece:GRC Grenada:GRD Guatemala:GTM Honduras:HND HongKong:HKG Hungary:HUN
    Iceland:ISL India:IND Indonesia:IDN Ireland:IRL Italy:ITA Japan:JPN Jordan:JOR Korea:KOR Latvia:LVA Lithuania:LTU Macao:MAC
    Macedonia:MKD Madagascar:MDG Malawi:MWI Malaysia:MYS Mauritius:MUS Mexico:MEX Morocco:MAR Netherlands:NLD NewZealand:NZL
    Nicaragua:NIC Norway:NOR Oman:OMN Peru:PER Poland:POL Portugal:PRT Romania:ROU SaintKittsandNevis:KNA
    SaintVincentGrenadines:VCT SaudiArabia:SAU Slovakia:SVK Slovenia:SVN Spain:ESP SriLanka:LKA Sweden:SWE Switzerland:CHE
    Thailand:THA Togo:TGO Tunisia:TUN Turkey:TUR USA:USA UnitedKingdom:GBR Uruguay:URY Venezuela:VEN
    """.split()
)

ORIGIN = """set = "substitution_elasticities"
version = "{day}"
title_vi = "Độ co giãn thay thế giữa các nguồn nhập khẩu"
title_en = "Elasticities of substitution between sources of imports"
producer = "Broda and Weinstein"
citation = "Broda and Weinstein 2006, QJE 121; 73 countries, 1994-2003, HS 3 digits, through insongkim/concordance (201c812)"
url = "https://github.com/insongkim/concordance"
published = "2006-05-01"
accessed = "{day}"
licence = "MIT (insongkim/concordance); cite Broda and Weinstein"
sha256 = "{digest}"
rows = {rows}
steps = [
    "names of countries written as ISO 3166-1 codes; groups of products as three figures, the first three of HS6",
    "rounded to five significant figures",
]
key = ["iso3", "hs3"]

[columns]
iso3 = "country required"
hs3 = "text required"
sigma = "number required"

[[known_gaps]]
code = "no_vietnam"
vi = "Không có Việt Nam; cho Việt Nam dùng trung vị của các nước có số liệu."
en = "Viet Nam is not among the 73 countries; for it the median of those that are is taken."

[[known_gaps]]
code = "shared_estimates"
vi = "Nhiều nước có cùng một trị số trong một nhóm hàng; vài trị số rất lớn (đến 16.808)."
en = "Many countries carry the same figure in a group; a few figures are very large (up to 16,808)."
"""


def main() -> None:
    """Write the CSV and its origin."""
    source, day = Path(sys.argv[1]), date.fromisoformat(sys.argv[2])
    rows = pq.read_table(source, columns=["cname", "hs_3digit", "sigma"]).to_pylist()
    lines = sorted((CODES[row["cname"]], f"{int(row['hs_3digit']):03d}", f"{row['sigma']:.5g}") for row in rows)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["iso3", "hs3", "sigma"])
    writer.writerows(lines)
    content = text.getvalue().encode()
    folder = REFERENCE / "substitution_elasticities" / day.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "substitution_elasticities.csv").write_bytes(content)
    origin = ORIGIN.format(day=day, digest=hashlib.sha256(content).hexdigest(), rows=len(lines))
    (folder / "origin.toml").write_text(origin, encoding="utf-8")


if __name__ == "__main__":
    main()
