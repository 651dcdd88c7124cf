"""Is what the register already knows found beside each fact, and does a person decide where the two differ?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from banggiao.activities.models import Activity
from banggiao.activities.services import revise_activity
from banggiao.core.errors import InvalidInput, NotFound, NotPermitted, StaleEdit, WrongState
from banggiao.core.ledger import verify
from banggiao.intelligence.comparing import Known, Ruling, Undecided, compare
from banggiao.intelligence.models import Acceptance
from banggiao.intelligence.services import accept, accept_above, acceptance_of, read_in, undo, undo_batch
from banggiao.intelligence.setting import Setting
from banggiao.sources.models import Citation, Document, Fact, OfficialFigure
from banggiao.sources.services import add_fact, reject_fact
from tests.factories.rows import act, activity, institution, task, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
MEETING = """Bộ Công Thương bàn việc với Hàn Quốc

Ngày 12/8/2025, tại Hà Nội, Bộ trưởng Nguyễn Văn Mẫu chủ trì hội nghị xúc tiến thương mại với Hàn Quốc. \
Trong sáu tháng đầu năm 2025, hai bên đã ký 12 thỏa thuận hợp tác.
"""


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Originals go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path
    yield


@pytest.fixture
def document() -> Document:
    return read_in(act=act(), data=MEETING.encode(), name="hoi-nghi.txt", classification="public")[0]


def main_event(document: Document) -> Fact:
    return Fact.objects.get(document=document, kind="event")


def beside(fact: Fact, asker: Any = None) -> Known | None:
    doing = act(asker) if asker else act()
    return compare(Setting(doing, fact.document), [fact], doing.viewer).get(fact.pk)


def held(document: Document, **values: Any) -> Activity:
    """The activity of the text, entered before by hand with other details."""
    ours = {"kind": "promotion", "name_vi": "Xúc tiến thương mại với Hàn Quốc", "chair": "Nguyễn Văn Mẫu"}
    return activity(**{**ours, "start": "2025-08-12", "classification": "public", **values})


def test_what_is_empty_asks_nothing_and_what_differs_asks(document: Document) -> None:
    fact, known = main_event(document), held(document)
    told = beside(fact)
    assert told is not None and told.sure and told.record.pk == known.pk and not told.asks
    assert {line.field.name: line.state for line in told.lines}["place"] == "adds"
    revise_activity(act=act(), activity=known, values={"place": "Đà Nẵng"}, version=known.version)
    told = beside(fact)
    assert told is not None and [line.field.name for line in told.differing] == ["place"]
    assert told.choices == ("keep", "take", "separate")
    with pytest.raises(Undecided) as caught:
        accept(act=act(), fact=fact)
    assert [p.field for p in caught.value.problems] == ["place"]
    fact.refresh_from_db()
    known.refresh_from_db()
    assert fact.state == "proposed" and known.place == "Đà Nẵng" and not Citation.objects.filter(fact=fact).exists()


@pytest.mark.parametrize(
    ("choice", "place", "count"), [("keep", "Đà Nẵng", 1), ("take", "Hà Nội", 1), ("separate", "Đà Nẵng", 2)]
)
def test_a_person_decides_and_can_take_it_back(choice: Any, place: str, count: int, document: Document) -> None:
    fact, known = main_event(document), held(document, place="Đà Nẵng")
    accept(act=act(), fact=fact, ruling=Ruling(choice, known.pk, known.version))
    known.refresh_from_db()
    assert (known.place, Activity.objects.filter(retracted=False).count()) == (place, count)
    assert Citation.objects.get(fact=fact).subject_id == (known.pk if count == 1 else Fact.objects.get(pk=fact.pk).target_id)
    undo(act=act(), acceptance=acceptance_of(fact))
    known.refresh_from_db()
    assert known.place == "Đà Nẵng" and Activity.objects.filter(retracted=False).count() == 1
    assert not list(verify())


def test_a_ruling_on_what_has_changed_since_is_refused(document: Document) -> None:
    fact, known = main_event(document), held(document, place="Đà Nẵng")
    seen = known.version
    revise_activity(act=act(), activity=known, values={"place": "Huế"}, version=seen)
    with pytest.raises(StaleEdit):
        accept(act=act(), fact=fact, ruling=Ruling("take", known.pk, seen))
    with pytest.raises(WrongState):
        accept(act=act(), fact=fact, ruling=Ruling("keep", task().pk))
    known.refresh_from_db()
    assert known.place == "Huế" and Fact.objects.get(pk=fact.pk).state == "proposed"


def test_only_who_may_edit_the_register_overwrites_it(document: Document) -> None:
    fact, known = main_event(document), held(document, place="Đà Nẵng")
    mission = act(viewer("mission", institution("DSQ")))
    with pytest.raises(NotPermitted):
        accept(act=mission, fact=fact, ruling=Ruling("take", known.pk, known.version))
    assert accept(act=mission, fact=fact, ruling=Ruling("keep", known.pk)).target_id == known.pk


def test_the_same_event_on_another_day_comes_near(document: Document) -> None:
    fact, known = main_event(document), held(document, start="2025-08-13")
    told = beside(fact)
    assert told is not None and not told.sure and told.record.pk == known.pk
    assert [line.field.name for line in told.differing] == ["start"]
    accept(act=act(), fact=fact, ruling=Ruling("take", known.pk, known.version))
    known.refresh_from_db()
    assert known.start == "2025-08-12"


def test_another_value_for_one_figure_is_a_clash_and_both_stand(document: Document) -> None:
    fact = Fact.objects.get(document=document, kind="quantity")
    first = accept(act=act(), fact=fact)
    figure = OfficialFigure.objects.get(pk=first.target_id)
    other = read_in(act=act(), data=MEETING.replace("ký 12", "ký 15").encode(), name="khac.txt", classification="public")[0]
    second = Fact.objects.get(document=other, kind="quantity")
    told = beside(second)
    assert told is not None and not told.sure and told.choices == ("separate",)
    assert [(line.known, line.said) for line in told.differing] == [(12, 15)]
    with pytest.raises(Undecided):
        accept(act=act(), fact=second)
    accept(act=act(), fact=second, ruling=Ruling("separate", figure.pk))
    assert sorted(OfficialFigure.objects.filter(retracted=False).values_list("value", flat=True)) == [12, 15]


def test_what_one_may_not_know_of_is_not_shown(document: Document) -> None:
    held(document, place="Đà Nẵng", classification="internal", owner=institution("BO-K").pk)
    fact = main_event(document)
    assert beside(fact) is not None
    assert beside(fact, viewer("mission", institution("DSQ"))) is None


def test_a_batch_holds_what_differs_and_is_undone_as_one(document: Document) -> None:
    held(document, place="Đà Nẵng")
    before = set(Fact.objects.filter(document=document).values_list("pk", flat=True))
    batch = accept_above(act=act(), document=document, certainty=0, holds=True)
    assert [fact.kind for fact, error in batch.left if isinstance(error, Undecided)] == ["event"]
    assert batch.accepted.total() == len(before) - len(batch.left) > 2
    assert undo_batch(act=act(), document=document, batch=batch.id) == batch.accepted.total()
    assert set(Fact.objects.filter(document=document, state="proposed").values_list("pk", flat=True)) == before
    assert not Acceptance.objects.filter(undone=False).exists() and not list(verify())
    with pytest.raises(NotFound):
        undo_batch(act=act(), document=document, batch=batch.id)


def test_without_a_person_what_is_known_stands(document: Document) -> None:
    known = held(document, place="Đà Nẵng")
    batch = accept_above(act=act(), document=document, certainty=0)
    known.refresh_from_db()
    assert not batch.left and known.place == "Đà Nẵng"


def test_comparing_costs_no_query_per_fact(document: Document, django_assert_max_num_queries: Any) -> None:
    lines = [f"Dòng {day} nói về hội nghị." for day in range(1, 29)]
    long = read_in(act=act(), data="\n".join(lines).encode(), name="dai.txt", classification="public")[0]
    for day, line in enumerate(lines, 1):
        start = long.text.index(line)
        value = {"type": "promotion", "name": "Xúc tiến thương mại với Hàn Quốc", "date": f"2025-09-{day:02d}", "place": "Hà Nội"}
        add_fact(act=act(), document=long, kind="event", span=(start, start + len(line)), value=value)
        held(document, start=f"2025-09-{day:02d}", place="Huế")
    facts, doing = list(Fact.objects.filter(document=long)), act()
    with django_assert_max_num_queries(12):
        found = compare(Setting(doing, long), facts, doing.viewer)
    assert sum(known.asks for known in found.values()) == 28


def test_who_comes_second_is_told_who_was_first_and_when(document: Document) -> None:
    fact = main_event(document)
    reject_fact(act=act(viewer("desk")), fact=fact, version=fact.version)
    with pytest.raises(WrongState) as caught:
        accept(act=act(), fact=Fact.objects.get(pk=fact.pk))
    assert str(caught.value).startswith(f"{fact}: desk đã bác bỏ thông tin này lúc 08:30, 15/09/2025.")
    stale = Fact.objects.get(document=document, kind="quantity")
    with pytest.raises(StaleEdit):
        accept(act=act(), fact=stale, version=stale.version + 1)


def test_a_fact_the_machine_missed_is_added_by_hand(document: Document) -> None:
    start = document.text.index("xúc tiến thương mại")
    fact = add_fact(act=act(), document=document, kind="task", span=(start, start + 19), value={"what": "Xúc tiến thương mại"})
    assert (fact.state, fact.certainty, fact.rule) == ("proposed", 1.0, "by-hand@1")
    assert document.text[fact.evidence_start : fact.evidence_end].startswith("Ngày 12/8/2025")
    assert accept(act=act(), fact=fact).created
    for wrong in ({"kind": "thứ lạ"}, {"span": (0, 10**6)}, {"span": (5, 5)}, {}):
        with pytest.raises(InvalidInput):
            values: dict[str, Any] = {"kind": "task", "span": (start, start + 19), **wrong}
            add_fact(act=act(), document=document, value={"what": "x"}, **values)
    with pytest.raises(NotPermitted):
        add_fact(act=act(viewer("enterprise")), document=document, kind="task", span=(0, 5), value={})
