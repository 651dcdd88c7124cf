"""What can be chosen where a filter or a form asks for a partner, an institution or a term of a closed list?"""

from __future__ import annotations

from uuid import UUID

from banggiao.core.acts import Viewer
from banggiao.core.questions import Bi, Parameter
from banggiao.core.record import RecordQuerySet
from banggiao.core.vocabulary import vocabulary
from banggiao.partners.models import Institution, Partner
from banggiao.reports.ledger import type_choices


def choices_for(parameter: Parameter, viewer: Viewer) -> list[tuple[str, Bi]]:
    """(value, name) of everything the parameter takes, in order; empty for parameters that are not chosen from a list."""
    if parameter.vocabulary:
        return [(term.code, Bi(term.label_vi, term.label_en)) for term in vocabulary(parameter.vocabulary).terms]
    if parameter.kind == "partner":
        rows = Partner.objects.visible_to(viewer).order_by("sort_key", "pk").values_list("code", "name_vi", "name_en")
        return [(code, Bi(vi, en)) for code, vi, en in rows]
    if parameter.kind == "institution":
        rows = present_institutions(viewer).values_list("code", "name_vi", "name_en")
        return [(code, Bi(vi, en)) for code, vi, en in rows]
    if parameter.kind == "record_type":
        return type_choices(viewer)
    return []


def post_calendars(viewer: Viewer) -> list[tuple[str, Bi]]:
    """(ISO 3166-1 alpha-3, name) of the countries in which a post of ours stands: each has a calendar of its own."""
    hosts = present_institutions(viewer).filter(host__isnull=False, host__code__regex="^[A-Z]{3}$").values("host")
    rows = Partner.objects.visible_to(viewer).filter(pk__in=hosts).order_by("sort_key", "pk")
    return [(code, Bi(vi, en)) for code, vi, en in rows.values_list("code", "name_vi", "name_en")]


def institution_choices(viewer: Viewer) -> list[tuple[str, Bi]]:
    """(id, name) of the home bodies that a duty can be given to."""
    return [(str(pk), Bi(vi, en)) for pk, vi, en in present_institutions(viewer).values_list("pk", "name_vi", "name_en")]


def institution_codes(viewer: Viewer) -> list[tuple[str, Bi]]:
    """(code, name) of the institutions the viewer acts for."""
    rows = Institution.objects.visible_to(viewer).filter(pk__in=viewer.institutions).order_by("sort_key", "pk")
    return [(code, Bi(vi, en)) for code, vi, en in rows.values_list("code", "name_vi", "name_en")]


def own_institutions(viewer: Viewer) -> list[tuple[UUID, Bi]]:
    """(id, name) of the institutions the viewer acts for."""
    rows = Institution.objects.filter(pk__in=viewer.institutions, retracted=False).order_by("sort_key", "pk")
    return [(pk, Bi(vi, en)) for pk, vi, en in rows.values_list("pk", "name_vi", "name_en")]


def present_institutions(viewer: Viewer) -> RecordQuerySet:
    """The home bodies that exist today, in Vietnamese order."""
    return Institution.objects.visible_to(viewer).filter(valid_to="").order_by("sort_key", "pk")
