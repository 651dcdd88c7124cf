"""Is a report of a past day the same bytes, whatever is written afterwards?

`BANGGIAO_EDITS` says how many edits are tried after the day; the gate of a release runs with 10000.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from difflib import unified_diff
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction

from banggiao.commitments.models import Commitment
from banggiao.core import clock
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import BangGiaoError, ClockSetBack
from banggiao.core.ledger import LedgerEntry, verify
from banggiao.core.vocabulary import Vocabulary, vocabulary, with_earlier
from banggiao.partners.models import Institution
from banggiao.reports import commitments_known
from banggiao.reports.commitments_difference import CAUSES, answer_of, difference
from banggiao.reports.commitments_known import Asked, Line, known
from banggiao.reports.commitments_report import as_json, document_of, take_report
from banggiao.reports.files import as_json as paper_as_json
from banggiao.reports.files import as_pdf
from banggiao.reports.review import compose
from tests.factories.past import DAY, END, edits, past_world
from tests.factories.rows import SYSTEM, viewer

pytestmark = pytest.mark.django_db
EDITS = int(os.environ.get("BANGGIAO_EDITS", "300"))
DESK = viewer("desk", clearance="top_secret")


def rendered(who: Viewer, asked: Asked = Asked()) -> dict[str, bytes]:  # noqa: B008
    """The report of commitments in every form that is kept, in both languages where words stand in it."""
    found = known(who, END, asked)
    act = Act(who, END)
    return {
        "json": as_json(found),
        "csv": take_report(found, "csv", act=act, language="vi")[0],
        "csv in English": take_report(found, "csv", act=act, language="en")[0],
        "paper": paper_as_json(document_of(found, "vi")),
    }


def reviewed(who: Viewer) -> dict[str, bytes]:
    """The review report of the half-year."""
    return {language: paper_as_json(compose("2025-H2", who, at=END, language=language)) for language in ("vi", "en")}  # type: ignore[arg-type]


def unlike(now: bytes, then: bytes) -> list[str]:
    """The first lines in which two files differ."""
    return list(unified_diff(then.decode().splitlines(), now.decode().splitlines(), lineterm="", n=1))[:12]


@pytest.fixture
def changing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Puts a new version of a counting rule and of words in force from a day after the one asked about."""
    kept: dict[str, Vocabulary] = {}

    def patched(name: str) -> Vocabulary:
        return kept.get(name) or vocabulary(name)

    def change(until: date) -> None:
        def counted(line: Line, day: date) -> dict[str, Decimal]:
            return {"all": Decimal(2), "verified": Decimal(1)}

        for name in ("counting_rule", "work_state", "timeliness", "difficulty_code", "commitment_total", "validation_state"):
            now = vocabulary(name)
            every = [v for t in now.terms for v in (now.versions(t.code)[:-1] or now.versions(t.code))]
            lines = ["code,version,until,label_vi,label_en,note"]
            lines += [f'{v.code},{v.version},{v.until or until},"{v.label_vi}","{v.label_en}",' for v in every]
            terms = tuple(replace(t, label_vi=f"{t.label_vi} (mới)", label_en=f"{t.label_en} (new)") for t in now.terms)
            renamed = replace(now, terms=terms, _by_code={t.code: t for t in terms})
            kept[name] = with_earlier(renamed, "\n".join(lines))
        monkeypatch.setitem(commitments_known.RULES, 2, counted)

    for module in ("commitments_known", "commitments_report", "six_fields", "review_known", "review_parts", "review"):
        monkeypatch.setattr(f"banggiao.reports.{module}.vocabulary", patched)
    monkeypatch.setattr("banggiao.core.exports.vocabulary", patched)
    yield change


def test_a_report_of_a_past_day_is_the_same_bytes_after_any_later_edits(monkeypatch: pytest.MonkeyPatch, changing: Any) -> None:
    # Where records may be raised to any level, so that some are.
    monkeypatch.setattr("banggiao.core.installation.installed_level", lambda: "enclave")
    past_world()
    ministry = viewer("ministry", Institution.objects.get(code="BO-A"))
    asked = [Asked(), Asked(period="2025"), Asked(partner="XAA"), Asked(lead="BO-B")]
    before = [rendered(DESK, each) for each in asked]
    pdf, review, mine = as_pdf(document_of(known(DESK, END, Asked()), "vi")), reviewed(DESK), known(ministry, END, Asked())
    assert len(mine.lines) < len(known(DESK, END, Asked()).lines), "the ministry sees less"

    chance, moment, done, refused = random.Random(EDITS), END, Counter(), Counter()
    kinds = edits(chance)
    for turn in range(EDITS):
        moment += timedelta(minutes=chance.randrange(1, 2000))
        skew = chance.choice([0, 0, 0, 0, 0, -3, -600, -60 * 24 * 400])  # minutes: the clock of the machine moves
        monkeypatch.setattr("django.utils.timezone.now", lambda at=moment + timedelta(minutes=skew): at)
        name = sorted(kinds)[turn % len(kinds)] if turn < 3 * len(kinds) else chance.choice(sorted(kinds))
        count = LedgerEntry.objects.count()
        try:
            with transaction.atomic():  # as in a request: an edit of two steps is taken whole or not at all
                kinds[name](Act(SYSTEM, clock.now_to_write(), chance.choice(["", "vì"])))
            done[name] += 1
        except ClockSetBack:
            refused["clock"] += 1
        except BangGiaoError:
            refused[name] += 1
            assert LedgerEntry.objects.count() == count, "what is refused leaves nothing"
        if turn == EDITS // 2:
            changing(DAY + timedelta(days=10))
    assert set(done) >= set(kinds) and refused["clock"] > 10, (done, refused)
    for each, was in zip(asked, before, strict=True):
        now = rendered(DESK, each)
        for form, content in was.items():
            assert now[form] == content, (each, form, unlike(now[form], content))
    assert as_pdf(document_of(known(DESK, END, Asked()), "vi")) == pdf
    now = reviewed(DESK)
    for form, content in review.items():
        assert not unlike(now[form], content), unlike(now[form], content)
    assert now == review

    then = {line.record.pk: line for line in mine.lines}
    for line in known(ministry, END, Asked()).lines:
        assert line.record.snapshot() == then[line.record.pk].record.snapshot(), "no more than was known then"
        assert Commitment.objects.get(pk=line.record.pk).classification in ministry.cleared_levels(), "nor what is closed now"
    later = known(DESK, moment, Asked())
    assert later.version == 2 and later.totals()["all"] == 2 * len(later.lines), "the new rule counts from its day on"
    assert as_json(later) != before[0]["json"] and list(verify()) == []


def test_the_difference_of_two_days_is_explained_record_by_record(monkeypatch: pytest.MonkeyPatch, changing: Any) -> None:
    monkeypatch.setattr("banggiao.core.installation.installed_level", lambda: "enclave")
    past_world(60)
    chance, moment = random.Random(7), END
    kinds = edits(chance)
    moments = [END]
    for turn in range(min(EDITS, 300)):
        moment += timedelta(minutes=chance.randrange(1, 2000))
        try:
            with transaction.atomic():
                chance.choice(list(kinds.values()))(Act(SYSTEM, moment, f"lý do {turn}"))
        except BangGiaoError:
            pass
        if turn % 60 == 59:
            moments.append(moment)
    changing(moments[-2].date())
    ministry = viewer("ministry", Institution.objects.get(code="BO-A"))
    causes: Counter[str] = Counter()
    for who, asked in ((DESK, Asked()), (DESK, Asked(lead="BO-B")), (ministry, Asked())):
        for first, second in (*pairwise(moments), (moments[0], moments[-1])):
            found = difference(who, first, second, asked)
            for name, before, after, by_cause in found.totals():
                assert sum(by_cause.values(), before) == after, (name, by_cause)
                assert sum((c.moves.get(name, 0) for c in found.changed), before) == after, "and so do the records"
            for each in found.changed:
                causes.update(list(each.causes))
                assert all(first < told.recorded_at <= second for told in each.entries)
                if each.causes.get("written") or each.causes.get("left"):
                    assert each.entries, "what is written is told"
            rows = answer_of(found).listed().rows
            told = Counter(row.id for row in rows if row.cells[3] and row.cells[3].vi)
            assert set(told) == {c.id for c in found.changed if c.moves or any(c.causes.values())}
    assert set(causes) == set(CAUSES), causes
    whole = difference(DESK, moments[0], moments[-1], Asked())
    late = [told for each in whole.changed for told in each.entries if told.late]
    assert late and all(told.since and told.since <= DAY < told.recorded_at.date() for told in late)
    assert whole.renamed and not difference(DESK, END - timedelta(seconds=1), END, Asked()).changed
