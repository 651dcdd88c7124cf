"""The main job on real input: five public texts go in, the review report of 2025-H1 comes out."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from banggiao.activities.models import Activity
from banggiao.activities.services import enter_signature, open_review
from banggiao.core.records import retract
from banggiao.followup.models import Finding
from banggiao.intelligence.services import accept_above, read_in
from banggiao.reports.blocks import OfficialDocument
from banggiao.reports.files import RENDERERS
from banggiao.reports.review import compose
from banggiao.sources.models import Citation, Fact, OfficialFigure
from tests.factories.loaded import loaded  # noqa: F401
from tests.factories.rows import act

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded"), pytest.mark.engine]
LATER = timedelta(days=1)


@pytest.fixture
def read(shared: Path, settings: Any, tmp_path: Path) -> None:
    """The five texts read in and accepted as a batch."""
    settings.MEDIA_ROOT = tmp_path
    for path in sorted((shared / "seeds").glob("*.txt")):
        document, _fresh = read_in(act=act(), data=path.read_bytes(), name=path.name, classification="public")
        accept_above(act=act(), document=document, certainty=0)


def report(**kwargs: Any) -> OfficialDocument:
    """The report of the first half of 2025."""
    doing = act()
    return compose("2025-H1", doing.viewer, at=kwargs.pop("at", doing.at), **kwargs)


def words(document: OfficialDocument) -> str:
    """Everything the paper says, as one text."""
    return RENDERERS["json"](document).decode()


@pytest.mark.usefixtures("read")
def test_the_report_holds_the_published_figures_with_the_sentence_behind_each() -> None:
    paper = json.loads(words(report()))
    text = json.dumps(paper, ensure_ascii=False)
    notes = {note["number"]: note for note in paper["notes"]}
    overview = next(block["text"] for block in paper["blocks"] if block["is"] == "Paragraph")
    for figure, stated in (
        ("gần 50 hoạt động", "gần 50 hoạt động"),
        ("253 thỏa thuận", "253 thỏa thuận"),
        ("10 nước", "10 nước"),
    ):
        place = next(n for n, part in enumerate(overview) if isinstance(part, str) and figure in part)
        note = notes[overview[place + 1]["number"]]
        assert note["rule"] and note["as_of"]
        assert any(stated in source.get("sentence", "") for source in note["sources"]), (figure, note)
    assert "thẻ vàng" in text and "còn chậm" in text


@pytest.mark.usefixtures("read")
def test_the_event_told_twice_is_one_activity() -> None:
    mains = Fact.objects.filter(kind="event", value__role="main", value__date="2021-07-29")
    assert mains.count() == 2 and len({f.target_id for f in mains}) == 1
    activity = Activity.objects.get(pk=mains[0].target_id)
    assert Citation.objects.filter(subject_id=activity.pk).values("document").distinct().count() == 2


@pytest.mark.usefixtures("read")
def test_a_figure_printed_in_the_reference_set_and_in_the_text_is_one_figure() -> None:
    figures = OfficialFigure.objects.filter(period="2025-H1", measure="agreements_signed", retracted=False)
    assert [int(f.value) for f in figures] == [253]


@pytest.mark.usefixtures("read")
def test_later_edits_change_nothing_of_what_was_known() -> None:
    at = act().at
    before = {form: RENDERERS[form](report(at=at)) for form in ("json", "pdf", "docx")}
    for finding in Finding.objects.filter(period="2025-H1")[:5]:
        retract(finding, act=act(at=at + LATER))
    document, _fresh = read_in(
        act=act(at=at + LATER), data="Sáu tháng đầu năm 2025, Bộ Ngoại giao đã ký kết 9 thỏa thuận mới.".encode(), name="muon.txt"
    )
    accept_above(act=act(at=at + LATER), document=document, certainty=0)
    for form, content in before.items():
        assert RENDERERS[form](report(at=at)) == content, form
    assert RENDERERS["json"](report(at=at + LATER)) != before["json"]


@pytest.mark.usefixtures("read")
def test_it_is_a_draft_until_a_person_enters_number_date_and_signer() -> None:
    assert report().is_draft
    review = open_review(act=act(), period="2025-H1")
    values = {
        "number": 5,
        "issued_on": act().at.date(),
        "place": "Hà Nội",
        "signer_title": "Thứ trưởng",
        "signer_name": "Nguyễn Văn Mẫu",
    }
    enter_signature(act=act(), review=review, values=values, version=review.version)
    signed = report()
    assert not signed.is_draft and signed.number == 5


def test_an_empty_period_makes_a_truthful_report() -> None:
    paper = compose("1999-Q2", act().viewer, at=act().at)
    assert "Chưa có nội dung được duyệt" in words(paper)
    assert paper.annexes == ()


def test_the_exercise_reports_apart() -> None:
    paper = compose("2025-H1", act().viewer, at=act().at, exercise=True)
    assert paper.exercise and "DT" in paper.issuer_code
    assert "Thủ tướng" not in words(paper)
