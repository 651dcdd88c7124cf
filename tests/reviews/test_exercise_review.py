"""Does the demo hold a made-up review that is circulated with comments, once, and made up throughout?"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from banggiao.activities.models import Review
from banggiao.core.acts import Act
from banggiao.core.ledger import LedgerEntry
from banggiao.intelligence.exercise import build
from banggiao.reports.exercise_review import play_review
from banggiao.reports.review_issue import read_paper, standing_paper
from banggiao.reviews.models import ReviewComment, ReviewPoint, ReviewReader
from tests.factories.rows import SYSTEM

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


@pytest.mark.django_db
def test_the_review_of_the_exercise() -> None:
    build(Act(SYSTEM, NOW), NOW.date())
    play_review(NOW.date())
    review = Review.objects.get()
    assert (review.code, review.state, review.exercise) == ("DT-SK-2026-H1", "circulated", True)
    assert sorted(ReviewReader.objects.values_list("state", flat=True)) == ["asked", "commented", "commented"]
    assert sorted(ReviewComment.objects.values_list("state", flat=True)) == ["open", "partly"]
    assert not [m for m in (ReviewReader, ReviewComment, ReviewPoint) if m.objects.filter(exercise=False).exists()]
    paper = read_paper(standing_paper(review), "vi")  # type: ignore[arg-type]
    assert paper.exercise and paper.is_draft
    assert not LedgerEntry.objects.filter(record_id=review.pk, recorded_at__gt=NOW).exists()
    entries = LedgerEntry.objects.count()
    play_review(NOW.date())
    assert LedgerEntry.objects.count() == entries
