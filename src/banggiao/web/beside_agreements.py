"""What stands on the page of an agreement only: where its parties stand, texts, clauses beside commitments, what is like it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _

from banggiao.agreements.legal import PartyState, party_states
from banggiao.agreements.lines import CLAUSES, LEGAL_STEPS, READINESS, TEXTS
from banggiao.agreements.models import Agreement, AgreementText
from banggiao.agreements.readiness import BEFORE_SIGNING, missing, states_of
from banggiao.core.acts import Viewer
from banggiao.core.lines import rows_of
from banggiao.core.vocabulary import vocabulary
from banggiao.reports import lines as entering
from banggiao.reports.clauses import ClauseSeen, clauses_of
from banggiao.reports.similar import like_agreement
from banggiao.web.addresses import list_url, record_url, ref_url
from banggiao.web.asking import language
from banggiao.web.line_sections import add_action, line_action, may_write, sections
from banggiao.web.parts import Action, Badge, Cell, Link, Section, Table, TableColumn, TableRow, Tone
from banggiao.web.words import label, partial_date

_SHOWN_WORDS = 320
#: Legal states that are an end of the party's bond.
_OVER = ("suspended", "terminated")


def agreement_sections(agreement: Agreement, viewer: Viewer) -> list[Section]:
    """Legal states first; what stands before signing only while it is not signed."""
    return [
        *_parties(agreement, viewer),
        *(_ready(agreement, viewer) if agreement.status in BEFORE_SIGNING else ()),
        *_texts(agreement, viewer),
        *_clauses(agreement, clauses_of(agreement, viewer), viewer),
        *_similar(agreement, viewer),
    ]


def _parties(agreement: Agreement, viewer: Viewer) -> list[Section]:
    """A row for each party, a column for each state that one of them has reached; below, the steps one by one."""
    states = party_states([agreement], viewer)[agreement.pk]
    steps = [step for state in states for step in state.steps]
    may = may_write(viewer, LEGAL_STEPS, agreement)
    if not steps and not may:
        return []
    terms = [t for t in vocabulary("party_status").terms if any(t.code in state.days for state in states)]
    title = _("Tình trạng pháp lý theo từng bên")
    table = Table(
        caption=title,
        columns=[
            TableColumn(key="party", label=_("Bên"), lead=True),
            TableColumn(key="now", label=_("Hiện nay")),
            *(TableColumn(key=t.code, label=_step_named(t.code), kind="date") for t in terms),
        ],
        rows=[
            TableRow(
                cells=[
                    Cell(value=state.name.get(language()), url=ref_url(state.party) if state.party else ""),
                    Cell(badge=_standing(state)),
                    *(Cell(value=partial_date(state.days[t.code]) if state.days.get(t.code) else None) for t in terms),
                ]
            )
            for state in states
        ],
    )
    actions = (add_action(agreement, LEGAL_STEPS),) if may else ()
    link = Link(label=_("Còn phải phê chuẩn"), url=list_url("must_ratify"))
    found = [Section(id="parties", title=title, table=table, actions=actions, link=link)]
    if steps:
        found.append(_steps(agreement, states, viewer))
    return found


def _standing(state: PartyState) -> Badge:
    if not state.latest:
        return Badge(label=_("chưa ghi nhận"))
    tone: Tone = "bad" if state.latest in _OVER else "good" if state.bound else "active"
    return Badge(label=label("party_status", state.latest), tone=tone)


def _steps(agreement: Agreement, states: Sequence[PartyState], viewer: Viewer) -> Section:
    may = may_write(viewer, LEGAL_STEPS, agreement)
    names = {step.pk: state.name for state in states for step in state.steps}
    place = [field.column.key for field in LEGAL_STEPS.book.fields].index("document")
    rows = []
    for step, cells in entering.shown(LEGAL_STEPS, agreement, viewer):
        if step.pk not in names:
            continue
        note = (step.note_en or step.note_vi) if language() == "en" else (step.note_vi or step.note_en)
        document = cells[place]
        rows.append(
            TableRow(
                cells=[
                    Cell(value=partial_date(step.day) if step.day else None),
                    Cell(value=names[step.pk].get(language())),
                    Cell(value=_step_named(step.status), recalled=step.evidence == "recalled"),
                    Cell(value=note or None),
                    Cell(value=document.title.vi, url=ref_url(document)) if document else Cell(),
                    *([Cell(actions=[line_action(agreement, LEGAL_STEPS, step)])] if may else []),
                ]
            )
        )
    columns = [
        TableColumn(key="day", label=_("Ngày"), kind="date"),
        TableColumn(key="party", label=_("Bên")),
        TableColumn(key="step", label=_("Bước"), lead=True),
        TableColumn(key="note", label=_("Ghi chú")),
        TableColumn(key="document", label=_("Tài liệu")),
        *([TableColumn(key="do", label=_("Thao tác"))] if may else []),
    ]
    title = LEGAL_STEPS.book.title.get(language())
    note = _("Bước đã ghi được giữ nguyên; bước ghi nhầm thì gỡ kèm lý do.")
    return Section(id="legal_steps", title=title, table=Table(caption=title, columns=columns, rows=rows), note=note)


def _step_named(code: str) -> str:
    """What a legal step is called; the state it leads to says more ("signed, not ratified") than happened on its day."""
    if code in vocabulary("party_status"):
        return label("agreement_status" if code == "signed" else "party_status", code)
    return label("ratification_step", code)


def _ready(agreement: Agreement, viewer: Viewer) -> list[Section]:
    """The checklist, and what it still lacks."""
    lacking = missing(states_of([agreement], viewer)[agreement.pk])
    names = "; ".join(label("readiness_item", code) for code in lacking)
    note = _("Còn thiếu trước khi ký: %(items)s.") % {"items": names} if lacking else _("Đã đủ các mục chuẩn bị.")
    found = sections(agreement, viewer, (READINESS,))
    return [replace(section, id="readiness", title=READINESS.book.title.get(language()), note=note) for section in found]


def _texts(agreement: Agreement, viewer: Viewer) -> list[Section]:
    rows = list(rows_of(TEXTS, agreement, viewer).select_related("document"))
    may = may_write(viewer, TEXTS, agreement)
    if not rows and not may:
        return []
    title = TEXTS.book.title.get(language())
    table = Table(
        caption=title,
        columns=[
            TableColumn(key="document", label=_("Tài liệu"), lead=True),
            TableColumn(key="role", label=_("Loại bản")),
            TableColumn(key="language", label=_("Ngôn ngữ")),
            *([TableColumn(key="do", label=_("Thao tác"))] if may else []),
        ],
        rows=[
            TableRow(
                cells=[
                    Cell(value=row.document.title, url=record_url("sources.document", row.document_id), note=row.note),
                    Cell(value=label("text_role", row.role)),
                    Cell(value=label("language", row.language) if row.language else None),
                    *([Cell(actions=[_split(agreement, row), line_action(agreement, TEXTS, row)])] if may else []),
                ]
            )
            for row in rows
        ],
    )
    text = "" if rows else _("Chưa gắn văn bản nào. Gắn một tài liệu đã đọc để tách điều khoản và đặt cạnh cam kết.")
    return [
        Section(
            id="texts",
            title=title,
            table=table if rows else None,
            text=text,
            actions=(add_action(agreement, TEXTS),) if may else (),
        )
    ]


def _split(agreement: Agreement, row: AgreementText) -> Action:
    return Action(label=_("Tách điều khoản"), url=reverse("web:split_text", args=[agreement.pk, row.pk]))


def _clauses(agreement: Agreement, clauses: Sequence[ClauseSeen], viewer: Viewer) -> list[Section]:
    """Each clause beside the commitments that rest on its words."""
    if not clauses:
        return []
    may, may_commit = may_write(viewer, CLAUSES, agreement), viewer.may("commitments.edit")
    title = _("Điều khoản và cam kết")
    rows = []
    for seen in clauses:
        actions = []
        if may_commit:
            for name, text in (("commit_clause", _("Ghi cam kết")), ("tie_clause", _("Gắn cam kết đã có"))):
                actions.append(Action(label=text, url=reverse(f"web:{name}", args=[agreement.pk, seen.clause.pk])))
        if may:
            actions.append(line_action(agreement, CLAUSES, seen.clause))
        links = [Link(label=ref.title.get(language()), url=ref_url(ref)) for ref in seen.commitments]
        rows.append(
            TableRow(
                cells=[
                    Cell(
                        value=". ".join(filter(None, (seen.clause.number, seen.clause.heading))),
                        url=ref_url(seen.document),
                        note=_short(_without_heading(seen)),
                    ),
                    Cell(value="; ".join(link.label for link in links) or None, links=links),
                    *([Cell(actions=actions)] if actions else []),
                ]
            )
        )
    columns = [
        TableColumn(key="clause", label=_("Điều khoản và nguyên văn"), lead=True),
        TableColumn(key="commitments", label=_("Cam kết dựa vào điều khoản")),
        *([TableColumn(key="do", label=_("Thao tác"))] if may or may_commit else []),
    ]
    bare = sum(not seen.commitments for seen in clauses)
    meta = _("%(bare)d trên %(all)d điều khoản chưa có cam kết") % {"bare": bare, "all": len(clauses)}
    return [Section(id="clauses", title=title, meta=meta, table=Table(caption=title, columns=columns, rows=rows))]


def _without_heading(seen: ClauseSeen) -> str:
    """The words of a clause without its number and heading, which stand beside them."""
    words = seen.words.removeprefix(seen.clause.number).lstrip(" .:–-")
    return words.removeprefix(seen.clause.heading).lstrip(" .:") or seen.words


def _similar(agreement: Agreement, viewer: Viewer) -> list[Section]:
    found = like_agreement(agreement, viewer)[:6]
    before = agreement.status in BEFORE_SIGNING
    if not found and not before:
        return []
    title = _("Văn kiện và cam kết tương tự")
    link = Link(label=_("Tìm theo chữ khác"), url=list_url("similar", {"text": agreement.name_vi}))
    if not found:
        text = _("Không thấy văn kiện hay cam kết nào tương tự.")
        return [Section(id="similar", title=title, text=text, link=link)]
    rows = [
        TableRow(
            cells=[
                Cell(value=each.title.get(language()), url=record_url(each.record_type, each.id)),
                Cell(value=each.score),
                Cell(value=each.why.get(language())),
            ]
        )
        for each in found
    ]
    columns = [
        TableColumn(key="title", label=_("Văn kiện, cam kết"), lead=True),
        TableColumn(key="score", label=_("Độ giống"), kind="percent"),
        TableColumn(key="why", label=_("Giống ở điểm nào")),
    ]
    rule = label("counting_rule", "similar_words")
    table = Table(caption=title, columns=columns, rows=rows)
    return [Section(id="similar", title=title, table=table, note=rule, link=link if before else None)]


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_WORDS else text[: _SHOWN_WORDS - 1].rsplit(" ", 1)[0] + "…"
