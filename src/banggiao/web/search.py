"""One search over everything the reader may know of: the page, and the hits alone for the palette."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from banggiao.core.acts import Viewer
from banggiao.core.folding import fold, is_text, nfc
from banggiao.core.questions import Bi, Page, ask
from banggiao.core.registers import Register, register_of
from banggiao.core.search_query import Hit, find
from banggiao.web.addresses import list_url, record_url
from banggiao.web.asking import asker, language, moment
from banggiao.web.frame import render
from banggiao.web.pages import SearchGroup, SearchHit, SearchPage
from banggiao.web.parts import TextPart

MOST, IN_PALETTE, IN_GROUP = 200, 14, 12
_WORD = re.compile(r"\w+")


@require_safe
def search(request: HttpRequest) -> HttpResponseBase:
    """What holds all the words, grouped by register, best first."""
    viewer = asker(request)
    viewer.require("search.use")
    typed = request.GET.get("q", "").strip()[:200]
    query = nfc(typed) if is_text(typed) else ""
    palette = bool(request.headers.get("HX-Request"))
    hits = find(query, viewer, limit=IN_PALETTE if palette else MOST)
    groups = _groups(query, hits, viewer, request, palette=palette)
    page = SearchPage(query=query, groups=groups, total=sum(group.total for group in groups))
    exercise = any(hit.exercise for hit in hits)
    return render(request, "search_results.html" if palette else "search.html", page, exercise=exercise)


def _groups(query: str, hits: Sequence[Hit], viewer: Viewer, request: HttpRequest, *, palette: bool) -> list[SearchGroup]:
    found: dict[str, tuple[Register, list[Hit]]] = {}
    for hit in hits:
        register = register_of(hit.record_type)
        if register is not None:
            found.setdefault(register.name, (register, []))[1].append(hit)
    groups = []
    for register, members in found.values():
        total, more = len(members), ""
        if not palette and len(members) > IN_GROUP and viewer.may(register.permission):
            more = list_url(register.name, {"q": query})
            total = ask(register.name, {"q": query}, viewer, at=moment(request), page=Page(1)).total
        shown = members if palette else members[:IN_GROUP]
        groups.append(
            SearchGroup(label=register.title.get(language()), hits=[_hit(query, h) for h in shown], total=total, more_url=more)
        )
    return groups


def _hit(query: str, hit: Hit) -> SearchHit:
    title = Bi(hit.title_vi, hit.title_en).get(language())
    note = Bi(hit.note_vi, hit.note_en).get(language())
    return SearchHit(url=record_url(hit.record_type, hit.record_id), parts=marked(title, query), meta=note, exercise=hit.exercise)


def marked(text: str, query: str) -> list[TextPart]:
    """The text with the words of the query marked, whatever their accents; the last word marks what it begins."""
    words = fold(query).split()
    parts: list[TextPart] = []
    at = 0
    for match in _WORD.finditer(text):
        word = fold(match.group())
        if words and (word in words or (len(words[-1]) > 1 and word.startswith(words[-1]))):
            end = match.end() if word in words else match.start() + len(words[-1])
            parts += [TextPart(text=text[at : match.start()]), TextPart(text=text[match.start() : end], mark=True)]
            at = end
    return [part for part in (*parts, TextPart(text=text[at:])) if part.text]
