"""Does evidence count only once somebody else has accepted it, and are its files kept whole or not at all?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from banggiao.core.errors import InvalidInput, MissingInformation, NotFound, NotPermitted, StaleEdit, Unreadable, WrongState
from banggiao.core.ledger import entries_of
from banggiao.followup.evidence.files import Sent, bytes_of, file_seen
from banggiao.followup.evidence.questions import to_check
from banggiao.followup.evidence.services import add_evidence, move_evidence
from banggiao.followup.models import Evidence, EvidenceFile, Milestone
from banggiao.followup.planning.questions import standings
from banggiao.followup.planning.services import add_difficulty, approve_plan, claim_milestone, draft_plan
from banggiao.followup.services import move_due_date, report_progress
from banggiao.followup.talking import InboxItem
from tests.factories.rows import AT, SYSTEM, act, commitment, institution, user, viewer
from tests.reading.intake.test_vetting import pdf

pytestmark = [pytest.mark.django_db]
D = Decimal


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


class World:
    """A promise with an approved plan of two milestones, who reports it and who checks it."""

    def __init__(self) -> None:
        self.lead, other = institution(), institution("BO-B")
        self.duty = commitment(lead_id=self.lead.pk)
        reporter = user("bao.cao", role="ministry", body=self.lead)
        checker = user("tham.tra", role="verifier", body=other)
        own = user("tham.tra.nha", role="verifier", body=self.lead)
        self.reporter = act(viewer("ministry", self.lead, id=reporter.pk))
        self.checker = viewer("verifier", other, id=checker.pk)
        self.own = viewer("verifier", self.lead, id=own.pk)
        rows = [
            {"name_vi": "Mở tại các tỉnh", "weight": D("0.4"), "due": date(2025, 6, 30), "target": D(4), "unit": "tỉnh"},
            {"name_vi": "Ban hành", "weight": D("0.6"), "due": date(2025, 9, 30)},
        ]
        plan = draft_plan(act=self.reporter, record=self.duty, starts=date(2025, 3, 31), milestones=rows)
        approve_plan(act=act(), record=self.duty, baseline=plan, version=plan.version)
        self.first, self.last = Milestone.objects.filter(baseline=plan).order_by("position")

    def hand_in(self, **more: Any) -> Evidence:
        values = {"grade": 3, "description": "Biên bản", "day": AT.date(), "milestone": self.first.key, **more}
        return add_evidence(act=self.reporter, record=self.duty, **values)

    def check(self, proof: Evidence, action: str = "accept", *, reason: str = "", who: Any = None, **values: Any) -> Evidence:
        deed = act(who or self.checker, reason=reason)
        return move_evidence(act=deed, evidence=proof, action=action, version=proof.version, values=values)

    def verified(self) -> Decimal:
        return standings([self.duty], SYSTEM, AT)[self.duty.pk].verified


def test_only_what_is_accepted_counts() -> None:
    world = World()
    claim_milestone(act=world.reporter, record=world.duty, key=world.first.key, day=AT.date(), quantity=D(4))
    proof = world.hand_in(quantity=D(3))
    assert world.verified() == 0 and to_check(world.checker) == 1
    proof = world.check(proof)
    assert world.verified() == D("0.3") and to_check(world.checker) == 0
    world.check(proof, "return", reason="Biên bản không có chữ ký")
    assert world.verified() == 0


def test_another_grade_needs_a_reason_and_is_the_one_that_counts() -> None:
    world = World()
    claim_milestone(act=world.reporter, record=world.duty, key=world.first.key, day=AT.date(), quantity=D(4))
    proof = world.hand_in()
    with pytest.raises(MissingInformation) as raised:
        world.check(proof, grade=1)
    assert [p.field for p in raised.value.problems] == ["reason"]
    assert world.check(proof, grade=1, reason="Chỉ là lời khai").grade == 1
    assert world.verified() == 0, "the milestone asks for grade 2"
    with pytest.raises(InvalidInput):
        world.check(world.hand_in(grade=0))


def test_nobody_checks_their_own() -> None:
    world = World()
    proof = world.hand_in()
    both = viewer("verifier", id=world.reporter.viewer.id)
    for who, error in ((both, WrongState), (world.own, WrongState), (world.reporter.viewer, NotPermitted)):
        with pytest.raises(error):
            world.check(proof, who=who)
    assert Evidence.objects.get(pk=proof.pk).state == "submitted"
    back = world.check(proof, "return", reason="Thiếu ngày")
    again = act(world.own, reason="Đã bổ sung")
    with pytest.raises(NotPermitted):  # a verifier does not report
        move_evidence(act=again, evidence=back, action="resubmit", version=back.version)
    handed = move_evidence(
        act=act(world.reporter.viewer, reason="Đã bổ sung"), evidence=back, action="resubmit", version=back.version,
        values={"description": "Biên bản ngày 1/9"},
    )  # fmt: skip
    assert (handed.state, handed.description) == ("submitted", "Biên bản ngày 1/9")
    with pytest.raises(StaleEdit):
        move_evidence(act=act(world.checker), evidence=handed, action="accept", version=handed.version - 1)
    assert world.check(handed).state == "accepted"


def test_both_sides_are_told() -> None:
    world = World()
    proof = world.hand_in()
    told = {(item.kind, item.user_id) for item in InboxItem.objects.filter(subject_id=proof.pk)}
    assert told == {("evidence", world.checker.id)}, "not the verifier of the body that leads"
    world.check(proof, "return", reason="Thiếu ngày")
    assert InboxItem.objects.filter(kind="evidence_checked", user_id=world.reporter.viewer.id, subject_id=proof.pk).count() == 1


@pytest.mark.parametrize(("more", "field"), [
    ({"description": " "}, "description"), ({"day": AT.date() + timedelta(days=1)}, "day"), ({"milestone": uuid4()}, "milestone"),
    ({"quantity": D(0)}, "quantity"), ({"quantity": D("NaN")}, "quantity"), ({"milestone": None, "quantity": D(1)}, "quantity"),
])  # fmt: skip
def test_evidence_that_says_nothing(more: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        World().hand_in(**more)
    assert [p.field for p in raised.value.problems] == [field]
    assert Evidence.objects.count() == 0


def test_a_file_is_kept_once_and_comes_back_to_the_byte(tmp_path: Path) -> None:
    world, data = World(), pdf()
    one = world.hand_in(file=Sent("../biên bản.pdf", [data[:50], data[50:]]))
    two = world.hand_in(file=Sent("bien-ban-2.pdf", [data]))
    assert one.file and two.file and one.file.sha256 == two.file.sha256
    assert (one.file.name, one.file.media_type, one.file.size) == ("biên bản.pdf", "application/pdf", len(data))
    assert [path.name for path in kept(tmp_path)] == [one.file.sha256]
    assert bytes_of(one.file) == data == bytes_of(two.file)
    kept(tmp_path)[0].write_bytes(b"other")
    with pytest.raises(Unreadable):
        bytes_of(one.file)
    assert entries_of(one.file.pk).count() == 1


def test_a_file_is_known_with_its_record_only() -> None:
    world = World()
    proof = world.hand_in(file=Sent("a.pdf", [pdf()]))
    assert proof.file
    assert file_seen(proof.file.pk, world.reporter.viewer) == proof.file
    for key, who in ((proof.file.pk, viewer("ministry", institution("BO-X"))), (uuid4(), SYSTEM)):
        with pytest.raises(NotFound):
            file_seen(key, who)


def broken_off() -> Iterator[bytes]:
    yield pdf()[:60]
    raise OSError("the line went dead")


@pytest.mark.parametrize(("sent", "error"), [(broken_off, OSError), (lambda: [b"MZ\x90\0" + bytes(80)], Unreadable)])
def test_nothing_is_left_of_a_file_that_does_not_arrive(sent: Any, error: type[Exception], tmp_path: Path) -> None:
    world = World()
    with pytest.raises(error):
        world.hand_in(file=Sent("a.pdf", sent()))
    assert (Evidence.objects.count(), EvidenceFile.objects.count(), kept(tmp_path)) == (0, 0, [])


def test_a_disk_that_is_full_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()

    def half(path: Path, data: bytes) -> int:
        with path.open("wb") as out:
            out.write(data[:10])
        raise OSError("no space left")

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(OSError, match="no space"):
        world.hand_in(file=Sent("a.pdf", [pdf()]))
    assert (Evidence.objects.count(), EvidenceFile.objects.count(), kept(tmp_path)) == (0, 0, [])


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1944, 12, 31), AT.date() + timedelta(days=1), date(9999, 12, 31)])
def test_a_day_out_of_reach_or_to_come_is_refused_by_field(day: date) -> None:
    world = World()
    told: dict[str, Any] = {"act": world.reporter, "record": world.duty}
    for say in (
        lambda: world.hand_in(day=day),
        lambda: claim_milestone(**told, key=world.first.key, day=day, quantity=D(1)),
        lambda: report_progress(**told, day=day, text="Đã làm"),
    ):
        with pytest.raises(InvalidInput) as raised:
            say()
        assert {p.field for p in raised.value.problems} == {"day"}
    with pytest.raises(InvalidInput) as raised:
        add_difficulty(**told, code="OTHER", since=day, text="Thiếu vốn", unblocker_name="Bộ B")
    assert [p.field for p in raised.value.problems] == ["since"]
    if day.year in (1, 1944, 9999):
        with pytest.raises(InvalidInput) as raised:
            move_due_date(act=act(reason="Chờ"), record=world.duty, to=day.isoformat(), version=world.duty.version)
        assert [p.field for p in raised.value.problems] == ["to"]
