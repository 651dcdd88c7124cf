"""The world map of partners: by level of relations, by number of commitments; with its table, and as a file to take along."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from banggiao.reports import maps
from banggiao.reports.partner_maps import FORMS, MAPS, TITLES, Drawn, draw, take_map
from banggiao.web.addresses import list_url
from banggiao.web.asking import asker, deed, language, moment, today
from banggiao.web.frame import render
from banggiao.web.pages import MapPage
from banggiao.web.parts import Action, Cell, Chip, Definition, Header, Link
from banggiao.web.tables import table_of

OFFERED = (("png", "PNG"), ("pdf", "PDF"), ("docx", "Word"))


@require_safe
def show(request: HttpRequest) -> HttpResponseBase:
    """The map, with the answer it draws below it."""
    name = request.GET.get("show", "") or "levels"
    viewer = asker(request)
    drawn = draw(name, viewer, at=moment(request), language=language(), url=_file_of)
    actions: list[Any] = []
    if viewer.may("exports.take"):
        actions = [
            Action(label=text, url=reverse("web:partner_map_file", args=[name, form]), icon="download") for form, text in OFFERED
        ]
    page = MapPage(
        header=Header(
            title=_("Bản đồ đối tác"),
            subtitle=drawn.drawing.title,
            actions=actions,
            trail=(Link(label=_("Đối tác"), url=list_url("partners")),),
        ),
        views=[
            Chip(label=TITLES[each].get(language()), url=f"{reverse('web:partner_map')}?show={each}", active=each == name)
            for each in MAPS
        ],
        svg=maps.svg(drawn.drawing, language(), exercise=drawn.exercise, legend=False),
        legend=_legend(drawn),
        off_map=[Link(label=f"{title.get(language())} ({value})", url=_file_of(code)) for title, code, value in drawn.off_map],
        remark=maps.remark(language()),
        table=table_of(drawn.answer, today=today(request), caption=drawn.drawing.title, without=("code",)),
    )
    return render(request, "partner_map.html", page, exercise=drawn.exercise)


@require_safe
def take(request: HttpRequest, name: str, form: str) -> HttpResponseBase:
    """The map as a file: PNG alone, PDF and Word with its table."""
    act = deed(request)
    content = take_map(name, form, act=act, language=language())
    file_name = f"map-{name}-{today(request):%Y%m%d}.{form}"
    return HttpResponse(content, content_type=FORMS[form], headers={"Content-Disposition": f'attachment; filename="{file_name}"'})


def _legend(drawn: Drawn) -> list[Definition]:
    """The classes, each with its colour and how many countries fall in it."""
    places = drawn.drawing.places.values()
    return [
        Definition(label=shade.label, cell=Cell(value=sum(1 for p in places if p.shade == place), note=shade.colour))
        for place, shade in enumerate(drawn.drawing.shades)
    ]


def _file_of(code: str) -> str:
    return reverse("web:partner_file", args=[code])
