"""What stands in the right column of the home page: what comes next, what waits by document, reviews, documents, reminders."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from banggiao.activities.states import REVIEW
from banggiao.core.acts import Viewer
from banggiao.core.questions import Answer, Bi
from banggiao.followup.questions import reminders_of
from banggiao.reports.home import hosts_of, latest, running_reviews
from banggiao.reviews.questions import asked_of
from banggiao.sources.questions import waiting_by_document
from banggiao.web.addresses import list_url, record_title, record_url
from banggiao.web.asking import asker, language, moment, today
from banggiao.web.jinja import written
from banggiao.web.parts import Action, Cell, Definition, Empty, Link, Section, Tally, TimelineEntry
from banggiao.web.words import label, partial_date, period_label, plain_value, say

ROWS = 6
_OF_PARTNER = ("commitments", "agreements", "barriers", "activities")


def upcoming(request: HttpRequest, *, partner: str = "", title: str = "") -> list[Section]:
    """The next activities, all or those with one partner."""
    params = {"upcoming_on": today(request).isoformat(), "order": "oldest", "partner": partner}
    params = {name: value for name, value in params.items() if value}
    answer = latest("activities", asker(request), at=moment(request), rows=ROWS, **params)
    if answer is None or not answer.total:
        return []
    keys = [c.key for c in answer.columns]
    start, name, kind, partners = (keys.index(key) for key in ("start", "name", "kind", "partners"))
    entries = [
        TimelineEntry(
            when=None,
            when_text=_short_date(row.cells[start]),
            title=row.cells[name].get(language()),
            text=" · ".join(filter(None, (label("activity_kind", row.cells[kind]), str(plain_value(row.cells[partners]) or "")))),
            url=record_url(row.record_type, row.id),
            state="next",
        )
        for row in answer.rows
    ]
    link = Link(label=_("Xem tất cả"), url=list_url("activities", params))
    return [
        Section(id=f"upcoming{'-' + partner if partner else ''}", title=title or _("Sắp diễn ra"), timeline=entries, link=link)
    ]


def at_post(request: HttpRequest) -> list[Section]:
    """For those who act for a mission: the file of the country it stands in, and what is coming there."""
    viewer, sections = asker(request), []
    for partner in hosts_of(viewer):
        name = Bi(partner.name_vi, partner.name_en).get(language())
        counted = (latest(q, viewer, at=moment(request), rows=1, partner=partner.code) for q in _OF_PARTNER)
        rows = [
            Tally(
                label=answer.title.get(language()), url=list_url(answer.question, {"partner": partner.code}), value=answer.total
            )
            for answer in counted
            if answer is not None
        ]
        sections.append(
            Section(
                id=f"partner-{partner.code}",
                title=_("Hồ sơ: %(name)s") % {"name": name},
                tallies=rows,
                link=Link(label=_("Mở hồ sơ"), url=record_url("partners.partner", partner.pk)),
            )
        )
        sections += upcoming(request, partner=partner.code, title=_("Sắp tới với %(name)s") % {"name": name})
    return sections


def inbox(viewer: Viewer) -> list[Section]:
    """What waits to be checked, by document."""
    if not viewer.may("facts.check"):
        return []
    rows = [
        Tally(label=title, value=count, url=record_url("sources.document", pk))
        for pk, title, count in waiting_by_document(viewer, ROWS)
    ]
    empty = Empty(
        title=_("Không còn gì chờ duyệt"),
        text=_("Nạp một văn bản để máy đọc và đề xuất thông tin."),
        action=Action(label=_("Nạp tài liệu"), url=reverse("web:upload"), icon="upload")
        if viewer.may("documents.read_in")
        else None,
    )
    link = Link(label=_("Xem tất cả"), url=list_url("facts_to_check")) if rows else None
    return [Section(id="inbox", title=_("Chờ duyệt theo tài liệu"), tallies=rows, empty=empty, link=link)]


def reviews(viewer: Viewer) -> list[Section]:
    """The reviews that are under way."""
    if not viewer.may("reports.view"):
        return []
    rows = []
    for review in running_reviews(viewer):
        asked = asked_of(review, viewer)
        waits = [label("review_state", review.state)]
        if review.state == "circulated":
            waits.append(_("%(n)d trên %(all)d nơi đã trả lời") % {"n": asked.answered, "all": asked.readers})
            if asked.open_comments:
                text = ngettext("%(n)d ý kiến chờ giải trình", "%(n)d ý kiến chờ giải trình", asked.open_comments)
                waits.append(text % {"n": asked.open_comments})
        if next_step := next((s for s in REVIEW.offered(review, viewer)), None):
            waits.append(_("bước tới: %(step)s") % {"step": say(next_step.label).lower()})
        rows.append(
            Definition(
                label=period_label(review.period),
                cell=Cell(value=" · ".join(waits), url=record_url(review.record_type(), review.pk)),
            )
        )
    empty = Empty(
        title=_("Chưa mở kỳ sơ kết nào"),
        text=_("Chọn một kỳ để xem báo cáo được dựng từ các sổ."),
        action=Action(label=_("Chọn kỳ"), url=reverse("web:reviews")),
    )
    link = Link(label=_("Xem các kỳ"), url=reverse("web:reviews"))
    return [Section(id="reviews", title=_("Kỳ sơ kết đang làm"), definitions=rows, empty=empty, link=link if rows else None)]


def documents(request: HttpRequest) -> list[Section]:
    """The latest documents."""
    answer = latest("documents", asker(request), at=moment(request), rows=ROWS)
    if answer is None or not answer.total:
        return []
    return [Section(id="documents-new", title=_("Tài liệu mới nhất"), timeline=_papers(answer), link=_all("documents"))]


def reminders(viewer: Viewer) -> list[Section]:
    """Who was reminded of what."""
    entries = []
    for reminder in reminders_of(viewer, ROWS):
        title = record_title(reminder.subject_type, reminder.subject_id, viewer)
        if title:
            name = Bi(reminder.recipient.name_vi, reminder.recipient.name_en).get(language())
            entries.append(
                TimelineEntry(
                    when=reminder.day,
                    title=title,
                    url=record_url(reminder.subject_type, reminder.subject_id),
                    text=f"{name}; {_rung(reminder.rung)}",
                    state="alarm" if reminder.rung > 0 else "next",
                )
            )
    return [Section(id="reminders", title=_("Nhắc việc gần đây"), timeline=entries)] if entries else []


def _papers(answer: Answer) -> list[TimelineEntry]:
    keys = [c.key for c in answer.columns]
    title, published, outlet = keys.index("title"), keys.index("published"), keys.index("outlet")
    return [
        TimelineEntry(
            when=None,
            when_text=_short_date(row.cells[published]),
            title=row.cells[title].get(language()),
            text=row.cells[outlet] or "",
            url=record_url(row.record_type, row.id),
        )
        for row in answer.rows
    ]


def _rung(days: int) -> str:
    if not days:
        return _("đúng ngày đến hạn")
    if days > 0:
        return ngettext("%(days)d ngày sau hạn", "%(days)d ngày sau hạn", days) % {"days": days}
    return ngettext("%(days)d ngày trước hạn", "%(days)d ngày trước hạn", -days) % {"days": -days}


def _all(question: str) -> Link:
    return Link(label=_("Xem tất cả"), url=list_url(question))


def _short_date(text: str) -> str:
    return written(partial_date(text)) if text else "–"
