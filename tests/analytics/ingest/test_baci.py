"""CEPII BACI: what is read, what is refused and in which lines, and that the release in force survives every refusal."""

from __future__ import annotations

import unicodedata
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from banggiao.analytics.ingest.checks import Refused
from banggiao.analytics.ingest.running import CalledOff
from banggiao.analytics.store import Store
from banggiao.core.errors import InvalidInput, Unreadable
from tests.factories.trade_files import AT, HEADER, ROWS, baci, check, taken


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "markets")


def rows_of(store: Store, year: int = 2022) -> list[dict[str, object]]:
    release = store.in_force()
    (path,) = store.trade_files(release, [year])
    return pq.read_table(path, partitioning=None).to_pylist()


def test_a_file_becomes_a_release_sorted_with_its_origin(store: Store, tmp_path: Path) -> None:
    outcome = taken(store, baci(tmp_path))
    release = store.in_force()
    assert outcome.published and outcome.release == release
    assert (release.source, release.revision, release.years, release.rows) == ("baci", "HS22", (2022,), 5)
    assert release.value == pytest.approx(2050.5) and release.ingested_at == AT and not release.synthetic
    assert release.licence == "Etalab Open Licence 2.0" and "V202501" in release.title and "2010-23" in release.citation
    assert release.inputs[0].bytes == (tmp_path / "BACI_HS22_Y2022_V202501.csv").stat().st_size
    rows = rows_of(store)
    assert [(r["product"], r["exporter"], r["importer"]) for r in rows] == [
        (90111, 276, 842),
        (90111, 704, 842),
        (851713, 156, 704),
        (851713, 704, 156),
        (854231, 842, 704),
    ]
    assert rows[4]["quantity"] is None and rows[1]["value"] == 100.5
    (path,) = store.trade_files(release)
    assert pq.read_schema(path).types == [pa.int16(), pa.int16(), pa.int16(), pa.int32(), pa.float64(), pa.float64()]
    assert {r["iso3"] for r in store.countries(release).to_pylist()} == {"VNM", "USA", "CHN", "DEU"}
    assert store.products(release).to_pylist()[0]["description"].startswith("Coffee")
    assert store.cube(release, 2022).total == pytest.approx(2050.5)


def test_an_archive_with_its_lists_is_read_whole(store: Store, tmp_path: Path) -> None:
    name = unicodedata.normalize("NFD", "Việt Nam")
    with zipfile.ZipFile(tmp_path / "BACI_HS92_V202501.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("BACI_HS92_Y2022_V202501.csv", "\n".join([HEADER, *ROWS]))
        archive.writestr("BACI_HS92_Y2021_V202501.csv", "\n".join([HEADER, *(r.replace("2022,", "2021,", 1) for r in ROWS)]))
        archive.writestr("country_codes_V202501.csv", f"country_code,country_name,country_iso2,country_iso3\n704,{name},VN,VNM\n")
        archive.writestr("product_codes_HS92_V202501.csv", "code,description\n090111,Coffee\n851713,Phones\n854231,Circuits\n")
        archive.writestr("Readme.txt", "not a table")
    release = taken(store, tmp_path / "BACI_HS92_V202501.zip").release
    assert release.years == (2021, 2022) and release.revision == "HS92" and release.rows == 10
    names = {r["code"]: r["name"] for r in store.countries(release).to_pylist()}
    assert names[704] == unicodedata.normalize("NFC", "Việt Nam")
    assert {r["description"] for r in store.products(release).to_pylist()} == {"Coffee", "Phones", "Circuits"}


@pytest.mark.parametrize("order", [range(5), range(4, -1, -1)])
def test_many_years_in_one_file(store: Store, tmp_path: Path, order: range) -> None:
    rows = [ROWS[n].replace("2022", str(2018 + n % 3), 1) for n in order]
    release = taken(store, baci(tmp_path, rows, name="baci_hs22.csv")).release
    assert release.years == (2018, 2019, 2020) and release.rows == 5
    assert sum(len(rows_of(store, year)) for year in release.years) == 5


def test_another_year_hidden_in_the_middle_is_found(store: Store, tmp_path: Path) -> None:
    rows = [*ROWS[:2], "2019,276,156,090111,1,1", *ROWS[2:]]
    release = taken(store, baci(tmp_path, rows)).release
    assert release.years == (2019, 2022) and [len(rows_of(store, y)) for y in release.years] == [1, 5]
    assert check(release.checks, "years").level == "warning"
    assert check(release.checks, "rows").count == 6


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + "\n".join([HEADER, *ROWS]) + "\n",
        "\r\n".join([HEADER, *ROWS]) + "\r\n",
        "\n".join([HEADER.replace(",", ";"), *(r.replace(",", ";") for r in ROWS)]),
        "\n".join([",".join(f'"{c}"' for c in row.split(",")) for row in (HEADER, *ROWS)]),
        "\n".join([HEADER.upper(), *(r.replace(",NA", ",        NA").replace(",40", ",     40 ") for r in ROWS)]),
        "\n".join(["i,j,t,k,q,v,note", *(",".join([*[r.split(",")[n] for n in (1, 2, 0, 3, 5, 4)], "x"]) for r in ROWS)]),
    ],
    ids=["bom", "crlf", "semicolon", "quoted", "padded", "other order"],
)
def test_the_same_table_in_other_dress(store: Store, tmp_path: Path, text: str) -> None:
    path = tmp_path / "BACI_HS22_Y2022.csv"
    path.write_bytes(text.encode("utf-8"))
    release = taken(store, path).release
    assert (release.rows, release.value) == (5, pytest.approx(2050.5))
    assert [r["quantity"] for r in rows_of(store)] == [20.0, 40.0, 2.0, 3.5, None]


def test_utf16_is_read_too(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "BACI_HS22_Y2022.csv"
    path.write_text("\n".join([HEADER, *ROWS]), encoding="utf-16")
    assert taken(store, path).release.rows == 5


REFUSED = {
    "negative": (["2022,704,842,090111,-4,1"], "negative", ":7: 2022,704,842,90111,-4.0"),
    "not a number": (["2022,704,842,x9,4,1"], "lines", ":7: 2022,704,842,x9,4,1"),
    "too few columns": (["2022,704,842"], "lines", ":7: 2022,704,842"),
    "wrong quantity": (["2022,704,842,010121,4,many"], "lines", ":7: 2022,704,842,10121,4.0,many"),
    "twice": (["2022,704,842,090111,4,1"], "duplicates", ":2: 2022,704,842,90111,100.5"),
    "missing value": (["2022,704,842,010121,,1"], "missing", ":7: 2022,704,842,10121,1.0"),
    "missing country": (["2022,,842,010121,3,1"], "missing", ":7: 2022,842,10121"),
    "no HS code": (["2022,704,842,12,3,1"], "products_form", ":7: 2022,704,842,12"),
    "unknown country": (["2022,704,9999,090111,4000,1"], "countries", ":7: 2022,704,9999,90111"),
    "unknown product": (["2022,704,276,999998,4000,1"], "products", ":7: 2022,704,276,999998"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_wrong_is_refused_with_its_lines(store: Store, tmp_path: Path, case: str) -> None:
    before = taken(store, baci(tmp_path, name="old_hs22.csv")).release
    more, name, sample = REFUSED[case]
    with pytest.raises(Refused) as told:
        taken(store, baci(tmp_path, [*ROWS, *more]))
    found = check(told.value.checks, name)
    assert found.level == "refused" and found.count >= 1
    assert any(sample in each for each in found.samples), found.samples
    assert found.samples[0].startswith("BACI_HS22_Y2022_V202501.csv:")
    assert name in {problem.field for problem in told.value.problems}
    assert store.in_force() == before and len(store.releases()) == 1
    assert not list(store.root.rglob(".incoming-*"))


def test_rows_that_come_twice_name_every_line_and_none_is_kept(store: Store, tmp_path: Path) -> None:
    other = baci(tmp_path, [ROWS[0]], name="more_hs22.csv")
    with pytest.raises(Refused) as told:
        taken(store, baci(tmp_path, ROWS), other)
    assert check(told.value.checks, "duplicates").samples == (
        "BACI_HS22_Y2022_V202501.csv:2: 2022,704,842,90111,100.5,40.0",
        "more_hs22.csv:2: 2022,704,842,90111,100.5,40.0",
    )


def test_groups_nowhere_and_zeros_are_taken_away_and_counted(store: Store, tmp_path: Path) -> None:
    rows = [*ROWS, "2022,0,704,090111,20,1", "2022,899,842,090111,1,1", "2022,704,276,090111,0,1", "2022,704,9999,090111,2,1"]
    release = taken(store, baci(tmp_path, rows)).release
    assert release.rows == 5 and release.value == pytest.approx(2050.5)
    assert check(release.checks, "groups").count == 2 and "0 World: 20" in check(release.checks, "groups").samples
    assert check(release.checks, "zeros").count == 1 and check(release.checks, "zeros").level == "warning"
    stray = check(release.checks, "countries")
    assert (stray.level, stray.count, stray.params["codes"]) == ("warning", 1, "9999")
    assert store.cube(release, 2022).total == pytest.approx(2050.5)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("t,i,j,k,v", "q"),
        ("t,i,j,product,v,q", "k"),
        ("t,i,j,k,v,v", "v"),
        ("a,b,c", "a, b, c"),
        ("2022,704,842,090111,1,1", "2022"),
    ],
)
def test_a_wrong_header_says_what_was_expected_and_found(store: Store, tmp_path: Path, header: str, words: str) -> None:
    with pytest.raises(InvalidInput) as told:
        taken(store, baci(tmp_path, header=header))
    assert told.value.subject == "BACI_HS22_Y2022_V202501.csv" and told.value.problems
    assert words in str(told.value) + "".join(p.field + p.message for p in told.value.problems)


def test_the_revision_must_be_known(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as told:
        taken(store, baci(tmp_path, name="trade.csv"))
    assert told.value.problems[0].field == "revision"
    assert taken(store, baci(tmp_path, name="trade.csv"), revision="1992").release.revision == "HS92"
    with pytest.raises(InvalidInput):
        taken(store, baci(tmp_path, name="trade.csv"), revision="HS99")


def test_dollars_for_thousands_are_found_by_the_release_in_force(store: Store, tmp_path: Path) -> None:
    taken(store, baci(tmp_path))
    dollars = [",".join([*r.split(",")[:4], str(1000 * float(r.split(",")[4])), r.split(",")[5]]) for r in ROWS]
    with pytest.raises(Refused) as told:
        taken(store, baci(tmp_path, dollars))
    assert check(told.value.checks, "unit").params["factor"] == "1,000"
    right = taken(store, baci(tmp_path, dollars), unit="usd").release
    assert right.value == pytest.approx(2050.5) and "usd" in right.steps[0]
    assert check(right.checks, "totals").level == "ok"
    with pytest.raises(InvalidInput):
        taken(store, baci(tmp_path), unit="pounds")


def test_dollars_are_found_without_a_release_by_what_countries_export(store: Store, tmp_path: Path) -> None:
    # Viet Nam exports some 4e8 thousand dollars; in dollars that is a thousandfold.
    with pytest.raises(Refused) as told:
        taken(store, baci(tmp_path, ["2022,704,842,090111,370000000000,1"]))
    assert check(told.value.checks, "unit").level == "refused"
    assert store.releases() == []


def test_totals_further_off_than_a_hundredth_are_a_warning(store: Store, tmp_path: Path) -> None:
    taken(store, baci(tmp_path))
    near = taken(store, baci(tmp_path, [ROWS[0].replace("100.5", "101"), *ROWS[1:]])).release
    assert check(near.checks, "totals").level == "ok"
    far = taken(store, baci(tmp_path, [ROWS[0].replace("100.5", "300"), *ROWS[1:]])).release
    assert check(far.checks, "totals").level == "warning" and check(far.checks, "totals").params["release"] == near.id


def test_years_between_and_years_lost_are_told_or_taken_over(store: Store, tmp_path: Path) -> None:
    def of(year: int) -> Path:
        return baci(tmp_path, [r.replace("2022", str(year), 1) for r in ROWS], name=f"BACI_HS22_Y{year}.csv")

    first = taken(store, of(2020), of(2022)).release
    assert check(first.checks, "years").params["years"] == "2021"
    alone = taken(store, of(2021), in_force=False).release
    assert check(alone.checks, "years").params["years"] == "2020, 2022"
    whole = taken(store, of(2021), extend=True).release
    assert whole.years == (2020, 2021, 2022) and whole.rows == 15 and whole.value == pytest.approx(3 * 2050.5)
    assert check(whole.checks, "years").level == "ok" and first.id in whole.steps[-1]
    assert store.cube(whole, 2020).total == pytest.approx(2050.5)
    with pytest.raises(InvalidInput):
        taken(store, baci(tmp_path, name="BACI_HS92_Y2022.csv"), extend=True)


def test_a_dry_run_checks_and_keeps_nothing(store: Store, tmp_path: Path) -> None:
    outcome = taken(store, baci(tmp_path), dry_run=True)
    assert not outcome.published and outcome.release.rows == 5 and outcome.checks
    assert store.releases() == [] and not list(store.root.rglob(".incoming-*"))


def test_the_same_file_again_is_the_same_release(store: Store, tmp_path: Path) -> None:
    assert taken(store, baci(tmp_path)).release == taken(store, baci(tmp_path)).release
    assert len(store.releases()) == 1


def test_calling_off_keeps_the_old(store: Store, tmp_path: Path) -> None:
    from banggiao.analytics.ingest.annual import ingest

    before = taken(store, baci(tmp_path, name="old_hs22.csv")).release
    told: list[tuple[str, float]] = []
    with pytest.raises(CalledOff):
        ingest(store, [baci(tmp_path)], at=AT, progress=lambda s, x: told.append((s, x)), cancelled=lambda: len(told) > 0)
    assert store.in_force() == before and not list(store.root.rglob(".incoming-*"))
    assert all(0 <= share <= 1 for _, share in told)


def test_two_sources_at_once_and_no_file_are_refused(store: Store, tmp_path: Path) -> None:
    from tests.factories.trade_files import comtrade, line

    with pytest.raises(InvalidInput):
        taken(store, baci(tmp_path), comtrade(tmp_path, [line(704, "X", 842, "090111", 5)]))
    with pytest.raises(InvalidInput):
        taken(store)


def test_a_file_with_only_a_header_is_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(Refused) as told:
        taken(store, baci(tmp_path, []))
    assert check(told.value.checks, "empty").level == "refused"


def test_text_that_turns_into_noise_far_into_the_file(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "BACI_HS22_Y2022.csv"
    filler = "\n".join(f"2022,704,842,{n:06d},1,1" for n in range(10_100, 90_000))
    path.write_bytes(f"{HEADER}\n{filler}\n".encode() + b"2022,704,842,\xff\xfe\xff,1,1\n" + b"2022,704,156,090111,1,1\n")
    with pytest.raises((Refused, Unreadable)) as told:
        taken(store, path)
    assert "BACI_HS22_Y2022.csv" in str(told.value) + "".join(p.message for p in told.value.problems)
    assert store.releases() == []
