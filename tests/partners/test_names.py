"""Are partners and bodies named as printed, found under every name they had, and posts said of a day only?"""

from __future__ import annotations

import pytest

from banggiao.core.errors import InvalidInput, NotPermitted, StaleEdit
from banggiao.core.folding import fold
from banggiao.core.periods import parse_period
from banggiao.core.questions import ALL, ask
from banggiao.core.search_query import find
from banggiao.partners.models import Institution, Partner, PartnerMember, Person, Post, RelationLevel
from banggiao.partners.questions import (
    closest,
    countries_of_posts,
    current_level,
    institutions_by_name,
    level_changes,
    partner_refs,
    partners_by_code,
)
from banggiao.partners.services import create_person, revise_institution, revise_partner, see_in_post
from tests.factories.rows import AT, SYSTEM, act, institution, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


@pytest.mark.parametrize(
    ("code", "vi"),
    [("TWN", "Đài Loan (Trung Quốc)"), ("HKG", "Hồng Công (Trung Quốc)"), ("PRK", "CHDCND Triều Tiên"),
    ("PSE", "Nhà nước Palestine"), ("AUS", "Australia"), ("SGP", "Singapore")],
)  # fmt: skip
def test_print_names(code: str, vi: str) -> None:
    assert Partner.objects.get(code=code).name_vi == vi


def test_territories_are_no_states() -> None:
    assert {Partner.objects.get(code=code).kind for code in ("TWN", "HKG", "MAC")} & {"state"} == set()
    assert not Partner.objects.filter(code__in=["XKX", "UNK", "KOS"]).exists()
    assert not RelationLevel.objects.exclude(partner__kind="state").filter(partner__kind__in=["territory", "economy"]).exists()


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Bộ Ngoại giao", "Bộ Ngoại giao"), ("BỘ NGOẠI GIAO", "Bộ Ngoại giao"), ("bo ngoai giao", "Bộ Ngoại giao"),
        ("Bình Dương", "Tỉnh Bình Dương"), ("Bộ Kế hoạch và Đầu tư", "Bộ Kế hoạch và Đầu tư"), ("Hà Nội", "Thành phố Hà Nội"),
        ("", None),
        ("Bộ không có", None),
    ],
)  # fmt: skip
def test_bodies_by_name(name: str, found: str | None) -> None:
    body = institutions_by_name().get(fold(name))
    assert (body.name_vi if body else None) == found


def test_the_present_body_comes_before_a_former_one_and_doubt_is_nobody() -> None:
    old = institution("CU", name_vi="Bộ Xyzzy", valid_to="2025-03-01")
    assert institutions_by_name()["bo xyzzy"] == old
    new = institution("MOI", name_vi="Bộ Xyzzy")
    assert institutions_by_name()["bo xyzzy"] == new
    institution("MOI-2", name_vi="Bộ Xyzzy")
    assert "bo xyzzy" not in institutions_by_name()


def test_former_bodies_have_a_successor_in_being() -> None:
    former = Institution.objects.exclude(valid_to="").filter(code__startswith="OLD-")
    assert former.count() == 80
    assert not former.filter(successor=None).exists()
    assert {i.name_vi for i in Institution.objects.filter(predecessors__name_vi="Tỉnh Bình Dương")} == {"Thành phố Hồ Chí Minh"}
    assert {i.name_vi for i in Institution.objects.filter(predecessors__name_vi="Bộ Kế hoạch và Đầu tư")} == {"Bộ Tài chính"}
    assert Institution.objects.filter(kind__in=["province", "city"], valid_to="").count() == 34


def test_codes_members_and_posts_abroad() -> None:
    codes = partners_by_code()
    assert codes["KOR"] == codes["KR"] and "ASEAN" in codes
    members = PartnerMember.objects.filter(bloc__code="ASEAN")
    assert members.filter(member__code="LAO").exists() and members.count() >= 10
    posts = countries_of_posts()
    assert "JPN" in posts.values() and all(Institution.objects.get(pk=pk).host for pk in list(posts)[:5])
    assert partner_refs([codes["KOR"]])[codes["KOR"]].title.vi == "Hàn Quốc"


def test_levels_of_relations() -> None:
    changes = level_changes(SYSTEM, parse_period("2025-H1"))
    assert changes and all("2025-01" <= c.day < "2025-07" for c in changes)
    assert [c.day for c in changes] == sorted(c.day for c in changes)
    assert current_level(Partner.objects.get(code="KOR")).level == "comprehensive_strategic"  # type: ignore[union-attr]
    assert current_level(Partner.objects.get(code="TWN")) is None


@pytest.mark.parametrize(
    ("days", "span"),
    [
        (["2025-03-10"], ("2025-03-10", "2025-03-10")),
        (["2025-03-10", "2025-08-01"], ("2025-03-10", "2025-08-01")),
        (["2025-08-01", "2025-03-10", "2025-05-05"], ("2025-03-10", "2025-08-01")),
        (["", "2025-03-10"], ("2025-03-10", "2025-03-10")),
        (["2025-03-10", ""], ("2025-03-10", "2025-03-10")),
    ],
)
def test_a_post_is_said_of_the_days_it_was_seen(days: list[str], span: tuple[str, str]) -> None:
    who = create_person(act=act(), values={"name": "Trần Thị B"})
    for day in days:
        post = see_in_post(act=act(), person=who, title="Bộ trưởng", day=day, values={})
    assert Post.objects.count() == 1 and (post.first_seen, post.last_seen) == span
    see_in_post(act=act(), person=who, title="Phó Thủ tướng", day="2025-09-01", values={})
    (row,) = ask("people", {}, SYSTEM, at=AT, page=ALL).rows
    assert len(row.cells[1]) == 2 and not any("đương nhiệm" in text for text in row.cells[1])


def test_a_name_and_its_order_change_together() -> None:
    body, state = institution("BO-A"), Partner.objects.get(code="LAO")
    with pytest.raises(NotPermitted):
        revise_institution(act=act(viewer("province", body)), institution=body, values={"name_vi": "X"}, version=1)
    desk = act(viewer("desk", body))
    revise_institution(act=desk, institution=body, values={"name_vi": "Ấn phẩm"}, version=1)
    assert body.sort_key > institution("BO-B", name_vi="Anh").sort_key
    with pytest.raises(StaleEdit):
        revise_institution(act=desk, institution=body, values={"name_vi": "Y"}, version=1)
    revise_partner(act=desk, partner=state, values={"name_vi": "Ai Lao"}, version=state.version)
    names = [row.cells[0].vi for row in ask("partners", {}, SYSTEM, at=AT, page=ALL).rows]
    assert names.index("Ai Cập") < names.index("Ai Lao") < names.index("Áo")
    assert find("ai lao", SYSTEM)[0].record_id == state.pk
    with pytest.raises(InvalidInput):
        revise_partner(act=desk, partner=state, values={"kind": "empire"}, version=state.version)


def test_people_stand_under_their_given_name() -> None:
    for name in ("Lê Bình", "Trần Văn An", "Đỗ Văn Bình"):
        create_person(act=act(), values={"name": name})
    assert [row.cells[0].vi for row in ask("people", {}, SYSTEM, at=AT, page=ALL).rows] == [
        "Trần Văn An",
        "Đỗ Văn Bình",
        "Lê Bình",
    ]
    assert {f.name for f in Person._meta.concrete_fields} - {
        "id", "version", "classification", "owner", "exercise", "retracted", "recorded_at",
    } == {"name", "sort_key"}, "anything else about a person stands with the personal values"  # fmt: skip


def test_the_closest_name() -> None:
    names = {p.pk: p.name_vi for p in Partner.objects.filter(code__in=["KOR", "PRK", "JPN"])}
    assert closest("Nhật Bản", names, above=90) == Partner.objects.get(code="JPN").pk
    assert closest("Bra-xin", names, above=90) is None
