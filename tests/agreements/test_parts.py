"""Do legal steps, texts, clauses, readiness and amendments keep their rules and rights, and is what is alike found?"""

from __future__ import annotations

from typing import Any

import pytest

from banggiao.activities.models import Activity
from banggiao.agreements.legal import party_states
from banggiao.agreements.lines import CLAUSES, LEGAL_STEPS, READINESS, TEXTS
from banggiao.agreements.models import Agreement, Clause
from banggiao.agreements.readiness import readiness_of
from banggiao.agreements.services import confirm_clauses, create_agreement, enter_agreement, revise_agreement
from banggiao.core.errors import InvalidInput, NotFound, NotPermitted
from banggiao.core.lines import Lines, add_line, change_line, remove_line, rows_of
from banggiao.core.questions import ask
from banggiao.core.vocabulary import vocabulary
from banggiao.reports.clauses import can_be_tied, clauses_of, commit, proposed, tie
from banggiao.reports.similar import Wanted, about, alike, like_agreement
from banggiao.sources.models import Citation
from tests.factories.rows import AT, SYSTEM, act, activity, agreement, commitment, document, institution, partner, viewer

pytestmark = pytest.mark.django_db
TEXT = "HIỆP ĐỊNH\nĐiều 1. Phạm vi\nHợp tác về cà phê.\nĐiều 2. Báo cáo\nMỗi bên báo cáo hằng năm.\n"
DESK = viewer("desk")


def problems(lines: Lines, parent: Agreement, who: Any = DESK, **values: Any) -> set[str]:
    with pytest.raises(InvalidInput) as raised:
        add_line(act=act(who), lines=lines, parent=parent, values=values)
    return {p.field for p in raised.value.problems}


def with_text(**where: Any) -> tuple[Agreement, Any]:
    made, text = agreement(parties=[partner()]), document(TEXT, name="hiep-dinh.txt", **where)
    add_line(act=act(), lines=TEXTS, parent=made, values={"document_id": text.pk, "role": "authentic", "language": "vi"})
    return made, text


# Legal steps ---------------------------------------------------------------------------------------------------------------


def test_each_party_stands_where_its_steps_say() -> None:
    first, second = partner(), partner("XBB", "Cộng hòa Y")
    made = agreement(kind="fta", parties=[first, second])
    for party, status, day in ((None, "signed", "2025-03-11"), (first.pk, "signed", "2025-03-11"), (None, "ratified", "2025-06")):
        add_line(act=act(DESK), lines=LEGAL_STEPS, parent=made, values={"partner_id": party, "status": status, "day": day})
    states = {s.name.vi: (s.latest, s.bound, dict(s.days)) for s in party_states([made], SYSTEM)[made.pk]}
    assert list(states) == ["Việt Nam", "Vương quốc X", "Cộng hòa Y"]
    assert states["Việt Nam"] == ("ratified", True, {"signed": "2025-03-11", "ratified": "2025-06"})
    assert states["Vương quốc X"] == ("signed", False, {"signed": "2025-03-11"}) and states["Cộng hòa Y"][0] == ""
    assert made.status == "signed", "the instrument's own state is another axis"


@pytest.mark.parametrize("status", vocabulary("party_status").codes)
def test_who_must_still_ratify(status: str) -> None:
    state = partner()
    made = agreement(kind="fta", parties=[state])
    agreement(kind="mou", parties=[state])  # needs no ratification
    agreement(kind="fta", parties=[state], status="in_force")
    for party in (None, state.pk):
        add_line(act=act(), lines=LEGAL_STEPS, parent=made, values={"partner_id": party, "status": "signed", "day": "2025-03-11"})
    add_line(act=act(), lines=LEGAL_STEPS, parent=made, values={"partner_id": state.pk, "status": status, "day": "2025-05-01"})
    asked = ask("must_ratify", {}, SYSTEM, at=AT)
    settled = status in ("ratified", "approved", "acceded", "notified", "in_force", "suspended", "terminated")
    assert [row.cells[1].vi for row in asked.rows] == (["Việt Nam"] if settled else ["Việt Nam", "Vương quốc X"])
    assert asked.total == len(list(asked.rows)) and asked.rule == "parties_to_ratify"
    assert ask("must_ratify", {"partner": "XAA"}, SYSTEM, at=AT).total == (0 if settled else 1)


def test_steps_are_added_and_taken_back_but_never_changed() -> None:
    made, desk = agreement(parties=[partner()]), act(DESK)
    values = {"status": "signed", "day": "2025-03-11", "partner_id": None}
    step = add_line(act=desk, lines=LEGAL_STEPS, parent=made, values=values)
    assert problems(LEGAL_STEPS, made, **values) == {"status"}, "the same step of the same day"
    assert problems(LEGAL_STEPS, made, status="signed") == {"day"}
    assert problems(LEGAL_STEPS, made, status="amended", day="2025") == {"status"}, "an amendment is an event, not a state"
    with pytest.raises(NotPermitted):
        change_line(act=desk, lines=LEGAL_STEPS, parent=made, line=step, values={"day": "2025-03-12"}, version=1)
    with pytest.raises(InvalidInput):
        remove_line(act=desk, lines=LEGAL_STEPS, parent=made, line=step, version=1)
    with pytest.raises(NotPermitted):
        add_line(act=act(viewer("mission")), lines=LEGAL_STEPS, parent=made, values={**values, "day": "2025-04"})
    remove_line(act=desk.because("Ghi nhầm ngày"), lines=LEGAL_STEPS, parent=made, line=step, version=1)
    add_line(act=desk, lines=LEGAL_STEPS, parent=made, values=values)


# Amendments and readiness --------------------------------------------------------------------------------------------------


def test_nothing_amends_itself() -> None:
    first, second, third = (agreement(name_vi=f"Văn kiện {n}") for n in range(3))
    for new, old in ((second, first), (third, second)):
        revise_agreement(act=act(DESK), agreement=new, values={"amends_id": old.pk}, version=1)
    for amended in (first, third):
        with pytest.raises(InvalidInput) as raised:
            revise_agreement(act=act(DESK), agreement=first, values={"amends_id": amended.pk}, version=1)
        assert [p.field for p in raised.value.problems] == ["amends_id"]
    assert ask("agreements", {"amends": str(first.pk)}, SYSTEM, at=AT).total == 1
    with pytest.raises(InvalidInput):
        agreement(in_force_on="2025-01-01")


def test_who_may_enter_one() -> None:
    values = {"kind": "mou", "name_vi": "X"}
    with pytest.raises(NotPermitted):
        create_agreement(act=act(viewer("ministry")), values=values)
    assert enter_agreement(act=act(viewer("ministry")), values=values).status == "proposed"


def test_readiness_of_what_an_activity_prepares() -> None:
    visit: Activity = activity(start="2025-12-01")
    plan = agreement(status="negotiating", signed_on="", activity_id=visit.pk, name_vi="Kế hoạch")
    agreement(activity_id=visit.pk)  # signed already
    other = agreement(status="initialled", signed_on="", activity_id=visit.pk, name_vi="Biên bản")
    for item in vocabulary("readiness_item").codes:
        add_line(act=act(DESK), lines=READINESS, parent=plan, values={"item": item, "state": "done"})
    assert problems(READINESS, plan, item="signer", state="done") == {"item"}
    assert problems(READINESS, other, item="weather", state="done") == {"item"}
    assert [(r.agreement.name_vi, r.ready) for r in readiness_of(visit, SYSTEM)] == [("Kế hoạch", True), ("Biên bản", False)]


# Texts and clauses ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, 5), (9, 5), (0, len(TEXT) + 1), (len(TEXT), len(TEXT) + 9)])
def test_a_clause_lies_within_its_text(start: int, end: int) -> None:
    made, text = with_text()
    assert problems(CLAUSES, made, document_id=text.pk, number="Điều 9", start=start, end=end) & {"start", "end"}
    assert not Clause.objects.exists()


def test_what_else_a_clause_is_not() -> None:
    made, text = with_text()
    add_line(act=act(), lines=CLAUSES, parent=made, values={"document_id": text.pk, "number": "Điều 1", "start": 10, "end": 45})
    assert problems(CLAUSES, made, document_id=text.pk, number="Điều 2", start=40, end=60) == {"start"}
    assert problems(CLAUSES, agreement(), document_id=text.pk, number="Điều 1", start=0, end=5) == {"document_id"}
    assert problems(TEXTS, made, document_id=text.pk, role="translation") == {"document_id"}
    assert problems(CLAUSES, made, document_id=text.pk, number="Điều 3", start=50) == {"end"}


def test_clauses_stand_beside_the_commitments_that_cite_them() -> None:
    made, text = with_text()
    rows = proposed(made, text, SYSTEM)
    assert [(a.number, a.heading, standing) for a, _words, standing in rows] == [
        ("Điều 1", "Phạm vi", False),
        ("Điều 2", "Báo cáo", False),
    ]
    chosen = [{"number": a.number, "heading": a.heading, "start": a.start, "end": a.end} for a, _words, _standing in rows]
    assert len(confirm_clauses(act=act(DESK), agreement=made, document_id=text.pk, clauses=chosen)) == 2
    assert confirm_clauses(act=act(DESK), agreement=made, document_id=text.pk, clauses=chosen) == [], "twice is once"
    assert all(standing for _a, _words, standing in proposed(made, text, SYSTEM))
    first, second = (seen.clause for seen in clauses_of(made, SYSTEM))
    assert clauses_of(made, SYSTEM)[1].words == "Điều 2. Báo cáo Mỗi bên báo cáo hằng năm."

    old = commitment(agreement_id=made.pk)
    assert [pk for pk, _title in can_be_tied(made, first, SYSTEM)] == [str(old.pk)]
    tie(made, first, str(old.pk), act=act(DESK)), tie(made, first, str(old.pk), act=act(DESK))
    assert Citation.objects.filter(subject_id=old.pk).count() == 1
    new = commit(made, second, values={"text_vi": "Báo cáo hằng năm", "side": "joint"}, act=act(DESK))
    assert new.agreement_id == made.pk
    assert [[ref.id for ref in seen.commitments] for seen in clauses_of(made, SYSTEM)] == [[old.pk], [new.pk]]
    with pytest.raises(NotPermitted):
        tie(made, second, str(old.pk), act=act(viewer("leader")))
    with pytest.raises(NotFound):
        tie(made, second, "không phải id", act=act(DESK))
    with pytest.raises(InvalidInput):
        commit(made, second, values={"text_vi": "", "side": "joint"}, act=act(DESK))


def test_words_of_a_hidden_document_stay_hidden() -> None:
    body, other = institution("BO-A"), institution("BO-B")
    made, text = with_text(owner=body.pk)
    revise_agreement(act=act(DESK), agreement=made, values={"classification": "public"}, version=made.version)
    confirm_clauses(
        act=act(),
        agreement=made,
        document_id=text.pk,
        clauses=[{"number": "Điều 1", "heading": "Phạm vi", "start": 10, "end": 45}],
    )
    stranger, insider = viewer("ministry", other), viewer("ministry", body)
    assert len(clauses_of(made, insider)) == 1
    assert clauses_of(made, stranger) == [] and not rows_of(TEXTS, made, stranger).exists()
    blind = viewer("ministry", other, clearance="public")
    assert clauses_of(made, blind) == []


# What is alike -------------------------------------------------------------------------------------------------------------


def test_what_is_alike_and_why() -> None:
    state = partner()
    stands = agreement(name_vi="Bản ghi nhớ về kết nối hồ sơ kiểm dịch điện tử", parties=[state])
    promise = commitment(text_vi="Kết nối hồ sơ kiểm dịch điện tử trong năm", partner_id=state.pk)
    agreement(name_vi="Bản ghi nhớ về hợp tác du lịch", parties=[state], field="tourism")
    new = agreement(
        name_vi="Kế hoạch kết nối hồ sơ kiểm dịch điện tử", parties=[state], kind="plan", status="proposed", signed_on=""
    )
    found = like_agreement(new, SYSTEM)
    assert [each.id for each in found] == [stands.pk, promise.pk]
    assert "đối tác chung: Vương quốc X" in found[0].why.vi and "cùng lĩnh vực thương mại" in found[0].why.vi
    assert found[0].score > found[1].score >= 45
    assert alike(Wanted("Bản ghi nhớ giữa Chính phủ"), SYSTEM) == [], "words that name only the kind find nothing"
    asked = ask("similar", {"text": "kết nối hồ sơ kiểm dịch điện tử", "partner": "XAA"}, SYSTEM, at=AT)
    assert {row.id for row in asked.rows} == {stands.pk, promise.pk, new.pk}
    assert ask("similar", {}, SYSTEM, at=AT).total == 0


def test_alike_in_ones_own_world_and_rights() -> None:
    body, other = institution("BO-A"), institution("BO-B")
    agreement(name_vi="Kết nối hồ sơ kiểm dịch", owner=body.pk)
    drill = agreement(name_vi="Kết nối hồ sơ kiểm dịch", exercise=True, code="DT-TT-X")
    assert like_agreement(drill, SYSTEM) == []
    wanted = Wanted("Kết nối hồ sơ kiểm dịch")
    assert len(alike(wanted, viewer("ministry", body))) == 1 and alike(wanted, viewer("ministry", other)) == []


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Bản ghi nhớ về hợp tác trong lĩnh vực bán dẫn", "linh vuc ban dan"),
        ("Memorandum of Understanding on Semiconductors", "semiconductors"),
        ("Hiệp định thử nghiệm số 5", ""),
    ],
)
def test_what_a_title_is_about(title: str, words: str) -> None:
    assert set(about(title).split()) <= set(words.split()) and bool(about(title)) == bool(words)
