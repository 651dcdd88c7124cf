"""What a commitment promises to supply: its tranches, their moves, and what they come to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from banggiao.commitments.pledges import MOVES, TRANCHES
from banggiao.core.questions import ALL, ask
from banggiao.reports.pledges import LEDGER
from banggiao.web.addresses import list_url
from banggiao.web.asking import asker, language, moment, today
from banggiao.web.line_sections import add_action, may_write, sections
from banggiao.web.parts import Action, Link, Section
from banggiao.web.tables import table_of

_SHOWN = ("tranche", "unit", "pledged", "delivered", "in_transit", "not_committed", "surplus", "fulfilment", "lateness")


def pledge_sections(record: Any, request: HttpRequest) -> list[Section]:
    """The ledger of the commitment's pledges over its lines; nothing where nothing is to be supplied."""
    viewer = asker(request)
    made = [s for s in sections(record, viewer, (TRANCHES, MOVES)) if s.id != "begin"]
    if not made:
        return []
    params = {"code": record.code, "exercise": "yes" if record.exercise else "no"}
    answer = ask(LEDGER.name, params, viewer, at=moment(request), page=ALL).listed()
    keys = [column.key for column in answer.columns]
    places = [keys.index(key) for key in _SHOWN]
    narrow = replace(
        answer,
        columns=tuple(answer.columns[n] for n in places),
        rows=tuple(replace(row, cells=tuple(row.cells[n] for n in places)) for row in answer.rows),
    )
    table = replace(table_of(narrow, today=today(request)), compact=True)
    offered = (add_action(record, MOVES),) if may_write(viewer, MOVES, record) and len(made) == 1 else ()
    link = Link(label=_("Xem đủ"), url=list_url(LEDGER.name, params))
    return [Section(id="pledges", title=LEDGER.title.get(language()), table=table, link=link, actions=offered), *made]


def pledge_action(record: Any, request: HttpRequest) -> tuple[Action, ...]:
    """The button that begins a ledger, where there is none."""
    return (add_action(record, TRANCHES),) if may_write(asker(request), TRANCHES, record) else ()
