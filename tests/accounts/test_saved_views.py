"""Are views of lists kept for those who saved them, shared within an institution only, and is the last visit told rightly?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from banggiao.accounts.keeping import LastVisit, SavedView
from banggiao.accounts.questions_keeping import parameters_on, rolled, view_named, view_seen, views_for
from banggiao.accounts.services_keeping import MOST_VIEWS, remove_view, revise_view, save_view, visit
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import InvalidInput, NotFound, NotPermitted, StaleEdit
from banggiao.core.ledger import entries_of, verify
from banggiao.partners.models import Institution
from tests.factories.rows import AT, SYSTEM, act, institution, user, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture
def bodies() -> tuple[Institution, Institution]:
    return institution("BO-A"), institution("BO-B")


def person(name: str, body: Institution, role: str = "ministry") -> Viewer:
    return viewer(role, body, id=user(name, role=role, body=body).pk)


def keep(who: Viewer, name: str = "Việc gấp", **values: Any) -> SavedView:
    given = {"register": "tasks", "parameters": {"work_state": "active", "order": "due", "face": "board"}, **values}
    return save_view(act=act(who), name=name, **given)


def test_a_view_is_kept_renamed_and_removed(bodies: tuple[Institution, Institution]) -> None:
    me = person("toi", bodies[0])
    view = keep(me)
    assert view.parameters == {"work_state": "active", "order": "due", "face": "board"}
    again = keep(me, parameters={"q": "cà phê"})
    assert again.pk == view.pk and views_for(me, "tasks").get().parameters == {"q": "cà phê"}
    renamed = revise_view(act=act(me), view=again, name=" Tên\tmới ", share_with=None, version=2)
    assert renamed.name == "Tên mới"
    with pytest.raises(StaleEdit):
        remove_view(act=act(me), view=again, version=1)
    remove_view(act=act(me), view=renamed, version=renamed.version)
    assert not views_for(me).exists() and [e.action for e in entries_of(view.pk)][-1] == "retract" and not list(verify())
    assert keep(me, "Tên mới").pk != view.pk  # the name is free again


def test_others_see_only_what_is_shared_with_their_institution(bodies: tuple[Institution, Institution]) -> None:
    here, there = bodies
    me, colleague, stranger = person("toi", here), person("ban", here), person("la", there, "desk")
    own, shared = keep(me), keep(me, "Chung", share_with=here.pk)
    assert set(views_for(me)) == {own, shared} and set(views_for(colleague)) == {shared}
    assert not views_for(stranger).exists() and set(views_for(SYSTEM)) == {shared}
    for who, view in ((colleague, own), (stranger, own), (stranger, shared)):
        with pytest.raises(NotFound):
            view_seen(view.pk, who)
    for deed in (
        lambda: remove_view(act=act(colleague), view=shared, version=1),
        lambda: revise_view(act=act(colleague), view=shared, name="x", share_with=None, version=1),
        lambda: keep(me, share_with=there.pk),
        lambda: revise_view(act=act(me), view=own, name="x", share_with=there.pk, version=1),
        lambda: keep(SYSTEM),
        lambda: keep(Viewer("không vai trò", id=uuid4())),
    ):
        with pytest.raises(NotPermitted):
            deed()
    assert view_named("tasks", "Chung", colleague) == shared and view_named("tasks", str(own.pk), me) == own
    keep(colleague, "Chung", parameters={"q": "khác"})
    assert view_named("tasks", "Chung", colleague).parameters == {"q": "khác"}, "one's own goes first"
    keep(person("ba", here), "Chung", share_with=here.pk)
    with pytest.raises(InvalidInput):
        view_named("tasks", "Chung", person("bon", here))


@pytest.mark.parametrize(
    "values",
    [
        {"name": " \t"},
        {"name": "x" * 81},
        {"parameters": {"khong_co": "1"}},
        {"parameters": {"q": "x" * 401}},
        {"parameters": {"q": "\x00"}},
    ],
)
def test_what_is_no_view_is_refused(values: dict[str, Any], bodies: tuple[Institution, Institution]) -> None:
    with pytest.raises(InvalidInput):
        keep(person("toi", bodies[0]), **values)
    assert not SavedView.objects.exists()


def test_there_is_an_end_to_views(bodies: tuple[Institution, Institution]) -> None:
    me = person("toi", bodies[0])
    for n in range(MOST_VIEWS):
        keep(me, f"Cách {n}")
    with pytest.raises(InvalidInput):
        keep(me, "Một cách nữa")
    keep(me, "Cách 3")
    with pytest.raises(InvalidInput):
        revise_view(act=act(me), view=views_for(me).get(name="Cách 4"), name="Cách 5", share_with=None, version=1)
    with pytest.raises(NotFound):
        keep(me, register="khong_co")


def test_days_move_on_with_the_calendar() -> None:
    day = date(2025, 9, 15)
    kept = rolled(
        {"overdue_on": "2025-09-15", "changed_since": "2025-09-14", "q": "2025-09-15", "due_soon_on": "2025-01-01"}, day
    )
    assert kept == {"overdue_on": "today", "changed_since": "yesterday", "q": "2025-09-15", "due_soon_on": "2025-01-01"}
    later = parameters_on(SavedView(parameters={**kept, "face": "board"}), date(2025, 10, 1))
    assert later == {"overdue_on": "2025-10-01", "changed_since": "2025-09-30", "q": "2025-09-15", "due_soon_on": "2025-01-01"}


def test_a_visit_moves_on_after_half_an_hour(bodies: tuple[Institution, Institution]) -> None:
    me = user("toi", role="desk", body=bodies[0])

    def look(minutes: int) -> Any:
        return visit(user_id=me.pk, register="tasks", at=AT + timedelta(minutes=minutes))

    assert look(0) is None and look(10) is None, "on a first visit nothing is new"
    assert look(31) == AT, "since the visit before"
    assert look(40) == AT and look(61) == AT, "as long as this visit goes on"
    assert look(62) == AT + timedelta(minutes=31)
    assert visit(user_id=me.pk, register="partners", at=AT) is None and LastVisit.objects.count() == 2
    assert isinstance(act(), Act)
