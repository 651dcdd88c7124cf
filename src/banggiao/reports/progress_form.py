"""Which duties does the progress form of a body list, and what is printed of each in Excel and Word?"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, InvalidInput, NotFound, NotPermitted
from banggiao.core.history import restored
from banggiao.core.ledger import entries_of, replay
from banggiao.core.periods import parse_period
from banggiao.core.questions import Bi
from banggiao.core.record import Record
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.data_calls.asked import MOST_ROWS, AnswerRow
from banggiao.followup.data_calls.form_blocks import form_blocks
from banggiao.followup.data_calls.form_words import Form, Language
from banggiao.followup.data_calls.form_xlsx import form_xlsx
from banggiao.followup.data_calls.models import DataCall, DataCallAnswer
from banggiao.followup.data_calls.progress import progress_columns
from banggiao.followup.models import ProgressUpdate
from banggiao.followup.questions import overdue
from banggiao.followup.services import OPEN_STATES
from banggiao.partners.models import Institution
from banggiao.reports.six_fields import (
    REPORTED_KINDS,
    SixFields,
    coordinated,
    coordinating_bodies,
    latest_reports,
    open_difficulties,
    six_of,
    timeline_of,
)

#: Stands in the code of a form that no data call sent out.
SINGLE = "TIEN-DO"
PROGRESS = "progress"
_LONGEST = 1500
#: A printed cell does not change with the day; kinds of difficulties are called as they are called at present.
_AS_CALLED_NOW = date(9000, 1, 1)
_TITLE = Bi("Báo cáo tiến độ thực hiện cam kết, nhiệm vụ", "Progress on commitments and tasks")
_PURPOSE = Bi("Phục vụ theo dõi tình hình thực hiện; phạm vi: {scope}.", "To follow implementation; scope: {scope}.")
_SHARE = Bi("tự báo đạt {share}%", "{share}% claimed")
_STAMP = re.compile(r"(.{1,64})/(\d{1,9})\.(\d{1,9})/([0-9a-f]{6})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which duties of a body a form lists: a term of `progress_scope`, and of these only those due in a period."""

    which: str = "open"
    period: str = ""

    @property
    def code(self) -> str:
        """How the code of a form tells it."""
        return ".".join(filter(None, (SINGLE, self.which, self.period.replace("/", "_"))))


@dataclass(frozen=True, slots=True)
class Stamp:
    """What ties a row of a form to a duty: its code, its version, how many reports it had, and a check against slips."""

    code: str
    version: int
    reports: int
    check: str

    @property
    def text(self) -> str:
        """As it is printed."""
        return f"{self.code}/{self.version}.{self.reports}/{self.check}"


def scope_of(which: str, period: str) -> Scope:
    """The scope. Raises NotFound for an unknown term, InvalidInput for no period."""
    vocabulary("progress_scope").term(which or "open")
    if period:
        parse_period(period)
    return Scope(which or "open", period)


def body_named(code: str, viewer: Viewer) -> Institution:
    """The body with this code. Raises NotFound."""
    found: Institution | None = Institution.objects.visible_to(viewer).filter(code=code).first()
    if found is None:
        raise NotFound(
            N_("Không tìm thấy bản ghi."), subject=f"institutions/{code[:40]}", remedy=N_("Hãy kiểm tra lại mã cơ quan.")
        )
    return found


def duties_of(body: Institution, viewer: Viewer, scope: Scope, today: date) -> list[Any]:
    """The commitments and tasks that a body leads or co-ordinates, each kind by due date, those without one last.

    Raises InvalidInput for more than a form holds.
    """
    found: list[Any] = []
    for model in REPORTED_KINDS:
        rows = model.objects.visible_to(viewer).filter(exercise=body.exercise)
        rows = rows.filter(Q(lead=body) | Q(pk__in=_coordinated_by(model, body)))
        if scope.which == "open":
            rows = rows.filter(work_state__in=OPEN_STATES)
        elif scope.which == "overdue":
            rows = overdue(rows, today)
        if scope.period:
            period = parse_period(scope.period)
            rows = rows.filter(current_due__gte=period.start, current_due__lt=period.end)
        found += sorted(rows, key=lambda r: (not r.current_due, r.current_due, str(r.pk)))
    if len(found) > MOST_ROWS:
        raise InvalidInput(
            N_("Phiếu nhận tối đa 500 dòng."), subject=str(body), remedy=N_("Hãy chọn phạm vi hẹp hơn, hoặc một kỳ.")
        )
    return found


def has_part(record: Any, body: Institution) -> bool:
    """Whether the body leads or co-ordinates the duty."""
    return bool(record.lead_id == body.pk or body.pk in coordinating_bodies([record.pk]).get(record.pk, ()))


def leads_in(viewer: Viewer, scope: Scope, today: date, *, exercise: bool) -> dict[UUID, int]:
    """Lead -> how many duties a form of this scope would list, co-ordinated ones left aside."""
    found: dict[UUID, int] = {}
    for model in REPORTED_KINDS:
        rows = model.objects.visible_to(viewer).filter(exercise=exercise, lead__isnull=False)
        rows = rows.filter(work_state__in=OPEN_STATES) if scope.which == "open" else rows
        rows = overdue(rows, today) if scope.which == "overdue" else rows
        if scope.period:
            period = parse_period(scope.period)
            rows = rows.filter(current_due__gte=period.start, current_due__lt=period.end)
        for lead, count in rows.values_list("lead_id").annotate(n=Count("pk")).order_by():
            found[lead] = found.get(lead, 0) + count
    return found


def stamps_of(records: Sequence[Any], body: Institution) -> dict[UUID, Stamp]:
    """The stamp of each duty as it stands, in a form of this body."""
    told = reports_of([record.pk for record in records])
    return {r.pk: stamp(r, body, r.version, told.get(r.pk, 0)) for r in records}


def reports_of(ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many reports there ever were about each record."""
    rows = ProgressUpdate.objects.filter(subject_id__in=list(ids)).values_list("subject_id")
    return dict(rows.annotate(n=Count("pk")).order_by())


def stamp(record: Any, body: Institution, version: int, reports: int) -> Stamp:
    """The stamp of a duty at a version, in a form of this body."""
    told = f"{record.pk}|{version}.{reports}|{body.code}"
    return Stamp(record.code, version, reports, hashlib.sha256(told.encode()).hexdigest()[:6])


def parse_stamp(text: str) -> Stamp | None:
    """The stamp as read from a form; None for what is none."""
    found = _STAMP.fullmatch("".join(text.split()))
    return Stamp(found[1], int(found[2]), int(found[3]), found[4]) if found else None


def form_code_of(first: str, body: Institution, rows: int) -> str:
    """The code of a form: the call or scope it was made for, the body, how many rows went out, and a check."""
    head = f"{first} | {body.code} | {rows}"
    return f"{head} | {hashlib.sha256(f'{head}|{body.pk}'.encode()).hexdigest()[:8]}"


def printed_now(records: Sequence[Any], viewer: Viewer, language: Language) -> dict[UUID, dict[str, str]]:
    """What a form prints of each duty as it stands."""
    ids = [record.pk for record in records]
    return _printed(records, viewer, language, latest_reports(ids, viewer), coordinating_bodies(ids))


def printed_then(record: Any, version: int, reports: int, viewer: Viewer, language: Language) -> dict[str, str] | None:
    """What a form printed of a duty at an earlier version, when it had so many reports; None where it never was so."""
    entries = list(entries_of(record.pk).filter(sequence__lte=version))
    told = list(ProgressUpdate.objects.visible_to(viewer).filter(subject_id=record.pk).order_by("pk")[:reports])
    if len(entries) < version or version < 1 or len(told) < reports:
        return None
    state = replay(entries)
    then: Any = restored(type(record), record.pk, state, entries[-1].recorded_at)
    last = max(told, key=lambda update: (update.day, update.pk), default=None)
    bodies = [UUID(str(pk)) for pk in state.get("coordinating") or []]
    return _printed([then], viewer, language, {record.pk: last} if last else {}, {record.pk: bodies})[record.pk]


def progress_form(
    body: Institution, viewer: Viewer, scope: Scope, today: date, language: Language, answer: DataCallAnswer | None = None
) -> Form:
    """The progress form of a body with its duties as they stand; of a data call when there is an answer to fill."""
    records = duties_of(body, viewer, scope, today)
    stamps, printed = stamps_of(records, body), printed_now(records, viewer, language)
    rows = tuple(AnswerRow(stamps[r.pk].text, printed[r.pk]) for r in records)
    terms = vocabulary("progress_scope").label(scope.which, language).lower()
    told = f"{terms}, {scope.period}" if scope.period else terms
    call: DataCall | None = answer.call if answer else None
    asker = call.asker if call else None
    return Form(
        title=_name(call, language) if call else _TITLE.get(language),
        asker=_name(asker, language) if asker else "",
        body=_name(body, language),
        deadline=answer.current_due if answer else "",
        letter="",
        purpose=call.purpose if call else _PURPOSE.get(language).format(scope=told),
        code=form_code_of(call.code if call else scope.code, body, len(rows)),
        columns=progress_columns(language),
        rows=rows,
        many_rows=True,
        exercise=body.exercise,
        how="how_prefilled",
    )


def write_progress_form(form: Form, kind: str, language: Language) -> bytes:
    """The form as a file. Raises NotFound for another kind than xlsx and docx."""
    writers = {"xlsx": form_xlsx, "docx": form_blocks}
    if kind not in writers:
        raise NotFound(N_("Không có định dạng “%(form)s”."), form=kind, remedy=N_("Hãy chọn xlsx hoặc docx."))
    return writers[kind](form, language)


def take_progress_form(
    body: Institution, scope: Scope, kind: str, language: Language, *, act: Act, answer: DataCallAnswer | None = None
) -> bytes:
    """The form of a body for somebody who reports for it, or sees every institution. Raises NotPermitted, InvalidInput."""
    require_reporter(body, act)
    form = progress_form(body, act.viewer, scope, timezone.localdate(act.at), language, answer)
    return write_progress_form(form, kind, language)


def require_reporter(body: Institution, act: Act) -> None:
    """Raise NotPermitted for those who neither belong to the body nor see every institution."""
    act.viewer.require("followup.report", subject=str(body))
    if not (act.viewer.is_system or act.viewer.sees_all or body.pk in act.viewer.institutions):
        raise NotPermitted(
            N_("Đơn vị của bạn không tham gia việc này."), subject=str(body), remedy=N_("Hãy chọn cơ quan của bạn.")
        )


def _printed(
    records: Sequence[Any],
    viewer: Viewer,
    language: Language,
    latest: Mapping[UUID, ProgressUpdate],
    coordinating: Mapping[UUID, Sequence[UUID]],
) -> dict[UUID, dict[str, str]]:
    ids = [record.pk for record in records]
    sixes = six_of(
        records,
        viewer,
        latest=latest,
        difficulties=open_difficulties(ids, viewer),
        coordinating=coordinating,
        today=_AS_CALLED_NOW,
    )
    return {six.id: _cells(six, record, latest.get(six.id), language) for six, record in zip(sixes, records, strict=True)}


def _cells(six: SixFields, record: Any, told: ProgressUpdate | None, language: Language) -> dict[str, str]:
    state = vocabulary("work_state").label(record.work_state, language)
    share = _SHARE.get(language).format(share=round(told.claimed * 100)) if told and told.claimed is not None else ""
    said = {
        "lead": "; ".join(filter(None, (six.lead.title.get(language) if six.lead else "", coordinated(six).get(language)))),
        "partner": six.partner.title.get(language) if six.partner else "",
        "content": six.content.title.get(language),
        # Without what the day makes of it: a printed cell must not change overnight.
        "timeline": timeline_of(record, None, None).get(language),
        "difficulties": six.difficulties.get(language),
        "recommendations": six.recommendations,
        "state": "; ".join(filter(None, (state, share))),
    }
    return {key: _short(text) for key, text in said.items() if text}


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"


def _name(record: Any, language: Language) -> str:
    return str(record.name_en if language == "en" and record.name_en else record.name_vi)


def _coordinated_by(model: type[Record], body: Institution) -> Any:
    link = model.links["coordinating"]
    through: Any = model._meta.apps.get_model(link.through)
    return through.objects.filter(**{link.far: body}).values(f"{link.near}_id")
