"""Which rows do tests build? The same every run, made by the services that every face calls."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from banggiao.accounts.keeping import SavedView
from banggiao.accounts.models import RoleHeld, User
from banggiao.accounts.permissions import PERMISSIONS
from banggiao.accounts.services import create_user, give_role
from banggiao.accounts.services_keeping import save_view
from banggiao.activities.models import Activity, AgendaItem, Attendance, Delegate, EconomicItem, Outcome, Review, Site, Speaker
from banggiao.activities.services import create_activity, open_review
from banggiao.agreements.models import Agreement, AgreementText, Clause, PartyStatus, ReadinessCheck
from banggiao.agreements.services import create_agreement
from banggiao.barriers.models import Barrier
from banggiao.barriers.services import create_barrier
from banggiao.bodies.models import Body, ConclusionNotice, Meeting, MeetingAttendance, MeetingDecision, MeetingItem, Member
from banggiao.bodies.services import create_body, create_meeting
from banggiao.bodies.services_notices import create_notice
from banggiao.commitments.models import (
    Commitment,
    Directive,
    Paragraph,
    PledgeMove,
    PledgeTranche,
    RepeatedAsk,
    Succession,
    Task,
)
from banggiao.commitments.services import create_commitment, create_directive, create_task
from banggiao.core import records
from banggiao.core.acts import Act, Viewer, system_viewer
from banggiao.core.folding import sort_key
from banggiao.core.lines import add_line, lines_named
from banggiao.core.questions import Bi
from banggiao.core.record import Record
from banggiao.followup.chasing.models import ReminderLadder
from banggiao.followup.chasing.services import create_ladder, remind
from banggiao.followup.data_calls.models import DataCall, DataCallAnswer
from banggiao.followup.data_calls.services import create_call, move_call
from banggiao.followup.dispatches.models import DispatchReference
from banggiao.followup.dispatches.services import create_dispatch
from banggiao.followup.escalations.models import Escalation
from banggiao.followup.escalations.services import create_escalation
from banggiao.followup.evidence.services import add_evidence
from banggiao.followup.models import (
    Baseline,
    Difficulty,
    DueDateMove,
    Evidence,
    EvidenceFile,
    Finding,
    Milestone,
    MilestoneClaim,
    ProgressUpdate,
    Reminder,
)
from banggiao.followup.services import move_due_date, record_finding, report_progress
from banggiao.followup.services_comments import comment_on
from banggiao.followup.talking import Comment
from banggiao.intelligence.watching.models import Signal, Watch
from banggiao.intelligence.watching.noticing import Noticed
from banggiao.intelligence.watching.services import create_watch, record_signal
from banggiao.partners.models import Institution, Partner, Person, Post, PrintName, RelationLevel
from banggiao.partners.services import create_institution, create_person, see_in_post
from banggiao.programmes.models import FoundOpportunity, MissionProposal, ProgrammeTask, WorkProgramme
from banggiao.programmes.services import create_programme
from banggiao.reading.types import Fact as ReadFact
from banggiao.reading.types import Intake, Line, Metadata, ReadDocument
from banggiao.reviews.models import ReviewComment, ReviewMemo, ReviewPaper, ReviewPoint, ReviewReader
from banggiao.sources.models import Citation, Dataset, Document, Fact, FigureDecision, OfficialFigure
from banggiao.sources.services import cite, record_figure, store_document
from banggiao.sources.services_figures import decide

AT = datetime(2025, 9, 15, 8, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
SYSTEM = system_viewer("kiểm thử")
TEXT = "Bộ A và Vương quốc X ký bản ghi nhớ về cà phê.\nHai bên cam kết mở cửa thị trường."
SIX = {
    "person_in_charge": "Nguyễn Văn A",
    "responsibility": "Chủ trì đàm phán",
    "product": "Báo cáo kết quả",
    "authority": "Bộ trưởng",
}


def act(viewer: Viewer = SYSTEM, *, at: datetime = AT, reason: str = "", exercise: bool = False, **more: Any) -> Act:
    """A deed of the programme itself, or of `viewer`, at the moment of the tests."""
    return Act(viewer, at, reason, exercise=exercise, **more)


def viewer(role: str, *institutions: Institution | UUID, **more: Any) -> Viewer:
    """Somebody who acts in a role for these institutions."""
    granted = PERMISSIONS[role]
    ids = frozenset(i if isinstance(i, UUID) else i.pk for i in institutions)
    return Viewer(
        label=role, institutions=ids, roles=frozenset({role}), permissions=granted, sees_all="see_all" in granted, **more
    )


def institution(code: str = "BO-A", **values: Any) -> Institution:
    """A home body, by default the ministry "Bộ A"."""
    defaults = {"code": code, "kind": "ministry", "name_vi": f"Bộ {code}", "name_en": f"Ministry {code}"}
    return create_institution(act=act(), values={**defaults, "classification": "public", **values})


def partner(code: str = "XAA", name: str = "Vương quốc X", **values: Any) -> Partner:
    """A state to deal with."""
    defaults = {"code": code, "kind": "state", "name_vi": name, "name_en": f"Kingdom {code}", "classification": "public"}
    return records.create(Partner, act=act(), values={**defaults, "sort_key": sort_key(name), **values})


def activity(*, partners: Any = (), **values: Any) -> Activity:
    """A visit on 10 March 2025."""
    defaults = {"kind": "visit", "name_vi": "Thăm chính thức", "name_en": "Official visit", "start": "2025-03-10"}
    return create_activity(act=act(), values={**defaults, **values}, partners=partners)


def agreement(*, parties: Any = (), **values: Any) -> Agreement:
    """A memorandum signed on 11 March 2025."""
    defaults = {"kind": "mou", "name_vi": "Bản ghi nhớ về cà phê", "status": "signed", "field": "trade"}
    return create_agreement(act=act(), values={**defaults, "signed_on": "2025-03-11", **values}, parties=parties)


def commitment(**values: Any) -> Commitment:
    """A promise of the other side, due on 30 September 2025 unless `deadline` says otherwise."""
    defaults = {"text_vi": "Mở cửa thị trường", "side": "theirs", "made_on": "2025-03-11", "deadline": "2025-09-30"}
    return create_commitment(act=act(), values={**defaults, **values})


def task(**values: Any) -> Task:
    """A duty inside the country, due on 31 December 2025."""
    defaults = {"text_vi": "Rà soát thỏa thuận", "given_on": "2025-07-01", "period": "2025-H2", "deadline": "2025-12-31"}
    return create_task(act=act(), values={**defaults, **values})


def barrier(**values: Any) -> Barrier:
    """A draft about an import measure."""
    defaults = {
        "kind": "",
        "name_vi": "Kiểm tra dư lượng với cà phê",
        "name_en": "Residue checks on coffee",
        "start": "2025-01-05",
    }
    return create_barrier(act=act(), values={**defaults, **values})


def document(text: str = TEXT, *, name: str = "tin.txt", published: str = "2025-03-12", **where: Any) -> Document:
    """A text read in, with one fact of an agreement proposed."""
    import hashlib

    facts = (ReadFact("agreement", (21, 32), (0, 46), {"kind": "mou"}, 0.9, "test@1"),)
    read = ReadDocument(
        Intake(name, hashlib.sha256(text.encode()).hexdigest(), "text/plain", text),
        Metadata(title=text.splitlines()[0], published=published, outlet="Báo X", language="vi"),
        (Line(1, "body"), Line(2, "body")),
        facts,
    )
    return store_document(act=act(), read=read, **where)[0]


def user(
    username: str = "can.bo",
    *,
    name: str = "",
    role: str = "",
    body: Institution | None = None,
    since: date = date(2025, 1, 1),
) -> User:
    """An account, in a role for an institution when both are given."""
    made = create_user(
        act=act(),
        username=username,
        name=name or f"Cán bộ {username}",
        password="mat khau that dai 9",
        institution_id=body.pk if body else None,
    )
    if role and body:
        give_role(act=act(), user=made, role=role, institution_id=body.pk, held_from=since)
    return made


def one_call(body: Institution) -> DataCall:
    """A data call of a body to itself, sent."""
    values = {
        "name_vi": "Số liệu quý", "purpose": "Báo cáo quý", "asker_id": body.pk, "deadline": "2025-09-30",
        "questions": [{"label": "Số hoạt động", "kind": "number", "unit": "hoạt động"}],
    }  # fmt: skip
    call = create_call(act=act(), values=values, addressees=[body])
    return move_call(act=act(), call=call, action="open", version=1)


def body(standing: Institution, **values: Any) -> Body:
    """A steering committee being formed; its founding decision is known."""
    defaults = {"kind": "steering_committee", "name_vi": "Ban Chỉ đạo ngoại giao kinh tế", "name_en": "Steering committee",
                "decision_number": "12/QĐ-A", "decision_on": "2025-01-10", "decision_issuer": "Bộ trưởng", "starts": "2025-01-10",
                "standing_id": standing.pk, "owner": standing.pk}  # fmt: skip
    return create_body(act=act(), values={**defaults, **values})


def meeting(of: Body, **values: Any) -> Meeting:
    """A planned meeting of a body on 12 September 2025."""
    defaults = {"body_id": of.pk, "day": "2025-09-12", "time": "08:30", "place": "Hà Nội", "chair": "Thứ trưởng"}
    return create_meeting(act=act(), values={**defaults, **values})


def notice(issuer: Institution, **values: Any) -> ConclusionNotice:
    """The draft of a notice with one paragraph."""
    defaults = {
        "name_vi": "Kết luận phiên rà soát",
        "name_en": "Conclusions of the review",
        "issuer_id": issuer.pk,
        "text": "1. Giao Bộ A rà soát.",
    }
    return create_notice(act=act(), values={**defaults, **values})


#: Record type -> the values of a line of each kind that its records have.
LINES: dict[str, dict[str, dict[str, Any]]] = {
    "activities.activity": {
        "sites": {"name": "Điểm cầu Hà Nội"},
        "agenda": {"title_vi": "Khai mạc", "day": "2025-03-10"},
        "delegation": {"side": "ours", "name": "Trần Thị B"},
        "economic_content": {"text_vi": "Dự án cảng", "field": "trade"},
        "outcomes": {"kind": "agreed", "text_vi": "Nhất trí về cảng"},
        "speakers": {"state": "registered", "topic": "Logistics cho nông sản"},
        "attendance": {"presence": "expected"},
    },
    "bodies.body": {"members": {"role": "head", "position": "Thứ trưởng"}},
    "bodies.meeting": {
        "items": {"title_vi": "Rà soát cam kết"},
        "attendance": {"presence": "expected"},
        "decisions": {"kind": "decision", "text_vi": "Báo cáo tiến độ cam kết"},
    },
    "programmes.workprogramme": {
        "programme_tasks": {"number": 1, "text_vi": "Mở cửa thị trường"},
        "opportunities": {"text_vi": "Tìm nguồn cung cà phê", "state": "found"},
        "proposals": {"text_vi": "Cử chuyên gia"},
    },
    "agreements.agreement": {
        "texts": {"role": "draft"},
        "clauses": {"number": "Điều 1", "start": 0, "end": 10},
        "readiness": {"item": "feasibility", "state": "done"},
    },
}


def programme(mission: Institution | None = None, **values: Any) -> WorkProgramme:
    """The programme of a mission for 2025, drafted."""
    mission = mission or institution("DSQ-P", kind="embassy")
    defaults = {"mission_id": mission.pk, "period": "2025", "head_title": "Đại sứ", "summary_vi": "Mở thị trường"}
    return create_programme(act=act(), values={**defaults, **values})


def lines_of_each(parent: Record, **more: Any) -> list[Record]:
    """A line of each kind that records like `parent` have; `more` goes to those that take it."""
    made = []
    for name, values in LINES[parent.record_type()].items():
        lines = lines_named(parent.record_type(), name)
        also = {n: v for n, v in more.items() if n in lines.book.entry}
        made.append(add_line(act=act(), lines=lines, parent=parent, values={**values, **also}))
    return made


def plan_of_one(duty: Commitment, lead: Institution) -> list[Record]:
    """A drafted plan of one milestone that is half claimed, a file, a difficulty, and the commitment that takes its place."""
    about = {"subject_type": duty.record_type(), "subject_id": duty.pk}
    plan = records.create(Baseline, act=act(), values={**about, "number": 0, "starts": date(2025, 4, 1)})
    step = records.create(Milestone, act=act(), values={
        **about, "baseline_id": plan.pk, "position": 1, "name_vi": "Ban hành quy trình", "weight": Decimal(1),
        "due": date(2025, 9, 30), "responsible_id": lead.pk, "target": Decimal(4), "unit": "tỉnh",
    })  # fmt: skip
    return [
        plan,
        step,
        records.create(
            MilestoneClaim, act=act(), values={**about, "milestone": step.key, "day": AT.date(), "quantity": Decimal(2)}
        ),
        records.create(EvidenceFile, act=act(), values={
            **about, "name": "bien-ban.pdf", "sha256": "1" * 64, "size": 10, "media_type": "application/pdf",
        }),
        records.create(
            Difficulty, act=act(), values={**about, "code": "PARTNER", "text": "Đối tác chưa trả lời", "since": date(2025, 8, 1)}
        ),
        (supply := records.create(PledgeTranche, act=act(), values={
            "commitment_id": duty.pk, "name": "Đợt 1", "form": "grant", "unit": "dose", "pledged": Decimal(10),
        })),
        records.create(PledgeMove, act=act(), values={
            "commitment_id": duty.pk, "tranche_id": supply.pk, "stage": "delivered", "day": "2025-08-01", "quantity": Decimal(4),
        }),
        records.create(Succession, act=act(), values={
            "earlier_id": duty.pk, "later_id": commitment(text_vi="Mở cửa thị trường gạo").pk, "kind": "split", "day": AT.date(),
        }),
    ]  # fmt: skip


def cycle_of_one(review: Review, lead: Institution) -> list[Record]:
    """What belongs to a review: a paper, a reader, a comment that is answered, a point of the conclusions, a memo."""
    of = {"review_id": review.pk}
    by = {**of, "institution_id": lead.pk}
    return [
        records.create(ReviewPaper, act=act(), values={**of, "stage": "frozen", "as_of": AT, "files": {"vi/pdf": "0" * 64}}),
        records.create(ReviewReader, act=act(), values={**by, "current_due": "2025-09-30"}),
        records.create(ReviewComment, act=act(), values={**by, "day": AT.date(), "text": "Thiếu một số.", "state": "accepted"}),
        records.create(ReviewPoint, act=act(), values={**of, "kind": "lesson", "text_vi": "Giao rõ đầu mối"}),
        records.create(ReviewMemo, act=act(), values={
            **of, "figure": "instruments", "should_be": "2", "reason": "Sót", "decided_by": "Vụ trưởng A", "day": AT.date(),
        }),
    ]  # fmt: skip


def ask_repeated() -> list[Record]:
    """A directive's paragraph, the task made of it, and that it was asked before."""
    paper = create_directive(act=act(), values={"kind": "notice", "number": "7/TB-X", "day": "2025-08-01"})
    words = records.create(
        Paragraph, act=act(), values={"directive_id": paper.pk, "position": 1, "number": "I.1", "text": "Giao Bộ A."}
    )
    later, earlier = task(text_vi="Giao Bộ A.", directive_id=paper.pk, origin_id=words.pk), task(text_vi="Giao Bộ A")
    said = records.create(RepeatedAsk, act=act(), values={"later_id": later.pk, "earlier_id": earlier.pk, "same": True})
    return [words, said]


def one_of_each() -> dict[type[Record], Record]:
    """One record of every kind that the packages below `intelligence` know, tied to each other."""
    lead, state = institution(), partner()
    duty = commitment(lead_id=lead.pk, partner_id=state.pk, **SIX)
    text = document()
    fact = Fact.objects.get(document=text)
    seen = create_person(act=act(), values={"name": "Trần Thị B"})
    late = act(reason="Đối tác đề nghị")
    account = user(role="ministry", body=lead)
    own = act(viewer("desk", lead, id=account.pk))
    update = report_progress(act=act(), record=duty, day=AT.date(), text="Đã họp lần một", claimed=Decimal("0.25"))
    move = move_due_date(act=late, record=duty, to="2025-11-30", version=duty.version)
    remind(act=act(), followed=[duty], today=date(2025, 9, 24))
    public = {"classification": "public"}
    made: list[Record] = [
        lead, state, duty, text, fact, seen, account, update, move, Reminder.objects.get(), RoleHeld.objects.get(),
        records.create(Dataset, act=act(), values={
            **public, "name": "mau", "edition": "2025-01-01", "title": "Bộ mẫu", "producer": "Bộ A", "licence": "CC0",
            "sha256": "0" * 64,
            "row_count": 0,
        }),
        records.create(PrintName, act=act(), values={**public, "code": "XAA", "name_vi": "Vương quốc X", "name_en": "Kingdom X"}),
        records.create(RelationLevel, act=act(), values={
            **public, "partner_id": state.pk, "level": "comprehensive", "event": "established", "day": "2025",
        }),
        see_in_post(act=act(), person=seen, title="Bộ trưởng", day="2025-03-10", values={"institution_id": lead.pk}),
        add_evidence(act=act(), record=duty, grade=0, description="Chưa có", day=AT.date(), document=text, update=update),
        record_finding(act=act(), values={"kind": "result", "text_vi": "Ký được bản ghi nhớ", "period": "2025-H1",
        "period_start": "2025-01"}),
        (visit := activity(partners=[state])), *lines_of_each(visit, institution_id=lead.pk),
        (review := open_review(act=act(), period="2025-H1")), *cycle_of_one(review, lead),
        (signed := agreement(parties=[state])), *lines_of_each(signed, document_id=text.pk),
        comment_on(act=own, record=duty, text="Đã rõ."),
        save_view(act=own, register="commitments", name="Của tôi", parameters={"work_state": "active"}),
        records.create(PartyStatus, act=act(), values={"agreement_id": signed.pk, "partner_id": state.pk, "status": "signed",
        "day": "2025-03"}),
        create_directive(act=act(), values={"kind": "resolution", "number": "999/NQ-X", "day": "2025-01-02"}),
        task(lead_id=lead.pk), barrier(partner_id=state.pk), *plan_of_one(duty, lead), *ask_repeated(),
        (plan := programme()), *lines_of_each(plan),
        (board := body(lead)), *lines_of_each(board, institution_id=lead.pk), (sitting := meeting(board)),
        *lines_of_each(sitting, institution_id=lead.pk, lead_id=lead.pk), notice(lead, meeting_id=sitting.pk),
        create_ladder(act=act(), values={"holds_from": date(2026, 1, 1), "rungs": "-7, 0"}),
        create_escalation(act=act(), values={"question": "Có giữ thuế 0% không?", "asker_id": lead.pk}, subject=duty),
        (followed := watch()), signal(followed, "2025-09"),
        (call := one_call(lead)), DataCallAnswer.objects.get(call=call), create_dispatch(
            act=act(), values={"number": "12/ABC", "day": "2025-09-01", "issuer_id": lead.pk}, subject=duty
        ),
        cite(act=act(), record=signed, fact=fact),
        (figure := record_figure(act=act(), values={"label_vi": "Số văn kiện", "value": Decimal("253.5"),
        "unit": "văn kiện", "period": "2025-H1"})),
        decide(act=act(), chosen=figure, considered=[figure], used_for="Báo cáo", reason="Nguồn chính thức"),
    ]  # fmt: skip
    return {type(record): record for record in made}


def watch(**values: Any) -> Watch:
    """A watch on exports by month."""
    return create_watch(act=act(), values={"name_vi": "Xuất khẩu", "measure": "monthly_change", "flow": "export", **values})


def signal(followed: Watch, period: str) -> Signal:
    """A signal of a watch: exports a quarter below the usual."""
    return record_signal(
        act=act(),
        watch=followed,
        noticed=Noticed(
            Bi(f"Xuất khẩu {period} thấp hơn mức thường 25 %"), period, None, "", Decimal("30000.000"), Decimal("40000.000"),
            Decimal("-5.200"), False, "Số liệu thử", "https://example.org/so-lieu", "2025-10-01",
        ),
    )  # fmt: skip


#: The kinds `one_of_each` makes.
KINDS: tuple[type[Record], ...] = (
    Activity, AgendaItem, Agreement, AgreementText, Attendance, Barrier, Baseline, Body, Citation, Clause, Comment,
    Commitment, ConclusionNotice, DataCall, DataCallAnswer, Dataset, Delegate, Difficulty, Directive, DispatchReference,
    Document, DueDateMove, EconomicItem, Escalation, Evidence, EvidenceFile, Fact, FigureDecision, Finding,
    FoundOpportunity, Institution, Meeting, MeetingAttendance, MeetingDecision, MeetingItem, Member, Milestone,
    MilestoneClaim, MissionProposal, OfficialFigure, Outcome, Paragraph, Partner, PartyStatus, Person, PledgeMove,
    PledgeTranche, Post, PrintName, ProgrammeTask, ProgressUpdate, ReadinessCheck, RelationLevel, Reminder, ReminderLadder,
    RepeatedAsk, Review, ReviewComment, ReviewMemo, ReviewPaper, ReviewPoint, ReviewReader, RoleHeld, SavedView, Signal,
    Site, Speaker, Succession, Task, User, Watch, WorkProgramme,
)  # fmt: skip
