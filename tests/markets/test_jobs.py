"""Is made-up trade handed to the jobs, one at a time, with progress, and kept from coming into force when called off?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from banggiao.core.errors import NotPermitted
from banggiao.core.jobs import worker
from banggiao.core.jobs.models import Job
from banggiao.core.ledger import LedgerEntry
from banggiao.markets import services_jobs, services_releases, store
from tests.conftest import NOW
from tests.factories.rows import act, institution, user, viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The made-up world is small, so that the test does not wait for it."""
    for name, value in (("DEMO_COUNTRIES", 8), ("DEMO_PRODUCTS", 98), ("DEMO_YEARS", 2)):
        monkeypatch.setattr(services_releases, name, value)


def client_of(who: Any) -> Client:
    client = Client()
    client.force_login(who, backend="banggiao.accounts.backend.AccountBackend")
    return client


def do(job: Job) -> Job:
    Job.objects.filter(pk=job.pk).update(run_after=NOW)
    taken = worker.take("w", at=NOW)
    assert taken is not None
    worker.run(taken, now=lambda: NOW)
    return Job.objects.get(pk=job.pk)


def test_handed_over_by_page_told_and_in_force(no_trade_store: None, small: None) -> None:
    client = client_of(user("tong.hop", role="desk", body=institution("VU-E")))
    assert "Tạo dữ liệu" in client.get("/markets").content.decode()
    assert client.post("/markets/demo").status_code == 302
    page = client.get("/markets").content.decode()
    job = services_jobs.running_job()
    assert job is not None and "Tiến độ" in page and f"/markets/jobs/{job.pk}/stop" in page
    assert client.post("/markets/demo").status_code == 409
    done = do(job)
    assert (done.state, done.total) == ("DONE", 100), done.error
    release = store.in_force()
    assert release is not None and release.id == done.result and release.synthetic
    assert "DIỄN TẬP" in client.get("/markets/opportunities").content.decode()


def test_called_off_leaves_nothing(no_trade_store: None, small: None) -> None:
    client = client_of(user("tong.hop", role="desk", body=institution("VU-E")))
    client.post("/markets/demo")
    job = services_jobs.running_job()
    assert job is not None
    assert client.post(f"/markets/jobs/{job.pk}/stop").status_code == 302
    assert services_jobs.running_job() is None and worker.take("w", at=datetime.max.replace(tzinfo=NOW.tzinfo)) is None
    assert store.in_force() is None and store.releases() == []
    entry = LedgerEntry.objects.get(record_type="core.job", record_id=job.pk)
    assert entry.action == "call off"
    assert client.post(f"/markets/jobs/{job.pk}/stop").status_code == 404


def test_called_off_on_the_way_leaves_nothing(no_trade_store: None, small: None, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(user("tong.hop", role="desk", body=institution("VU-E")))
    client.post("/markets/demo")
    job = services_jobs.running_job()
    assert job is not None
    monkeypatch.setattr("banggiao.markets.tasks.called_off", lambda: True)
    assert do(job).state != "DONE"
    assert store.in_force() is None and store.releases() == []


def test_who_may_not_ingest_does_not_hand_over(no_trade_store: None) -> None:
    for role in ("enterprise", "ministry"):
        with pytest.raises(NotPermitted):
            services_jobs.start_demo(act=act(viewer(role)))
    client = client_of(user("doanh.nghiep", role="enterprise", body=institution("DN-A")))
    assert "Tạo dữ liệu" not in client.get("/markets").content.decode()
    assert client.post("/markets/demo").status_code == 403
