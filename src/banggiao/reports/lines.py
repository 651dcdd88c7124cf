"""How is a line of a record entered and changed from what somebody typed, whichever face they typed it on?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from banggiao.activities.conference import SPEAKERS
from banggiao.activities.lines import SITES
from banggiao.agreements.legal import HOME
from banggiao.agreements.lines import TEXTS
from banggiao.bodies.lines import ITEMS
from banggiao.commitments.pledges import TRANCHES
from banggiao.core.acts import Act, Viewer
from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.core.lines import Lines, add_line, change_line, rows_of
from banggiao.core.questions import Bi
from banggiao.core.record import Record
from banggiao.core.registers import cells_of
from banggiao.core.search_query import find
from banggiao.partners.models import Institution, Partner
from banggiao.reports.choices import present_institutions
from banggiao.reports.entry import COMMON, Reader
from banggiao.reports.naming import parted_links
from banggiao.reviews.papers import figures_of, paper_at
from banggiao.sources.models import Document
from banggiao.sources.questions import citations_of


def enter(lines: Lines, parent: Record, *, values: Mapping[str, Any], act: Act) -> Any:
    """A new line of what was typed. Raises NotPermitted, InvalidInput with everything wrong by field."""
    act.viewer.require(lines.book.edit_permission, subject=str(parent))
    return add_line(act=act, lines=lines, parent=parent, values=_understood(lines, values, act.viewer))


def change(lines: Lines, parent: Record, line: Any, *, values: Mapping[str, Any], version: int | None, act: Act) -> Any:
    """The line with the typed fields changed. Raises NotPermitted, InvalidInput, VersionRequired, StaleEdit."""
    act.viewer.require(lines.book.edit_permission, subject=str(parent))
    understood = _understood(lines, values, act.viewer, only=True)
    for name in understood.keys() & line.links.keys():  # whom the actor may not know of stays where it stands
        understood[name] = [*understood[name], *parted_links(line, name, act.viewer)[1]]
    return change_line(act=act, lines=lines, parent=parent, line=line, values=understood, version=version)


def shown(lines: Lines, parent: Record, viewer: Viewer) -> list[tuple[Any, tuple[Any, ...]]]:
    """Each line that the viewer may know of with its cells, as its columns are declared, in order."""
    rows = rows_of(lines, parent, viewer)
    found = dict(cells_of(lines.book.fields, rows, viewer))
    return [(row, found[row.pk]) for row in rows if row.pk in found]


def choices(lines: Lines, parent: Any, name: str, viewer: Viewer) -> list[tuple[str, Bi]] | None:
    """(id, name) of what a field of a line can be chosen from; None where it is written by name."""
    found = _CHOICES.get((lines.name, name))
    return found(parent, viewer) if found else None


def _sites(activity: Any, viewer: Viewer) -> list[tuple[str, Bi]]:
    return [(str(site.pk), Bi(site.name)) for site in rows_of(SITES, activity, viewer)]


def _items(meeting: Any, viewer: Viewer) -> list[tuple[str, Bi]]:
    return [(str(item.pk), Bi(item.title_vi, item.title_en)) for item in rows_of(ITEMS, meeting, viewer)]


def _statements(activity: Any, viewer: Viewer) -> list[tuple[str, Bi]]:
    """The documents that may be a written statement: those attached already, then the latest read."""
    seen = Document.objects.visible_to(viewer).filter(exercise=activity.exercise)
    attached = [pk for pk in rows_of(SPEAKERS, activity, viewer).values_list("document_id", flat=True) if pk]
    latest = list(seen.order_by("-recorded_at", "-pk").values_list("pk", flat=True)[:_LATEST])
    titles = dict(seen.filter(pk__in={*attached, *latest}).values_list("pk", "title"))
    return [(str(pk), Bi(titles[pk])) for pk in dict.fromkeys([*attached, *latest]) if pk in titles]


def _parties(agreement: Any, viewer: Viewer) -> list[tuple[str, Bi]]:
    """The parties and whoever took a legal step of their own; the home country has no id."""
    named = [
        *agreement.party_rows.order_by("position").values_list("partner_id", flat=True),
        *agreement.party_steps.values_list("partner_id", flat=True),
    ]
    partners = Partner.objects.visible_to(viewer).in_bulk(list(dict.fromkeys(filter(None, named))))
    others = [(str(pk), Bi(partners[pk].name_vi, partners[pk].name_en)) for pk in dict.fromkeys(named) if pk in partners]
    return [("", HOME), *others]


def _documents(agreement: Any, viewer: Viewer) -> list[tuple[str, Bi]]:
    """The documents that may be its texts: cited for it, attached to it, found by its name, then the latest read."""
    seen = Document.objects.visible_to(viewer).filter(exercise=agreement.exercise)
    cited = [c.document_id for c in citations_of([agreement.pk], viewer).get(agreement.pk, [])]
    attached = list(rows_of(TEXTS, agreement, viewer).values_list("document_id", flat=True))
    named = [h.record_id for h in find(agreement.name_vi, viewer, record_types=["sources.document"], limit=10)]
    latest = list(seen.order_by("-recorded_at", "-pk").values_list("pk", flat=True)[:_LATEST])
    titles = dict(seen.filter(pk__in={*cited, *attached, *named, *latest}).values_list("pk", "title"))
    return [(str(pk), Bi(titles[pk])) for pk in dict.fromkeys([*attached, *cited, *named, *latest]) if pk in titles]


def _attached(agreement: Any, viewer: Viewer) -> list[tuple[str, Bi]]:
    ids = rows_of(TEXTS, agreement, viewer).values_list("document_id", "document__title")
    return [(str(pk), Bi(title)) for pk, title in ids]


def _tranches(commitment: Any, viewer: Viewer) -> list[tuple[str, Bi]]:
    return [(str(row.pk), Bi(row.name)) for row in rows_of(TRANCHES, commitment, viewer)]


def _bodies(parent: Any, viewer: Viewer) -> list[tuple[str, Bi]]:
    bodies = present_institutions(viewer).filter(exercise=parent.exercise)
    return [(str(pk), Bi(vi, en)) for pk, vi, en in bodies.values_list("pk", "name_vi", "name_en")]


def _frozen_figures(review: Any, viewer: Viewer) -> list[tuple[str, Bi]]:
    figures = figures_of(paper_at(review, "frozen")).values()
    return [(f.key, Bi(f"{f.label.vi}: {f.value}", f"{f.label.en}: {f.value}")) for f in figures]


#: How many of the documents read last are offered as texts of an agreement.
_LATEST = 20
_CHOICES: dict[tuple[str, str], Callable[[Any, Viewer], list[tuple[str, Bi]]]] = {
    ("agenda", "site_id"): _sites,
    ("attendance", "institution_id"): _bodies,
    ("attendance", "site_id"): _sites,
    ("decisions", "item_id"): _items,
    ("decisions", "lead_id"): _bodies,
    ("members", "institution_id"): _bodies,
    ("pledge_moves", "tranche_id"): _tranches,
    ("speakers", "document_id"): _statements,
    ("speakers", "institution_id"): _bodies,
    ("speakers", "site_id"): _sites,
    ("economic_content", "lead_id"): _bodies,
    ("legal_steps", "partner_id"): _parties,
    ("memos", "figure"): _frozen_figures,
    ("points", "lead_id"): _bodies,
    ("legal_steps", "document_id"): _documents,
    ("texts", "document_id"): _documents,
    ("clauses", "document_id"): _attached,
}


def _understood(lines: Lines, values: Mapping[str, Any], viewer: Viewer, *, only: bool = False) -> dict[str, Any]:
    """The typed values as the fields hold them; `only` those given, when a line that stands is changed."""
    read = Reader(lines.book, viewer).read({n: v for n, v in values.items() if n not in COMMON})
    problems = [
        *(p for p in read.problems if p.field not in COMMON and (not only or p.field in values)),
        *(FieldProblem(n, N_("Không sửa được trường này ở đây.")) for n in values if n in COMMON),
    ]
    if problems:
        raise InvalidInput(
            N_("Thông tin nhập chưa hợp lệ."),
            subject=lines.book.one.vi,
            remedy=N_("Hãy sửa các trường được nêu."),
            problems=problems,
        )
    links = {name: [row[0] if isinstance(row, list) else row for row in rows] for name, rows in read.links.items()}
    return {name: value for name, value in {**read.values, **links}.items() if name in lines.book.entry}


def as_typed(line: Any, name: str, viewer: Viewer) -> str:
    """A value of a line as a form holds it; the bodies of a link by name."""
    if name in line.links:
        ids = parted_links(line, name, viewer)[0]
        named = Institution.objects.visible_to(viewer).in_bulk([UUID(pk) for pk in ids])
        return "; ".join(named[UUID(pk)].name_vi for pk in ids)
    value = getattr(line, name)
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None else str(value)
