"""How do the minutes of a meeting and the notice of its conclusions become official papers? Drafts until a person signs them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.utils import timezone

from banggiao.activities.conference import turnout
from banggiao.bodies.lines import DECISIONS, ITEMS, ROLL, coordinating_of
from banggiao.bodies.models import ConclusionNotice, Meeting, MeetingDecision
from banggiao.bodies.questions import decisions_of, last_meeting_of
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_, NotFound
from banggiao.core.lines import rows_of
from banggiao.core.record import Record
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.data_calls.asked import Asked
from banggiao.followup.data_calls.form_words import shown
from banggiao.partners.models import Institution
from banggiao.reports.blocks import BulletList, Column, Heading, NoteBook, OfficialDocument, Paragraph, SourceRow, Table
from banggiao.reports.duty_paper import duty_paper
from banggiao.reports.programme_paper import programme_paper

Language = Literal["vi", "en"]
_WORDS: dict[str, tuple[str, str]] = {
    "minutes": ("Biên bản", "Minutes"),
    "notice": ("Thông báo", "Notice"),
    "time": ("Thời gian, địa điểm", "Time and place"),
    "at": ("{time} ngày {day}, tại {place}.", "{time} on {day}, at {place}."),
    "chair": ("Chủ trì: {name}.", "Chair: {name}."),
    "secretary": ("Thư ký: {name}.", "Secretary: {name}."),
    "present": ("Thành phần", "Attendance"),
    "turnout": (
        "Có mặt {came} trên {expected} cơ quan được triệu tập, trong đó {represented} cơ quan cử người dự thay; vắng {absent}.",
        "Present: {came} of {expected} bodies called, {represented} of them represented by others; absent: {absent}.",
    ),
    "not_called": ("Chưa điểm danh: {n} cơ quan.", "Not yet called: {n} bodies."),
    "agenda": ("Nội dung", "Agenda"),
    "items": ("Chương trình gồm {n} mục.", "Items on the agenda: {n}."),
    "as_known": (
        "Biên bản gồm những mục và kết luận mà người lấy tệp này được biết; bản ký là bản chính (v1)",
        "The minutes hold the items and decisions that whoever took this file may know of; the signed copy is the original (v1)",
    ),
    "presented": ("Trình bày: {name}.", "Presented by: {name}."),
    "before": ("Việc phiên trước đã kết luận", "What the last meeting decided"),
    "decisions": ("Kết luận", "Decisions"),
    "none": ("Không có.", "None."),
    "no_agenda": ("Chưa có mục nào trong chương trình.", "Nothing stands on the agenda yet."),
    "no_decisions": ("Chưa ghi kết luận nào.", "No decision has been recorded yet."),
    "body": ("Cơ quan", "Body"),
    "who": ("Người dự", "Attended by"),
    "presence": ("Có mặt", "Presence"),
    "text": ("Nội dung", "Text"),
    "lead": ("Chủ trì", "Lead"),
    "with": ("phối hợp: {names}", "with: {names}"),
    "due": ("Hạn", "Due"),
    "product": ("sản phẩm: {product}", "product: {product}"),
    "state": ("Tình trạng", "State"),
    "no_task": ("Chưa giao thành nhiệm vụ", "Not given as a task"),
    "open": ("Chưa có nội dung.", "No text yet."),
    "place": ("Hà Nội", "Hanoi"),
}


def minutes_paper(meeting: Meeting, viewer: Viewer, *, at: datetime, language: Language) -> OfficialDocument:
    """The minutes of a meeting as far as the viewer may know: who came, what was discussed, what came of the last, decisions."""
    say, day = _sayer(language), timezone.localdate(at)
    book = NoteBook()
    counts = turnout(ROLL, meeting, viewer)
    came, expected = counts["present"] + counts["represented"], sum(counts.values())
    note = book.refer(
        vocabulary("counting_rule").label("attendance", language), day, SourceRow(dataset=meeting.code, row=str(expected))
    )
    told = say("turnout").format(came=came, expected=expected, represented=counts["represented"], absent=counts["absent"])
    blocks: list[Any] = [Heading(1, say("time"))]
    if meeting.day:
        blocks.append(
            Paragraph(say("at").format(time=meeting.time or "–", day=_day(meeting.day, language), place=meeting.place or "–"))
        )
    blocks += [
        Paragraph(say(name).format(name=value))
        for name, value in (("chair", meeting.chair), ("secretary", meeting.secretary))
        if value
    ]
    blocks += [Heading(1, say("present")), Paragraph((told, note))]
    if counts["expected"]:
        blocks.append(Paragraph(say("not_called").format(n=counts["expected"])))
    if roll := _roll(meeting, viewer, language, say):
        blocks.append(roll)
    blocks.append(Heading(1, say("agenda")))
    items = list(rows_of(ITEMS, meeting, viewer))
    # The same words for every reader: they do not tell whether anything was left out.
    known = book.refer(say("as_known"), day, SourceRow(dataset=meeting.code, row=str(len(items))))
    blocks.append(Paragraph((say("items").format(n=len(items)), known) if items else (say("no_agenda"), known)))
    for item in items:
        blocks.append(Heading(2, _of(item, "title", language)))
        presented = say("presented").format(name=item.presenter) if item.presenter else ""
        blocks += [Paragraph(line) for line in (presented, *item.discussion.splitlines()) if line.strip()]
    blocks += _before(meeting, viewer, day, language, say)
    blocks.append(Heading(1, say("decisions")))
    decided = list(rows_of(DECISIONS, meeting, viewer))
    blocks.append(_decided(decided, viewer, language, say) if decided else Paragraph(say("no_decisions")))
    body = meeting.body
    issuer = body.standing
    return OfficialDocument(
        kind=say("minutes"),
        kind_code="BB",
        title=_of(meeting, "name", language),
        issuer=_of(body, "name", language),
        issuer_code=(issuer.abbr_vi or issuer.code) if issuer else body.code,
        place=say("place"),
        as_of=day,
        blocks=tuple(blocks),
        language=language,
        number=meeting.minutes_number if meeting.settled else None,
        dated=date.fromisoformat(meeting.minutes_on) if meeting.settled else None,
        signer=meeting.signer_name if meeting.settled else "",
        signing_as=_signing(meeting.signer_title),
        notes=book.notes,
        exercise=meeting.exercise,
    )


def notice_paper(notice: ConclusionNotice, viewer: Viewer, *, at: datetime, language: Language) -> OfficialDocument:
    """The notice of conclusions as an official paper: its own paragraphs, receivers, and the signature once a person typed it."""
    say = _sayer(language)
    issuer, issued = notice.issuer, notice.state == "issued"
    paragraphs = [Paragraph(line.strip()) for line in notice.text.splitlines() if line.strip()]
    rows = notice.receiver_rows.order_by("position").values_list("institution_id", flat=True)
    known = _known(rows, viewer)
    return OfficialDocument(
        kind=say("notice"),
        kind_code="TB",
        title=_of(notice, "name", language),
        issuer=_of(issuer, "name", language),
        issuer_code=issuer.abbr_vi or issuer.code,
        place=notice.place or say("place"),
        as_of=timezone.localdate(at),
        blocks=tuple(paragraphs) or (Paragraph(say("open")),),
        language=language,
        # What is typed before it is issued is not yet the paper's: it stays a draft.
        number=notice.number if issued else None,
        dated=date.fromisoformat(notice.issued_on) if issued else None,
        signer=notice.signer_name if issued else "",
        signing_as=_signing(notice.signer_title) if issued else (),
        recipients=tuple(_of(known[pk], "name", language) for pk in rows if pk in known),
        exercise=notice.exercise,
    )


#: Record type -> how its official paper is composed.
PAPERS: dict[str, Callable[..., OfficialDocument]] = {
    "bodies.meeting": minutes_paper,
    "bodies.conclusionnotice": notice_paper,
    "commitments.commitment": duty_paper,
    "commitments.task": duty_paper,
    "programmes.workprogramme": programme_paper,
}


def paper_of(record: Record, viewer: Viewer, *, at: datetime, language: Language) -> OfficialDocument:
    """The official paper of a record. Raises NotFound for a kind of record that has none."""
    compose = PAPERS.get(record.record_type())
    if compose is None:
        raise NotFound(N_("Bản ghi của sổ này không có văn bản."), subject=str(record))
    return compose(record, viewer, at=at, language=language)


def _roll(meeting: Meeting, viewer: Viewer, language: Language, say: Callable[[str], str]) -> Table | None:
    lines = list(rows_of(ROLL, meeting, viewer))
    if not lines:
        return None
    known = _known([line.institution_id for line in lines], viewer)
    terms = vocabulary("presence")
    rows = tuple(
        (
            str(n),
            _of(known[line.institution_id], "name", language) if line.institution_id in known else "–",
            line.represented_by or ", ".join(filter(None, (line.name, line.post))) or "–",
            terms.label(line.presence, language),
        )
        for n, line in enumerate(lines, 1)
    )
    columns = (
        Column("TT" if language == "vi" else "No.", "center", 0.5),
        Column(say("body"), width=3),
        Column(say("who"), width=3),
        Column(say("presence"), width=1.8),
    )
    return Table(columns, rows)


def _before(meeting: Meeting, viewer: Viewer, day: date, language: Language, say: Callable[[str], str]) -> list[Any]:
    """What the meeting before decided, and what has come of each by now; nothing where there was none."""
    last = last_meeting_of(meeting, viewer)
    if last is None:
        return []
    states, timely = vocabulary("work_state"), vocabulary("timeliness")
    rows = []
    for each in decisions_of(last, viewer, day):
        now = states.label(each.task.work_state, language) if each.task else say("no_task")
        late = f" ({timely.label(each.timely, language).lower()})" if each.timely in ("overdue", "done_late", "due_soon") else ""
        lead = _of(each.lead, "name", language) if each.lead else "–"
        rows.append((_of(each.decision, "text", language), lead, f"{now}{late}"))
    columns = (Column(say("text"), width=4), Column(say("lead"), width=2), Column(say("state"), width=1.8))
    return [Heading(1, say("before")), Table(columns, tuple(rows)) if rows else Paragraph(say("none"))]


def _decided(decisions: Sequence[MeetingDecision], viewer: Viewer, language: Language, say: Callable[[str], str]) -> Any:
    """A table where somebody is to act, else a list of what was said."""
    kinds = vocabulary("meeting_decision_kind")
    if not any(decision.lead_id for decision in decisions):
        return BulletList(tuple(f"{kinds.label(d.kind, language)}: {_of(d, 'text', language)}" for d in decisions))
    leads, beside = _known([d.lead_id for d in decisions], viewer), coordinating_of([d.pk for d in decisions])
    known = _known([ref.id for refs in beside.values() for ref in refs], viewer)
    rows = []
    for n, decision in enumerate(decisions, 1):
        more = [say("product").format(product=decision.product)] if decision.product else []
        lead = [_of(leads[decision.lead_id], "name", language)] if decision.lead_id in leads else ["–"]
        if named := [ref.title.get(language) for ref in beside.get(decision.pk, ()) if ref.id in known]:
            lead.append(say("with").format(names="; ".join(named)))
        text = "; ".join([f"{kinds.label(decision.kind, language)}: {_of(decision, 'text', language)}".rstrip("."), *more])
        rows.append((str(n), f"{text}.", "; ".join(lead), _day(decision.due, language) if decision.due else "–"))
    columns = (
        Column("TT" if language == "vi" else "No.", "center", 0.5),
        Column(say("text"), width=4),
        Column(say("lead"), width=2.4),
        Column(say("due"), "center", 1.3),
    )
    return Table(columns, tuple(rows))


def _known(ids: Iterable[UUID | None], viewer: Viewer) -> dict[UUID, Institution]:
    """Of these institutions those that the viewer may know of."""
    found: dict[UUID, Institution] = Institution.objects.visible_to(viewer).in_bulk([pk for pk in ids if pk])
    return found


def _signing(title: str) -> tuple[str, ...]:
    """The lines above the signature; `TL. BỘ TRƯỞNG; CHÁNH VĂN PHÒNG` are two."""
    return tuple(part.strip() for part in title.split(";") if part.strip())


def _sayer(language: Language) -> Callable[[str], str]:
    return lambda name: _WORDS[name][language == "en"]


def _day(day: str, language: Language) -> str:
    return shown(Asked("", "", "date"), day, language)


def _of(record: Any, name: str, language: Language) -> str:
    english = getattr(record, f"{name}_en", "") if language == "en" else ""
    return str(english or getattr(record, f"{name}_vi"))
