"""The packaged reference sets: whole, checked, linked, mapped to closed lists, and open about what they do not hold."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from babel import Locale

from banggiao.core.errors import NotFound, SetupProblem
from banggiao.core.folding import fold
from banggiao.core.vocabulary import vocabulary
from banggiao.sources import datasets
from banggiao.sources.datasets import (
    Origin,
    Row,
    check_set,
    country_codes,
    editions,
    origin,
    packaged_sets,
    parse_rows,
    partner_codes,
    read_set,
)

SHARED = Path(os.environ.get("BANGGIAO_SHARED", Path(__file__).resolve().parents[3] / "shared"))
NAMES = [source.set for source in packaged_sets()]
ROWS = {
    "countries": 249,
    "blocs": 17,
    "provinces": 34,
    "missions": 99,
    "institutions": 29,
    "partnerships": 66,
    "ftas": 27,
    "activities": 148,
    "agreements": 269,
    "commitments": 152,
    "directives": 26,
    "barriers": 20,
    "world_trade_partners": 2281,
    "diplomatic_relations": 65,
    "world_shapes": 589,
    "gravity_countries": 200,
    "gravity_pairs": 19900,
    "hs_nomenclature": 6939,
    "hs_sections": 21,
    "hs_concordance": 3394,
    "substitution_elasticities": 11293,
}
#: Two sets for one model, each from one source.
GRAVITY = ("gravity_countries", "gravity_pairs")
#: What a model computes with is many rows, with a bound of its own for each.
TABLES = {"gravity_pairs": 400_000, "hs_concordance": 100_000, "substitution_elasticities": 200_000}
#: Columns whose name says that their values form a closed list, whichever set they stand in.
CLOSED = set(
    """
    kind type level event status step side measurable measure flow basis form date_kind approx qualifier field topic evidence
    confidence date_precision start_precision cumulative change un_status party_kind partner_kind merger_evidence sector_code
    rights
    """.split()
)


Spoil = Callable[..., None]


@pytest.fixture
def spoil(monkeypatch: pytest.MonkeyPatch) -> Iterator[Spoil]:
    """Let a set read as if one row had other cells; every other set stays as packaged."""
    real = datasets._verified

    def one_row(name: str, place: int, **cells: str) -> None:
        rows = read_set(name)
        rows[place] |= cells
        buffer = io.StringIO()
        writer = csv.DictWriter(buffer, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        content = buffer.getvalue().encode()
        spoilt = parse_rows(replace(origin(name), sha256=hashlib.sha256(content).hexdigest()), content)

        def verified(asked: str, version: str | None) -> tuple[Row, ...]:
            return spoilt if asked == name else real(asked, version)

        datasets._column.cache_clear()
        monkeypatch.setattr(datasets, "_verified", verified)

    yield one_row
    datasets._column.cache_clear()


@pytest.mark.parametrize("name", NAMES)
def test_each_set_has_no_fault(name: str) -> None:
    assert [str(problem) for problem in check_set(name)] == []


@pytest.mark.parametrize("source", packaged_sets(), ids=NAMES)
def test_each_origin_is_complete(source: Origin) -> None:
    assert source.producer and source.citation and source.licence and source.steps
    assert source.title("vi") != source.title("en")
    assert source.url.startswith("https://")
    assert source.published <= source.accessed == source.version
    assert len(read_set(source.set)) == source.rows > 0
    for gap in source.known_gaps:
        assert gap.text("vi").endswith(".") and gap.text("en").endswith(".")
    assert len({gap.code for gap in source.known_gaps}) == len(source.known_gaps)
    assert source.known_gaps or source.set == "topics"


@pytest.mark.parametrize("source", packaged_sets(), ids=NAMES)
def test_facts_that_differ_row_by_row_carry_their_source(source: Origin) -> None:
    whole = (
        "countries",
        "topics",
        "world_shapes",
        "hs_nomenclature",
        "hs_sections",
        "hs_concordance",
        "substitution_elasticities",
        *GRAVITY,
    )  # one source for all rows
    if source.set not in whole:
        assert source.columns["source_url"] == "url required"
        assert source.columns["as_of"] == "date required"
    if source.set not in (*whole, "world_trade_partners", "world_trade_totals"):
        assert source.columns["evidence"] == "vocabulary evidence_mark required"
        assert source.columns["confidence"] == "vocabulary confidence_level required"


@pytest.mark.parametrize("source", packaged_sets(), ids=NAMES)
def test_every_closed_value_has_a_code(source: Origin) -> None:
    for column, rule in source.columns.items():
        if column in CLOSED:
            assert rule.startswith("vocabulary "), f"{source.set}.{column} is a closed list without a vocabulary"
        if rule.startswith("vocabulary "):
            words = vocabulary(rule.split()[1])
            values = {part for row in read_set(source.set) for part in row[column].split("|") if part}
            assert {words.from_reference(value) for value in values} <= set(words.codes)


def test_directive_kinds_are_known() -> None:
    kinds = {re.split(r"\s+\d", row["number"])[0] for row in read_set("directives")}
    assert {vocabulary("directive_kind").from_reference(kind) for kind in kinds} == {"directive", "resolution", "decision", "law"}


@pytest.mark.parametrize(("name", "count"), ROWS.items())
def test_counts_of_the_first_edition(name: str, count: int) -> None:
    assert len(read_set(name, editions(name)[0])) == count


def test_facts_and_figures_are_those_that_were_collected() -> None:
    folder = SHARED / "reference"
    if not folder.exists():
        pytest.skip("the shared reference files are not beside this checkout (BANGGIAO_SHARED)")
    renamed = {"activities_2025": "activities", "agreements_sample": "agreements", "commitments_sample": "commitments"}
    seen = 0
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            collected = list(csv.DictReader(handle))
        shipped = read_set(renamed.get(path.stem, path.stem), "2026-11-22")
        for before, after in zip(collected, shipped, strict=True):
            assert {k: v for k, v in before.items() if k != "note"} == {k: v for k, v in after.items() if k != "note"}
        seen += 1
    assert seen == 30


def test_files_are_small_clean_and_name_no_private_place() -> None:
    size = 0
    tables = dict.fromkeys(TABLES, 0)
    for source in packaged_sets():
        folder = files("banggiao").joinpath("data", "reference", source.set, source.version.isoformat())
        for entry in folder.iterdir():
            content = entry.read_bytes()
            if source.set in tables:
                tables[source.set] += len(content)
            else:
                size += len(content)
            text = content.decode("utf-8")
            assert text == unicodedata.normalize("NFC", text)
            assert "\r" not in text and not content.startswith(b"\xef\xbb\xbf")
            assert not re.search(r"localhost|127\.0\.0\.1|file://|/home/|/tmp/", text)
    assert size < 2_000_000
    assert all(tables[name] < bound for name, bound in TABLES.items())


def test_countries_are_iso_3166() -> None:
    rows = read_set("countries")
    territories = Locale("en").territories
    assert {row["iso2"] for row in rows} <= set(territories)
    assert country_codes().isdisjoint({"XKX", "KOS"})
    names = {row["iso3"]: row["name_vi"] for row in rows}
    assert (names["AUS"], names["SGP"], names["USA"], names["CZE"]) == ("Australia", "Singapore", "Hoa Kỳ", "Cộng hòa Séc")


def test_states_territories_and_economies() -> None:
    kinds = {row["code"]: row for row in read_set("partner_kinds")}
    assert sum(row["un_status"] == "member" for row in kinds.values()) == 193
    assert sum(kinds[code]["kind"] == "territory" for code in country_codes()) == 52
    for code in ("TWN", "HKG", "MAC", "ESH", "GRL", "PRI", "CHINESE_TAIPEI", "HONG_KONG_CHINA"):
        assert kinds[code]["kind"] in ("territory", "economy")
        assert kinds[code]["rights"] == ""
    assert kinds["PSE"]["un_status"] == kinds["VAT"]["un_status"] == "observer"
    assert kinds["SADR"]["kind"] == "state" and kinds["ESH"]["kind"] == "territory"
    assert "Kosovo" not in {row["name_en"] for row in read_set("countries")} | {
        row["name_en"] for row in read_set("organisations")
    }
    stated = [row for row in read_set("partnerships") if kinds[row["partner_code"]]["kind"] not in ("state", "bloc")]
    assert stated == []


def test_codes_of_the_fact_contract_are_partners() -> None:
    wanted = "EU ASEAN EFTA MERCOSUR GCC SACU BRICS UN WEF G7 LATAM MIDEAST AFRICA CENTRAL_ASIA CEE EASTERN_EUROPE MEKONG".split()
    assert set(wanted) <= partner_codes()


def test_every_partner_the_reader_can_name_is_in_the_sets() -> None:
    kinds = {row["code"]: row["kind"] for row in read_set("partner_kinds")}
    unreported = {"home", "continent"}  # read so that their words are not taken for something else, never reported as partners
    for name in ("countries", "blocs"):
        text = files("banggiao").joinpath("data", "lexicon", f"{name}.csv").read_text(encoding="utf-8")
        named = {row["code"]: row["type"] for row in csv.DictReader(io.StringIO(text)) if row["code"]}
        assert len(named) > 30
        assert named.keys() <= kinds.keys()
        told = {vocabulary("partner_kind").from_fact(kind) for kind in named.values() if kind not in unreported}
        assert told <= set(kinds.values())
        if name == "countries":
            assert {code for code, kind in named.items() if (kind == "territory") != (kinds[code] == "territory")} == set()


@pytest.mark.parametrize(
    ("code", "vi", "en"),
    [
        ("TWN", "Đài Loan (Trung Quốc)", "Taiwan (China)"),
        ("HKG", "Hồng Công (Trung Quốc)", "Hong Kong (China)"),
        ("MAC", "Ma Cao (Trung Quốc)", "Macao (China)"),
        ("PRK", "CHDCND Triều Tiên", "DPR Korea"),
        ("PSE", "Nhà nước Palestine", "State of Palestine"),
        ("EAST_SEA", "Biển Đông", "East Sea"),
        ("SADR", "Cộng hòa A-rập Xa-ra-uy Dân chủ", "Sahrawi Arab Democratic Republic"),
    ],
)
def test_print_names(code: str, vi: str, en: str) -> None:
    now = [row for row in read_set("print_names") if row["code"] == code and not row["valid_to"]]
    assert [(row["name_vi"], row["name_en"]) for row in now] == [(vi, en)]


def test_print_names_of_one_code_do_not_overlap() -> None:
    by_code: dict[str, list[Row]] = {}
    for row in read_set("print_names"):
        by_code.setdefault(row["code"], []).append(row)
    for rows in by_code.values():
        ordered = sorted(rows, key=lambda row: row["valid_from"])
        for earlier, later in zip(ordered, ordered[1:], strict=False):
            assert earlier["valid_to"] and earlier["valid_to"] <= later["valid_from"]


@pytest.mark.parametrize(
    ("asked", "successor"),
    [
        ("binh duong", "79"),
        ("Bà Rịa - Vũng Tàu", "79"),
        ("Thừa Thiên Huế", "46"),
        ("Hà Tây", "01"),
        ("Quảng Nam", "48"),
        ("Đắk Nông", "68"),
        ("bo ke hoach va dau tu", "BTC"),
        ("Bộ KH&ĐT", "BTC"),
        ("MPI", "BTC"),
        ("Bộ Giao thông vận tải", "BXD"),
        ("Bộ Lao động - Thương binh và Xã hội", "BNV"),
        ("Vụ Tổng hợp Kinh tế", "VNGKT"),
    ],
)
def test_an_old_name_leads_to_the_successor(asked: str, successor: str) -> None:
    found = {
        row["successor_code"]
        for row in read_set("institution_names")
        for name in (row["name_vi"], row["name_en"], row["abbr_vi"], row["abbr_en"], *row["variants_vi"].split("|"))
        if name and fold(name) == fold(asked)
    }
    assert found == {successor}


def test_sixty_three_provinces_stood_before_the_merger() -> None:
    eve = "2025-06-30"
    standing = [
        row
        for row in read_set("institution_names")
        if row["successor_set"] == "provinces" and row["valid_from"] <= eve and (not row["valid_to"] or row["valid_to"] > eve)
    ]
    assert len(standing) == 63
    assert len({row["successor_code"] for row in standing}) == 34
    assert sum(row["change"] == "unchanged" for row in standing) == 11


def test_ministries_are_those_since_march_2025() -> None:
    names = {row["name_vi"] for row in read_set("institutions") if row["kind"] in ("ministry", "ministerial_agency")}
    assert len(names) == 17
    assert "Bộ Kế hoạch và Đầu tư" not in names and "Bộ Nông nghiệp và Môi trường" in names


def test_unknown_sets_and_editions_are_refused() -> None:
    for name in ("no_such_set", "../vocabulary", ""):
        with pytest.raises(NotFound):
            read_set(name)
    with pytest.raises(NotFound):
        read_set("blocs", "1999-01-01")
    assert editions("blocs") == ("2026-11-22",)


def test_a_changed_file_is_refused() -> None:
    source = origin("blocs")
    content = files("banggiao").joinpath("data", "reference", "blocs", "2026-11-22", "blocs.csv").read_bytes()
    assert len(parse_rows(source, content)) == 17
    with pytest.raises(SetupProblem, match="sha256"):
        parse_rows(source, content + b"\n")
    with pytest.raises(SetupProblem, match="17"):
        parse_rows(replace(source, rows=18), content)
    with pytest.raises(SetupProblem):
        parse_rows(replace(source, columns={"code": "text"}), content)


@pytest.mark.parametrize(
    ("name", "column", "value", "field"),
    [
        ("countries", "iso2", "VN", "iso2"),
        ("countries", "iso3", "XKX", "iso3"),
        ("countries", "blocs", "ASEAN|G7", "blocs"),
        ("blocs", "member_count", "9", "member_count"),
        ("blocs", "members_iso3", "VNM|XKX", "members_iso3"),
        ("partnerships", "level", "friendly", "level"),
        ("partnerships", "date", "2025-02-30", "date"),
        ("partnerships", "source_url", "", "source_url"),
        ("activities", "end_date", "2001-01-01", "end_date"),
        ("activities", "partner_codes", "KOR|ZZZ", "partner_codes"),
        ("agreements", "activity_id", "2025-99-ZZZ", "activity_id"),
        ("agreements", "id", "somewhere-01", "id"),
        ("commitments", "deadline", "2001-01-01", "deadline"),
        ("commitments", "partner_iso3", "ISL", "partner_iso3"),
        ("provinces", "merged_from_count", "5", "merged_from_count"),
        ("fdi_by_province", "province_code", "01", "former_name_vi"),
        ("barriers", "hs_chapters", "03|98", "hs_chapters"),
        ("trade_by_partner", "value_usd_million", "1.234,5", "value_usd_million"),
        ("fta_utilisation", "utilisation_percent", "140", "utilisation_percent"),
        ("print_names", "valid_to", "1950-01-01", "valid_to"),
        ("print_names", "kind", "state", "kind"),
        ("institution_names", "successor_code", "99", "successor_code"),
        ("partner_kinds", "un_status", "none", "un_status"),
    ],
)
def test_faults_are_found(spoil: Spoil, name: str, column: str, value: str, field: str) -> None:
    """One cell of the second row is spoilt at a time; the check must name its column."""
    spoil(name, 1, **{column: value})
    assert field in {problem.field for problem in check_set(name)}


def test_recalled_rows_are_never_above_medium(spoil: Spoil) -> None:
    for source in packaged_sets():
        for row in read_set(source.set):
            assert (row.get("evidence"), row.get("confidence")) != ("recalled", "high")
    spoil("blocs", 0, confidence="high")
    assert [(problem.line, problem.field) for problem in check_set("blocs")] == [(2, "confidence")]


def test_a_territory_with_a_relation_level_and_a_second_key_are_found(spoil: Spoil) -> None:
    codes = [row["code"] for row in read_set("partner_kinds")]
    spoil("partner_kinds", codes.index("TWN"), rights="relation_level")
    assert [str(problem) for problem in check_set("partner_kinds")] == [
        f"partner_kinds.csv:{codes.index('TWN') + 2}: rights: “TWN” không có mức quan hệ, cờ, đại sứ hay điều ước."
    ]
    spoil("ftas", 1, short_name=read_set("ftas")[0]["short_name"])
    assert "short_name" in {problem.field for problem in check_set("ftas")}
