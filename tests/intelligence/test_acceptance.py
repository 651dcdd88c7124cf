"""Do read facts become records with their citation, once, and can a wrong acceptance be taken back?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from banggiao.activities.models import Activity
from banggiao.activities.services import revise_activity
from banggiao.commitments.models import Task
from banggiao.core.errors import BangGiaoError, NotPermitted, Unreadable, WrongState
from banggiao.core.ledger import LedgerEntry, verify
from banggiao.core.records import full_snapshot
from banggiao.intelligence import services
from banggiao.intelligence.comparing import Ruling
from banggiao.intelligence.services import accept, accept_above, acceptance_of, read_in, undo
from banggiao.partners.models import Partner, Person
from banggiao.sources.models import Citation, Document, Fact, OfficialFigure
from banggiao.sources.services import reject_fact
from tests.factories.loaded import loaded  # noqa: F401
from tests.factories.rows import act

TEXTS = Path(__file__).resolve().parents[2] / "src" / "banggiao" / "data" / "samples" / "texts"
BULLETIN, LOCAL = "01-tong-ket-nhiem-ky-ban-tin.txt", "02-tong-ket-nhiem-ky-dia-phuong.txt"
NOTICE = "12-dien-tap-thong-bao-ket-luan.txt"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded"), pytest.mark.engine]


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Originals go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path
    yield


def take(name: str) -> Document:
    """A sample text, read into the register."""
    return read_in(act=act(), data=(TEXTS / name).read_bytes(), name=name, classification="public")[0]


def registers() -> dict[str, Any]:
    """What stands in the registers, without ids and times: two ways to the same register must give the same."""
    kept = {}
    for model in (Activity, Task, OfficialFigure, Person):
        rows = (
            [full_snapshot(r) for r in model.objects.filter(dataset=None, retracted=False)]
            if hasattr(model, "dataset")
            else [full_snapshot(r) for r in model.objects.filter(retracted=False)]
        )
        kept[model.__name__] = sorted(
            repr(sorted((k, v) for k, v in row.items() if not k.endswith("_id") and k not in ("partners",))) for row in rows
        )
    return kept


def test_one_event_told_by_two_papers_is_one_activity_with_two_sources() -> None:
    for name in (BULLETIN, LOCAL):
        accept_above(act=act(), document=take(name), certainty=0)
    mains = [f.target_id for f in Fact.objects.filter(kind="event", value__role="main")]
    assert len(mains) == 2 and len(set(mains)) == 1
    activity = Activity.objects.get(pk=mains[0])
    sources = Citation.objects.filter(subject_id=activity.pk).values_list("document__source_name", flat=True)
    assert set(sources) == {BULLETIN, LOCAL}
    assert activity.start == "2026-01-14"


def test_every_record_made_from_a_text_keeps_its_words() -> None:
    document = take(BULLETIN)
    accept_above(act=act(), document=document, certainty=0)
    made = Fact.objects.filter(document=document, target_id__isnull=False)
    assert made.count() > 10
    for fact in made:
        citation = Citation.objects.get(fact=fact)
        assert (citation.start, citation.end) == (fact.start, fact.end)
        assert citation.subject_id == fact.target_id
        assert document.text[citation.start : citation.end].strip()
    assert not list(verify())


def test_reading_and_accepting_twice_changes_nothing() -> None:
    accept_above(act=act(), document=take(BULLETIN), certainty=0.5)
    before = LedgerEntry.objects.count()
    document, fresh = read_in(act=act(), data=(TEXTS / BULLETIN).read_bytes(), name="another-name.txt")
    batch = accept_above(act=act(), document=document, certainty=0.5)
    assert not fresh and not batch.accepted
    assert LedgerEntry.objects.count() == before


def test_a_batch_takes_only_what_is_certain_enough_and_says_it_was_a_batch() -> None:
    document = take(BULLETIN)
    accept_above(act=act(), document=document, certainty=0.9)
    for fact in document.facts.all():
        assert (fact.state == "accepted") == (fact.certainty >= 0.9), fact.value
    actions = set(LedgerEntry.objects.filter(record_type="intelligence.acceptance").values_list("action", flat=True))
    assert actions == {"accept in batch"}
    assert {a.batch_above for a in services.Acceptance.objects.all()} == {0.9}


@pytest.mark.parametrize("stop_after", [0, 1, 7, 19])
def test_stopping_anywhere_and_going_on_gives_the_same_register(monkeypatch: pytest.MonkeyPatch, stop_after: int) -> None:
    from django.db import transaction

    class Straight(Exception):
        pass

    try:
        with transaction.atomic():
            accept_above(act=act(), document=take(BULLETIN), certainty=0)
            straight = registers()
            raise Straight
    except Straight:
        pass
    calls, cite = iter(range(1000)), services.cite

    def cut(**kwargs: Any) -> Any:
        if next(calls) >= stop_after:
            raise KeyboardInterrupt
        return cite(**kwargs)

    monkeypatch.setattr(services, "cite", cut)
    document = take(BULLETIN)
    with pytest.raises(KeyboardInterrupt):
        accept_above(act=act(), document=document, certainty=0)
    monkeypatch.setattr(services, "cite", cite)
    accept_above(act=act(), document=document, certainty=0)
    assert registers() == straight


def test_undoing_takes_the_record_back_and_leaves_the_fact_to_be_checked() -> None:
    document = take(BULLETIN)
    fact = document.facts.filter(kind="event", value__role="main").get()
    acceptance = accept(act=act(), fact=fact)
    assert Activity.objects.get(pk=acceptance.target_id).retracted is False
    undo(act=act(), acceptance=acceptance)
    fact.refresh_from_db()
    assert fact.state == "proposed" and fact.target_id is None
    assert Activity.objects.get(pk=acceptance.target_id).retracted
    assert not Citation.objects.filter(fact=fact, retracted=False).exists()
    with pytest.raises(WrongState):
        undo(act=act(), acceptance=acceptance)
    again = accept(act=act(), fact=Fact.objects.get(pk=fact.pk))
    assert Activity.objects.get(pk=again.target_id).retracted is False
    assert not list(verify())


def test_undoing_keeps_what_people_wrote_since() -> None:
    fact = take(BULLETIN).facts.filter(kind="event", value__role="main").get()
    acceptance = accept(act=act(), fact=fact)
    activity = Activity.objects.get(pk=acceptance.target_id)
    revise_activity(act=act(), activity=activity, values={"economic_content": "Do người nhập."}, version=activity.version)
    undo(act=act(), acceptance=acceptance)
    activity.refresh_from_db()
    assert not activity.retracted and activity.economic_content == "Do người nhập."


def test_undoing_what_only_filled_a_record_empties_it_again() -> None:
    first = take(BULLETIN).facts.filter(kind="event", value__role="main").get()
    activity = Activity.objects.get(pk=accept(act=act(), fact=first).target_id)
    before = full_snapshot(activity)
    told_again = take(LOCAL).facts.filter(kind="event", value__role="main").get()
    second = accept(act=act(), fact=told_again, ruling=Ruling("keep", activity.pk))
    assert second.target_id == activity.pk and not second.created
    undo(act=act(), acceptance=second)
    assert full_snapshot(Activity.objects.get(pk=activity.pk)) == before


def test_a_partner_is_joined_never_made() -> None:
    count = Partner.objects.count()
    document = take("09-state-visit-kazakhstan.txt")
    accept_above(act=act(), document=document, certainty=0)
    assert Partner.objects.count() == count
    assert Fact.objects.filter(document=document, kind="partner", target_type="partners.partner").exists()


def test_an_exercise_text_yields_exercise_records_only() -> None:
    document = take(NOTICE)
    accept_above(act=act(), document=document, certainty=0)
    assert document.exercise
    tasks = Task.objects.filter(pk__in=Fact.objects.filter(document=document, kind="task").values("target_id"))
    assert tasks.count() >= 5 and all(t.exercise and t.code.startswith("DT-") for t in tasks)
    assert any(len(t.current_due) == 10 and t.first_due == t.current_due for t in tasks)
    assert not Citation.objects.filter(document=document, exercise=False).exists()


def test_a_correction_is_kept_with_the_fact() -> None:
    fact = take(BULLETIN).facts.filter(kind="task").first()
    assert fact is not None
    acceptance = accept(act=act(), fact=fact, value={"what": "Nội dung đã sửa"})
    fact.refresh_from_db()
    assert fact.state == "corrected" and fact.value["what"] == "Nội dung đã sửa"
    assert Task.objects.get(pk=acceptance.target_id).text_vi == "Nội dung đã sửa"


def test_refusals() -> None:
    from tests.factories.rows import viewer

    document = take(BULLETIN)
    fact = document.facts.order_by("start").first()
    assert fact is not None
    nobody = act(viewer("enterprise"))
    with pytest.raises(NotPermitted):
        accept(act=nobody, fact=fact)
    with pytest.raises(NotPermitted):
        accept_above(act=nobody, document=document, certainty=0)
    with pytest.raises(NotPermitted):
        read_in(act=nobody, data=b"x", name="x.txt")
    reject_fact(act=act(), fact=fact)
    with pytest.raises(WrongState):
        accept(act=act(), fact=Fact.objects.get(pk=fact.pk))
    with pytest.raises(BangGiaoError):
        acceptance_of(Fact.objects.get(pk=fact.pk))
    before = Document.objects.count()
    with pytest.raises(Unreadable):
        read_in(act=act(), data=b"", name="rong.txt")
    assert Document.objects.count() == before
