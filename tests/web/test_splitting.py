"""Can a desk officer bring in a notice, confirm its tasks beside the paragraphs, give them in one go and judge repeated asks?"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from banggiao.commitments.models import Directive, Paragraph, RepeatedAsk, Task
from banggiao.commitments.services import create_directive
from banggiao.core import records
from tests.factories.rows import act
from tests.web.world import World
from tests.web.world_directives import asked_twice, later_notice

AsRole = Callable[..., Client]
TEXT = """II. NHIỆM VỤ

1. Giao Bộ BO-A chủ trì, phối hợp với Bộ BO-B rà soát thuế, báo cáo trước ngày 30/11/2025.

2. Đồng ý với báo cáo của các đơn vị.
"""


@pytest.fixture
def paper(world: World) -> Directive:
    """A notice without text."""
    values = {"kind": "notice", "number": "70/TB-X", "day": "2025-09-01", "classification": "public"}
    return create_directive(act=act(), values=values)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def split_of(paper: Directive) -> str:
    return reverse("web:directive_split", args=[paper.pk])


def sent(paper: Directive, *, number: str = "II.1", key: str = "1", **more: str) -> dict[str, str]:
    """The form of one proposal as a browser sends it."""
    mark = Paragraph.objects.get(directive=paper, number=number).pk.hex
    values = {"text": "Rà soát thuế", "lead": "Bộ BO-A", "coordinating": "Bộ BO-B", "due": "30/11/2025", "every": "monthly"}
    return {f"take-{mark}-{key}": "yes", **{f"{mark}-{key}-{n}": v for n, v in {**values, **more}.items()}}


def test_a_text_comes_in_and_its_paragraphs_stand_beside_proposals(paper: Directive, as_role: AsRole) -> None:
    desk = as_role("desk")
    address = reverse("web:directive_text", args=[paper.pk])
    assert desk.post(address, {"version": "1"}).status_code == 422
    assert desk.post(address, {"version": "1", "document": "không có tài liệu này"}).status_code == 422
    assert desk.post(address, {"text": TEXT}).status_code in (422, 428)
    response = desk.post(address, {"version": "1", "file": SimpleUploadedFile("tb.txt", TEXT.encode())})
    assert (response.status_code, response["Location"]) == (302, split_of(paper))
    page = text(desk.get(split_of(paper)))
    for words in ("0/2", "NHIỆM VỤ", "Nhận nhiệm vụ 1: Bộ BO-A", "phối hợp: Bộ BO-B", "Đồng ý với báo cáo"):
        assert words in page, words
    assert not Task.objects.filter(directive=paper).exists()
    assert as_role("enterprise").get(split_of(paper)).status_code in (403, 404)


def test_what_is_ticked_becomes_tasks_once_and_reasons_are_kept(paper: Directive, as_role: AsRole) -> None:
    desk = as_role("desk")
    desk.post(reverse("web:directive_text", args=[paper.pk]), {"version": "1", "text": TEXT})
    wrong = desk.post(split_of(paper), sent(paper, lead="Bộ Không Có", due="hôm nào"))
    assert wrong.status_code == 422 and "Bộ Không Có" in text(wrong) and not Task.objects.filter(directive=paper).exists()
    left = Paragraph.objects.get(directive=paper, number="II.2")
    reason = {f"reason-{left.pk.hex}": "assessment", f"note-{left.pk.hex}": "", f"version-{left.pk.hex}": "1"}
    form = {**sent(paper), **reason}
    assert desk.post(split_of(paper), form).status_code == 302
    assert desk.post(split_of(paper), {k: v for k, v in form.items() if left.pk.hex not in k}).status_code == 302
    made = Task.objects.get(directive=paper)
    assert (made.text_vi, made.lead.code if made.lead else "", made.current_due, made.cycle_days) == (
        "Rà soát thuế", "BO-A", "2025-11-30", 30,
    )  # fmt: skip
    assert "2/2" in text(desk.get(split_of(paper)))
    stale = {f"reason-{left.pk.hex}": "direction", f"note-{left.pk.hex}": "", f"version-{left.pk.hex}": "1"}
    assert desk.post(split_of(paper), stale).status_code == 412
    both = {**sent(paper, number="II.2", key="h1", lead=""), **stale}
    assert desk.post(split_of(paper), both).status_code == 422
    row = Paragraph.objects.get(directive=paper, number="II.1")
    assert desk.post(reverse("web:directive_unsplit", args=[paper.pk, row.pk])).status_code == 302
    assert not Task.objects.filter(directive=paper, retracted=False).exists()
    assert "Thêm nhiệm vụ này" in text(desk.get(f"{split_of(paper)}?add={row.pk}"))


def test_tasks_are_given_in_one_go_and_who_lacks_what_is_said(paper: Directive, as_role: AsRole) -> None:
    desk = as_role("desk")
    desk.post(reverse("web:directive_text", args=[paper.pk]), {"version": "1", "text": TEXT})
    desk.post(split_of(paper), sent(paper))
    made = Task.objects.get(directive=paper)
    address, mark = reverse("web:directive_assign", args=[paper.pk]), made.pk.hex
    page = text(desk.get(address))
    assert "còn thiếu: Rõ người, Rõ trách nhiệm, Rõ sản phẩm, Rõ thẩm quyền" in page
    assert 'value="Nguyễn Văn A"' in page  # as the body's other tasks have it
    fields = {
        "lead_id": "Bộ BO-A",
        "person_in_charge": "Ông B",
        "responsibility": "Chủ trì",
        "product": "",
        "authority": "Bộ trưởng",
    }
    form = {
        f"give-{mark}": "yes",
        **{f"{mark}-{name}": value for name, value in fields.items()},
        f"{mark}-current_due": "30/11/2025",
    }
    refused = desk.post(address, form)
    assert refused.status_code == 422 and "Còn thiếu." in text(refused)
    assert Task.objects.get(pk=made.pk).person_in_charge == ""
    full = {**form, f"{mark}-product": "Báo cáo"}
    # A date that stands is not moved here.
    assert desk.post(address, {**full, f"{mark}-current_due": "30/12/2025"}).status_code == 422
    assert desk.post(address, full).status_code == 302
    given = Task.objects.get(pk=made.pk)
    assert (given.work_state, given.person_in_charge, given.product) == ("assigned", "Ông B", "Báo cáo")


def test_a_repeated_ask_is_shown_and_judged(world: World, as_role: AsRole) -> None:
    desk = as_role("desk")
    later, earlier = asked_twice()
    page = reverse("web:record", args=["tasks", later.pk])
    assert "Máy đề xuất" in text(desk.get(page))
    address = reverse("web:judge_repeated", args=[later.pk, earlier.pk])
    assert desk.post(address, {"same": "yes"}).status_code == 302
    assert RepeatedAsk.objects.get(later=later).same
    assert "được nhắc lại lần thứ 1" in text(desk.get(page))
    assert "sau đó còn được nhắc 1 lần" in text(desk.get(reverse("web:record", args=["tasks", earlier.pk])))
    assert desk.post(address, {"same": "no"}).status_code == 302
    assert not RepeatedAsk.objects.get(later=later).same
    assert desk.post(reverse("web:judge_repeated", args=[earlier.pk, world.task.pk]), {"same": "yes"}).status_code == 404


def test_the_page_of_a_directive_says_how_far_it_is(world: World, as_role: AsRole) -> None:
    page = text(as_role("desk").get(reverse("web:record", args=["directives", later_notice().pk])))
    assert "1/3 đoạn đã có nhiệm vụ hoặc lý do" in page
    left = as_role("desk").get(
        f"{reverse('web:list', args=['directive_paragraphs'])}?directive={later_notice().pk}&standing=open"
    )
    assert "Đồng ý với báo cáo" in text(left) and "rà soát" not in text(left)
    records.retract(Paragraph.objects.filter(directive=later_notice()).latest("position"), act=act())
    assert "1/2 đoạn" in text(as_role("desk").get(reverse("web:record", args=["directives", later_notice().pk])))
