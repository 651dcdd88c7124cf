"""Who or what is meant by a name that a person typed: its code, its name in either language, an old name, an abbreviation?

Accents may be left out. A name that fits several is refused with the candidates; only what the viewer may know of is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.apps import apps
from django.utils.translation import gettext

from banggiao.core.acts import Viewer
from banggiao.core.folding import accented, fold
from banggiao.core.questions import Bi
from banggiao.core.records import read_links
from banggiao.core.registers import register_of
from banggiao.core.search_query import find
from banggiao.partners.models import Institution, Partner
from banggiao.reading.gazetteer import entries

#: More names than this in one go are looked for in the whole table instead of one by one.
ONE_BY_ONE = 40
_CHUNK = 400  # SQLite takes a limited number of values in one query


@dataclass(frozen=True, slots=True)
class Named:
    """A record as somebody may call it. `exercise` tells the made-up world from the real one."""

    id: UUID
    code: str
    title: Bi
    exercise: bool
    successor: UUID | None = None
    former: bool = False


class Unclear(ValueError):
    """No record, or more than one, is meant; the text says which, in the reader's language."""


def parted_links(record: Any, name: str, viewer: Viewer) -> tuple[list[Any], list[Any]]:
    """(rows of a link that lead to what the viewer may know of, the other rows), each as the ledger keeps them."""
    rows = read_links(record.links[name], record.pk)
    ids = [row[0] if isinstance(row, list) else row for row in rows]
    link = record.links[name]
    far: Any = apps.get_model(link.through)._meta.get_field(link.far).related_model
    seen = {str(pk) for pk in far.objects.visible_to(viewer).filter(pk__in=ids).values_list("pk", flat=True)} if ids else set()
    known = [row for row, pk in zip(rows, ids, strict=True) if str(pk) in seen]
    return known, [row for row in rows if row not in known]


class Names:
    """The names of records as one viewer knows them, looked up once and kept for the whole of a form or table."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self._kept: dict[tuple[str, str], Named | Unclear] = {}

    def one(self, model: Any, text: str) -> Named:
        """The record meant by the text. Raises Unclear."""
        key = (model._meta.label_lower, text)
        if key not in self._kept:
            try:
                self._kept[key] = self._look_up(model, " ".join(text.split()))
            except Unclear as unclear:
                self._kept[key] = unclear
        found = self._kept[key]
        if isinstance(found, Unclear):
            raise found
        return found

    def prepare(self, model: Any, texts: Iterable[str]) -> None:
        """Look up many names in few queries."""
        label = model._meta.label_lower
        wanted = list(dict.fromkeys(t for t in texts if (label, t) not in self._kept))
        if model in (Partner, Institution) or len(wanted) <= ONE_BY_ONE:
            return
        bearers = _bearers(_listed(model, self.viewer))
        for text in wanted:
            try:
                self._kept[label, text] = _chosen(text, bearers)
            except Unclear as unclear:
                self._kept[label, text] = unclear

    def _look_up(self, model: Any, text: str) -> Named:
        if (by_id := _as_id(text)) is not None:
            found = _listed(model, self.viewer, ids=[by_id])
            if not found:
                raise Unclear(gettext("Không tìm thấy bản ghi “%(name)s”.") % {"name": text[:80]})
            return found[0]
        if model is Partner:
            return _chosen(text, self._partners)
        if model is Institution:
            return self._present(_chosen(text, self._bodies))
        return _chosen(text, _bearers(self._likely(model, text)))

    def _likely(self, model: Any, text: str) -> list[Named]:
        """The few records of a large register that may bear the name: by code, by title, and by search without accents."""
        book = register_of(model._meta.label_lower)
        if book is None:
            return []
        ids: list[UUID] = []
        rows = model.objects.visible_to(self.viewer)
        for path in dict.fromkeys(filter(None, (book.code_path, *book.title_paths))):
            ids += rows.filter(**{f"{path}__iexact": text}).values_list("pk", flat=True)[:10]
        folded = fold(text)
        hits = find(text, self.viewer, record_types=[model._meta.label_lower], limit=40)
        ids += [h.record_id for h in hits if folded in (fold(h.title_vi), fold(h.title_en))]
        found = _listed(model, self.viewer, ids=list(dict.fromkeys(ids)))
        # A search may find by a name that is no column (kind and number of a directive): the hit's title is a name too.
        titled = {h.record_id: Bi(h.title_vi, h.title_en) for h in hits}
        more = [Named(n.id, n.code, titled[n.id], n.exercise) for n in found if n.id in titled]
        return [*found, *more]

    def _present(self, body: Named) -> Named:
        """The body that took over the duties of a former one."""
        for _step in range(8):
            if not (body.former and body.successor):
                break
            found = _listed(Institution, self.viewer, ids=[body.successor])
            if not found:
                break
            body = found[0]
        return body

    @cached_property
    def _partners(self) -> dict[str, list[Named]]:
        rows = Partner.objects.visible_to(self.viewer).values_list(
            "pk", "code", "name_vi", "name_en", "exercise", "iso2", "variants"
        )
        named = [(Named(pk, code, Bi(vi, en), drill), [iso2, *variants]) for pk, code, vi, en, drill, iso2, variants in rows]
        return _bearers([n for n, _more in named], {n.id: more for n, more in named})

    @cached_property
    def _bodies(self) -> dict[str, list[Named]]:
        spellings: dict[str, list[str]] = {}
        for entry in entries("organisations"):
            if entry["id"]:
                spellings.setdefault(entry["id"], []).extend(entry["names"].split("|"))
        rows = Institution.objects.visible_to(self.viewer).values_list(
            "pk", "code", "name_vi", "name_en", "exercise", "abbr_vi", "abbr_en", "successor_id", "valid_to"
        )
        named = [
            (Named(pk, code, Bi(vi, en), drill, successor, bool(until)), [abbr_vi, abbr_en, *spellings.get(code, ())])
            for pk, code, vi, en, drill, abbr_vi, abbr_en, successor, until in rows
        ]
        return _bearers([n for n, _more in named], {n.id: more for n, more in named})


def _listed(model: Any, viewer: Viewer, ids: Sequence[UUID] | None = None) -> list[Named]:
    book = register_of(model._meta.label_lower)
    code, vi, en = (book.code_path, *book.title_paths) if book else ("", "pk", "")
    more = ("successor_id", "valid_to") if model is Institution else ()
    paths = ("pk", code or "pk", vi, en or vi, "exercise", *more)
    rows = model.objects.visible_to(viewer)
    chunks = [rows] if ids is None else [rows.filter(pk__in=ids[n : n + _CHUNK]) for n in range(0, len(ids), _CHUNK)]
    found = [row for chunk in chunks for row in chunk.order_by("pk").values_list(*paths)]
    return [
        Named(
            pk,
            str(number) if code else "",
            Bi(str(name), str(other or "")),
            drill,
            successor=rest[0] if rest else None,
            former=bool(rest and rest[1]),
        )
        for pk, number, name, other, drill, *rest in found
    ]


def _bearers(named: Iterable[Named], more: dict[UUID, list[str]] | None = None) -> dict[str, list[Named]]:
    """Name, as it is written and without accents, -> who bears it."""
    bearers: dict[str, dict[UUID, Named]] = {}
    for each in named:
        for name in (each.code, each.title.vi, each.title.en, *(more or {}).get(each.id, ())):
            for key in {_exact(name), fold(name)} if name else ():
                bearers.setdefault(key, {}).setdefault(each.id, each)
    return {key: list(found.values()) for key, found in bearers.items()}


def _chosen(text: str, bearers: dict[str, list[Named]]) -> Named:
    """The one bearer of the name: by code first, then as written, then without accents; present before former."""
    folded = fold(text)
    for found in (
        [n for n in bearers.get(folded, ()) if n.code.casefold() == text.casefold()],
        bearers.get(_exact(text), []),
        bearers.get(folded, []) if folded else [],
    ):
        present = [n for n in found if not n.former] or found
        if len(present) == 1:
            return present[0]
        if present:
            shown = "; ".join(" ".join(filter(None, (n.code, n.title.vi[:60]))) for n in present[:5])
            raise Unclear(gettext("“%(name)s” có thể là: %(candidates)s. Hãy ghi mã.") % {"name": text[:80], "candidates": shown})
    raise Unclear(gettext("Không tìm thấy “%(name)s” trong sổ.") % {"name": text[:80]})


def _exact(name: str) -> str:
    """The name with its accents, kept apart from folded ones by a mark that no folded name holds."""
    return "=" + accented(name)


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) in (32, 36) else None
    except ValueError:
        return None
