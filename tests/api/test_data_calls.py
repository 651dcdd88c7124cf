"""Can a body answer a data call over HTTP, against the version it read?"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from banggiao.followup.data_calls.models import DataCallAnswer
from tests.factories.rows import user
from tests.followup.calls import asked

pytestmark = pytest.mark.django_db


def test_an_answer_is_written_and_sent_by_its_steps() -> None:
    world = asked()
    client = Client()
    account = user("tinh.x", role="province", body=world.x)
    client.force_login(account, backend="banggiao.accounts.backend.AccountBackend")
    answer = world.answer(world.x)
    address = f"/api/registers/data_call_answers/{answer.pk}"

    def step(action: str, version: int | None, **values: Any) -> Any:
        headers = {} if version is None else {"HTTP_IF_MATCH": f'"{version}"'}
        return client.post(f"{address}/steps/{action}", json.dumps(values), content_type="application/json", **headers)

    rows = [{"id": "", "values": {"c1": "Bản ghi nhớ", "c2": "12.5"}}]
    assert step("save", None, rows=rows).status_code == 428
    assert step("save", 1, rows=[{"id": "", "values": {"c2": "nhiều"}}]).status_code == 422
    assert step("save", 1, rows=rows).status_code == 200
    assert step("save", 1, rows=[]).status_code == 412
    assert step("submit", 2).status_code == 200
    assert step("save", 3, rows=rows).status_code == 409
    assert client.get(f"/api/registers/data_call_answers/{world.answer(world.y).pk}").status_code == 404
    assert DataCallAnswer.objects.get(pk=answer.pk).rows[0]["values"] == {"c1": "Bản ghi nhớ", "c2": "12.5"}
