"""Does every address answer as the document of the API says it does, whatever it is asked?

Schemathesis makes requests from the OpenAPI document, valid and broken, with the key of somebody who may do most; it fails on a
crash, an undeclared status, a header or body that is not as declared, and on what is accepted against the document.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings

from banggiao.api.urls import api

pytestmark = pytest.mark.django_db
described = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema())))
described.app = get_wsgi_application()


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The server closes its connection with each request, and with it the test's transaction; here it waits."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@described.parametrize()
@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_address_answers_as_described(case: Any, as_role: Callable[..., Any]) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {as_role('desk').secret}", "Accept-Encoding": "identity"})
