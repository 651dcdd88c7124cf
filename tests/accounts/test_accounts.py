"""Is a user, on a day, exactly what the roles held on that day make of them, and does no password ever show?"""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.contrib.auth import authenticate

from banggiao.accounts.models import User
from banggiao.accounts.permissions import PERMISSIONS
from banggiao.accounts.questions import acts_for, viewer_of
from banggiao.accounts.services import create_user, end_role, give_role, set_password
from banggiao.core import records
from banggiao.core.errors import InvalidInput, NotFound, NotPermitted, StaleEdit
from banggiao.core.ledger import LedgerEntry, entries_of, verify
from banggiao.core.vocabulary import vocabulary
from tests.factories.rows import AT, act, institution, user, viewer

pytestmark = pytest.mark.django_db
TODAY = AT.date()
GOOD = "con ngua khoe 2025"


def test_roles_and_permissions_are_the_closed_list() -> None:
    assert set(PERMISSIONS) == set(vocabulary("role").codes)
    assert all("." in permission or permission == "see_all" for granted in PERMISSIONS.values() for permission in granted)
    assert not PERMISSIONS["enterprise"] & {"exports.take", "reports.view", "see_all"}


@pytest.mark.parametrize("role", PERMISSIONS)
def test_a_viewer_is_made_of_the_roles_held(role: str) -> None:
    body = institution()
    who = viewer_of(user(role=role, body=body), today=TODAY)
    assert (who.roles, who.institutions, who.permissions) == (frozenset({role}), frozenset({body.pk}), PERMISSIONS[role])
    assert who.sees_all is ("see_all" in PERMISSIONS[role])
    assert (who.clearance, who.is_system, who.label) == ("internal", False, "Cán bộ can.bo")


@pytest.mark.parametrize(
    ("day", "roles"),
    [
        (date(2024, 12, 31), set()),
        (date(2025, 1, 1), {"ministry"}),
        (date(2025, 5, 31), {"ministry"}),
        (date(2025, 6, 1), {"ministry", "verifier"}),
        (date(2025, 6, 30), {"ministry", "verifier"}),
        (date(2025, 7, 1), {"verifier"}),
        (date(2099, 1, 1), {"verifier"}),
    ],
)
def test_roles_hold_from_a_day_until_a_day(day: date, roles: set[str]) -> None:
    first, second, who = institution("BO-A"), institution("BO-B"), user()
    give_role(
        act=act(), user=who, role="ministry", institution_id=first.pk, held_from=date(2025, 1, 1), held_until=date(2025, 6, 30)
    )
    give_role(act=act(), user=who, role="verifier", institution_id=second.pk, held_from=date(2025, 6, 1))
    seen = viewer_of(who, today=day)
    assert seen.roles == roles
    assert seen.permissions == frozenset().union(*(PERMISSIONS[role] for role in roles))
    assert len(seen.institutions) == len(acts_for(who, today=day)) == len(roles)
    assert seen.clearance == ("internal" if roles else "public")


def test_a_role_ends_with_its_last_day_and_a_mistake_is_taken_back() -> None:
    body, who = institution(), user()
    held = give_role(act=act(), user=who, role="desk", institution_id=body.pk, held_from=date(2025, 1, 1))
    end_role(act=act(), held=held, on=TODAY)
    assert viewer_of(who, today=TODAY).roles == {"desk"} and not viewer_of(who, today=TODAY + timedelta(days=1)).roles
    assert acts_for(who, today=TODAY) == [("desk", body.name_vi, body.name_en, "")]
    records.retract(held, act=act())
    assert not viewer_of(who, today=TODAY).roles
    assert [e.action for e in entries_of(held.pk)] == ["create", "end role", "retract"]


@pytest.mark.parametrize("role", PERMISSIONS)
def test_only_administrators_manage_accounts(role: str) -> None:
    body, who = institution(), user()
    deed = act(viewer(role, body))
    tries = [
        lambda: create_user(act=deed, username="moi", name="Mới", password=GOOD, institution_id=None),
        lambda: give_role(act=deed, user=who, role="desk", institution_id=body.pk, held_from=TODAY),
        lambda: set_password(act=deed, user=who, password=GOOD),
    ]
    for attempt in tries:
        if role == "administrator":
            attempt()
        else:
            with pytest.raises(NotPermitted):
                attempt()
    assert User.objects.count() == (2 if role == "administrator" else 1)


def test_unknown_roles_and_taken_names_are_refused() -> None:
    who = user()
    with pytest.raises(NotFound):
        give_role(act=act(), user=who, role="king", institution_id=institution().pk, held_from=TODAY)
    with pytest.raises(InvalidInput) as raised:
        user()
    assert [p.field for p in raised.value.problems] == ["username"]


@pytest.mark.parametrize(
    ("password", "good"),
    [(GOOD, True), ("", False), ("ngan", False), ("password1234", False), ("nguyen.van.an.1", False), ("x" * 12, True)],
)
def test_password_rules(password: str, good: bool) -> None:
    def make() -> User:
        return create_user(act=act(), username="nguyen.van.an", name="Nguyễn Văn An", password=password, institution_id=None)

    if good:
        made = make()
        assert authenticate_as("nguyen.van.an", password) == made
        return
    with pytest.raises(InvalidInput) as raised:
        make()
    assert {p.field for p in raised.value.problems} == {"password"}
    assert not User.objects.exists() and not LedgerEntry.objects.exists()


def authenticate_as(username: str, password: str) -> object:
    from django.http import HttpRequest

    request = HttpRequest()
    request.META["REMOTE_ADDR"] = "127.0.0.1"
    return authenticate(request, username=username, password=password)


def test_the_ledger_says_that_a_password_was_set_never_which() -> None:
    who = user()
    old = who.password
    mine = act(viewer_of(who, today=TODAY))
    set_password(act=mine, user=who, password=GOOD)
    assert authenticate_as("can.bo", GOOD) == who and authenticate_as("can.bo", "mat khau that dai 9") is None
    entry = entries_of(who.pk).last()
    assert entry is not None and (entry.action, entry.changes, entry.actor_id) == ("set password", {}, who.pk)
    written = json.dumps([e.changes for e in LedgerEntry.objects.all()])
    for secret in (old, User.objects.get().password, GOOD):
        assert secret not in written
    assert list(verify()) == []
    with pytest.raises(InvalidInput):
        set_password(act=mine, user=who, password="ngan")
    stale = User.objects.get()
    set_password(act=mine, user=who, password=GOOD + "1")
    with pytest.raises(StaleEdit):
        set_password(act=mine, user=stale, password=GOOD)


def test_signing_in_writes_no_entry() -> None:
    who = user()
    who.last_login = AT
    who.save(update_fields=["last_login"])
    assert entries_of(who.pk).count() == 1


def test_an_account_that_is_switched_off_is_remembered_as_such() -> None:
    made = records.create(User, act=act(), values={"username": "tat", "name": "Tắt", "password": "!", "is_active": False})
    assert entries_of(made.pk).get().changes["is_active"] == [None, False]
    assert authenticate_as("tat", "!") is None
