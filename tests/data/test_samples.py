"""Do the sample texts hold together: manifest, files, gold, twins, and the two natures that may not mix?"""

from __future__ import annotations

import csv
import functools
import html
import os
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest
import yaml
from docx.table import Table

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "src" / "banggiao" / "data"
SAMPLES = DATA / "samples"
TEXTS = SAMPLES / "texts"
SHARED = Path(os.environ.get("BANGGIAO_SHARED", ROOT.parent / "shared"))
MANIFEST: list[dict[str, Any]] = tomllib.loads((SAMPLES / "origin.toml").read_text(encoding="utf-8"))["texts"]
GOLD: list[dict[str, Any]] = yaml.safe_load((SAMPLES / "gold.yaml").read_text(encoding="utf-8"))["documents"]
BY_FILE = {entry["file"]: entry for entry in MANIFEST}
EXERCISES = [entry["file"] for entry in MANIFEST if entry["nature"] == "exercise"]
TWINS = [(entry["file"], twin) for entry in MANIFEST for twin in entry.get("twins", [])]
EXERCISE_MARKS = ("DIỄN TẬP", "EXERCISE")
KINDS = {
    "conference_news",
    "conclusion_notice",
    "directive_summary",
    "joint_statement",
    "ministry_news",
    "mission_report",
    "negotiation_news",
    "provincial_report",
    "ratification_news",
    "trade_news",
    "visit_news",
}
FACT_LISTS = ("agreements", "results", "shortcomings", "tasks", "barriers", "quantities", "events", "commitments")
MENTION_LISTS = ("organisations", "partners", "places", "legal_documents")
AGREEMENT_TYPES = {
    "treaty",
    "fta",
    "cepa",
    "ipa",
    "agreement",
    "mou",
    "letter_of_intent",
    "declaration",
    "plan",
    "contract",
}
AGREEMENT_STATES = {
    "proposed",
    "under_negotiation",
    "pushed_for_signing",
    "signed",
    "pending_ratification",
    "in_force",
    "in_implementation",
    "to_be_used",
}
# A run of this many words in common with another text is a copied sentence; titles of documents and bodies are shorter.
COPIED_RUN = 12


def text_of(name: str) -> str:
    return unicodedata.normalize("NFC", (TEXTS / name).read_text(encoding="utf-8"))


def words(text: str) -> list[str]:
    return unicodedata.normalize("NFC", text).split()


def by_name(items: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(item, id=item["file"][:2]) for item in items]


def anchors(document: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """Every (line, phrase) the gold of a document rests on."""
    for slot in document["metadata"].values():
        if isinstance(slot, dict):
            yield slot["at"], slot["anchor"]
    for person in document.get("people", []):
        for position in person["positions"]:
            yield position["at"], position["anchor"]
    for kind in (*FACT_LISTS, *MENTION_LISTS):
        for item in document.get(kind, []):
            yield item["at"], item["anchor"]
            for slot in ("date_anchor", "place_anchor", "mode_anchor"):
                if slot in item:
                    yield item.get("date_line", item["at"]) if slot == "date_anchor" else item["at"], item[slot]
            for site in item.get("other_sites", []):
                yield site["at"], site["anchor"]
    for block in document["boilerplate"]:
        yield block["lines"][0], block["anchor"]


def test_manifest_names_every_file_once() -> None:
    named = [entry["file"] for entry in MANIFEST] + [twin for _file, twin in TWINS]
    assert sorted(named) == sorted(path.name for path in TEXTS.iterdir())
    assert all(name.isascii() for name in named)


def test_collection_covers_the_genre() -> None:
    assert len(MANIFEST) >= 14
    assert {entry["kind"] for entry in MANIFEST} == KINDS
    assert sum(entry["language"] == "en" for entry in MANIFEST) >= 2
    suffixes = [Path(twin).suffix for _file, twin in TWINS]
    assert suffixes.count(".docx") >= 3
    assert suffixes.count(".pdf") >= 2
    assert ".html" in suffixes
    pairs = {(entry["file"], entry["same_event_as"]) for entry in MANIFEST if "same_event_as" in entry}
    assert pairs
    assert all((other, one) in pairs for one, other in pairs)


@pytest.mark.parametrize("entry", by_name(MANIFEST))
def test_entry_says_what_the_text_is(entry: dict[str, Any]) -> None:
    text = text_of(entry["file"])
    marked = text.startswith(EXERCISE_MARKS)
    assert entry["licence"] == "Apache-2.0"
    assert entry["title"] in text.split("\n")
    assert entry["nature"] in {"facts", "exercise"}
    assert marked == (entry["nature"] == "exercise")
    assert bool(entry["sources"]) == (entry["nature"] == "facts")
    assert all(re.match(r"https?://[\w.-]+\.\w+/", source) for source in entry["sources"])
    assert 250 <= len(words(text)) <= 900


@pytest.mark.parametrize("document", by_name(GOLD))
def test_gold_stands_in_its_lines(document: dict[str, Any]) -> None:
    lines = text_of(document["file"]).split("\n")
    missing = [(at, phrase) for at, phrase in anchors(document) if unicodedata.normalize("NFC", phrase) not in lines[at - 1]]
    assert not missing
    for block in document["boilerplate"]:
        assert 1 <= block["lines"][0] <= block["lines"][1] <= len(lines)


@pytest.mark.parametrize("document", by_name(GOLD))
def test_gold_speaks_the_contract(document: dict[str, Any]) -> None:
    assert document["metadata"]["language"] == BY_FILE[document["file"]]["language"]
    title = document["metadata"]["title"]
    assert title["anchor"] == BY_FILE[document["file"]]["title"]
    for agreement in document.get("agreements", []):
        assert agreement["type"] in AGREEMENT_TYPES
        assert agreement["status"] in AGREEMENT_STATES
    for commitment in document.get("commitments", []):
        assert commitment["side"] in {"ours", "theirs", "joint"}
        assert commitment["measurable"] in range(4)
    assert "VN" not in {partner["code"] for partner in document.get("partners", [])}


def test_every_text_has_gold() -> None:
    assert [document["file"] for document in GOLD] == [entry["file"] for entry in MANIFEST]


def test_statistics_yield_nothing_but_figures() -> None:
    [trade] = [document for document in GOLD if BY_FILE[document["file"]]["kind"] == "trade_news"]
    assert len(trade["quantities"]) > 20
    assert not any(trade.get(kind) for kind in FACT_LISTS if kind != "quantities")


@pytest.mark.parametrize("file", [pytest.param(name, id=name[:2]) for name in EXERCISES])
def test_exercise_names_nothing_real(file: str) -> None:
    text = text_of(file)
    assert not [name for name in real_names() if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)]


def test_real_names_are_known() -> None:
    assert {"Việt Nam", "Hàn Quốc", "Bộ Ngoại giao", "Lạng Sơn", "Tô Lâm", "Phạm Minh Chính", "ASEAN"} <= real_names()


@pytest.mark.parametrize(("file", "twin"), [pytest.param(*pair, id=pair[1][:2] + Path(pair[1]).suffix) for pair in TWINS])
def test_twin_holds_the_words_of_the_text(file: str, twin: str) -> None:
    want = words(text_of(file))
    path = TEXTS / twin
    if path.suffix == ".docx":
        assert words("\n".join(_docx_lines(path))) == want
    elif path.suffix == ".pdf":
        assert words("\n".join(_pdf_pages(path))) == want
    else:
        page = " ".join(words(_visible(path.read_text(encoding="utf-8"))))
        assert not [line for line in text_of(file).split("\n") if " ".join(words(line)) not in page]
        assert len(words(page)) > len(want) + 30, "a web page has menus, related links and comments around the text"


def test_one_word_file_has_a_table_of_tasks() -> None:
    tables = [table for _file, twin in TWINS if twin.endswith(".docx") for table in docx.Document(str(TEXTS / twin)).tables]
    assert [len(table.rows) for table in tables] == [6]


def test_no_sentence_is_taken_from_elsewhere() -> None:
    seeds = sorted((SHARED / "seeds").glob("*.txt"))
    if not seeds:
        pytest.skip("The public texts to compare with are not beside this checkout (BANGGIAO_SHARED).")
    runs = {run for seed in seeds for run in _runs(seed.read_text(encoding="utf-8"))}
    copied = [(entry["file"], run) for entry in MANIFEST for run in _runs(text_of(entry["file"])) if run in runs]
    assert not copied


@functools.cache
def real_names() -> frozenset[str]:
    """Countries, blocs, bodies, provinces and leaders of the packaged sets. Names of one or two letters are common words too."""
    names: set[str] = set()
    for name, columns in (
        ("countries", ("name_vi", "name_en", "variants_vi")),
        ("blocs", ("code", "name_vi", "name_en")),
        ("institutions", ("name_vi", "name_en")),
        ("provinces", ("name_vi", "merged_from_vi")),
    ):
        for row in _rows(name):
            names.update(part.strip() for column in columns for part in row.get(column, "").split("|"))
    names.update(" ".join(row["lead_vi"].split()[-3:]) for row in _rows("activities"))
    names.update(" ".join(row["lead_vi"].split()[-2:]) for row in _rows("activities"))
    return frozenset(name for name in names if len(name) > 2)


def _rows(name: str) -> list[dict[str, str]]:
    [path] = sorted((DATA / "reference" / name).glob("*/*.csv"))[-1:]
    with path.open(encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def _docx_lines(path: Path) -> Iterator[str]:
    for block in docx.Document(str(path)).iter_inner_content():
        if isinstance(block, Table):
            yield from (cell.text for row in block.rows for cell in row.cells)
        else:
            yield block.text


def _pdf_pages(path: Path) -> Iterator[str]:
    """The text of each page without the page number that stands on top of it."""
    document = pypdfium2.PdfDocument(path)
    for number, page in enumerate(document, 1):
        text = page.get_textpage().get_text_range()
        yield re.sub(rf"\A\s*{number}\s", "", text) if number > 1 else text


def _visible(page: str) -> str:
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    plain = re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold())
    yield from (tuple(plain[at : at + COPIED_RUN]) for at in range(len(plain) - COPIED_RUN + 1))
