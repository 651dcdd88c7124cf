"""Are accounts, roles and delegations kept so that nobody is locked out, nobody helps themselves, and everything is told?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from banggiao.accounts.models import RoleHeld, User
from banggiao.accounts.permissions import PERMISSIONS
from banggiao.accounts.questions import acts_for, colleagues_of, delegations_of, own_roles, viewer_of
from banggiao.accounts.services import (
    end_role,
    give_role,
    invite_user,
    reset_password,
    revise_user,
    set_password,
    switch_user,
)
from banggiao.accounts.services_delegation import delegate_role, end_delegation
from banggiao.accounts.services_tokens import issue
from banggiao.core.acts import Act
from banggiao.core.errors import BangGiaoError, InvalidInput, NotPermitted, StaleEdit, WrongState
from banggiao.core.ledger import LedgerEntry, entries_of, verify
from banggiao.core.questions import ask
from banggiao.core.vocabulary import vocabulary
from tests.factories.rows import AT, act, institution, user, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
TODAY = AT.date()
LATER = TODAY + timedelta(days=10)


def held_by(who: User) -> RoleHeld:
    """The user's only role."""
    found: RoleHeld = RoleHeld.objects.get(user=who, delegated_by=None)
    return found


def deed_of(who: User, *, reason: str = "nghỉ phép", day: date = TODAY) -> Act:
    """What the user does on a day."""
    return act(viewer_of(who, today=day), at=AT + (day - TODAY), reason=reason)


def problems(error: InvalidInput) -> set[str]:
    return {problem.field for problem in error.problems}


def test_every_right_has_a_name() -> None:
    assert set(vocabulary("permission").codes) == set().union(*PERMISSIONS.values())


# --- Accounts ---------------------------------------------------------------------------------------------------------


def test_an_invited_user_comes_with_a_role_and_a_password_that_ends() -> None:
    body = institution()
    made, password = invite_user(
        act=act(), username="nguyen.an", name="Nguyễn An", institution_id=body.pk, role="ministry", language="en"
    )
    assert made.check_password(password) and len(password) >= 20
    assert made.one_time_until is not None and made.one_time_until - AT == timedelta(hours=72)
    assert viewer_of(made, today=TODAY).roles == {"ministry"}
    assert password not in str(list(LedgerEntry.objects.values_list("changes", flat=True)))
    set_password(act=deed_of(made), user=made, password="con ngua khoe 2025")
    assert User.objects.get(pk=made.pk).one_time_until is None
    assert invite_user(act=act(), username="b", name="B", institution_id=body.pk, role="desk")[1] != password


@pytest.mark.parametrize(
    ("username", "name", "field"),
    [
        ("có dấu", "A", "username"),
        ("<script>", "A", "username"),
        ("../../x", "A", "username"),
        ("a" * 65, "A", "username"),
        ("", "A", "username"),
        ("CAN.BO", "A", "username"),
        ("moi", "   ", "name"),
        ("moi", "x" * 201, "name"),
    ],
)
def test_names_that_cannot_be_are_refused(username: str, name: str, field: str) -> None:
    user("can.bo")
    count = User.objects.count()
    with pytest.raises(InvalidInput) as raised:
        invite_user(act=act(), username=username, name=name, institution_id=institution().pk, role="desk")
    assert field in problems(raised.value) and User.objects.count() == count and not RoleHeld.objects.exists()


def test_a_name_with_a_script_in_it_is_only_a_name() -> None:
    made, _password = invite_user(
        act=act(), username="x", name="<script>alert(1)</script>", institution_id=institution().pk, role="desk"
    )
    assert made.name == "<script>alert(1)</script>"


def test_a_lost_password_is_replaced_by_one_that_is_used_once() -> None:
    admin, who = user("quan.tri", role="administrator", body=institution()), user("can.bo")
    token, _secret = issue(who, "máy ở nhà", may_write=True, at=AT, days=9)
    password = reset_password(act=deed_of(admin), user=who)
    token.refresh_from_db()
    assert token.revoked_at is not None, "a key to the API opens nothing after the password was reset"
    who = User.objects.get(pk=who.pk)
    assert who.check_password(password) and who.one_time_until is not None
    assert [e.action for e in entries_of(who.pk)] == ["create", "reset password"]
    with pytest.raises(InvalidInput):
        reset_password(act=deed_of(admin), user=admin)


def test_an_account_out_of_use_comes_back_with_its_history() -> None:
    admin, who = user("quan.tri", role="administrator", body=institution()), user("can.bo")
    switch_user(act=deed_of(admin), user=who, active=False, version=1)
    assert not User.objects.get(pk=who.pk).is_active
    with pytest.raises(StaleEdit):
        switch_user(act=deed_of(admin), user=who, active=True, version=1)
    switch_user(act=deed_of(admin), user=who, active=True, version=2)
    assert [e.action for e in entries_of(who.pk)] == ["create", "switch off", "switch on"]
    with pytest.raises(InvalidInput):
        switch_user(act=deed_of(admin), user=admin, active=False, version=admin.version)
    assert list(verify()) == []


def test_a_name_and_a_language_are_changed_with_the_version_seen() -> None:
    who = user("can.bo")
    revise_user(act=act(), user=who, values={"name": "Tên mới"}, version=1)
    with pytest.raises(InvalidInput) as raised:
        revise_user(act=act(), user=who, values={"language": "fr"}, version=2)
    assert problems(raised.value) == {"language"}


@pytest.mark.parametrize("role", PERMISSIONS)
def test_only_administrators_keep_accounts(role: str) -> None:
    body, who, admin = institution(), user("can.bo"), user("quan.tri", role="administrator", body=institution("BO-Q"))
    deed = act(viewer(role, body))
    held = held_by(admin)
    give_role(act=act(), user=user("khac"), role="administrator", institution_id=body.pk, held_from=TODAY)
    tries: list[Callable[[], object]] = [
        lambda: invite_user(act=deed, username="moi", name="Mới", institution_id=body.pk, role="desk"),
        lambda: revise_user(act=deed, user=who, values={"name": "X"}, version=1),
        lambda: reset_password(act=deed, user=who),
        lambda: switch_user(act=deed, user=who, active=False, version=User.objects.get(pk=who.pk).version),
        lambda: end_role(act=deed, held=held, on=TODAY),
    ]
    for attempt in tries:
        if role == "administrator":
            attempt()
        else:
            with pytest.raises(NotPermitted):
                attempt()


@pytest.mark.parametrize("role", PERMISSIONS)
def test_users_and_roles_are_listed_for_those_who_keep_or_audit_them(role: str) -> None:
    body = institution()
    for name in ("mot", "hai"):
        user(name, role="desk", body=institution(f"BO-{name}"))
    who = viewer_of(user("xem", role=role, body=body), today=TODAY)
    if role in ("administrator", "auditor"):
        assert ask("users", {}, who, at=AT).total == 3 and ask("roles_held", {"role": "desk"}, who, at=AT).total == 2
        assert ask("users", {"role": "desk", "institution": "BO-mot"}, who, at=AT).total == 1
        assert ask("users", {"without_role_on": TODAY.isoformat()}, who, at=AT).total == 0
    else:
        for question in ("users", "roles_held"):
            with pytest.raises(NotPermitted):
                ask(question, {}, who, at=AT)


# --- Roles ------------------------------------------------------------------------------------------------------------


def test_nobody_gives_themselves_a_role() -> None:
    admin = user("quan.tri", role="administrator", body=institution())
    with pytest.raises(NotPermitted):
        give_role(act=deed_of(admin), user=admin, role="leader", institution_id=institution("BO-B").pk, held_from=TODAY)


def test_a_role_is_given_once_for_a_time_that_can_be_in_a_body_that_is() -> None:
    body, gone, who = institution(), institution("BO-CU", valid_to="2025-03-01"), user("can.bo")
    give_role(act=act(), user=who, role="desk", institution_id=body.pk, held_from=TODAY, held_until=LATER)
    cases = [
        ({"role": "desk", "institution_id": body.pk, "held_from": LATER}, "role"),
        ({"role": "desk", "institution_id": gone.pk, "held_from": TODAY}, "institution_id"),
        (
            {"role": "mission", "institution_id": body.pk, "held_from": TODAY, "held_until": AT.date().replace(day=1)},
            "held_until",
        ),
    ]
    for values, field in cases:
        with pytest.raises(InvalidInput) as raised:
            give_role(act=act(), user=who, **values)  # type: ignore[arg-type]
        assert problems(raised.value) == {field}
    give_role(act=act(), user=who, role="desk", institution_id=body.pk, held_from=LATER + timedelta(days=1))
    off = user("tat")
    switch_user(act=act(), user=off, active=False, version=1)
    with pytest.raises(InvalidInput):
        give_role(act=act(), user=off, role="desk", institution_id=body.pk, held_from=TODAY)


def test_the_last_administrator_stays() -> None:
    body = institution()
    first, second = (user(name, role="administrator", body=body) for name in ("mot", "hai"))
    end_role(act=deed_of(first), held=held_by(second), on=TODAY)
    for attempt in (
        lambda: end_role(act=act(), held=held_by(first), on=LATER),
        lambda: switch_user(act=act(), user=first, active=False, version=1),
    ):
        with pytest.raises(WrongState):
            attempt()
    assert viewer_of(first, today=LATER).may("accounts.manage") and User.objects.get(pk=first.pk).is_active
    # A deputy for a while is no successor; somebody with the role for good is.
    third = user("ba", role="desk", body=body)
    delegate_role(act=deed_of(first), held=held_by(first), to=third, start=TODAY, end=LATER)
    with pytest.raises(WrongState):
        end_role(act=act(), held=held_by(first), on=LATER)
    give_role(act=act(), user=third, role="administrator", institution_id=body.pk, held_from=TODAY)
    end_role(act=act(), held=held_by(first), on=LATER)


# --- Delegation -------------------------------------------------------------------------------------------------------


def test_a_delegated_role_holds_from_a_day_to_a_day_and_says_for_whom() -> None:
    body = institution()
    away, deputy = user("vang", role="leader", body=body), user("thay", role="mission", body=body)
    assert colleagues_of(away, today=TODAY) == [deputy]
    given = delegate_role(act=deed_of(away), held=held_by(away), to=deputy, start=TODAY + timedelta(days=1), end=LATER)
    assert viewer_of(deputy, today=TODAY).roles == {"mission"}
    for day in (TODAY + timedelta(days=1), LATER):
        assert viewer_of(deputy, today=day).roles == {"mission", "leader"} and viewer_of(deputy, today=day).sees_all
        assert ("leader", body.name_vi, body.name_en, away.name) in acts_for(deputy, today=day)
    assert viewer_of(deputy, today=LATER + timedelta(days=1)).roles == {"mission"}
    assert [e.action for e in entries_of(given.pk)] == ["delegate"] and entries_of(given.pk)[0].reason == "nghỉ phép"
    assert delegations_of(away, today=TODAY) == delegations_of(deputy, today=TODAY) == [given]
    assert own_roles(deputy, today=TODAY) == [held_by(deputy)]


def test_a_delegation_ends_with_the_role_it_comes_from() -> None:
    body = institution()
    away, deputy = user("vang", role="leader", body=body), user("thay", role="mission", body=body)
    delegate_role(act=deed_of(away), held=held_by(away), to=deputy, start=TODAY, end=LATER)
    end_role(act=act(), held=held_by(away), on=TODAY)
    assert viewer_of(deputy, today=TODAY).roles == {"mission", "leader"}
    assert viewer_of(deputy, today=TODAY + timedelta(days=1)).roles == {"mission"}
    switch_user(act=act(), user=away, active=False, version=1)
    assert viewer_of(deputy, today=TODAY).roles == {"mission"}


def test_what_cannot_be_delegated_is_refused_field_by_field() -> None:
    body = institution()
    away, deputy, third = (user(name, role=role, body=body) for name, role in (("a", "leader"), ("b", "desk"), ("c", "desk")))
    held = held_by(away)
    good = {"held": held, "to": deputy, "start": TODAY, "end": LATER}
    wrong: list[tuple[dict[str, object], set[str]]] = [
        ({"to": away}, {"to"}),
        ({"start": TODAY - timedelta(days=1)}, {"start"}),
        ({"end": TODAY - timedelta(days=1)}, {"end"}),
        ({"end": TODAY + timedelta(days=185)}, {"end"}),
    ]
    for change, fields in wrong:
        with pytest.raises(InvalidInput) as raised:
            delegate_role(act=deed_of(away), **{**good, **change})  # type: ignore[arg-type]
        assert problems(raised.value) == fields, change
    with pytest.raises(InvalidInput) as raised:
        delegate_role(act=deed_of(away, reason=" "), **good)  # type: ignore[arg-type]
    assert problems(raised.value) == {"reason"}
    with pytest.raises(NotPermitted):
        delegate_role(act=deed_of(third), **good)  # type: ignore[arg-type]
    given = delegate_role(act=deed_of(away), **good)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput) as raised:
        delegate_role(act=deed_of(away), **good)  # type: ignore[arg-type]
    assert problems(raised.value) == {"to"}
    with pytest.raises(InvalidInput) as raised:  # what was delegated goes no further
        delegate_role(act=deed_of(deputy), held=given, to=third, start=TODAY, end=LATER)
    assert "role" in problems(raised.value)


@pytest.mark.parametrize("who", ["giver", "deputy", "administrator", "stranger"])
def test_either_of_the_two_or_an_administrator_ends_a_delegation(who: str) -> None:
    body = institution()
    people = {
        "giver": user("a", role="leader", body=body),
        "deputy": user("b", role="desk", body=body),
        "administrator": user("c", role="administrator", body=body),
        "stranger": user("d", role="leader", body=body),
    }
    given = delegate_role(
        act=deed_of(people["giver"]), held=held_by(people["giver"]), to=people["deputy"], start=TODAY, end=LATER
    )
    day = TODAY + timedelta(days=2)
    if who == "stranger":
        with pytest.raises(NotPermitted):
            end_delegation(act=deed_of(people[who], day=day), held=given)
        return
    end_delegation(act=deed_of(people[who], day=day), held=given)
    assert viewer_of(people["deputy"], today=day).roles == {"desk"}
    with pytest.raises(BangGiaoError):
        end_delegation(act=deed_of(people[who], day=day), held=RoleHeld.objects.get(pk=given.pk))


def test_a_delegation_that_has_not_begun_never_begins() -> None:
    body = institution()
    away, deputy = user("a", role="leader", body=body), user("b", role="desk", body=body)
    given = delegate_role(act=deed_of(away), held=held_by(away), to=deputy, start=LATER, end=LATER)
    end_delegation(act=deed_of(away), held=given)
    assert viewer_of(deputy, today=LATER).roles == {"desk"} and delegations_of(deputy, today=TODAY) == []
