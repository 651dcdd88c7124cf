"""What stands beside the fields of a record: the sentences it rests on, where its row came from, and what only its kind has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from banggiao.core.acts import Viewer
from banggiao.core.questions import Bi
from banggiao.core.registers import Register
from banggiao.followup.models import DueDateMove, Followed
from banggiao.followup.questions import due_moves_of, updates_of
from banggiao.followup.states import LABELS
from banggiao.sources.questions import citations_of
from banggiao.web.addresses import fact_place
from banggiao.web.admin.users import beside_role, beside_user
from banggiao.web.asking import asker, language, moment, today
from banggiao.web.beside_activities import activity_sections
from banggiao.web.beside_agreements import agreement_sections
from banggiao.web.beside_bodies import body_sections, conference_sections, meeting_sections, notice_sections
from banggiao.web.beside_data_calls import beside_answer, beside_call
from banggiao.web.beside_outlook import outlook_section
from banggiao.web.beside_partners import posts, succession
from banggiao.web.beside_plans import plan_sections
from banggiao.web.beside_pledges import pledge_action, pledge_sections
from banggiao.web.beside_programmes import programme_sections
from banggiao.web.beside_reviews import beside_reader, beside_review
from banggiao.web.formats import format_percent
from banggiao.web.jinja import written
from banggiao.web.parts import Action, Cell, Citation, Definition, Empty, Section, TimelineEntry
from banggiao.web.splitting_words import directive_sections, repeated_section
from banggiao.web.tables import cell_of
from banggiao.web.words import label, partial_date, say

SIX_KEYS = (
    "lead",
    "person_in_charge",
    "responsibility",
    "product",
    "authority",
    "first_due",
    "current_due",
    "blocked_reason",
    "unblocker",
    "done_on",
)


def is_followed(record: Any) -> bool:
    """Whether the record is a duty that is followed."""
    return isinstance(record, Followed)


def citations(record: Any, viewer: Viewer) -> list[Section]:
    """The sentences a record rests on, each leading to its place in the document."""
    found = citations_of([record.pk], viewer).get(record.pk, [])
    if not found:
        return []
    items = [
        Citation(
            number=number,
            sentence=cited.sentence,
            document=", ".join(filter(None, (cited.document_title, cited.outlet, _written(cited.published[:10])))),
            url=fact_place(cited.document_id, cited.fact_id, cited.start),
        )
        for number, cited in enumerate(found, 1)
    ]
    return [Section(id="citations", title=_("Trích dẫn"), meta=_("câu mà bản ghi dựa vào"), citations=items)]


def origin(record: Any) -> list[Section]:
    """The row of the data set a record came from, and how far to trust it."""
    dataset = getattr(record, "dataset", None)
    if dataset is None:
        return []
    rows = [
        (_("Bộ dữ liệu"), f"{Bi(dataset.title, dataset.title_en).get(language())} ({dataset.edition})", dataset.url),
        (_("Cơ quan lập"), dataset.producer, ""),
        (_("Dòng"), record.row_key, ""),
        (_("Địa chỉ nguồn"), record.source_url, record.source_url),
        (_("Tính đến"), partial_date(record.as_of) if record.as_of else None, ""),
        (_("Cách có được số liệu"), label("evidence_mark", record.evidence) if record.evidence else None, ""),
        (_("Độ tin cậy"), label("confidence_level", record.confidence) if record.confidence else None, ""),
        (_("Giấy phép"), dataset.licence, ""),
    ]
    items = [
        Definition(
            label=name,
            cell=Cell(
                value=value,
                url=url if url.startswith(("https://", "http://")) else "",
                recalled=value and name == _("Cách có được số liệu") and record.evidence == "recalled",
            ),
            kind="date" if name == _("Tính đến") else "text",
        )
        for name, value, url in rows
        if value
    ]
    return [Section(id="origin", title=_("Nguồn của dòng"), definitions=items)]


def beside(book: Register, record: Any, values: Mapping[str, Any], request: HttpRequest) -> list[Section]:
    """The sections that only this kind of record has."""
    viewer = asker(request)
    if is_followed(record):
        standing, *plan = plan_sections(book, record, viewer, moment(request))
        clear, *said = _followed(book, record, values, viewer)
        again = repeated_section(record, viewer) if book.record_type == "commitments.task" else []
        pledges = pledge_sections(record, request) if book.record_type == "commitments.commitment" else []
        if book.record_type == "commitments.commitment" and not pledges:
            clear = replace(clear, actions=(*clear.actions, *pledge_action(record, request)))
        return [standing, *outlook_section(record, request), clear, *again, *pledges, *plan, *said]
    if on_day := ON_A_DAY.get(book.record_type):
        return on_day(record, viewer, today(request))
    only = OF_ONE_KIND.get(book.record_type)
    return only(record, viewer) if only else []


def _followed(book: Register, record: Any, values: Mapping[str, Any], viewer: Viewer) -> list[Section]:
    columns = {f.column.key: f.column for f in (*book.fields, *book.page_fields)}
    clear = [
        Definition(
            label=say(columns[key].label),
            cell=cell_of(columns[key], values[key]),
            kind="date" if columns[key].type == "date" else "text",
        )
        for key in SIX_KEYS
        if key in columns
        and (values[key] or key in {name.removesuffix("_id") for name in LABELS if name not in _ONLY_WHEN_FILLED})
    ]
    may = viewer.may("followup.report")

    def form(name: str, text: str, icon: str) -> tuple[Action, ...]:
        return (Action(label=text, url=reverse(f"web:{name}", args=[book.name, record.pk]), icon=icon),) if may else ()

    return [
        Section(
            id="clear", title=_("Sáu rõ và thời hạn"), definitions=clear, actions=form("due", _("Đề nghị chuyển hạn"), "clock")
        ),
        _updates(record, viewer, form("progress", _("Báo tiến độ"), "add")),
        *_moves(book, record, viewer),
    ]


_ONLY_WHEN_FILLED = ("blocked_reason", "unblocker", "done_on")


def _updates(record: Any, viewer: Viewer, actions: tuple[Action, ...]) -> Section:
    entries = []
    for update in updates_of(record.pk, viewer):
        claimed = (
            _("tự báo đạt %(share)s") % {"share": format_percent(round(update.claimed * 100), language())}
            if update.claimed is not None
            else ""
        )
        difficulty = label("difficulty_code", update.difficulty) if update.difficulty else ""
        asks = _("kiến nghị: %(text)s") % {"text": update.recommendation} if update.recommendation else ""
        text = " · ".join(filter(None, (claimed, difficulty, update.difficulty_text, asks)))
        entries.append(
            TimelineEntry(when=update.day, title=update.text, text=text, state="alarm" if update.difficulty else "past")
        )
    empty = Empty(
        title=_("Chưa có cập nhật tiến độ"), text=_("Báo cáo là lời tự khai; minh chứng là thứ chứng minh việc đã làm.")
    )
    return Section(id="updates", title=_("Tiến độ đã báo"), timeline=entries, empty=empty, actions=actions)


def _moves(book: Register, record: Any, viewer: Viewer) -> list[Section]:
    moves = due_moves_of(record.pk, viewer)
    if not moves:
        return []
    states = {"requested": _("chờ duyệt"), "approved": _("đã duyệt"), "refused": _("không duyệt")}
    entries = [
        TimelineEntry(
            when=move.recorded_at,
            title=_("Từ %(old)s đến %(new)s")
            % {"old": _written(move.due_from) or _("chưa có hạn"), "new": _written(move.due_to)},
            text=" · ".join(filter(None, (states[move.state], move.decided_by, move.reason))),
            state="next" if move.state == "requested" else "past",
        )
        for move in moves
    ]
    actions = [action for move in moves for action in _decisions(book, record, move, viewer)]
    return [Section(id="due-moves", title=_("Đề nghị chuyển hạn"), timeline=entries, actions=actions)]


def _decisions(book: Register, record: Any, move: DueDateMove, viewer: Viewer) -> list[Action]:
    if move.state != "requested" or not viewer.may("followup.approve_due_date") or record.lead_id in viewer.institutions:
        return []
    url = reverse("web:decide_due", args=[book.name, record.pk, move.pk])
    day = _written(move.due_to)
    return [
        Action(
            label=_("Duyệt hạn %(day)s") % {"day": day},
            url=url,
            method="post",
            style="primary",
            icon="check",
            fields=(("approve", "yes"),),
        ),
        Action(
            label=_("Không duyệt hạn %(day)s") % {"day": day}, url=url, method="post", style="danger", fields=(("approve", "no"),)
        ),
    ]


def _written(text: str) -> str:
    return written(partial_date(text)) if text else ""


#: Record type -> the sections that stand on its pages only.
OF_ONE_KIND: dict[str, Callable[[Any, Viewer], list[Section]]] = {
    "accounts.user": beside_user,
    "accounts.roleheld": beside_role,
    "activities.activity": lambda activity, viewer: [
        *activity_sections(activity, viewer),
        *conference_sections(activity, viewer),
    ],
    "agreements.agreement": agreement_sections,
    "commitments.directive": directive_sections,
    "bodies.body": body_sections,
    "bodies.conclusionnotice": notice_sections,
    "partners.institution": succession,
    "programmes.workprogramme": programme_sections,
    "partners.person": posts,
}
#: The same for kinds of which the sections say what is late: they also take the day.
ON_A_DAY: dict[str, Callable[[Any, Viewer, date], list[Section]]] = {
    "bodies.meeting": meeting_sections,
    "activities.review": beside_review,
    "reviews.reviewreader": beside_reader,
    "followup.datacall": beside_call,
    "followup.datacallanswer": beside_answer,
}
