"""Closed lists: complete in both languages, unambiguous, and knowing every word that facts and reference sets use."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from banggiao.activities.states import ACTIVITY, REVIEW
from banggiao.agreements.states import AGREEMENT
from banggiao.barriers.states import BARRIER
from banggiao.core.acts import CLASSIFICATIONS
from banggiao.core.errors import NotFound, SetupProblem
from banggiao.core.transitions import Machine
from banggiao.core.vocabulary import parse, vocabulary, vocabulary_names, with_earlier
from banggiao.followup.states import VALIDATION, WORK
from banggiao.reading.types import FACT_KINDS, LineClass

SHARED = Path(os.environ.get("BANGGIAO_SHARED", Path(__file__).resolve().parents[3] / "shared"))

#: The closed values of the fact contract, by the list that must know them.
CONTRACT = {
    "activity_kind": "visit call meeting conference summit forum party_congress interview promotion",
    "event_role": "main mentioned",
    "activity_format": "on_site online hybrid",
    "partner_kind": "country bloc igo region",
    "agreement_kind": "treaty fta cepa ipa agreement mou letter_of_intent declaration plan contract",
    "agreement_status": (
        "proposed under_negotiation pushed_for_signing signed pending_ratification in_force in_implementation to_be_used"
    ),
    "commitment_side": "ours theirs joint",
    "measurability": "0 1 2 3",
    "qualifier": "gần hơn khoảng trên",
    "line_class": "body heading caption boilerplate",
    "fact_kind": " ".join(FACT_KINDS),
    "finding_kind": "result shortcoming",
    "language": "vi en",
    "document_genre": "news",
}

ASKED_FOR = """
    activity_kind activity_level activity_format agreement_kind agreement_status party_status agreement_field relation_level
    partner_kind institution_kind person_role commitment_side commitment_kind work_state validation_state difficulty_code
    evidence_grade evidence_mark confidence_level classification role barrier_kind barrier_status directive_kind document_genre
    language finding_kind qualifier unit growth_driver topic activity_measure
""".split()


@pytest.mark.parametrize("name", vocabulary_names())
def test_each_list_is_complete_and_unambiguous(name: str) -> None:
    terms = vocabulary(name)
    assert terms.codes
    for language in ("vi", "en"):
        labels = [label for _, label in terms.choices(language)]
        assert len(set(labels)) == len(labels)
        assert all(label == unicodedata.normalize("NFC", label).strip() for label in labels)
    assert [term.sort for term in terms.terms] == sorted({term.sort for term in terms.terms})


def test_lists_the_design_names_are_there() -> None:
    assert set(ASKED_FOR) <= set(vocabulary_names())


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in CONTRACT.items() for value in values.split()])
def test_every_value_of_the_fact_contract_has_a_code(name: str, value: str) -> None:
    assert vocabulary(name).from_fact(value) in vocabulary(name)


def test_lists_kept_in_code_too_agree() -> None:
    assert vocabulary("fact_kind").codes == FACT_KINDS
    assert vocabulary("line_class").codes == get_args(LineClass)
    assert vocabulary("classification").codes == CLASSIFICATIONS


@pytest.mark.parametrize(
    ("name", "machine"),
    [
        ("activity_status", ACTIVITY),
        ("agreement_status", AGREEMENT),
        ("barrier_status", BARRIER),
        ("work_state", WORK),
        ("validation_state", VALIDATION),
        ("review_state", REVIEW),
    ],
)
def test_every_state_of_a_machine_has_a_name(name: str, machine: Machine) -> None:
    assert set(machine.states()) == set(vocabulary(name).codes)


def test_attributes_point_to_terms() -> None:
    fields, drivers, topics = vocabulary("agreement_field"), vocabulary("growth_driver"), vocabulary("topic")
    for term in topics.terms:
        assert term.attributes["field"] in fields
        assert term.attributes["parent"] in topics or not term.attributes["parent"]
        assert fields.attribute(term.attributes["field"], "growth_driver") == term.attributes["growth_driver"]
        assert fields.from_fact(term.code) == term.attributes["field"]
    assert {fields.attribute(code, "growth_driver") for code in fields.codes} == set(drivers.codes)
    for driver, codes in {
        "traditional": {"trade", "investment", "tourism", "labour"},
        "new": {"science_technology", "semiconductors", "digital", "green"},
    }.items():
        assert {code for code in fields.codes if fields.attribute(code, "growth_driver") == driver} == codes
    assert {term.attributes["family"] for term in vocabulary("agreement_kind").terms} == set(vocabulary("agreement_family").codes)
    ranks = {term.code: term.attributes["rank"] for term in vocabulary("relation_level").terms}
    assert ranks.pop("diplomatic") == "", "the ground of all levels is none of them"
    assert list(ranks.values()) == sorted(ranks.values(), key=int, reverse=True)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("agreement_status", "pushed_for_signing", "negotiating"),
        ("agreement_status", "pending_ratification", "signed"),
        ("agreement_kind", "ipa", "investment_protection"),
        ("qualifier", "Gần", "nearly"),
        ("qualifier", "trên", "over"),
        ("directive_kind", "Chỉ thị", "directive"),
        ("topic", "digital", "digital_economy"),
        ("unit", "%", "percent"),
    ],
)
def test_fact_words(name: str, value: str, code: str) -> None:
    assert vocabulary(name).from_fact(value) == code


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("activity_kind", "working_visit", "visit_out"),
        ("barrier_status", "removal_pledged", "pending_them"),
        ("party_status", "european_parliament_consent", "signed"),
        ("supply_stage", "negotiating", "in_talks"),
        ("agreement_kind", "joint_statement", "declaration"),
        ("agreement_field", "iuu", "trade"),
    ],
)
def test_reference_words(name: str, value: str, code: str) -> None:
    assert vocabulary(name).from_reference(value) == code


def test_labels_follow_the_language() -> None:
    levels = vocabulary("relation_level")
    assert levels.label("strategic", "vi") == "Đối tác chiến lược"
    assert levels.label("strategic", "en-gb") == "Strategic partnership"
    assert levels.choices("en")[0] == ("special", "Special relationship")


def test_what_is_not_there_is_named() -> None:
    with pytest.raises(NotFound, match=r"relation_level.*“friendly”"):
        vocabulary("relation_level").label("friendly", "vi")
    with pytest.raises(NotFound, match="relation_level"):
        vocabulary("relation_level").from_fact("friendly")
    with pytest.raises(NotFound, match="no_such_list"):
        vocabulary("no_such_list")
    with pytest.raises(NotFound):
        vocabulary("../vocabulary/role")


HEAD = "code,label_vi,label_en,sort,fact_values,reference_values,note\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("code,label_vi\na,A\n", 1),
        (HEAD + "a,A,,10,,,\n", 2),
        (HEAD + "a,A,A,10,,\n", 2),
        (HEAD + "a,A,A,first,,,\n", 2),
        (HEAD + "a,A,A,10,,,\na,B,B,20,,,\n", 3),
        (HEAD + "a,A,A,10,x|y,,\nb,B,B,20,y,,\n", 3),
        (HEAD + "a,A,A,10,,x,\nb,B,B,20,,x,\n", 3),
    ],
)
def test_damaged_lists_are_refused(text: str, line: int) -> None:
    with pytest.raises(SetupProblem) as caught:
        parse("sample", text)
    assert caught.value.subject == f"sample.csv:{line}"


GOLD_SLOTS = {
    ("events", "type"): "activity_kind",
    ("events", "role"): "event_role",
    ("events", "mode"): "activity_format",
    ("events", "plover"): "plover",
    ("agreements", "type"): "agreement_kind",
    ("agreements", "status"): "agreement_status",
    ("quantities", "qualifier"): "qualifier",
    ("quantities", "unit"): "unit",
    ("partners", "kind"): "partner_kind",
    ("legal_documents", "type"): "directive_kind",
    ("shortcomings", "kind"): "finding_kind",
    ("metadata", "genre"): "document_genre",
    ("metadata", "language"): "language",
    ("metadata", "topics"): "topic",
}


def test_every_closed_value_of_the_gold_annotations_has_a_code() -> None:
    path = SHARED / "gold" / "seed-annotations.yaml"
    if not path.exists():
        pytest.skip("the shared gold annotations are not beside this checkout (BANGGIAO_SHARED)")
    found, missing = 0, []
    for name, value in _closed_values(yaml.safe_load(path.read_text(encoding="utf-8"))):
        found += 1
        try:
            vocabulary(name).from_fact(value)
        except NotFound:
            missing.append((name, value))
    assert found > 100
    assert missing == []


def _closed_values(node: Any, kind: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, list):
        for item in node:
            yield from _closed_values(item, kind)
    elif isinstance(node, dict):
        for key, value in node.items():
            name = GOLD_SLOTS.get((kind, key))
            if name and isinstance(value, str | list):
                yield from ((name, item) for item in ([value] if isinstance(value, str) else value) if isinstance(item, str))
            else:
                yield from _closed_values(value, key if isinstance(value, list | dict) else kind)


def test_a_rule_says_its_version_and_the_ones_before_are_kept() -> None:
    rules = vocabulary("counting_rule")
    for code in rules.codes:
        for term in rules.versions(code):
            assert f"(v{term.version})" in term.label_vi and f"(v{term.version})" in term.label_en, code
    first, second = rules.versions("high_level_activities")
    assert first.until == second.since == date(2026, 11, 24) and second.until is None
    assert rules.term_at("high_level_activities", date(2026, 11, 23)) is first
    assert rules.term_at("high_level_activities", date(2026, 11, 24)) is second is rules.term("high_level_activities")
    assert rules.label_at("high_level_activities", "en", date(2020, 1, 1)) == first.label_en


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("x,1,2026-01-01,a,b,", "không nối tiếp"),
        ("vi,2,2026-01-01,a,b,", "không nối tiếp"),
        ("vi,1,2026-01-01,a,b,\nvi,2,2025-01-01,c,d,", "không nối tiếp"),
        ("vi,1,ngày,a,b,", "Ngày không hợp lệ"),
        ("vi,1,2026-01-01,,b,", "Số ô"),
    ],
)
def test_earlier_versions_that_do_not_fit_are_refused(rows: str, message: str) -> None:
    with pytest.raises(SetupProblem, match=message):
        with_earlier(vocabulary("language"), f"code,version,until,label_vi,label_en,note\n{rows}\n")
