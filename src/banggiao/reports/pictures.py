"""What the leader's page draws beside the map: commitments with each partner by state of work, as bars."""

from __future__ import annotations

from banggiao.core.questions import Answer
from banggiao.reports.blocks import Chart, Series
from banggiao.reports.duties import WORK_GROUPS
from banggiao.reports.typography import Language

MOST_BARS = 10
_WORDS: dict[Language, dict[str, str]] = {
    "vi": {
        "done": "Đã xong", "under_way": "Đang thực hiện", "proposed": "Chưa giao", "stuck": "Vướng, chờ, tạm dừng",
        "unit": "cam kết", "partner": "Đối tác",
    },
    "en": {
        "done": "Done", "under_way": "Under way", "proposed": "Not yet given", "stuck": "Blocked, waiting, paused",
        "unit": "commitments", "partner": "Partner",
    },
}  # fmt: skip


def bars(answer: Answer, language: Language) -> Chart:
    """The partners with most commitments, by state of work; the answer is that of `commitments_by_partner`."""
    rows, words = list(answer.rows)[:MOST_BARS], _WORDS[language]
    series = tuple(
        Series(words[name], tuple(row.cells[place] for row in rows), plain=name == "proposed")
        for place, name in enumerate(WORK_GROUPS, start=1)
    )
    names = tuple(row.cells[0].title.get(language) for row in rows)
    return Chart("stacked", names, series, words["unit"], words["partner"])
