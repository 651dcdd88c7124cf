"""Who is let in: by token or by session, to read or to write, until when?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from banggiao.accounts import services_tokens as keys
from banggiao.accounts.models import AccessToken
from banggiao.accounts.tokens import user_of
from banggiao.core import records
from banggiao.core.errors import InvalidInput
from banggiao.core.ledger import entries_of, verify
from tests.api.world import SYSTEM, Caller, World, problem_of

HERE = "/api/registers/activities/HD-1"
BACKEND = "banggiao.accounts.backend.AccountBackend"


def test_only_the_digest_of_a_secret_is_kept(world: World, now: Any) -> None:
    token, secret = keys.issue(world.users["desk"], "máy tính", may_write=False, at=now, days=30)
    assert secret.startswith("bg_") and len(secret) > 40
    assert secret not in str(AccessToken.objects.values().get())
    assert user_of(secret, now) == (world.users["desk"], False)
    assert user_of(secret, token.expires_at - timedelta(seconds=1)) is not None
    assert user_of(secret, token.expires_at) is None
    assert user_of(secret + "x", now) is None
    assert user_of("", now) is None


def test_issuing_and_revoking_stand_in_the_ledger(world: World, now: Any) -> None:
    token, secret = keys.issue(world.users["desk"], "máy tính", may_write=True, at=now, days=30)
    keys.revoke(token, at=now)
    keys.revoke(token, at=now + timedelta(days=1))
    assert user_of(secret, now) is None
    assert [e.action for e in entries_of(token.pk)] == ["issue", "revoke"]
    assert secret not in str([e.changes for e in entries_of(token.pk)])
    assert list(verify(token.pk)) == []


@pytest.mark.parametrize(("label", "days"), [("", 30), (" ", 30), ("x" * 81, 30), ("x", 0), ("x", 367), ("x", -1)])
def test_no_token_without_label_or_end(label: str, days: int, world: World, now: Any) -> None:
    with pytest.raises(InvalidInput):
        keys.issue(world.users["desk"], label, may_write=True, at=now, days=days)
    assert not AccessToken.objects.exists()


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic ZGVzazpkZXNr", "Bearer \x80\xff", "Token x"])
def test_without_a_good_token_nobody_comes_in(header: str, world: World) -> None:
    for path in ("/api/questions", "/api/questions/activities", HERE, f"{HERE}/history", "/api/registers", "/api/tokens"):
        response = Client().get(path, headers={"Authorization": header} if header else {})
        problem_of(response, 401, "not_signed_in")
        assert response["WWW-Authenticate"] == "Bearer"


def test_expired_revoked_and_gone_are_not_let_in(world: World) -> None:
    at = timezone.now()
    user = world.users["desk"]
    _old, expired = keys.issue(user, "cũ", may_write=True, at=at - timedelta(days=40), days=30)
    token, revoked = keys.issue(user, "thu hồi", may_write=True, at=at, days=30)
    _good, good = keys.issue(user, "tốt", may_write=True, at=at, days=30)
    keys.revoke(token, at=at)
    assert Caller(good).get(HERE).status_code == 200
    for secret in (expired, revoked):
        problem_of(Caller(secret).get(HERE), 401, "not_signed_in")
    records.revise(user, act=SYSTEM, values={"is_active": False}, version=user.version)
    problem_of(Caller(good).get(HERE), 401, "not_signed_in")


def test_a_reading_token_does_not_write(world: World, as_role: Any) -> None:
    reader = as_role("desk", may_write=False)
    shown = reader.get(HERE).json()
    assert shown["may_edit"] is False and shown["steps"] == []
    problem_of(reader.send("PATCH", HERE, {"place": "Huế"}, version=1), 403, "not_permitted")
    problem_of(reader.send("POST", "/api/registers/tasks/NV-1/steps/cancel", {"reason": "r"}, version=1), 403, "not_permitted")
    world.activity.refresh_from_db()
    assert world.activity.version == 1


def test_a_session_reads_and_writes_with_the_token_against_forgery(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.users["desk"], backend=BACKEND)
    assert client.get(HERE).status_code == 200
    forged = client.patch(HERE, '{"place": "Huế"}', content_type="application/json", headers={"If-Match": '"1"'})
    problem_of(forged, 403, "not_permitted")
    client.cookies["csrftoken"] = "a" * 32
    genuine = client.patch(
        HERE, '{"place": "Huế"}', content_type="application/json", headers={"If-Match": '"1"', "X-CSRFToken": "a" * 32}
    )
    assert genuine.status_code == 200


def test_a_bad_token_is_not_excused_by_a_session(world: World) -> None:
    client = Client()
    client.force_login(world.users["desk"], backend=BACKEND)
    problem_of(client.get(HERE, headers={"Authorization": "Bearer wrong"}), 401, "not_signed_in")


def test_users_make_and_revoke_their_own_tokens_after_signing_in(world: World, as_role: Any) -> None:
    client = Client()
    client.force_login(world.users["desk"], backend=BACKEND)
    made = client.post("/api/tokens", '{"label": "bảng tính", "days": 7}', content_type="application/json")
    assert made.status_code == 201
    body = made.json()
    assert Caller(body["secret"]).get(HERE).status_code == 200
    listed = client.get("/api/tokens").json()["tokens"]
    assert [t["id"] for t in listed] == [body["id"]] and "secret" not in listed[0]
    assert client.delete(f"/api/tokens/{body['id']}").json()["revoked_at"]
    problem_of(Caller(body["secret"]).get(HERE), 401, "not_signed_in")

    stranger = Client()
    stranger.force_login(world.users["ministry"], backend=BACKEND)
    problem_of(stranger.delete(f"/api/tokens/{body['id']}"), 404, "not_found")
    assert stranger.get("/api/tokens").json() == {"tokens": []}


def test_a_token_makes_no_tokens(as_role: Any) -> None:
    desk = as_role("desk")
    problem_of(desk.get("/api/tokens"), 403, "not_permitted")
    problem_of(desk.send("POST", "/api/tokens", {"label": "x"}), 403, "not_permitted")


@pytest.mark.parametrize(
    "body", ['{"label": ""}', '{"label": "x", "days": 0}', '{"label": "x", "days": 999}', '{"label": "x", "user": "y"}', "{}"]
)
def test_a_token_wanted_wrongly_is_refused(body: str, world: World) -> None:
    client = Client()
    client.force_login(world.users["desk"], backend=BACKEND)
    problem_of(client.post("/api/tokens", body, content_type="application/json"), 422, "invalid_input")
