"""World Bank, tariff, certificate-of-origin and SDMX files become releases of their kind; what may not be taken is named.

All figures in these files are invented.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from banggiao.analytics.ingest.annual import Outcome
from banggiao.analytics.ingest.checks import Refused
from banggiao.analytics.ingest.codes import country_code, decimal_mark, number_of, product_code
from banggiao.analytics.ingest.further import READERS, Further, ingest_further
from banggiao.analytics.ingest.tables_of import Told
from banggiao.analytics.store import NoRelease, Store
from banggiao.core.errors import InvalidInput, Unreadable

AT = "2026-11-24T08:00:00+07:00"


def take(store: Store, source: str, *texts: str, suffix: str = "csv", dry_run: bool = False, **told: str) -> Outcome:
    paths = []
    for n, text in enumerate(texts):
        path = store.root.parent / f"{source}-{n}.{suffix}"
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return ingest_further(store, paths, at=AT, wanted=Further(source, Told(**told), dry_run=dry_run))


def rows(store: Store, outcome: Outcome) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(store.data_files(outcome.release)[0]).to_pylist()
    return found


@pytest.fixture
def store(tmp_path: Path) -> Store:
    root = tmp_path / "markets"
    root.mkdir()
    return Store(root)


# --- codes and numbers


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("VNM", 704), ("704", 704), ("vn", 704), ("Việt Nam", 704), ("viet nam", 704), ("Hoa Kỳ", 842),
        ("USA", 842), ("Korea, Republic of", 410),
        ("840", 842), ("842", 842), ("India", 699), ("000", 0), ("World", 0), ("Tổng số", 0), ("EUN", 97), ("ZZZ", None),
        ("European Union", 97), ("United States of America", 842), ("", None), ("Nước Không Có", None),
    ],
)  # fmt: skip
def test_countries_however_they_are_written(text: str, code: int | None) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0306.17", (30617, 6)), ("030617", (30617, 6)), ("30617", (30617, 6)), ("03061721", (30617, 6)),
        ("0306.17.21.00", (30617, 6)),
        ("03", (30000, 2)), ("0901", (90100, 4)), ("HS0901", (90100, 4)), ("abc", None), ("", None), ("00", None),
    ],
)  # fmt: skip
def test_products_however_they_are_written(text: str, code: tuple[int, int] | None) -> None:
    assert product_code(text) == code


def test_marks_in_numbers_are_told_by_the_column_and_not_guessed() -> None:
    assert decimal_mark(["1.234.567,8", "12"]) == "," and decimal_mark(["1,234.5", "3,000"]) == "."
    assert decimal_mark(["12.5"]) == "." and decimal_mark(["1.234.567"]) == "," and decimal_mark(["12", "13"]) == ""
    assert decimal_mark(["1.234", "5.678"]) is None, "may be thousands or thousandths"
    assert decimal_mark(["1.5", "1,5"]) is None
    assert number_of("1.234.567,8", ",") == 1234567.8 and number_of("- 5", ".") == -5 and number_of("n/a") is None


# --- tariffs

TRAINS = """Reporter,Reporter Name,Product,Product Name,Partner,Partner Name,Tariff Year,DutyType,Simple Average
704,Viet Nam,030617,Shrimp,000,World,2023,MFN,20
704,Viet Nam,090111,Coffee,000,World,2023,MFN,15
704,Viet Nam,030617,Shrimp,410,Korea,2023,PRF,0
704,Viet Nam,030617,Shrimp,000,World,2023,BND,30
"""


def test_a_trains_table_gives_mfn_and_preferences_as_fractions(store: Store) -> None:
    outcome = take(store, "tariffs", TRAINS)
    keys = ("year", "importer", "exporter", "product", "mfn", "preferential", "agreement", "text")
    assert [tuple(row[key] for key in keys) for row in rows(store, outcome)] == [
        (2023, 704, 0, 30617, 0.2, None, "", ""),
        (2023, 704, 0, 90111, 0.15, None, "", ""),
        (2023, 704, 410, 30617, 0.2, 0.0, "PRF", ""),
    ]
    assert store.in_force("tariffs").id == outcome.release.id and outcome.release.years == (2023,)
    assert {check.name: check.count for check in outcome.checks} == {"bound": 1}
    assert store.countries(outcome.release).to_pydict()["iso3"] == ["KOR", "VNM"]


def test_tariff_lines_are_averaged_and_what_is_no_percentage_stays_text(store: Store) -> None:
    outcome = take(
        store,
        "tariffs",
        "Reporter;Year;HS Code;Duty Type;Rate\nJPN;2024;03061711;MFN;4%\nJPN;2024;03061719;MFN;Free\n"
        "JPN;2024;17011400;MFN;35.30 JPY/kg\n",
    )
    shrimp, sugar = rows(store, outcome)
    assert (shrimp["mfn"], sugar["mfn"], sugar["text"]) == (0.02, None, "35.30 JPY/kg")
    assert [check.count for check in outcome.checks if check.name == "specific"] == [1]
    assert "3 national tariff lines averaged to six digits" in outcome.release.steps


def test_rates_that_look_like_fractions_must_say_so(store: Store) -> None:
    text = "Reporter,Year,HS6,Rate\n" + "".join(f"VNM,2024,{code:06d},0.05\n" for code in range(30611, 30640))
    with pytest.raises(InvalidInput) as caught:
        take(store, "tariffs", text)
    assert [problem.field for problem in caught.value.problems] == ["unit"]
    assert {row["mfn"] for row in rows(store, take(store, "tariffs", text, unit="fraction"))} == {0.05}


def test_a_preference_without_mfn_is_told(store: Store) -> None:
    outcome = take(store, "tariffs", "Reporter,Partner,Year,HS6,Regime,Rate\nVNM,KOR,2024,030617,VKFTA,0\n")
    assert rows(store, outcome)[0]["mfn"] is None and [check.name for check in outcome.checks] == ["no_mfn"]
    assert rows(store, outcome)[0]["agreement"] == "VKFTA"


# --- certificates of origin

USE = """Hiệp định,Năm,Thị trường,Mã HS,Kim ngạch đủ điều kiện,Kim ngạch có C/O
EVFTA,2024,Đức,030617,"1.000,5","250,25"
EVFTA,2024,Pháp,,"2.000,0","2.500,0"
"""


def test_use_of_preferences_is_read_with_its_unit(store: Store) -> None:
    with pytest.raises(InvalidInput) as caught:
        take(store, "origin", USE)
    assert [problem.field for problem in caught.value.problems] == ["unit"]
    outcome = take(store, "origin", USE, unit="million_usd")
    first, second = rows(store, outcome)
    assert (first["exporter"], first["importer"], first["product"]) == (704, 276, 30617)
    assert (first["eligible"], first["claimed"]) == (1000500.0, 250250.0)
    assert second["product"] == 0
    assert [(check.name, check.count) for check in outcome.checks] == [("claimed", 1)]


@pytest.mark.parametrize(
    ("line", "check"),
    [
        ("EVFTA,2024,Đức,030617,-5,1", "negative"),
        ("EVFTA,2024,Đức,030617,5,1\nEVFTA,2024,Đức,030617,6,1", "duplicate"),
        ("EVFTA,2024,Xứ Lạ,030617,5,1", "country"),
        ("EVFTA,2024,Đức,abcdef,5,1", "product"),
        ("EVFTA,năm,Đức,030617,5,1", "year"),
        ("EVFTA,2024,Đức,030617,năm,1", "number"),
    ],
)
def test_bad_lines_are_refused_by_name_and_the_release_in_force_stays(store: Store, line: str, check: str) -> None:
    good = take(store, "origin", USE, unit="million_usd").release
    with pytest.raises(Refused) as caught:
        take(store, "origin", f"Agreement,Year,Market,HS,Eligible,Claimed\n{line}\n", unit="usd")
    assert check in {each.name for each in caught.value.checks}
    assert any("origin-0.csv:" in sample for each in caught.value.checks for sample in each.samples)
    assert store.in_force("origin").id == good.id and len(store.releases("origin")) == 1


# --- World Bank

WIDE = """"Data Source","World Development Indicators",

"Last Updated Date","2026-07-01",

"Country Name","Country Code","Indicator Name","Indicator Code","2022","2023",
"Viet Nam","VNM","GDP (current US$)","NY.GDP.MKTP.CD","400000000000","430000000000",
"World","WLD","GDP (current US$)","NY.GDP.MKTP.CD","100000000000000","105000000000000",
"Aruba","ABW","GDP (current US$)","NY.GDP.MKTP.CD","","..",
"""


def test_the_wide_table_of_the_world_bank_loses_its_aggregates(store: Store) -> None:
    outcome = take(store, "wdi", WIDE)
    assert rows(store, outcome) == [
        {"iso3": "VNM", "indicator": "NY.GDP.MKTP.CD", "year": 2022, "value": 4.0e11},
        {"iso3": "VNM", "indicator": "NY.GDP.MKTP.CD", "year": 2023, "value": 4.3e11},
    ]
    assert [(check.name, check.count, check.samples) for check in outcome.checks] == [("aggregates", 2, ("WLD",))]
    assert outcome.release.kind == "indicators" and "CC BY" in outcome.release.licence


def test_databank_years_and_the_long_table_are_read_too(store: Store) -> None:
    databank = "Country Name,Country Code,Series Name,Series Code,2022 [YR2022]\nViet Nam,VNM,Population,SP.POP.TOTL,99\n"
    assert rows(store, take(store, "wdi", databank))[0]["value"] == 99
    long = "Country Name,Country Code,Year,Value\nViet Nam,VNM,2022,99.5\nWorld,WLD,2022,8\n"
    assert rows(store, take(store, "wdi", long, mapping="SP.POP.TOTL"))[0] == {
        "iso3": "VNM", "indicator": "SP.POP.TOTL", "year": 2022, "value": 99.5,
    }  # fmt: skip
    with pytest.raises(InvalidInput):
        take(store, "wdi", long)


# --- SDMX

GENERIC = """<?xml version="1.0" encoding="UTF-8"?>
<mes:GenericData xmlns:mes="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"
 xmlns:gen="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/generic"
 xmlns:com="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/common">
<mes:Header><mes:ID>t</mes:ID><mes:Test>true</mes:Test><mes:Prepared>2026-11-24T00:00:00</mes:Prepared><mes:Sender id="X"/>
<mes:Structure structureID="S" dimensionAtObservation="TIME_PERIOD"><com:Structure>
<Ref id="S" agencyID="X" version="1.0" class="DataStructure"/></com:Structure></mes:Structure></mes:Header>
<mes:DataSet structureRef="S" action="Replace"><gen:Series><gen:SeriesKey>
<gen:Value id="FREQ" value="M"/><gen:Value id="REF_AREA" value="VN"/><gen:Value id="COUNTERPART_AREA" value="KR"/>
<gen:Value id="PRODUCT" value="0306"/><gen:Value id="FLOW" value="X"/></gen:SeriesKey>
<gen:Attributes><gen:Value id="UNIT_MULT" value="6"/></gen:Attributes>
<gen:Obs><gen:ObsDimension value="2026-01"/><gen:ObsValue value="12.5"/></gen:Obs>
<gen:Obs><gen:ObsDimension value="2026-02"/><gen:ObsValue value="11"/>
<gen:Attributes><gen:Value id="OBS_STATUS" value="P"/></gen:Attributes></gen:Obs>
</gen:Series></mes:DataSet></mes:GenericData>
"""


def test_sdmx_ml_gives_months_with_their_multiplier_and_status(store: Store) -> None:
    first, second = rows(store, take(store, "sdmx", GENERIC, suffix="xml"))
    assert {key: first[key] for key in ("year", "month", "reporter", "partner", "product", "flow")} == {
        "year": 2026, "month": 1, "reporter": 704, "partner": 410, "product": 30600, "flow": "export",
    }  # fmt: skip
    assert first["provisional"] is False and second["provisional"] is True
    # The multiplier stands at the series: 12.5 million USD are 12,500 thousand.
    assert (first["value"], second["value"]) == (12500.0, 11000.0)


def test_sdmx_csv_and_what_is_not_monthly(store: Store) -> None:
    text = "DATAFLOW,FREQ,REPORTER,PARTNER,PRODUCT,FLOW,TIME_PERIOD,OBS_VALUE\n"
    text += "A:B(1.0),M,VNM,KOR,030617,1,2026-03,2000\nA:B(1.0),A,VNM,KOR,030617,1,2025,9\n"
    outcome = take(store, "sdmx", text)
    assert [(row["flow"], row["value"]) for row in rows(store, outcome)] == [("import", 2.0)]
    assert [(check.name, check.count) for check in outcome.checks] == [("frequency", 1)]
    euro = "REPORTER,PARTNER,PRODUCT,FLOW,UNIT,TIME_PERIOD,OBS_VALUE\nVNM,KOR,030617,1,EUR,2026-03,2000\n"
    with pytest.raises(InvalidInput):
        take(store, "sdmx", euro)
    with pytest.raises(Unreadable):
        take(store, "sdmx", "<?xml version='1.0'?><html/>", suffix="xml")


# --- all of them


@pytest.mark.parametrize("source", sorted(READERS))
def test_a_wrong_heading_and_an_empty_file_are_told(store: Store, source: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        take(store, source, "a,b,c\n1,2,3\n", unit="usd", flow="export", mapping="m")
    assert caught.value.problems
    with pytest.raises(Unreadable):
        take(store, source, "", unit="usd")
    with pytest.raises(NoRelease):
        store.in_force(READERS[source].kind)
    assert not [path for path in store.root.rglob("*") if ".incoming" in path.name]


def test_the_same_file_read_the_same_way_is_the_same_release(store: Store) -> None:
    one, two = take(store, "wdi", WIDE), take(store, "wdi", WIDE)
    assert one.release.id == two.release.id and len(store.releases("indicators")) == 1
    assert take(store, "wdi", WIDE, title="Other").release.id != one.release.id
    assert not take(store, "tariffs", TRAINS, dry_run=True).published and not store.releases("tariffs")


def test_an_unknown_source_and_no_file_are_refused(store: Store) -> None:
    with pytest.raises(InvalidInput):
        ingest_further(store, [], at=AT, wanted=Further("tariffs"))
    with pytest.raises(InvalidInput):
        take(store, "elsewhere", "a\n")
