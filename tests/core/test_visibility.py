"""Who may know of what: the same answer in list, page, search, total and export, for every role, object and level?"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from banggiao.accounts.permissions import PERMISSIONS
from banggiao.barriers.models import Barrier
from banggiao.barriers.questions import BARRIERS
from banggiao.bodies.models import Meeting
from banggiao.commitments.services import create_directive
from banggiao.core import records
from banggiao.core.acts import CLASSIFICATIONS, Viewer
from banggiao.core.errors import InvalidInput, NotFound, NotPermitted
from banggiao.core.installation import install, installed_level
from banggiao.core.questions import ALL, ask, question_named, questions
from banggiao.core.registers import find_record, register_named, registers
from banggiao.core.search_query import find
from banggiao.core.visibility import Involvement, visible
from banggiao.followup.data_calls.models import DataCall
from banggiao.followup.models import ProgressUpdate
from banggiao.followup.questions import due_moves_of, evidence_of, updates_of
from banggiao.followup.services import report_progress
from banggiao.partners.models import Institution
from tests.factories.rows import AT, act, activity, agreement, barrier, commitment, institution, one_of_each, partner, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
SEES_ALL = {"leader", "desk", "verifier", "auditor"}
#: (what ties the record to the viewer's institution, its level) -> who sees it: everybody, those who see all, nobody.
TABLE = {
    ("own", "public"): "everybody",
    ("own", "internal"): "everybody",
    ("own", "confidential"): "nobody",
    ("involved", "public"): "everybody",
    ("involved", "internal"): "everybody",
    ("involved", "confidential"): "nobody",
    ("foreign", "public"): "everybody",
    ("foreign", "internal"): "those who see all",
    ("foreign", "confidential"): "nobody",
    ("nobody's", "public"): "everybody",
    ("nobody's", "internal"): "those who see all",
    ("retracted", "public"): "nobody",
    ("retracted", "internal"): "nobody",
}


@pytest.fixture
def enclave() -> Iterator[object]:
    """An installation that may hold every level, so that only the viewer's clearance decides."""
    installed_level.cache_clear()
    yield install("enclave", at=AT)
    installed_level.cache_clear()


def tied(tie: str, level: str, ours: Institution) -> Barrier:
    """A record with that tie to the institution."""
    owner = {"own": ours.pk, "retracted": ours.pk, "involved": UUID(int=5), "foreign": UUID(int=5)}.get(tie)
    made = barrier(classification=level, owner=owner, name_vi="Rào cản duy nhất")
    if tie == "involved":
        Involvement.objects.create(record_id=made.pk, institution_id=ours.pk, role="asked")
    if tie == "retracted":
        records.retract(made, act=act())
    return made


@pytest.mark.parametrize("role", PERMISSIONS)
def test_the_filter_by_role_object_and_level(role: str, enclave: object) -> None:
    ours = institution()
    who = viewer(role, ours)
    for (tie, level), answer in TABLE.items():
        made = tied(tie, level, ours)
        sees = answer == "everybody" or (answer == "those who see all" and role in SEES_ALL)
        where = f"{role}: {tie}, {level}"
        # The list, its total, the page by id and by code, and the search all say the same.
        listed = ask("barriers", {}, who, at=AT)
        assert ([r.id for r in listed.rows] == [made.pk], listed.total) == (sees, int(sees)), where
        for key in (str(made.pk), made.code):
            if sees:
                assert find_record(BARRIERS, key, who) == made, where
            else:
                with pytest.raises(NotFound):
                    find_record(BARRIERS, key, who)
        assert [h.record_id for h in find("rao can duy nhat", who)] == ([made.pk] if sees else []), where
        records.retract(made, act=act(), version=made.version) if not made.retracted else None


@pytest.mark.parametrize("cleared", CLASSIFICATIONS)
def test_clearance_is_a_ceiling_also_for_those_who_see_all(cleared: str, enclave: object) -> None:
    made = {level: barrier(classification=level).pk for level in CLASSIFICATIONS}
    who = Viewer("x", permissions=frozenset({"registers.view"}), clearance=cleared, sees_all=True)
    reach = CLASSIFICATIONS[: CLASSIFICATIONS.index(cleared) + 1]
    assert set(visible(Barrier.objects.all(), who).values_list("pk", flat=True)) == {made[level] for level in reach}


def test_hidden_and_absent_read_the_same() -> None:
    hidden, who = barrier(owner=UUID(int=5)), viewer("province", institution())
    with pytest.raises(NotFound) as of_hidden:
        find_record(BARRIERS, str(hidden.pk), who)
    absent = uuid4()
    with pytest.raises(NotFound) as of_absent:
        find_record(BARRIERS, str(absent), who)
    assert str(of_hidden.value).replace(str(hidden.pk), "") == str(of_absent.value).replace(str(absent), "")


def test_the_title_of_a_hidden_record_shows_nowhere() -> None:
    who, theirs = viewer("province", institution("VN-X")), UUID(int=5)
    hidden = partner("XZZ", "Tên kín xyzzy", classification="internal", owner=theirs)
    visit = activity(partners=[hidden], classification="public", name_vi="Chuyến đi")
    deal = agreement(parties=[hidden], classification="public", activity_id=activity(name_vi="Tên kín xyzzy", owner=theirs).pk)
    promise = commitment(partner_id=hidden.pk, agreement_id=deal.pk, classification="public")
    barrier(partner_id=hidden.pk, classification="public")
    for name, key in (("activities", visit), ("agreements", deal), ("commitments", promise), ("barriers", None)):
        listed = ask(name, {}, who, at=AT, page=ALL).listed()
        assert listed.total == 1 and "xyzzy" not in repr(listed.rows)
        assert "xyzzy" in repr(ask(name, {}, viewer("desk"), at=AT, page=ALL).listed().rows) or name == "agreements"
        assert key is None or find_record(register_named(name), str(key.pk), who) == key
    assert find("xyzzy", who) == []


def test_a_viewer_without_a_role_sees_public_records_only() -> None:
    shown, _hidden = barrier(classification="public"), barrier()
    nobody = Viewer("khách", clearance="public")
    assert list(Barrier.objects.visible_to(nobody)) == [shown]
    with pytest.raises(NotPermitted):
        ask("barriers", {}, nobody, at=AT)


def test_an_institution_sees_what_it_leads_and_no_longer_what_it_handed_over() -> None:
    first, second = institution("BO-A"), institution("BO-B")
    duty = commitment(lead_id=first.pk, owner=UUID(int=5))
    a, b = viewer("ministry", first), viewer("ministry", second)
    for who, count in ((a, 1), (b, 0)):
        assert (ask("commitments", {}, who, at=AT).total, len(find("mo cua", who))) == (count, count)
    report_progress(act=act(a), record=duty, day=AT.date(), text="Đã làm")
    assert [u.text for u in updates_of(duty.pk, a)] == ["Đã làm"] and updates_of(duty.pk, b) == []
    records.revise(duty, act=act(), values={"lead_id": second.pk}, version=duty.version)
    for who, count in ((a, 0), (b, 1)):
        assert (ask("commitments", {}, who, at=AT).total, len(find("mo cua", who)), len(updates_of(duty.pk, who))) == (count,) * 3
    assert Involvement.objects.count() == 1


def test_what_is_said_of_a_hidden_record_is_hidden() -> None:
    duty = one_of_each()[type(commitment())]
    outsider = viewer("province", institution("VN-01"))
    assert duty.pk not in set(type(duty).objects.visible_to(outsider).values_list("pk", flat=True))
    assert [*updates_of(duty.pk, outsider), *evidence_of(duty.pk, outsider), *due_moves_of(duty.pk, outsider)] == []
    assert ProgressUpdate.objects.filter(subject_id=duty.pk).exists()


def test_one_filter_for_every_register_and_role() -> None:
    one_of_each()
    ours = Institution.objects.get(code="BO-A")
    asked = 0
    for role in PERMISSIONS:
        for who in (viewer(role), viewer(role, ours)):
            for register in registers():
                if not who.may(register.permission):
                    continue
                rows = set(register.model.objects.visible_to(who).values_list("pk", flat=True))
                answer = ask(register.name, {}, who, at=AT, page=ALL).listed()
                assert {r.id for r in answer.rows} == rows and answer.total == len(rows), (role, register.name)
                assert {h.record_id for h in find("", who)} == set()
                asked += len(rows)
    assert asked > 100


@pytest.mark.parametrize("role", PERMISSIONS)
def test_every_total_equals_its_list(role: str) -> None:
    made = one_of_each()
    keys = {"partner": "XAA", "data_call": str(made[DataCall].pk), "meeting": str(made[Meeting].pk), "institution": "BO-A"}
    notice = create_directive(act=act(), values={"kind": "notice", "number": "9/TB-X", "classification": "public"})
    keys |= {"directive": str(notice.pk), "measure": "agreements_signed", "period": "2025", "review_period": "2025-H1"}
    keys |= {"product": "090111", "market": "DEU"}
    keys["code"] = commitment(classification="public").code
    who = viewer(role, Institution.objects.get(code="BO-A"))
    seen = 0
    for question in questions():
        if not who.may(question.permission):
            with pytest.raises(NotPermitted):
                ask(question.name, {}, who, at=AT)
            continue
        if question.name == "review_difference" and role not in SEES_ALL:
            with pytest.raises(NotFound):  # the review of another body
                ask(
                    question.name, {p.name: "2025-H1" for p in question.parameters if p.kind == "period"}, who, at=AT, page=ALL
                ).listed()
            continue
        needed = {p.name: "2025-H1" for p in question.parameters if p.kind == "period" and register_missing(question.name)}
        needed |= {p.name: keys[p.name] for p in question.parameters if p.needed}
        answer = ask(question.name, needed, who, at=AT, page=ALL).listed()
        assert len(tuple(answer.rows)) == answer.total, question.name
        assert all(len(row.cells) == len(answer.columns) for row in answer.rows), question.name
        # A data call adds the columns it asks for.
        assert answer.columns[: len(question.columns)] == question.columns and answer.as_of == AT
        seen += 1
    assert seen >= 8


def register_missing(name: str) -> bool:
    try:
        register_named(name)
    except NotFound:
        return True
    return False


def test_unknown_questions_and_parameters_are_named() -> None:
    with pytest.raises(NotFound):
        question_named("everything")
    with pytest.raises(InvalidInput) as raised:
        ask("barriers", {"owner": "1"}, viewer("desk"), at=AT)
    assert [p.field for p in raised.value.problems] == ["owner"]
