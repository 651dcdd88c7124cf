"""Does work done later happen once, survive lost workers, and end among the dead when it cannot succeed?"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.db.models import QuerySet
from django_tasks.base import TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist

from banggiao.core.errors import NotFound
from banggiao.core.jobs.models import MAX_ATTEMPTS, Job, Schedule
from banggiao.core.jobs.worker import LEASE, Planned, enqueue_due, plan, reap, resend, run, take, work
from tests.core import job_samples
from tests.factories.rows import AT
from tests.factories.threads import together

pytestmark = pytest.mark.engine
LATER = AT + timedelta(days=4000)  # the queue stamps jobs with the clock of the face that enqueues them


@pytest.fixture(autouse=True)
def nothing_seen() -> Iterator[None]:
    job_samples.SEEN.clear()
    yield
    job_samples.SEEN.clear()


def waiting(task: str = "note", *, at: datetime = AT, **fields: object) -> Job:
    """A job that is due."""
    defaults = {"args": ["x"]} if task != "misbehave" else {}
    return Job.objects.create(task=f"tests.core.job_samples.{task}", enqueued_at=at, run_after=at, **{**defaults, **fields})


@pytest.mark.django_db
def test_a_job_runs_and_its_result_is_kept() -> None:
    queued = job_samples.note.enqueue("chào", times=2)
    assert queued.status == TaskResultStatus.READY
    job = take("w1", at=LATER)
    assert job is not None and str(job.pk) == queued.id
    assert (job.state, job.worker, job.attempts, job.leased_until) == ("RUNNING", "w1", 1, LATER + LEASE)
    assert run(job, now=lambda: LATER)
    job.refresh_from_db()
    assert (job.state, job.result, job.finished_at, job.leased_until) == ("DONE", 2, LATER, None)
    result = job_samples.note.get_result(queued.id)
    assert (result.status, result.return_value) == (TaskResultStatus.SUCCESSFUL, 2)
    assert take("w1", at=LATER) is None
    with pytest.raises(TaskResultDoesNotExist):
        job_samples.note.get_result(str(uuid4()))


@pytest.mark.django_db
def test_enqueueing_holds_or_falls_with_the_transaction() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        job_samples.note.enqueue("never")
        raise ZeroDivisionError
    assert not Job.objects.exists()
    with transaction.atomic():
        job_samples.note.enqueue("once")
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_only_what_is_due_by_priority_and_age() -> None:
    waiting(at=AT + timedelta(minutes=1), args=["not yet"])
    for place, (word, priority) in enumerate([("second", 0), ("third", 0), ("first", 5)]):
        waiting(at=AT - timedelta(minutes=10 - place), args=[word], priority=priority)
    words = []
    while job := take("w", at=AT):
        words.append(job.args[0])
    assert words == ["first", "second", "third"]


@pytest.mark.django_db
def test_a_job_whose_worker_is_lost_runs_again() -> None:
    waiting()
    lost = take("dead worker", at=AT)
    assert lost is not None
    assert reap(at=AT + LEASE) == 0, "the lease still holds"
    assert take("other", at=AT + LEASE) is None
    later = AT + LEASE + timedelta(seconds=1)
    assert reap(at=later) == 1
    again = take("other", at=later)
    assert again is not None and (again.pk, again.attempts) == (lost.pk, 2)
    assert run(lost, now=lambda: later), "the lost worker finishes after all"
    again.refresh_from_db()
    assert (again.state, again.worker) == ("RUNNING", "other"), "but the job is no longer its own"
    assert run(again, now=lambda: later)
    again.refresh_from_db()
    assert again.state == "DONE"


@pytest.mark.django_db
def test_failures_back_off_and_end_among_the_dead() -> None:
    made, at, waits = waiting("fail", args=["hỏng"]), AT, []
    for attempt in range(1, MAX_ATTEMPTS + 1):
        job = take("w", at=at)
        assert job is not None and job.attempts == attempt
        assert not run(job, now=lambda at=at: at)
        job.refresh_from_db()
        if job.state == "READY":
            assert take("w", at=job.run_after - timedelta(seconds=1)) is None
            waits.append((job.run_after - at).total_seconds())
            at = job.run_after
    made.refresh_from_db()
    assert (made.state, made.finished_at) == ("DEAD", at) and "RuntimeError: hỏng" in made.error
    assert waits == sorted(waits) and len(set(waits)) == MAX_ATTEMPTS - 1, "each wait longer than the last"
    assert take("w", at=LATER) is None
    assert job_samples.fail.get_result(str(made.pk)).status == TaskResultStatus.FAILED


@pytest.mark.django_db
def test_a_dead_job_is_sent_again() -> None:
    made = waiting(state="DEAD", attempts=MAX_ATTEMPTS, finished_at=AT)
    assert take("w", at=AT) is None
    assert resend(made.pk, at=AT).attempts == 0
    job = take("w", at=AT)
    assert job is not None and run(job, now=lambda: AT) and job_samples.SEEN == ["x"]
    for wrong in (made.pk, UUID(int=1)):
        with pytest.raises(NotFound):
            resend(wrong, at=AT)


@pytest.mark.django_db
def test_a_lost_lease_on_the_last_attempt_is_dead() -> None:
    made = waiting(state="RUNNING", attempts=MAX_ATTEMPTS, leased_until=AT, worker="w")
    assert reap(at=AT + timedelta(seconds=1)) == 1
    made.refresh_from_db()
    assert (made.state, made.error) == ("DEAD", "lease lost")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("task", "args"), [("misbehave", []), ("fail", ["a\x00b"]), ("fail", ["\ud800"]), ("gone", []), ("note", [1, 2, 3, 4])]
)
def test_whatever_a_job_does_the_worker_goes_on(task: str, args: list[object]) -> None:
    job = waiting(task, args=[])
    job = take("w", at=AT) or job
    job.args = args
    assert not run(job, now=lambda: AT)
    job.refresh_from_db()
    assert job.state == "READY" and job.error and job.result is None


@pytest.mark.django_db
def test_a_schedule_runs_once_however_long_all_were_down() -> None:
    plan([Planned("remind", "tests.core.job_samples.note", 60)], at=AT)
    assert enqueue_due(at=AT - timedelta(seconds=1)) == 0
    assert [enqueue_due(at=AT), enqueue_due(at=AT), enqueue_due(at=AT + timedelta(minutes=59))] == [1, 0, 0]
    after_three_days = AT + timedelta(days=3, minutes=7)
    assert [enqueue_due(at=after_three_days), enqueue_due(at=after_three_days)] == [1, 0]
    assert Schedule.objects.get().next_at == AT + timedelta(days=3, hours=1), "and keeps its beat"
    assert Job.objects.count() == 2


@pytest.mark.django_db
def test_planning_again_keeps_time_and_switch() -> None:
    plan([Planned("remind", "a.b", 60)], at=AT)
    Schedule.objects.update(active=False)
    plan([Planned("remind", "a.c", 30)], at=AT + timedelta(days=1))
    kept = Schedule.objects.get()
    assert (kept.task, kept.every_minutes, kept.active, kept.next_at) == ("a.c", 30, False, AT)
    assert enqueue_due(at=LATER) == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_take_one_job() -> None:
    made = {waiting(args=[n]).pk for n in range(24)}

    def take_all(number: int) -> list[UUID]:
        taken = []
        for _ in range(200):
            if job := take(f"w{number}", at=AT):
                taken.append(job.pk)
            elif not Job.objects.filter(state="READY").exists():
                break
        return taken

    mine, yours, theirs = together(3, take_all)
    everything = [*mine, *yours, *theirs]  # type: ignore[misc]
    assert len(everything) == len(set(everything)) == len(made) and set(everything) == made


@pytest.mark.django_db
def test_a_job_put_off_meanwhile_is_not_taken_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between looking and taking, another worker has taken it, failed, and put it off."""
    job = waiting("fail")
    look = QuerySet.values_list

    def look_and_lose(rows: Any, *fields: str, **options: Any) -> Any:
        found = list(look(rows, *fields, **options)[:5])
        Job.objects.filter(pk=job.pk).update(run_after=AT + timedelta(seconds=10), attempts=1)
        return found

    monkeypatch.setattr(QuerySet, "values_list", look_and_lose)
    assert take("w1", at=AT) is None
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("READY", 1)


@pytest.mark.django_db(transaction=True)
def test_two_workers_enqueue_a_schedule_once() -> None:
    plan([Planned(f"s{n}", "tests.core.job_samples.note", 60) for n in range(5)], at=AT)
    counts = together(3, lambda _number: enqueue_due(at=AT + timedelta(days=3)))
    assert sum(counts) == 5 == Job.objects.count()  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
def test_workers_work_until_told_to_stop() -> None:
    for n in range(10):
        waiting(args=[n])
    waiting("fail")
    stop = threading.Event()
    ticks = iter(range(10**6))

    def now() -> datetime:
        if not Job.objects.filter(state="READY", run_after__lte=AT).exists():
            stop.set()
        return AT + timedelta(microseconds=next(ticks))

    ran = together(2, lambda number: work(f"w{number}", stop=stop, now=now, idle_seconds=0.01))
    assert sum(ran) == 11  # type: ignore[arg-type]
    assert sorted(job_samples.SEEN) == list(range(10))
    assert Job.objects.filter(state="DONE").count() == 10


@pytest.mark.django_db(transaction=True)
def test_a_long_job_keeps_its_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("banggiao.core.jobs.worker.LEASE", timedelta(seconds=0.03))
    made = waiting("last")
    Job.objects.update(args=[str(made.pk)])
    job = take("w", at=AT)
    assert job is not None and run(job, now=lambda: AT + timedelta(minutes=1))
    assert Job.objects.get().result is True
