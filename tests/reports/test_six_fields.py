"""Do the six fields say what the registers and the last report say, to whom they may, and who has not reported?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from banggiao.core.questions import ALL, Page, Ref, ask
from banggiao.followup.services import move_work, report_progress
from banggiao.reports.blocks import SourceRow
from banggiao.reports.six_fields_paper import six_fields_paper
from tests.factories.rows import AT, SIX, act, commitment, institution, partner, viewer

pytestmark = pytest.mark.django_db


def test_difficulties_and_asks_are_those_of_the_latest_report() -> None:
    lead, state = institution("BO-A"), partner()
    duty = commitment(lead_id=lead.pk, partner_id=state.pk, deadline="2025-08-01", **SIX)
    duty = move_work(act=act(), record=duty, action="assign", version=duty.version)
    day = AT.date()
    report_progress(act=act(), record=duty, day=day, text="Mới", difficulty="FUNDING", recommendation="Bố trí vốn")
    report_progress(act=act(), record=duty, day=day - timedelta(days=9), text="Cũ", difficulty="PARTNER", recommendation="Chờ")
    (row,) = ask("six_fields", {}, viewer("desk", lead), at=AT, page=ALL).listed().rows
    who, with_whom, what, timeline, difficulties, asks, reported = row.cells
    assert isinstance(who, Ref) and who.title.vi == lead.name_vi and isinstance(with_whom, Ref) and with_whom.id == state.pk
    assert isinstance(what, Ref) and what.id == duty.pk
    assert timeline == ("Hạn 1/8/2025; quá hạn", "Due 1 August 2025; overdue")
    assert difficulties == ("Thiếu hoặc chậm vốn", "Funding")
    assert (asks, reported) == ("Bố trí vốn", day)


def test_a_body_or_partner_that_may_not_be_known_is_not_named() -> None:
    lead = institution("BO-A")
    hidden = institution("BO-KIN", classification="internal", owner=institution("BO-B").pk)
    commitment(lead_id=hidden.pk, classification="public")
    (row,) = ask("six_fields", {}, viewer("ministry", lead), at=AT, page=ALL).listed().rows
    assert row.cells[0] is None
    assert not ask("who_reported", {}, viewer("ministry", lead), at=AT, page=ALL).listed().rows


def test_who_reported_counts_open_commitments_since_the_day() -> None:
    a, b = institution("BO-A"), institution("BO-B")
    told, quiet = commitment(lead_id=a.pk), commitment(lead_id=a.pk)
    commitment(lead_id=b.pk)
    report_progress(act=act(), record=told, day=AT.date(), text="Đã họp")
    report_progress(act=act(), record=quiet, day=AT.date() - timedelta(days=300), text="Đã họp")
    seen = ask("who_reported", {"since": "2025-07-01"}, viewer("desk", a), at=AT, page=ALL).listed()
    rows = {row.id: row.cells[1:] for row in seen.rows}
    assert rows == {a.pk: (2, 1, 1, AT.date()), b.pk: (1, 0, 1, None)}
    narrowed = ask("six_fields", {"since": "2025-07-01", "reported": "no"}, viewer("desk", a), at=AT, page=ALL).listed()
    assert told.pk not in {row.id for row in narrowed.rows} and narrowed.total == 2


def test_pages_follow_each_other_without_gap_or_repeat() -> None:
    lead = institution("BO-A")
    made = {commitment(lead_id=lead.pk, deadline=day).pk for day in ("", "2025-10", "2025-09-30", "2026", "")}
    seen, cursor = [], ""
    while True:
        answer = ask("six_fields", {}, viewer("desk", lead), at=AT, page=Page(2, cursor)).listed()
        seen += [row.id for row in answer.rows]
        cursor = answer.next_cursor
        if not cursor:
            break
    assert len(seen) == len(made) and set(seen) == made


def test_the_paper_names_its_sources_in_words() -> None:
    lead = institution("BO-A")
    commitment(lead_id=lead.pk)
    paper = six_fields_paper({}, viewer("desk", lead), lead, at=AT, language="en")
    told = [source.dataset for note in paper.notes for source in note.sources if isinstance(source, SourceRow)]
    assert told == ["Implementation of commitments", "Who has reported progress and who has not"]
