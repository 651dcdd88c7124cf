"""Is the exercise a world of its own: complete, flagged, true to the machines, and without a thread to anything real?"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.db import models, transaction
from django.test import RequestFactory

from banggiao.accounts import demo
from banggiao.accounts.models import User
from banggiao.accounts.questions import viewer_of
from banggiao.activities.models import Activity
from banggiao.agreements.models import Agreement
from banggiao.agreements.states import AGREEMENT
from banggiao.barriers.models import Barrier
from banggiao.barriers.states import BARRIER
from banggiao.commitments.models import Commitment, Task
from banggiao.core.acts import Act
from banggiao.core.installation import Installation, install
from banggiao.core.ledger import LedgerEntry, entries_of, verify
from banggiao.core.periods import period_holding
from banggiao.core.record import Record
from banggiao.core.transitions import Machine
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.models import DueDateMove, Evidence, Finding, ProgressUpdate, Reminder
from banggiao.followup.questions import due_soon, overdue
from banggiao.followup.services import OPEN_STATES
from banggiao.followup.states import SIX_CLEAR, VALIDATION, WORK
from banggiao.intelligence.exercise import build
from banggiao.intelligence.samples import CERTAINTY, read_samples
from banggiao.partners.models import Institution, Partner, Person
from banggiao.sources.models import Document, Fact
from tests.data.test_samples import real_names
from tests.factories.rows import SYSTEM

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
START = NOW.date()
ACT = Act(SYSTEM, NOW)
MODELS: tuple[type[Record], ...] = tuple(m for m in apps.get_models() if issubclass(m, Record))
DUTIES: tuple[type[Commitment | Task], ...] = (Commitment, Task)

Ids = dict[type[Record], set[UUID]]


@pytest.fixture(scope="module")
def before(loaded: None, django_db_blocker: Any) -> Iterator[Ids]:
    """The registers with all reference data, the exercise and the samples; yields what stood there before those two."""
    with django_db_blocker.unblock(), transaction.atomic():
        there = {model: set(model.objects.values_list("pk", flat=True)) for model in MODELS}
        build(ACT, START)
        read_samples(ACT)
        yield there


@pytest.fixture
def world(before: Ids) -> None:
    """The same, for tests that do not ask what stood there before."""


pytestmark = pytest.mark.django_db


# A world of its own --------------------------------------------------------------------------------------------------------


def test_everything_it_makes_carries_the_flag(before: Ids) -> None:
    made = {model: model.objects.exclude(pk__in=ids) for model, ids in before.items() if model not in (Document, Fact)}
    wrong = [str(record) for rows in made.values() for record in rows.filter(exercise=False)]
    assert not wrong
    kinds = {model.__name__ for model, rows in made.items() if rows.exists()}
    assert {
        "ProgressUpdate",
        "Evidence",
        "DueDateMove",
        "Reminder",
        "Finding",
        "User",
        "RoleHeld",
        "Acceptance",
        "Citation",
    } <= kinds
    real = Document.objects.filter(exercise=False).exclude(pk__in=before[Document])
    assert set(Fact.objects.filter(document__in=real).values_list("exercise", "state")) == {(False, "proposed")}


def test_what_was_there_is_untouched(before: Ids) -> None:
    for model, ids in before.items():
        assert not LedgerEntry.objects.filter(record_id__in=list(ids)[:500], sequence__gt=1).exists(), model.__name__
        if model not in (Document, Fact):
            assert set(model.objects.filter(exercise=False).values_list("pk", flat=True)) == ids


@pytest.mark.usefixtures("world")
def test_no_thread_leads_in_or_out() -> None:
    flags = {pk: flag for model in MODELS for pk, flag in model.objects.values_list("pk", "exercise")}
    seen, crossings = 0, []
    for model in MODELS:
        threads = [f.attname for f in model._meta.concrete_fields if f.attname != "id" and isinstance(f, models.UUIDField)]
        threads += [f.attname for f in model._meta.concrete_fields if f.is_relation]
        for row in model.objects.values("pk", "exercise", *threads):
            for name in threads:
                seen += row[name] in flags
                if row[name] in flags and flags[row[name]] != row["exercise"]:
                    crossings.append((model.__name__, row["pk"], name))
        for link in model.links.values():
            through = apps.get_model(link.through)
            for near, far in through.objects.values_list(f"{link.near}_id", f"{link.far}_id"):
                if flags[near] != flags[far]:
                    crossings.append((model.__name__, near, link.far))
    assert seen > 1000
    assert not crossings


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("model", [Institution, Partner, Activity, Agreement, Commitment, Task, Barrier])
def test_codes_say_what_they_are(model: Any) -> None:
    codes = dict(model.objects.values_list("code", "exercise"))
    assert any(codes.values())
    assert all(code.startswith("DT-") == flag for code, flag in codes.items())


@pytest.mark.usefixtures("world")
def test_no_text_names_anything_real() -> None:
    real = set(real_names())
    for named in (Institution, Partner, Agreement):
        for both in named.objects.filter(exercise=False).values_list("name_vi", "name_en"):
            real.update(name for name in both if len(name) > 3)
    names = "|".join(re.escape(name) for name in sorted(real, key=len, reverse=True))
    # "Bộ Thương mại Nước M" is a ministry of a made-up state, whatever ours was once called.
    pattern = re.compile(rf"(?<!\w)(?:{names})(?!\w)(?! Nước [MN]\b)")
    texts = [cell for cells in _data() for cell in cells.values()]
    for model in MODELS:
        if model in (Document, Fact):
            continue
        fields = [f.attname for f in model._meta.concrete_fields if isinstance(f, models.CharField | models.TextField)]
        for row in model.objects.filter(exercise=True).values_list(*(set(fields) - {"password", "subject_type", "target_type"})):
            texts += row
    assert len(texts) > 5000
    assert not {found[0] for text in texts if (found := pattern.search(text))}
    people = Person.objects.filter(exercise=False).values_list("name", flat=True)
    assert not {name for name in people if any(name in text for text in texts)}


# Idempotent ----------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("start", [START, START + timedelta(days=45)])
def test_second_call_changes_nothing(start: date) -> None:
    entries = LedgerEntry.objects.count()
    build(Act(SYSTEM, NOW + timedelta(days=45)), start)
    assert read_samples(ACT) == 0
    assert LedgerEntry.objects.count() == entries


@pytest.mark.usefixtures("world")
def test_what_a_user_took_away_stays_away() -> None:
    from banggiao.core import records

    records.retract(Commitment.objects.get(code="DT-CK-01"), act=Act(SYSTEM, NOW, exercise=True))
    build(ACT, START)
    assert Commitment.objects.get(code="DT-CK-01").retracted


# True to the machines ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("machine", "kinds"),
    [(WORK, DUTIES), (VALIDATION, DUTIES), (AGREEMENT, (Agreement,)), (BARRIER, (Barrier,))],
    ids=["work", "validation", "agreement", "barrier"],
)
def test_every_state_is_reached_by_declared_steps(machine: Machine, kinds: tuple[Any, ...]) -> None:
    reached: set[str] = set()
    declared = {(step.action, source, step.target) for step in machine.steps for source in step.sources}
    for record in (r for kind in kinds for r in kind.objects.filter(exercise=True, code__regex=r"^DT-\w\w-\d\d$")):
        state = machine.initial
        for entry in entries_of(record.pk):
            if entry.sequence > 1 and machine.field in entry.changes:
                old, new = entry.changes[machine.field]
                assert (entry.action, old or machine.initial, new) in declared
                assert entry.reason
                state = new
            reached.add(state)
        assert state == getattr(record, machine.field)
    assert reached == set(machine.states())


@pytest.mark.usefixtures("world")
def test_commitments_stand_in_every_state_now() -> None:
    rows = Commitment.objects.filter(exercise=True, code__startswith="DT-CK-0") | Commitment.objects.filter(
        exercise=True, code__regex=r"^DT-CK-[1-4]\d$"
    )
    assert rows.count() == 40
    assert set(rows.values_list("work_state", flat=True)) == set(WORK.states())
    assert set(rows.values_list("validation_state", flat=True)) == set(VALIDATION.states())
    assert set(rows.values_list("side", flat=True)) == set(vocabulary("commitment_side").codes)


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("model", DUTIES)
def test_assigned_means_six_times_clear(model: type[Commitment | Task]) -> None:
    for duty in model.objects.filter(exercise=True).exclude(work_state="proposed"):
        assert all(getattr(duty, name) for name in SIX_CLEAR), duty.code


@pytest.mark.usefixtures("world")
def test_ledger_verifies() -> None:
    assert list(verify()) == []


# Alive ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("model", DUTIES)
def test_dates_are_relative_to_the_start(model: type[Commitment | Task]) -> None:
    rows = model.objects.filter(exercise=True)
    late = set(overdue(rows, START))
    assert len(late) >= 2
    assert len(set(due_soon(rows, START))) >= 2
    moved = [d for d in rows.filter(work_state__in=OPEN_STATES) if d.first_due < START.isoformat() <= d.current_due]
    assert moved, "overdue by the first date, not by the current one"
    assert any(d.first_due == d.current_due for d in late)


@pytest.mark.usefixtures("world")
def test_due_dates_were_moved_asked_and_refused() -> None:
    moves = DueDateMove.objects.filter(exercise=True)
    assert set(moves.values_list("state", flat=True)) == {"requested", "approved", "refused"}
    assert {m.due_to < m.due_from for m in moves} == {True, False}
    assert all(m.reason for m in moves)


@pytest.mark.usefixtures("world")
def test_reports_evidence_findings_and_reminders() -> None:
    assert set(Evidence.objects.filter(exercise=True).values_list("grade", flat=True)) == {0, 1, 2, 3, 4}
    told = ProgressUpdate.objects.filter(exercise=True)
    assert set(told.exclude(difficulty="").values_list("difficulty", flat=True)) == set(vocabulary("difficulty_code").codes)
    assert all(update.difficulty_text for update in told.filter(difficulty="OTHER"))
    period = period_holding(date(2026, 5, 24)).code
    kinds = set(Finding.objects.filter(exercise=True, period=period).values_list("kind", flat=True))
    assert kinds == set(vocabulary("finding_kind").codes)
    rungs = set(Reminder.objects.filter(exercise=True).values_list("rung", flat=True))
    assert len(rungs) >= 4
    assert min(rungs) < 0 < max(rungs)


@pytest.mark.usefixtures("world")
def test_history_lies_before_the_start_and_has_many_hands() -> None:
    duties = [pk for model in DUTIES for pk in model.objects.filter(code__regex=r"^DT-\w\w-\d\d$").values_list("pk", flat=True)]
    entries = LedgerEntry.objects.filter(record_id__in=duties)
    assert all(entry.recorded_at.date() < START and entry.valid_from for entry in entries)
    assert all(entry.reason for entry in entries)
    hands = set(entries.values_list("actor_id", flat=True))
    doing = {
        user.pk
        for role, user in demo.create(ACT, START).items()
        if role not in ("leader", "enterprise", "administrator", "auditor")
    }
    assert doing <= hands
    decided = set(DueDateMove.objects.filter(state="refused").values_list("decided_by", flat=True))
    assert decided == {demo.ACCOUNTS[0].name}
    for duty in entries.values_list("record_id", flat=True).distinct():
        moments = list(entries_of(duty).values_list("recorded_at", flat=True))
        assert moments == sorted(moments)


def test_every_course_is_taken() -> None:
    courses = {row["course"] for row in _table("courses")}
    assert courses | {"proposed"} == {row["course"] for name in ("commitments", "tasks") for row in _table(name)}
    assert len(_table("tasks")) == 25


# Samples -------------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("world")
def test_only_made_up_samples_are_accepted() -> None:
    facts = Fact.objects.filter(document__exercise=True)
    assert Document.objects.count() == 19, "the samples, the text of one agreement and two notices of conclusions"
    assert set(Document.objects.filter(exercise=False).values_list("classification", flat=True)) == {"public"}
    settled = facts.exclude(state="proposed")
    assert settled.count() > 50
    assert min(settled.values_list("certainty", flat=True)) >= CERTAINTY
    joined = settled.filter(kind="agreement", target_id__in=Agreement.objects.filter(code__startswith="DT-TT-0").values("pk"))
    assert joined.count() >= 4, "the samples speak of the same agreements as the exercise"


# Accounts ------------------------------------------------------------------------------------------------------------------


def test_accounts_cover_the_roles() -> None:
    assert [account.role for account in demo.ACCOUNTS] == list(vocabulary("role").codes)
    for account in demo.ACCOUNTS:
        validate_password(demo.PASSWORD, User(username=account.username, name=account.name))


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("account", demo.ACCOUNTS, ids=lambda account: account.role)
def test_accounts_sign_in_and_act_in_their_role(account: demo.Account) -> None:
    request = RequestFactory().post("/")
    user = authenticate(request, username=account.username, password=demo.PASSWORD)
    assert isinstance(user, User)
    assert user.name == account.name
    acting = viewer_of(user, today=START)
    assert acting.roles == {account.role}
    assert acting.institutions == {Institution.objects.get(code=account.institution).pk}
    assert authenticate(request, username=account.username, password=demo.PASSWORD + "x") is None


@pytest.mark.usefixtures("world")
def test_accounts_are_told_in_a_demo_only() -> None:
    assert Installation.objects.count() == 0
    assert demo.accounts() == []
    install("internal", at=NOW, exercise=True)
    told = demo.accounts()
    assert [role for _username, _name, role, _institution in told] == list(vocabulary("role").codes)
    assert ("chuyenvien", "Trần Thị Thí Dụ", "desk", "Vụ E") in told


def _table(name: str) -> list[dict[str, str]]:
    text = files("banggiao").joinpath("data", "exercise", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _data() -> Iterator[dict[str, str]]:
    for entry in files("banggiao").joinpath("data", "exercise").iterdir():
        if entry.name.endswith(".csv"):
            yield from _table(entry.name.removesuffix(".csv"))
        else:
            yield {"text": entry.read_text(encoding="utf-8")}
