"""Is reference data loaded once, whole or not at all, and never over what people wrote?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from banggiao.activities.models import Activity
from banggiao.barriers.models import Barrier
from banggiao.core import records
from banggiao.core.acts import Viewer
from banggiao.core.ledger import LedgerEntry, entries_of, replay, verify
from banggiao.core.questions import ALL, ask
from banggiao.core.record import Record
from banggiao.intelligence.reference import load_all
from banggiao.sources import services
from banggiao.sources.models import Dataset, Observation, OfficialFigure
from banggiao.sources.services import Loaded, load_observations, load_rows
from tests.factories.rows import AT, KINDS, SYSTEM, act, barrier

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


def counts() -> dict[str, int]:
    return {m.__name__: m._default_manager.count() for m in (*KINDS, LedgerEntry, Observation)}


@pytest.mark.engine
def test_loading_again_changes_nothing() -> None:
    before = counts()
    again = list(load_all(act=act()))
    assert counts() == before and before["Partner"] > 300 and before["Observation"] > 6000
    assert all((one.created, one.changed) == (0, 0) and one.unchanged for one in again)
    assert Dataset.objects.count() == len({one.name for one in again})


@pytest.mark.engine
@pytest.mark.parametrize("model", KINDS, ids=lambda model: model.__name__)
def test_every_loaded_record_equals_its_replay(model: type[Record]) -> None:
    implied = records.defaults_of(model)
    chains: dict[Any, list[LedgerEntry]] = {}
    for entry in LedgerEntry.objects.filter(record_type=model.record_type()).order_by("record_id", "sequence"):
        chains.setdefault(entry.record_id, []).append(entry)
    rows = list(model.objects.all())
    assert len(chains) == len(rows)
    for record in rows:
        assert implied | replay(chains[record.pk]) == records.full_snapshot(record)


@pytest.mark.engine
def test_every_chain_verifies() -> None:
    assert LedgerEntry.objects.count() > 1300
    assert list(verify()) == []


def test_every_loaded_row_points_to_its_origin_and_is_public() -> None:
    visitor = Viewer("khách", permissions=frozenset({"registers.view"}), clearance="public")
    for name, least in (
        ("activities", 140),
        ("agreements", 290),
        ("commitments", 150),
        ("barriers", 20),
        ("partners", 340),
        ("directives", 26),
    ):
        answer = ask(name, {}, visitor, at=AT, page=ALL).listed()
        assert answer.total == len(tuple(answer.rows)) >= least
        assert all(row.mark for row in answer.rows) or name == "partners"
    for model in (Activity, Barrier, OfficialFigure):
        assert not model.objects.filter(dataset=None).exists()
        assert not model.objects.filter(row_key="").exists()


def test_figures_keep_their_words() -> None:
    figure = OfficialFigure.objects.filter(period="2025-H1").first()
    assert figure is not None and figure.measure and figure.source_url and figure.as_of
    assert Observation.objects.filter(measure="trade_export", subject="USA").exists()


def _row(row: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    return {"code": row["id"], "name_vi": row["name_vi"] + " (bản mới)"}, {}


def new_edition(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    """The packaged set of barriers as if it had come out again on that day."""
    from dataclasses import replace
    from datetime import date

    source = services.origin("barriers")
    monkeypatch.setattr(
        services, "origin", lambda _name: replace(source, version=date.fromisoformat(day), sha256=day.replace("-", "") * 8)
    )


def test_a_new_edition_revises_rows_but_not_those_edited_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    edited, gone, _rest = Barrier.objects.order_by("code")[:3]
    records.revise(edited, act=act(), values={"name_vi": "Sửa bằng tay"}, version=edited.version)
    records.retract(gone, act=act())
    total = Barrier.objects.count()
    for number, day in enumerate(("2026-12-01", "2026-12-02")):
        new_edition(monkeypatch, day)
        result = load_rows(
            Barrier, act=act(), name="barriers", build=lambda row, n=number: ({**_row(row)[0], "note_en": str(n)}, {})
        )
        assert result == Loaded("barriers", 0, total - 2, 2), "also the second edition after that"
    edited.refresh_from_db()
    gone.refresh_from_db()
    assert (edited.name_vi, gone.retracted) == ("Sửa bằng tay", True)
    others = Barrier.objects.exclude(pk__in=[edited.pk, gone.pk])
    assert all(b.name_vi.endswith("(bản mới)") and b.note_en == "1" and b.dataset.edition == "2026-12-02" for b in others)
    assert {e.action for b in others[:3] for e in entries_of(b.pk)} == {"load"}


def test_what_people_entered_under_a_packaged_code_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    new_edition(monkeypatch, "2026-12-01")
    mine = barrier(code="RC-THU-01", name_vi="Của tôi")
    monkeypatch.setattr(services, "read_set", lambda _name: [{"id": "RC-THU-01", "name_vi": "Của bộ dữ liệu"}])
    source = services.origin("barriers")
    monkeypatch.setattr(services, "origin", lambda _name: source)
    assert load_rows(Barrier, act=act(), name="barriers", build=_row) == Loaded("barriers", 0, 0, 1)
    mine.refresh_from_db()
    assert mine.name_vi == "Của tôi"


@pytest.mark.parametrize("after", [0, 1, 7])
def test_an_interrupted_load_leaves_nothing(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    new_edition(monkeypatch, "2026-12-01")
    before = counts()
    seen = iter(range(10_000))

    def build(row: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
        if next(seen) == after:
            raise KeyboardInterrupt
        return _row(row)

    def figures(row: Mapping[str, str]) -> list[dict[str, Any]]:
        return [{"subject": build(row)[0]["code"], "measure": "m", "period": "2025", "value": 1, "unit": "x"}]

    with pytest.raises(KeyboardInterrupt):
        load_rows(Barrier, act=act(), name="barriers", build=build)
    assert counts() == before
    seen = iter(range(10_000))
    with pytest.raises(KeyboardInterrupt):
        load_observations(act=act(), name="barriers", build=figures)
    assert counts() == before
    assert load_rows(Barrier, act=act(), name="barriers", build=_row).changed == Barrier.objects.count()
    assert SYSTEM.is_system
