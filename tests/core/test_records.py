"""Does every write keep version, ledger and secrecy level, refuse what is stale or bad, and leave no other way in?"""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.apps import apps

from banggiao.activities.models import Activity, ActivityPartner
from banggiao.barriers.models import Barrier
from banggiao.commitments.models import Commitment
from banggiao.core import records
from banggiao.core.errors import InvalidInput, NotFound, SecrecyRefused, SetupProblem, StaleEdit, VersionRequired
from banggiao.core.installation import Installation, check_address, install, installed_level
from banggiao.core.ledger import LedgerEntry, entries_of, states_at, verify
from banggiao.core.record import Record, WriteOutsideService
from banggiao.core.search import SearchEntry
from banggiao.intelligence.watching.models import Signal, Watch
from tests.factories.rows import AT, KINDS, act, activity, barrier, commitment, document, one_of_each, partner

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
SOURCE = Path(records.__file__).parents[1]


@pytest.fixture
def level() -> Iterator[type]:
    """Fixes the secrecy level for one test."""
    installed_level.cache_clear()
    yield install
    installed_level.cache_clear()


def test_a_new_record_has_its_first_entry() -> None:
    made = activity(kind="call", start="2025-03")
    entry = entries_of(made.pk).get()
    assert (made.version, made.recorded_at, made.code) == (1, AT, "HD-2025-0001")
    assert (entry.sequence, entry.action, entry.actor_label, entry.recorded_at) == (1, "create", "kiểm thử", AT)
    assert entry.changes["kind"] == [None, "call"]
    assert "place" not in entry.changes, "what is empty is implied"


def test_a_revision_moves_version_and_says_what_changed() -> None:
    made = barrier()
    later = act(at=AT + timedelta(hours=1), reason="Sửa tên", valid_from=date(2025, 9, 1))
    changed = records.revise(made, act=later, values={"name_vi": "Tên mới", "products_vi": ""}, version=1)
    entry = entries_of(made.pk).last()
    assert entry is not None
    assert (changed.version, made.version, made.name_vi) == (2, 2, "Tên mới"), "the caller's object follows"
    assert (entry.changes, entry.reason) == ({"name_vi": ["Kiểm tra dư lượng với cà phê", "Tên mới"]}, "Sửa tên")
    assert (entry.valid_from, entry.recorded_at) == (date(2025, 9, 1), AT + timedelta(hours=1))
    assert list(verify(made.pk)) == []


def test_the_state_at_a_past_moment_is_known() -> None:
    made = barrier()
    records.revise(made, act=act(at=AT + timedelta(days=1)), values={"name_vi": "Sau"}, version=1)
    kind = Barrier.record_type()
    assert states_at(kind, AT - timedelta(seconds=1), [made.pk]) == {}
    assert states_at(kind, AT, [made.pk])[made.pk]["name_vi"] == "Kiểm tra dư lượng với cà phê"
    assert states_at(kind, AT + timedelta(days=1), [made.pk])[made.pk]["name_vi"] == "Sau"


def test_nothing_changed_writes_nothing() -> None:
    made = barrier()
    same = records.revise(made, act=act(at=AT + timedelta(days=1)), values={"name_vi": made.name_vi}, version=1)
    assert (same.version, same.recorded_at, entries_of(made.pk).count()) == (1, AT, 1)


def test_retracted_and_restored() -> None:
    made = barrier()
    records.retract(made, act=act())
    assert not Barrier.objects.visible_to(act().viewer).filter(pk=made.pk).exists()
    assert SearchEntry.objects.get(record_id=made.pk).retracted
    records.restore(made, act=act())
    assert Barrier.objects.visible_to(act().viewer).filter(pk=made.pk).exists()
    assert [e.action for e in entries_of(made.pk)] == ["create", "retract", "restore"]


def test_a_stale_edit_gives_the_field_difference() -> None:
    made, other = activity(partners=[partner()]), partner("XBB", "Cộng hòa Y")
    theirs = Activity.objects.get(pk=made.pk)
    records.revise(theirs, act=act(), values={"place": "Huế", "chair": "B"}, links={"partners": [other]}, version=1)
    with pytest.raises(StaleEdit) as raised:
        records.revise(made, act=act(), values={"place": "Đà Nẵng", "name_en": "Mine"}, links={"partners": []}, version=1)
    found = {d.field: (d.seen, d.mine, d.current) for d in raised.value.differences}
    assert raised.value.current_version == 2
    assert found["place"] == ("", "Đà Nẵng", "Huế")
    assert found["chair"] == ("", "", "B"), "what the editor left alone is shown as seen"
    assert found["partners"][1:] == ([], [str(other.pk)])
    assert "name_en" not in found, "only what differs from what the editor saw"
    assert Activity.objects.get(pk=made.pk).name_en == "Official visit"


def test_the_version_is_required() -> None:
    with pytest.raises(VersionRequired):
        records.revise(barrier(), act=act(), values={"name_vi": "X"}, version=None)


def test_what_is_gone_is_not_found() -> None:
    ghost = Barrier(name_vi="Không có", recorded_at=AT)
    with pytest.raises(NotFound):
        records.revise(ghost, act=act(), values={"name_vi": "X"}, version=1)


def test_links_stand_in_the_ledger_in_their_order() -> None:
    first, second = partner(), partner("XBB", "Cộng hòa Y")
    made = activity(partners=[second, first])
    assert entries_of(made.pk).get().changes["partners"] == [None, [str(second.pk), str(first.pk)]]
    records.revise(made, act=act(), values={}, links={"partners": [first, second]}, version=1)
    assert entries_of(made.pk).last().changes == {"partners": [[str(second.pk), str(first.pk)], [str(first.pk), str(second.pk)]]}  # type: ignore[union-attr]
    records.revise(made, act=act(), values={}, links={"partners": [first, second]}, version=2)
    assert made.version == 2, "the same links again are no change"
    rows = ActivityPartner.objects.filter(activity=made).order_by("position")
    assert [row.partner_id for row in rows] == [first.pk, second.pk]


def test_text_is_nfc_wherever_it_stands() -> None:
    name = unicodedata.normalize("NFD", "Đối thoại kinh tế")
    made = activity(name_vi=name, participants=[{name: [name]}])
    assert made.name_vi == unicodedata.normalize("NFC", name) != name
    assert list(made.participants[0]) == [made.name_vi]
    assert made.participants[0][made.name_vi] == [made.name_vi]
    records.revise(made, act=act(), values={"name_vi": name}, version=1)
    assert made.version == 1, "the same text in another form is no change"


@pytest.mark.parametrize("bad", ["a\x00b", "a\ud800b"], ids=["NUL", "surrogate"])
@pytest.mark.parametrize("place", ["name_vi", "participants"])
def test_what_no_database_stores_is_refused(bad: str, place: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        activity(**{place: bad if place == "name_vi" else [{"x": bad}]})
    assert [p.field for p in raised.value.problems] == [place]
    made = activity()
    with pytest.raises(InvalidInput):
        records.revise(made, act=act(), values={place: bad if place == "name_vi" else [bad]}, version=1)
    assert Activity.objects.get(pk=made.pk).version == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("start", "2025-13-01"), ("start", "2025-02-30"), ("start", "hôm qua"), ("start", "２０２５"), ("name_vi", ""),
        ("name_vi", "x" * 501),
        ("classification", "cosmic"), ("kind", "picnic"), ("level", "king"), ("documents_signed", "nhiều"),
        ("source_url", "javascript:alert(1)"),
    ],
)  # fmt: skip
def test_bad_values_name_their_field(field: str, value: str) -> None:
    made = activity()
    with pytest.raises(InvalidInput) as raised:
        records.revise(made, act=act(), values={field: value}, version=1)
    assert field in {p.field for p in raised.value.problems}
    assert LedgerEntry.objects.filter(record_id=made.pk).count() == 1


def test_several_records_or_none() -> None:
    good = {"code": "RC-1", "name_vi": "Một"}
    with pytest.raises(InvalidInput):
        records.create_many(Barrier, act=act(), rows=[(good, {}), ({**good, "code": "RC-2", "start": "?"}, {})])
    assert not Barrier.objects.exists()
    made = records.create_many(Barrier, act=act(), rows=[(good, {}), ({**good, "code": "RC-2"}, {})])
    assert LedgerEntry.objects.count() == SearchEntry.objects.count() == len(made) == 2


def test_a_value_that_is_false_or_zero_is_remembered() -> None:
    zero = commitment(measurable=0)
    assert entries_of(zero.pk).get().changes["measurable"] == [None, 0]
    assert "flagship" not in entries_of(zero.pk).get().changes


@pytest.mark.parametrize(
    ("installed", "classification", "fits"),
    [
        ("public", "public", True), ("public", "internal", False), ("public", "secret", False),
        ("internal", "public", True), ("internal", "internal", True), ("internal", "confidential", False),
        ("internal", "top_secret", False),
        ("enclave", "internal", True), ("enclave", "confidential", True), ("enclave", "top_secret", True),
    ],
)  # fmt: skip
def test_the_secrecy_level_of_the_installation_holds(level: type, installed: str, classification: str, fits: bool) -> None:
    install(installed, at=AT)
    if fits:
        assert barrier(classification=classification).classification == classification
    else:
        with pytest.raises(SecrecyRefused):
            barrier(classification=classification)
        made = barrier(classification="public")
        with pytest.raises(SecrecyRefused):
            records.revise(made, act=act(), values={"classification": classification}, version=1)


def test_the_secrecy_level_never_changes(level: type) -> None:
    install("internal", at=AT)
    assert install("internal", at=AT + timedelta(days=9)).installed_at == AT
    with pytest.raises(SetupProblem):
        install("enclave", at=AT)
    with pytest.raises(SetupProblem):
        install("secret", at=AT)
    assert Installation.objects.get().level == installed_level() == "internal"


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True), ("::1", True), ("localhost", True), ("10.1.2.3", True), ("192.168.0.9", True), ("0.0.0.0", False),  # noqa: S104
        ("8.8.8.8", False), ("::", False), ("example.org", False), ("", False),
    ],
)  # fmt: skip
def test_an_enclave_stays_in_its_own_network(level: type, host: str, local: bool) -> None:
    install("enclave", at=AT)
    if local:
        check_address(host)
    else:
        with pytest.raises(SecrecyRefused):
            check_address(host)


def test_one_of_each_covers_every_kind_below_intelligence() -> None:
    known = {m for m in apps.get_models() if issubclass(m, Record) and m._meta.app_label not in ("intelligence", "reports")}
    known |= {Watch, Signal}
    assert set(KINDS) == known
    assert set(one_of_each()) == known


@pytest.mark.parametrize("model", KINDS, ids=lambda model: model.__name__)
def test_no_kind_is_written_outside_the_services(model: type[Record]) -> None:
    blank = model(recorded_at=AT)
    for write in (
        blank.save,
        blank.delete,
        lambda: model.objects.create(recorded_at=AT),
        lambda: model.objects.bulk_create([blank]),
        lambda: model.objects.bulk_update([blank], ["version"]),
        lambda: model.objects.all().update(version=9),
        lambda: model.objects.filter(version=1).delete(),
        lambda: model._default_manager.all().update(version=9),
        lambda: model.objects.update_or_create(version=1, recorded_at=AT),
    ):
        with pytest.raises(WriteOutsideService):
            write()


def test_only_the_door_itself_opens_the_door() -> None:
    users = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name) and node.id == "writing" or isinstance(node, ast.Attribute) and node.attr == "_writing"
    }
    assert users == {"core/records.py"}


def test_the_search_entry_follows_the_record() -> None:
    made = document()
    entry = SearchEntry.objects.get(record_id=made.pk)
    records.revise(made, act=act(), values={"title": "Tiêu đề khác"}, version=1)
    entry.refresh_from_db()
    assert (entry.title_vi, entry.title_folded) == ("Tiêu đề khác", "tieu de khac")
    assert "vuong quoc x" in entry.body_folded
    assert Commitment.objects.count() == 0
