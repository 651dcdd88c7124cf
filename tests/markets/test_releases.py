"""Who may write to the store of trade data, and that the ledger tells of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from banggiao.analytics.ingest.annual import Wanted
from banggiao.analytics.ingest.checks import Refused
from banggiao.core.errors import NotFound, NotPermitted, WrongState
from banggiao.core.ledger import LedgerEntry, entries_of
from banggiao.markets import services_releases as services
from banggiao.markets import store as holding
from tests.factories import rows
from tests.factories.trade_files import ROWS, baci

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_trade_store")]

NOBODY = ("leader", "mission", "ministry", "province", "enterprise", "verifier", "auditor")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "DEMO_COUNTRIES", 10)
    monkeypatch.setattr(services, "DEMO_PRODUCTS", 100)


def test_an_ingest_is_told_in_the_ledger_with_its_files(tmp_path: Path) -> None:
    act = rows.act(rows.viewer("administrator"))
    outcome = services.ingest_files(act=act, paths=[baci(tmp_path)])
    release = outcome.release
    assert outcome.published and holding.in_force() == release and release.ingested_at == act.at.isoformat()
    (entry,) = entries_of(services.chain_of(release.id))
    assert (entry.action, entry.actor_label) == ("ingest", act.viewer.label)
    assert entry.changes["in_force"] == [None, release.id]
    assert entry.changes["inputs"][1] == {release.inputs[0].name: release.inputs[0].sha256}


def test_beside_the_one_in_force_and_dry_runs(tmp_path: Path) -> None:
    act = rows.act()
    first = services.ingest_files(act=act, paths=[baci(tmp_path)]).release
    more = baci(tmp_path, ROWS[:2], name="BACI_HS22_Y2021.csv")
    services.ingest_files(act=act, paths=[more], wanted=Wanted(dry_run=True))
    assert holding.releases() == [first] and LedgerEntry.objects.filter(record_type=services.RECORD).count() == 1
    with pytest.raises(Refused):
        services.ingest_files(act=act, paths=[baci(tmp_path, [*ROWS, ROWS[0]], name="BACI_HS22_Y2020.csv")])
    assert LedgerEntry.objects.filter(record_type=services.RECORD).count() == 1
    kept = baci(tmp_path, [r.replace("2022", "2021", 1) for r in ROWS], name="BACI_HS22_Y2021.csv")
    second = services.ingest_files(act=act, paths=[kept], wanted=Wanted(in_force=False)).release
    assert holding.in_force() == first
    assert [e.action for e in entries_of(services.chain_of(second.id))] == ["ingest"]
    services.use_release(act=act, id=second.id)
    assert holding.in_force() == second
    with pytest.raises(WrongState):
        services.remove_release(act=act, id=second.id)
    assert [e.action for e in entries_of(services.chain_of(second.id))] == ["ingest", "put in force"]
    services.remove_release(act=act, id=first.id)
    assert holding.releases() == [second]
    assert [e.action for e in entries_of(services.chain_of(first.id))] == ["ingest", "remove"]


def test_a_conversion_stands_beside_or_in_force(tmp_path: Path) -> None:
    act = rows.act()
    first = services.ingest_files(act=act, paths=[baci(tmp_path)]).release
    beside = services.convert_release(act=act, id=first.id, to="HS92", in_force=False)
    assert holding.in_force() == first and beside.revision == "HS92"
    assert services.convert_release(act=act, id=first.id, to="HS92") == holding.in_force()
    assert [e.action for e in entries_of(services.chain_of(beside.id))] == ["convert", "convert"]


def test_made_up_data_say_so(tmp_path: Path) -> None:
    release = services.make_demo(act=rows.act())
    assert release.synthetic and "synthetic" in release.title and release.years[-1] == rows.AT.year - 1
    assert [e.action for e in entries_of(services.chain_of(release.id))] == ["make up"]
    assert set(holding.store().in_force_ids()) == {"annual", "monthly", "tariffs", "origin"}
    # Real data afterwards are not measured against what is made up.
    real = services.ingest_files(act=rows.act(), paths=[baci(tmp_path)]).release
    assert holding.in_force() == real and not real.synthetic


@pytest.mark.parametrize("role", NOBODY)
def test_who_may_not(role: str, tmp_path: Path) -> None:
    act = rows.act(rows.viewer(role))
    for deed in (
        lambda: services.make_demo(act=act),
        lambda: services.ingest_files(act=act, paths=[baci(tmp_path)]),
        lambda: services.use_release(act=act, id="x"),
        lambda: services.remove_release(act=act, id="x"),
        lambda: services.convert_release(act=act, id="x", to="HS92"),
    ):
        with pytest.raises(NotPermitted):
            deed()
    assert not holding.root().exists() and not LedgerEntry.objects.filter(record_type=services.RECORD).exists()


def test_releases_that_are_not_there() -> None:
    for deed in (services.use_release, services.remove_release):
        with pytest.raises(NotFound):
            deed(act=rows.act(), id="nope")
    assert not LedgerEntry.objects.filter(record_type=services.RECORD).exists()
