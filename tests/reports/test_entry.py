"""Is what people type understood as they mean it, and everything wrong said at once, with nothing written?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from banggiao.core.errors import InvalidInput, NotPermitted

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter() -> Callable[..., Any]:
    """Enters a record as a desk officer of Bộ Khoa học và Công nghệ."""
    from banggiao.core.registers import register_named
    from banggiao.reports.actions import create
    from tests.factories.rows import act, institution, viewer

    body = institution("BKHCN", name_vi="Bộ Khoa học và Công nghệ", name_en="Ministry of Science", abbr_vi="BKH&CN")

    def entered(register: str, role: str = "desk", **values: Any) -> Any:
        return create(register_named(register), values=values, act=act(viewer(role, body)))

    return entered


def _problems(enter: Callable[..., Any], register: str, **values: Any) -> dict[str, str]:
    with pytest.raises(InvalidInput) as caught:
        enter(register, **values)
    return {p.field: p.message for p in caught.value.problems}


def test_a_commitment_as_people_write_it(enter: Callable[..., Any]) -> None:
    from tests.factories.rows import activity, partner

    korea = partner("KOR", "Hàn Quốc", variants=["Đại Hàn Dân quốc"])
    visit = activity(partners=[korea], name_vi="Chuyến thăm tháng Ba")
    made = enter(
        "commitments", text_vi=" Mở cửa\nthị trường ", side="Phía bạn", partner_id="dai han dan quoc", lead_id="Bộ KH&CN",
        current_due="quý III/2025", made_on="5/9/2025", activity_id="chuyen tham thang ba", measurable="2",
    )  # fmt: skip
    assert (made.text_vi, made.side, made.partner_id, made.activity_id) == ("Mở cửa\nthị trường", "theirs", korea.pk, visit.pk)
    assert (made.current_due, made.first_due, made.made_on, made.measurable) == ("2025-09", "2025-09", "2025-09-05", 2)
    assert made.lead.code == "BKHCN" and made.owner == made.lead_id and made.classification == "internal"
    assert made.code == "CK-2025-0001"


def test_everything_wrong_is_said_at_once_and_nothing_written(enter: Callable[..., Any]) -> None:
    from banggiao.commitments.models import Commitment

    told = _problems(
        enter, "commitments", text_vi=" ", side="bên nào đó", partner_id="Nước Lạ", current_due="sớm", classification="secret",
        person_in_charge="x" * 300, work_state="done",
    )  # fmt: skip
    assert set(told) == {"text_vi", "side", "partner_id", "current_due", "classification", "person_in_charge", "work_state"}
    assert "Phía ta" in told["side"] and "Nước Lạ" in told["partner_id"]
    assert not Commitment.objects.exists()


def test_a_name_of_several_is_refused_with_the_candidates(enter: Callable[..., Any]) -> None:
    from tests.factories.rows import partner

    partner("COG", "Cộng hòa Congo", variants=["Congo"])
    partner("COD", "Cộng hòa Dân chủ Congo", variants=["Congo"])
    told = _problems(enter, "commitments", text_vi="x", side="ours", partner_id="congo")
    assert "COG" in told["partner_id"] and "COD" in told["partner_id"]
    assert enter("commitments", text_vi="x", side="ours", partner_id="cod").partner.code == "COD"


def test_an_old_name_means_the_body_that_took_over(enter: Callable[..., Any]) -> None:
    from banggiao.partners.models import Institution
    from tests.factories.rows import institution

    heir = Institution.objects.get(code="BKHCN")
    institution("OLD-1", name_vi="Bộ Thông tin và Truyền thông", valid_to="2025-02-28", successor_id=heir.pk)
    assert enter("tasks", text_vi="x", lead_id="Bộ Thông tin và Truyền thông").lead_id == heir.pk


def test_what_is_made_up_and_what_is_real_stay_apart(enter: Callable[..., Any]) -> None:
    from tests.factories.rows import partner

    partner("DT-M", "Nước M", exercise=True)
    assert "diễn tập" in _problems(enter, "commitments", text_vi="x", side="ours", partner_id="Nước M")["partner_id"]


def test_who_may_not_edit_may_not_enter(enter: Callable[..., Any]) -> None:
    from banggiao.commitments.services import create_commitment
    from tests.factories.rows import act, viewer

    with pytest.raises(NotPermitted):
        enter("commitments", role="mission", text_vi="x", side="ours")
    with pytest.raises(NotPermitted):
        create_commitment(act=act(viewer("mission")), values={"text_vi": "x", "side": "ours"})
    with pytest.raises(NotPermitted):
        enter("documents", title="x")


def test_the_same_directive_is_not_entered_twice(enter: Callable[..., Any]) -> None:
    first = enter("directives", number="12/CT-TTg", kind="Chỉ thị", day="5/9/2025", issuer_vi="Thủ tướng Chính phủ")
    told = _problems(enter, "directives", number="12/CT-TTg", kind="directive", day="2025", issuer_vi="thu tuong chinh phu")
    assert first.code == "directive-12.CT-TTg-2025" and "number" in told
    other = enter("directives", number="12/CT-TTg", kind="directive", day="2025", issuer_vi="Cơ quan khác")
    assert other.code == "directive-12.CT-TTg-2025-2"


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "=HYPERLINK(1)", "Robert'); DROP TABLE x;--", "‮đảo ngược"])
def test_hostile_text_is_text(enter: Callable[..., Any], name: str) -> None:
    assert enter("tasks", text_vi=name).text_vi == name


@pytest.mark.parametrize("name", ["a\x00b", "a\ud800b"])
def test_text_that_no_database_keeps_is_refused(enter: Callable[..., Any], name: str) -> None:
    assert "text_vi" in _problems(enter, "tasks", text_vi=name)
