"""How is a list narrowed: the form of its filters, the chips of those in force, the quick ones, and what changed since when?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from banggiao.core.acts import Viewer
from banggiao.core.periods import is_partial_date
from banggiao.core.questions import Page, Parameter, Question, ask
from banggiao.core.registers import Register, registers
from banggiao.reports.choices import choices_for
from banggiao.web.addresses import list_url, record_title
from banggiao.web.asking import language
from banggiao.web.formats import format_number
from banggiao.web.jinja import written
from banggiao.web.parts import Chip, Choice, Field
from banggiao.web.words import is_id, label, partial_date, period_label, plain_value, say

#: What names a moment rather than a choice: offered as ready-made views, kept through the filter form.
TIMELY = ("overdue_on", "due_week_on", "due_soon_on")
#: Fields of the filter form that always stand open; the others unfold.
OPEN_FIELDS = 4


def quick(
    question: Question, here: Mapping[str, str], kept: Mapping[str, str], viewer: Viewer, *, at: datetime, since: datetime | None
) -> list[Chip]:
    """Ready-made ways to narrow: by time, one's own, and what changed; each says or takes itself away when it is in force."""
    names, day = {p.name for p in question.parameters}, timezone.localdate(at)
    chips = []
    if names >= set(TIMELY):
        rest = {n: v for n, v in here.items() if n not in TIMELY}
        told = {
            "": _("Tất cả"),
            "overdue_on": label("timeliness", "overdue"),
            "due_week_on": _("Đến hạn tuần này"),
            "due_soon_on": label("timeliness", "due_soon"),
        }
        chosen = next((n for n in TIMELY if n in kept), "")
        chips += [
            Chip(label=text, url=list_url(question.name, {**rest, n: day.isoformat()} if n else rest), active=n == chosen)
            for n, text in told.items()
        ]
    if "mine" in names and viewer.institutions:
        chips.append(_toggle(question, here, "mine", "yes", _("Việc của đơn vị tôi")))
    if "changed_since" in names:
        if since is not None:
            moment = since.isoformat(timespec="seconds")
            params = {**kept, "changed_since": moment}
            count = ask(question.name, params, viewer, at=at, page=Page(1)).total
            if count or kept.get("changed_since") == moment:
                shown = format_number(count, language())
                text = ngettext("%(shown)s thay đổi từ lần xem trước", "%(shown)s thay đổi từ lần xem trước", count)
                chips.append(_toggle(question, here, "changed_since", moment, text % {"shown": shown}))
        yesterday = (day - timedelta(days=1)).isoformat()
        chips.append(_toggle(question, here, "changed_since", yesterday, _("Thay đổi từ hôm qua")))
    return chips


def in_force(question: Question, here: Mapping[str, str], kept: Mapping[str, str], viewer: Viewer) -> list[Chip]:
    """The filters in force, each of which takes itself away."""
    chips = []
    for parameter in question.parameters:
        value = kept.get(parameter.name, "")
        if value and parameter.name != "order" and not parameter.needed:
            name = say(parameter.label)
            text = name if parameter.kind == "flag" else f"{name}: {_shown(parameter, value, viewer)}"
            rest = {n: v for n, v in here.items() if n != parameter.name}
            chips.append(Chip(label=text, url=list_url(question.name, rest), active=True))
    return chips


def form_fields(
    question: Question, register: Register | None, here: Mapping[str, str], viewer: Viewer, day: date
) -> tuple[list[Field], list[Field]]:
    """(fields that stand open, fields that unfold): what can be typed or chosen, and hidden what only links set."""
    fields, hidden = [], []
    known = {p.name for p in question.parameters}
    for parameter in question.parameters:
        value = here.get(parameter.name, "")
        if parameter.name == "order":
            continue
        if parameter.kind in ("id", "date", "flag", "moment"):
            if value:
                hidden.append(Field(name=parameter.name, label="", kind="hidden", value=value))
        elif parameter.kind == "period":
            fields.append(_select(parameter, value, [(code, period_label(code)) for code in _periods(day, value)]))
        elif chosen := choices_for(parameter, viewer):
            fields.append(_select(parameter, value, [(code, name.get(language())) for code, name in chosen]))
        else:
            fields.append(Field(name=parameter.name, label=say(parameter.label), value=value))
    hidden += [Field(name=n, label="", kind="hidden", value=v) for n, v in here.items() if n not in known and n != "size"]
    more = fields[OPEN_FIELDS:]
    if register is not None and len(register.orders) > 1:
        more.append(_orders(register, here.get("order", "")))
    return [*fields[:OPEN_FIELDS], *hidden], more


def _toggle(question: Question, here: Mapping[str, str], name: str, value: str, text: str) -> Chip:
    active = here.get(name) == value
    rest = {n: v for n, v in here.items() if n != name}
    return Chip(label=text, url=list_url(question.name, rest if active else {**rest, name: value}), active=active)


def _orders(register: Register, chosen: str) -> Field:
    choices = [Choice(value=o.name, label=say(o.label), selected=o.name == chosen) for o in register.orders]
    return Field(name="order", label=_("Thứ tự"), kind="select", value=chosen, choices=choices)


def _shown(parameter: Parameter, value: str, viewer: Viewer) -> str:
    if parameter.vocabulary:
        return label(parameter.vocabulary, value)
    if parameter.kind == "period":
        return period_label(value)
    if parameter.kind == "date" and is_partial_date(value):
        return _day(value)
    if parameter.kind == "moment":
        try:
            found = parse_datetime(value) if len(value) > 10 else None
            return written(found) if found else _day(value)
        except (ValueError, OverflowError):  # no such moment, or one at the edge of the calendar
            return value
    if parameter.kind in ("partner", "institution"):
        return next((name.get(language()) for code, name in choices_for(parameter, viewer) if code == value), value)
    if parameter.kind == "id" and is_id(value):
        return _named(parameter.name, value, viewer) or value
    return value


def _named(name: str, value: str, viewer: Viewer) -> str:
    """What a record is called that a parameter names by id: it is called after one record of the register it means."""
    register = next((r for r in registers() if r.name in (f"{name}s", f"{name[:-1]}ies")), None)
    return record_title(register.record_type, UUID(value), viewer) if register else ""


def _select(parameter: Parameter, value: str, pairs: Sequence[tuple[str, str]]) -> Field:
    first = [] if parameter.needed and value else [Choice(value="", label=_("Tất cả"), selected=not value)]
    choices = [*first, *(Choice(value=code, label=text, selected=code == value) for code, text in pairs)]
    return Field(name=parameter.name, label=say(parameter.label), kind="select", value=value, choices=choices)


def _periods(day: date, chosen: str) -> list[str]:
    """Years and half-years from the next one back, and whatever period is chosen now."""
    codes = [code for year in range(day.year + 1, day.year - 7, -1) for code in (str(year), f"{year}-H2", f"{year}-H1")]
    return codes if not chosen or chosen in codes else [chosen, *codes]


def _day(value: str) -> str:
    return written(plain_value(partial_date(value)))
