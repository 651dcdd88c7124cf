"""Does a review go its way on the pages, from opening to memos, with every file taken as it was kept?"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from banggiao.activities.models import Review
from banggiao.commitments.models import Task
from banggiao.reviews.models import ReviewComment, ReviewReader
from tests.web.world import World

AsRole = Callable[..., Client]
pytestmark = pytest.mark.django_db
PERIOD = "2024-H2"


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def step(client: Client, action: str, **sent: str) -> Any:
    review = Review.objects.get(period=PERIOD)
    url = reverse("web:step", args=["reviews", review.pk, action])
    return client.post(url, {"version": str(review.version), **sent})


def test_a_review_goes_its_way_on_the_pages(world: World, as_role: AsRole) -> None:
    desk, leader, province = as_role("desk"), as_role("leader"), as_role("province")
    paper = reverse("web:review", args=[PERIOD])
    assert "Mở kỳ sơ kết" in text(desk.get(paper)) and "Mở kỳ sơ kết" not in text(province.get(paper))
    assert province.post(reverse("web:review_begin", args=[PERIOD])).status_code == 403
    assert desk.post(reverse("web:review_begin", args=[PERIOD])).status_code == 302
    review = Review.objects.get(period=PERIOD)
    here = reverse("web:record", args=["reviews", review.pk])
    assert here.endswith(str(review.pk)) and "Chưa chốt số liệu" in text(desk.get(here))
    # The period's paper and the review's own page stand at addresses of the same shape.
    assert desk.get(f"/reviews/{review.code}").status_code == 200 and desk.get("/reviews/new").status_code == 200

    assert step(desk, "freeze").status_code == 302
    file = reverse("web:review_file", args=[PERIOD, "json"])
    frozen = desk.get(file).content
    assert desk.post(reverse("web:review_readers", args=[review.pk]), {f"body-{world.body.pk}": "yes"}).status_code == 302
    missing = step(desk, "circulate")
    assert missing.status_code == 422 and "Hạn góp ý" in text(missing)
    assert step(desk, "circulate", comments_due="30/9/2025").status_code == 302

    reader = ReviewReader.objects.get(review=review)
    assert "Góp ý" in text(province.get(reverse("web:record", args=["review_readers", reader.pk])))
    form = reverse("web:review_comment", args=[review.pk])
    shown = text(province.get(form))
    assert "II.1. Chỉ đạo, điều hành" in shown and "Văn kiện được ký: 0" in shown
    assert province.post(form, {"text": ""}).status_code == 422
    sent = {"institution_id": str(world.body.pk), "place": "", "figure": "instruments", "text": "Thiếu một văn kiện."}
    assert province.post(form, sent).status_code == 302
    comment = ReviewComment.objects.get()
    url = reverse("web:step", args=["review_comments", comment.pk, "accept_partly"])
    assert desk.post(url, {"version": "1"}).status_code == 422
    assert desk.post(url, {"version": "1", "answer": "Sẽ đính chính."}).status_code == 302
    assert "Sẽ đính chính." in text(province.get(here))
    assert desk.get(reverse("web:review_paper", args=[review.pk, "comments"])).status_code == 200

    add = reverse("web:add_line", args=["reviews", review.pk, "points"])
    direction = {"kind": "direction", "text_vi": "Mở thị trường gạo", "lead_id": str(world.body.pk), "due": "31/12/2025"}
    assert desk.post(add, direction).status_code == 302
    assert desk.get(file).content == frozen, "what was frozen stays"
    assert step(leader, "conclude").status_code == 302
    assert desk.post(add, direction).status_code == 409
    assert "Mở thị trường gạo" in text(desk.get(paper))
    assert desk.post(reverse("web:review_tasks", args=[review.pk])).status_code == 302
    assert Task.objects.filter(origin_id=review.pk).count() == 1

    signed = {"number": "12", "issued_on": "20/9/2025", "signer_title": "Thứ trưởng", "signer_name": "Nguyễn Văn Mẫu"}
    assert step(leader, "publish", **signed).status_code == 302
    page = text(desk.get(paper))
    assert "Nguyễn Văn Mẫu" in page and "DỰ THẢO" not in page
    published = desk.get(file).content
    memo = {"figure": "instruments", "should_be": "1", "reason": "Sót", "decided_by": "Vụ trưởng A", "day": "1/10/2025"}
    assert desk.post(reverse("web:add_line", args=["reviews", review.pk, "memos"]), memo).status_code == 302
    page = text(desk.get(paper))
    assert "[đính chính: 1]" in page and "0, nay là 1" in page
    assert desk.get(file).content == published
    assert desk.get(reverse("web:review_paper", args=[review.pk, "memo"])).status_code == 200
    refused = desk.post(reverse("web:review_signature", args=[PERIOD]), {"version": str(review.version), "number": "13"})
    assert refused.status_code in (409, 412)


def test_the_home_page_says_what_a_review_waits_for(world: World, as_role: AsRole) -> None:
    assert "bước tới: chốt số liệu" in text(as_role("desk").get(reverse("web:home")))
    assert "bước tới" not in text(as_role("auditor").get(reverse("web:home")))
