"""Which people and records do the tests of the API stand on, and how do they call it?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.test import Client
from django.utils import timezone

from banggiao.accounts import services as accounts
from banggiao.accounts import services_tokens as keys
from banggiao.accounts.models import User
from banggiao.accounts.questions import viewer_of
from banggiao.activities.models import Activity
from banggiao.activities.services import create_activity
from banggiao.agreements.services import create_agreement
from banggiao.commitments.models import Task
from banggiao.commitments.services import create_commitment, create_directive, create_task
from banggiao.core.acts import Act, Viewer, system_viewer
from banggiao.partners.models import Institution, Partner
from banggiao.partners.services import create_institution
from tests.conftest import NOW

ROLES = ("desk", "ministry", "verifier", "auditor", "enterprise", "administrator")
SYSTEM = Act(system_viewer("thử nghiệm"), NOW)
#: Long enough for whatever day the tests run on; the API itself reads the clock.
DAYS = 366


@dataclass
class World:
    """Two ministries, users by role (all of them in the first), and records of both."""

    ministry: Institution
    other: Institution
    users: dict[str, User]
    partner: Partner
    activity: Activity
    hidden: Activity
    task: Task
    started: datetime

    def viewer(self, role: str) -> Viewer:
        """The viewer behind a role, as the API sees it."""
        return viewer_of(self.users[role], today=date.today())


def make_world() -> World:
    """A small register with a public, an own and somebody else's activity."""
    ministry, other = (
        create_institution(act=SYSTEM, values={"code": code, "kind": "ministry", "name_vi": name, "classification": "public"})
        for code, name in (("BO-A", "Bộ A"), ("BO-B", "Bộ B"))
    )
    users = {}
    for role in ROLES:
        user = accounts.create_user(
            act=SYSTEM, username=role, name=f"Người {role}", password="mat-khau-thu-nghiem-7", institution_id=ministry.pk
        )
        accounts.give_role(act=SYSTEM, user=user, role=role, institution_id=ministry.pk, held_from=date(2025, 1, 1))
        users[role] = user
    partner = _partner()
    activity = create_activity(
        act=SYSTEM,
        values={"code": "HD-1", "kind": "visit", "name_vi": "Chuyến thăm nước X", "start": "2025-03-02", "owner": ministry.pk},
        partners=[partner],
    )
    hidden = create_activity(
        act=SYSTEM,
        values={"code": "HD-2", "kind": "meeting", "name_vi": "Cuộc họp của Bộ B", "start": "2025-04", "owner": other.pk},
    )
    for number in range(3):
        create_activity(
            act=SYSTEM,
            values={
                "code": f"HD-C{number}",
                "kind": "conference",
                "name_vi": f"Hội nghị {number}",
                "start": f"2025-05-0{number + 1}",
                "classification": "public",
            },
        )
    create_agreement(
        act=SYSTEM,
        values={
            "code": "TT-1",
            "kind": "mou",
            "name_vi": "Bản ghi nhớ",
            "status": "negotiating",
            "owner": ministry.pk,
            "activity_id": activity.pk,
        },
        parties=[partner],
    )
    create_commitment(
        act=SYSTEM,
        values={"code": "CK-1", "side": "ours", "text_vi": "Hoàn thành đàm phán", "partner_id": partner.pk, "owner": ministry.pk},
    )
    create_directive(act=SYSTEM, values={"kind": "directive", "number": "01/CT", "day": "2025-01-05", "owner": ministry.pk})
    task = create_task(
        act=SYSTEM,
        values={
            "code": "NV-1",
            "text_vi": "Trình đề án",
            "deadline": "2025-12-31",
            "lead_id": ministry.pk,
            "owner": ministry.pk,
            "period": "2025-H2",
        },
    )
    return World(ministry, other, users, partner, activity, hidden, task, NOW)


def _partner() -> Partner:
    from banggiao.core import records
    from banggiao.core.folding import sort_key

    values = {"code": "XXA", "kind": "state", "name_vi": "Nước X", "name_en": "Country X", "classification": "public"}
    return records.create(Partner, act=SYSTEM, values={**values, "sort_key": sort_key("Nước X")})


class Caller:
    """A client that sends a role's token and JSON."""

    def __init__(self, secret: str) -> None:
        self.client = Client(raise_request_exception=False)
        self.secret = secret

    def get(self, path: str, params: Any = None, **headers: str) -> Any:
        return self.client.get(path, params or {}, headers=self._headers(headers))

    def send(self, method: str, path: str, body: Any = None, *, version: int | None = None, key: str = "") -> Any:
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        headers |= {"Idempotency-Key": key} if key else {}
        content = body if isinstance(body, bytes) else json.dumps({} if body is None else body)
        return self.client.generic(method, path, content, content_type="application/json", headers=self._headers(headers))

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        return ({"Authorization": f"Bearer {self.secret}"} if self.secret else {}) | more


def caller(world: World, role: str, *, may_write: bool = True) -> Caller:
    """A caller with a token of the role's user."""
    _token, secret = keys.issue(world.users[role], f"khóa {role}", may_write=may_write, at=timezone.now(), days=DAYS)
    return Caller(secret)


def problem_of(response: Any, status: int, code: str) -> dict[str, Any]:
    """The error of a response, after checking that it has the one shape."""
    assert response.status_code == status, response.content[:600]
    assert response["Content-Type"].startswith("application/json")
    body: dict[str, Any] = json.loads(response.content)
    assert set(body) == {"code", "message", "subject", "remedy", "problems", "differences"}
    assert body["code"] == code
    assert body["message"].endswith(".")
    assert all(set(p) == {"field", "message"} for p in body["problems"])
    assert all(set(d) == {"field", "seen", "mine", "current"} for d in body["differences"])
    return body
