"""Does every rule do what its own examples say, and does the rule engine fill, match and refuse as documented?"""

from __future__ import annotations

import pytest
import regex

from banggiao.reading import rules
from banggiao.reading.gazetteer import Entry, Gazetteer
from banggiao.reading.patterns import beginnings
from banggiao.reading.quick import quick

RULES = rules.all_rules()


@pytest.mark.parametrize("item", RULES, ids=lambda item: item.id)
def test_rule_has_examples_and_keeps_them(item: rules.Rule) -> None:
    assert len(item.matches) >= 2
    assert len(item.rejects) >= 2
    assert 0 < item.confidence <= 1
    for text in item.matches:
        assert item.pattern.search(rules.shadow(text)), f"{item.label} must match: {text}"
    for text in item.rejects:
        assert not item.pattern.search(rules.shadow(text)), f"{item.label} must not match: {text}"


def test_shadow_keeps_length_and_moves_tones_only_at_syllable_end() -> None:
    text = "Uỷ ban, thoả thuận, toàn hoạt động, quý, quỳ – “hoà bình”\u00a0HOÀ"
    assert rules.shadow(text) == 'Ủy ban, thỏa thuận, toàn hoạt động, quý, quỳ - "hòa bình" HÒA'
    assert len(rules.shadow(text)) == len(text)


@pytest.mark.parametrize("item", [item for item in RULES if item.kind not in ("genre", "url_date")], ids=lambda item: item.id)
def test_the_words_a_rule_names_stand_in_all_it_matches(item: rules.Rule) -> None:
    for text in item.matches:
        seen = rules.shadow(text)
        words = rules.words_of_lines(seen) if item.kind == "line" else rules.words_in(seen)
        match = item.pattern.search(seen)
        assert match is not None
        assert words.possible(match.start()) & item.bit, f"{item.label} names no word that stands in: {text}"
        if item.kind != "line" and (item.begins or item.head):
            assert match.start() in words.places(item), f"{item.label} begins with no word read from its pattern in: {text}"


def test_rules_see_only_lines_with_their_words() -> None:
    text = rules.shadow("Bộ A ký 5 thỏa thuận.\nQuý II/2026 thế giới biến động.\nKý 7 hiệp định")
    assert [(hit.rule.id, hit.match.group()) for hit in rules.find("date", text)] == [("date.quarter", "Quý II/2026")]
    assert [hit.span[0] for hit in rules.find("agreement", text, 30)] == [text.index("7 hiệp")]


def test_old_and_new_tone_marks_are_one_in_lists_and_texts() -> None:
    for written in ("Ủy ban", "Uỷ ban"):
        assert rules.small(rules.shadow(written)) in rules.word_lists()["owners"] + ("ủy ban",)
    names = Gazetteer([("Hoà Bình", Entry({"code": "a"})), ("Thúy Loan", Entry({"code": "b"}))])
    for text in ("từ Hoà Bình tới Thuý Loan", "từ Hòa Bình tới Thúy Loan"):
        assert [mention.entry["code"] for mention in names.find(rules.shadow(text))] == ["a", "b"]
    # Every word of every list stands in the spelling that texts are brought to.
    assert all(word == rules.shadow(word) for words in rules.word_lists().values() for word in words)


def test_a_piece_with_a_space_at_an_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "_lexicon", lambda key: {"verb": "ký "})
    with pytest.raises(ValueError, match="verb begins or ends with a space"):
        rules._pieces.__wrapped__()


def test_a_pattern_tried_at_places_means_the_same_to_both_engines() -> None:
    for source in (
        r"(?<!\p{L})(?<who>\p{Lu}[\p{L}-]++) x",
        r"[^\p{L}\d]++(?<n>\d)",
        r"(?<=(?:rằng|biết) )ký",
        r"(?<!(?<!\p{L})(?:ông|(?:rất )?hay) )(?:biết|rằng)",
    ):
        for text in ("ông biết ký, rằng ký; A-B x", "Đà x", "--- 5", "Đ9"):
            plain, other = quick(source), regex.compile(source, regex.VERSION1)
            assert [m.span() for m in plain.finditer(text)] == [m.span() for m in other.finditer(text)]


def test_the_words_a_pattern_can_begin_with_are_read_from_it() -> None:
    assert beginnings(r"(?<!\p{L})(?:[Đđ]ồng )?(?:chủ trì|Ký(?: kết)?) \d") == {"đồng chủ", "đồng ký", "chủ trì", "ký"}
    assert beginnings(r"(?:các )*+FTA") == {"các", "fta"}
    assert beginnings("(?i)áp(?=x) thuế|hạn ngạch") == {"áp thuế", "hạn ngạch"}
    # What can begin with anything, or with a single letter, tells nothing.
    assert not beginnings(r"[^;]+ là|ký")
    assert not beginnings(r"(?:ký )?\p{Lu}+")
    assert not beginnings("a|ký")


def test_unknown_piece_and_list_are_named() -> None:
    with pytest.raises(KeyError, match="no_such_piece"):
        rules.compile_pattern("a{no_such_piece}b")
    with pytest.raises(KeyError, match="no_such_list"):
        rules.compile_pattern(r"\L<no_such_list>")


def test_counts_and_property_classes_are_not_pieces() -> None:
    pattern = rules.compile_pattern(r"\p{Lu}\p{Ll}{2,3}")
    assert pattern.fullmatch("Hoa")
    assert not pattern.fullmatch("hoa")
