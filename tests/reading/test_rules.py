"""Does every rule do what its own examples say, and does the rule engine fill, match and refuse as documented?"""

from __future__ import annotations

import pytest

from banggiao.reading import rules

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


def test_unknown_piece_and_list_are_named() -> None:
    with pytest.raises(KeyError, match="no_such_piece"):
        rules.compile_pattern("a{no_such_piece}b")
    with pytest.raises(KeyError, match="no_such_list"):
        rules.compile_pattern(r"\L<no_such_list>")


def test_counts_and_property_classes_are_not_pieces() -> None:
    pattern = rules.compile_pattern(r"\p{Lu}\p{Ll}{2,3}")
    assert pattern.fullmatch("Hoa")
    assert not pattern.fullmatch("hoa")
