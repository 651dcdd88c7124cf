"""A small register for the pages: public records that everybody may see, internal ones, late ones, and facts that wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from banggiao.accounts.keeping import SavedView
from banggiao.accounts.models import RoleHeld, User
from banggiao.accounts.permissions import PERMISSIONS
from banggiao.accounts.services_keeping import save_view
from banggiao.activities.lines import ECONOMIC, OUTCOMES
from banggiao.activities.models import Activity, Review
from banggiao.activities.services import open_review
from banggiao.agreements.lines import CLAUSES, LEGAL_STEPS, TEXTS
from banggiao.agreements.models import Agreement
from banggiao.barriers.models import Barrier
from banggiao.commitments.models import Commitment, Directive, Task
from banggiao.commitments.services import create_directive
from banggiao.core.lines import add_line
from banggiao.core.registers import register_named
from banggiao.core.visibility import Involvement
from banggiao.followup.chasing.models import ReminderLadder
from banggiao.followup.chasing.services import create_ladder, remind
from banggiao.followup.escalations.models import Escalation
from banggiao.followup.escalations.services import create_escalation, move_escalation
from banggiao.followup.evidence.services import add_evidence
from banggiao.followup.models import Comment, DueDateMove, InboxItem
from banggiao.followup.services import move_due_date, move_work, record_finding, report_progress
from banggiao.followup.services_comments import comment_on
from banggiao.intelligence.models import Upload
from banggiao.intelligence.services import read_in
from banggiao.intelligence.services_uploads import Incoming, take_in
from banggiao.partners.models import Institution, Partner
from banggiao.partners.services import create_level, create_person, see_in_post
from banggiao.reports.pasting import recognised
from banggiao.reports.sheets import sheets_of_text
from banggiao.reviews.services import set_readers
from banggiao.sources.models import Document, Fact, OfficialFigure
from banggiao.sources.services import cite, record_figure
from banggiao.web.models import StagedPaste
from banggiao.web.services import stage
from tests.bodies.sitting import bodies_in_the_world, of_bodies
from tests.factories.rows import (
    AT,
    SIX,
    act,
    activity,
    agreement,
    barrier,
    commitment,
    document,
    institution,
    lines_of_each,
    partner,
    programme,
    task,
    user,
    viewer,
)
from tests.followup.calls import in_the_world, of_the_world
from tests.sources.clashes import clashing
from tests.web.world_directives import notices
from tests.web.world_plans import plans_in_the_world, proof

PUBLIC = {"classification": "public"}
#: A text of our own wording that yields facts of several kinds.
TEXT = """Bộ Công Thương bàn cách thực hiện các thỏa thuận với Hàn Quốc

Ngày 12/8/2025, Bộ trưởng Bộ Công Thương Nguyễn Văn Mẫu chủ trì cuộc họp rà soát việc thực hiện các thỏa thuận với Hàn Quốc. \
Trong sáu tháng đầu năm 2025, hai bên đã ký 12 thỏa thuận hợp tác.

Tuy nhiên, tiến độ thực hiện một số cam kết còn chậm.

Bộ trưởng yêu cầu Cục Xuất nhập khẩu báo cáo kết quả trước ngày 30/9/2025.
"""


@dataclass(frozen=True)
class World:
    """What stands in the register."""

    users: dict[str, User]
    body: Institution
    other: Institution
    state: Partner
    activity: Activity
    agreement: Agreement
    commitment: Commitment
    late: Commitment
    task: Task
    hidden: Task
    barrier: Barrier
    directive: Directive
    person: Any
    post: Any
    level: Any
    finding: Any
    figure: OfficialFigure
    document: Document
    fact: Fact
    move: DueDateMove
    paste: StagedPaste
    view: SavedView
    comment: Comment
    letter: InboxItem
    upload: Upload
    outcome: Any
    economic_item: Any
    legal_step: Any
    text: Any
    clause: Any
    programme: Any

    def of(self, register: str) -> Any:
        """A record of the register that everybody may see."""
        if register == "users":
            return self.users["desk"]
        if register == "roles_held":
            return RoleHeld.objects.get(user=self.users["desk"])
        if register in ("escalations", "reminder_ladders", "due_date_moves"):
            return {"escalations": Escalation, "reminder_ladders": ReminderLadder, "due_date_moves": DueDateMove}[
                register
            ].objects.get()
        if register in ("bodies", "meetings", "conclusion_notices", "statements", "attendances"):
            return of_bodies(register)
        if register in ("data_calls", "data_call_answers", "dispatches"):
            return of_the_world(register)
        if register == "evidence":
            return proof()
        if register == "reviews":
            return Review.objects.get(period="2025-H1")
        one = {"activities": "activity", "institutions": "body", "partners": "state", "people": "person"}
        one |= {"relation_levels": "level", "posts": "post"}
        return getattr(self, one.get(register, register.removesuffix("s")))


def make_world() -> World:
    """The register and its people."""
    body, other = institution("BO-A"), institution("BO-B")
    state = partner()
    visit = activity(partners=[state], **PUBLIC)
    signed = agreement(parties=[state], activity_id=visit.pk, **PUBLIC)
    promise = commitment(partner_id=state.pk, agreement_id=signed.pk, lead_id=body.pk, deadline="2025-09-20", **SIX, **PUBLIC)
    late = commitment(
        text_vi="Bỏ kiểm tra kép với hàng thủy sản", partner_id=state.pk, lead_id=other.pk, deadline="2025-08-01", **SIX, **PUBLIC
    )
    for each in (promise, late):
        move_work(act=act(), record=each, action="assign", version=each.version)
    duty = task(lead_id=body.pk, activity_id=visit.pk, deadline="2025-09-01", **SIX, **PUBLIC)
    move_work(act=act(), record=duty, action="assign", version=duty.version)
    move_work(act=act(), record=duty, action="start", version=duty.version)
    task(text_vi="Lập kế hoạch xúc tiến", lead_id=other.pk, deadline="2025-09-18", **PUBLIC)
    drill = task(text_vi="Bài tập giả định", lead_id=body.pk, deadline="2025-09-02", exercise=True, **SIX, **PUBLIC)
    hidden = task(text_vi="Việc nội bộ của cơ quan khác", lead_id=other.pk, owner=other.pk, deadline="2025-09-03", **SIX)
    for given in (drill, hidden):
        move_work(act=act(), record=given, action="assign", version=given.version)
    report_progress(act=act(), record=duty, day=AT.date(), text="Đã họp lần một", difficulty="PARTNER")
    move = move_due_date(act=act(reason="Đối tác đề nghị"), record=duty, to="2025-10-30", version=duty.version)
    text, _fresh = read_in(act=act(), data=TEXT.encode(), name="tin-hop.txt", classification="public")
    facts = Fact.objects.filter(document=text, kind="task")
    add_evidence(act=act(), record=duty, grade=2, description="Công văn 12/BA ngày 1/9/2025", day=AT.date(), document=text)
    plans_in_the_world(duty, promise, body)
    plain = document(**PUBLIC)
    cite(act=act(), record=signed, fact=Fact.objects.get(document=plain))
    someone = create_person(act=act(), values={"name": "Trần Thị B", **PUBLIC})
    post = see_in_post(
        act=act(), person=someone, title="Bộ trưởng", day="2025-03-10", values={"institution_id": body.pk, **PUBLIC}
    )
    level = create_level(
        act=act(),
        values={
            "partner_id": state.pk,
            "level": "strategic",
            "event": "established",
            "day": "2015-11-20",
            "basis": "Tuyên bố chung",
        },
    )
    remind(act=act(), followed=[duty, promise], today=AT.date())
    create_ladder(act=act(), values={"holds_from": AT.date(), "rungs": "-7, 0, 7", "basis": "Quy chế làm việc"})
    asked = {"question": "Có giữ thuế 0% không?", "needed_by": "2025-09-20", "asker_id": body.pk, "decider_id": other.pk}
    question = create_escalation(act=act(), values={**asked, "options": "Giữ\nBỏ"}, subject=duty)
    move_escalation(act=act(), escalation=question, action="send", version=1)
    in_the_world(body, other, duty)
    bodies_in_the_world(body, other, visit)
    clashing()
    notices()
    review = open_review(act=act(), period="2025-H1", classification="public")
    set_readers(act=act(), review=review, institutions=[body.pk])
    users = {role: user(f"user.{role}", role=role, body=body) for role in PERMISSIONS}
    sender = viewer("desk", body, id=users["desk"].pk)
    too_large = Incoming(name="qua-lon.pdf", size=10**9, chunks=())
    return World(
        users=users,
        body=body,
        other=other,
        state=state,
        activity=visit,
        agreement=signed,
        commitment=promise,
        late=late,
        task=duty,
        hidden=hidden,
        barrier=barrier(partner_id=state.pk, **PUBLIC),
        directive=create_directive(act=act(), values={"kind": "resolution", "number": "999/NQ-X", "day": "2025-01-02", **PUBLIC}),
        person=someone,
        post=post,
        level=level,
        finding=record_finding(
            act=act(),
            values={"kind": "result", "text_vi": "Ký được bản ghi nhớ", "period": "2025-H1", "period_start": "2025-01", **PUBLIC},
        ),
        figure=record_figure(
            act=act(), values={"label_vi": "Số văn kiện", "value": 253, "unit": "văn kiện", "period": "2025-H1", **PUBLIC}
        ),
        document=text,
        fact=facts[0],
        move=move,
        paste=_paste(users["desk"]),
        view=save_view(
            act=act(sender), register="tasks", name="Việc của tôi", parameters={"work_state": "active", "face": "board"}
        ),
        comment=comment_on(act=act(sender), record=duty, text="Đề nghị @user.leader cho ý kiến"),
        letter=InboxItem.objects.filter(institution=body).first(),
        upload=take_in(act=act(sender), files=[too_large], classification="internal"),
        outcome=add_line(act=act(), lines=OUTCOMES, parent=visit, values={"kind": "agreed", "text_vi": "Họp hằng năm"}),
        economic_item=add_line(
            act=act(), lines=ECONOMIC, parent=visit, values={"text_vi": "Dự án kho lạnh", "field": "trade", "project": True}
        ),
        legal_step=add_line(act=act(), lines=LEGAL_STEPS, parent=signed, values={"status": "signed", "day": "2025-03-11"}),
        text=add_line(act=act(), lines=TEXTS, parent=signed, values={"document_id": plain.pk, "role": "authentic"}),
        clause=add_line(
            act=act(),
            lines=CLAUSES,
            parent=signed,
            values={"document_id": plain.pk, "number": "Điều 1", "start": 0, "end": 20},
        ),
        programme=_programme(body),
    )


def _programme(body: Institution) -> Any:
    """A mission's programme with a line of each kind, in which the body of the readers has a part."""
    made = programme()
    lines_of_each(made)
    Involvement.objects.create(record_id=made.pk, institution_id=body.pk, role="mission")
    return made


def _paste(desk: User) -> StagedPaste:
    """A table that a desk officer pasted: one row that can be written, one with faults."""
    text = "Content\tSide\tPartner\nMở đường bay\tHai bên\tXAA\nCử chuyên gia\tBên khác\tNước Lạ"
    table = recognised(register_named("commitments"), sheets_of_text(text)[0])
    return stage(user=desk, register="commitments", table=table, at=AT)
