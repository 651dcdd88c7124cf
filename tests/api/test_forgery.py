"""Does no address of the API write for a session without the token against forgery, or for a token that only reads?"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from banggiao.api.urls import api
from banggiao.core.ledger import LedgerEntry
from tests.api.world import World, caller

ID = "00000000-0000-0000-0000-000000000001"
BACKEND = "banggiao.accounts.backend.AccountBackend"
SAMPLE = {"action": "accept", "name": "commitments", "version": "1", "part": "agenda", "form": "json", "period": "2025"}


def _writing() -> list[tuple[str, str, dict[str, Any], bool]]:
    """(method, path, body, whether it is a form) of every operation that is not a plain read, with something in each place."""
    schema = api.get_openapi_schema()
    found = []
    for path, operations in schema["paths"].items():
        filled = re.sub(r"\{(\w+)\}", lambda m: SAMPLE.get(m[1], ID), path)
        for method, told in operations.items():
            if method not in ("get", "head"):
                content = told.get("requestBody", {}).get("content", {"application/json": {"schema": {}}})
                (kind,) = content
                found.append((method.upper(), filled, _filled(content[kind]["schema"], schema), kind != "application/json"))
    return sorted(found, key=lambda each: each[:2])


def _filled(told: Any, schema: Any) -> Any:
    """A value that the schema takes: what is required, as short as can be."""
    if "$ref" in told:
        return _filled(schema["components"]["schemas"][told["$ref"].rpartition("/")[2]], schema)
    if "anyOf" in told or "allOf" in told:
        return _filled((told.get("anyOf") or told["allOf"])[0], schema)
    kind, form = told.get("type", "object"), told.get("format")
    if kind == "object":
        return {name: _filled(told["properties"][name], schema) for name in told.get("required", ())}
    if kind == "array":
        return [_filled(told["items"], schema)] * told.get("minItems", 1)
    if kind == "string" and "pattern" in told:
        return next(text for text in ("2025-09-15", "accept", "yes", "x") if re.search(told["pattern"], text))
    if kind == "string":
        as_form = {"uuid": ID, "date": "2025-09-15", "date-time": "2025-09-15T00:00:00Z", "binary": b"a,b\n1,2"}
        return told.get("enum", [as_form.get(form, told.get("default", "x" * max(1, told.get("minLength", 1))))])[0]
    return {"integer": 1, "number": 1, "boolean": True}.get(kind)


@pytest.fixture
def session(world: World) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.users["desk"], backend=BACKEND)
    return client


def test_a_session_without_the_token_against_forgery_writes_nowhere(session: Client, world: World) -> None:
    before = LedgerEntry.objects.count()
    answers = {
        (method, path): session.generic(method, path, json.dumps(body, default=str), content_type="application/json").status_code
        for method, path, body, _form in _writing()
    }
    assert len(answers) > 40
    assert {each: status for each, status in answers.items() if status != 403} == {}
    assert LedgerEntry.objects.count() == before


def test_a_token_that_only_reads_writes_nowhere(world: World) -> None:
    reader = caller(world, "desk", may_write=False)
    before = LedgerEntry.objects.count()
    answers: dict[Any, int] = {}
    for method, path, body, form in _writing():
        if form:
            files = {n: SimpleUploadedFile("x.csv", v) if isinstance(v, bytes) else v for n, v in body.items()}
            answers[method, path] = Client().post(path, files, headers=reader._headers({"If-Match": '"1"'})).status_code
        else:
            answers[method, path] = reader.send(method, path, body, version=1).status_code
    assert {each: status for each, status in answers.items() if status != 403} == {}
    assert LedgerEntry.objects.count() == before
