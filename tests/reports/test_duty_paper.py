"""Does the sheet of a duty keep the check of the whole apart from the milestones, and name the rule of each number?"""

from __future__ import annotations

from typing import Any

import pytest

from banggiao.followup.planning.questions import standings
from banggiao.reports.blocks import NoteRef, Table
from banggiao.reports.duty_paper import duty_paper
from banggiao.reports.standings import standing_out
from banggiao.reports.typography import Language
from banggiao.web.standing_words import panel_of
from tests.factories.rows import AT, SYSTEM, commitment

pytestmark = pytest.mark.django_db


def checked_without_plan() -> Any:
    return commitment(validation_state="verified")


@pytest.mark.parametrize(
    ("language", "words"), [("vi", ("chưa có kế hoạch", "Đã thẩm tra")), ("en", ("without a plan", "Verified"))]
)
def test_what_is_checked_as_a_whole_stands_beside_the_zero_of_a_duty_without_a_plan(
    language: Language, words: tuple[str, str]
) -> None:
    paper = duty_paper(checked_without_plan(), SYSTEM, at=AT, language=language)
    numbers = [block for block in paper.blocks if isinstance(block, Table)][1]
    told = [value for _item, value in numbers.rows]
    assert words[0] in str(told[0]) and told[1] == words[1]
    # The colour is a figure as the others are: it names its rule.
    assert isinstance(told[-1], tuple) and isinstance(told[-1][1], NoteRef)


def test_page_and_api_say_the_same() -> None:
    duty = checked_without_plan()
    told = standing_out(duty, SYSTEM, AT)
    assert (told["progress"]["verified"], told["validation"], told["colour_rule"]["code"]) == (0, "verified", "standing_colour")
    first = panel_of(standings([duty], SYSTEM, AT)[duty.pk], duty).numbers[0]
    assert [tone for tone, words in first.lines if "thẩm tra cả việc" in words] == ["good"]
