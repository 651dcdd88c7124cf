"""What do words taken from a text say: which of several they are most like, how they stand in a record, which code they mean?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rapidfuzz import fuzz

from banggiao.core.errors import NotFound
from banggiao.core.folding import fold
from banggiao.core.vocabulary import vocabulary


def most_alike(rows: Iterable[tuple[Any, str]], text: str, *, above: float) -> Any:
    """Of (what, its folded words) the one whose words are most like these, if enough so; holding shorter ones is not."""
    wanted, best, score = fold(text), None, above
    for what, have in rows:
        if 2 * min(len(have), len(wanted)) < max(len(have), len(wanted)):
            continue
        likeness = fuzz.token_set_ratio(wanted, have, score_cutoff=score)
        if likeness >= score:
            best, score = what, likeness
    return best


def sentence_case(text: str) -> str:
    """The words on one line, without marks around them, with a capital first."""
    text = " ".join(text.split()).strip(" ,;:-–")
    return text[:1].upper() + text[1:]


def from_fact_or(name: str, value: str) -> str:
    """The code of a closed list for a word of a text, empty when the list has none."""
    try:
        return vocabulary(name).from_fact(value) if value else ""
    except NotFound:
        return ""


def same_day(one: str, other: str) -> bool:
    """Whether two dates, of which either may be partial, can be the same."""
    return one.startswith(other) or other.startswith(one)
