"""What can be chosen where a filter or a form asks for a partner, an institution or a term of a closed list?"""

from __future__ import annotations

from banggiao.core.acts import Viewer
from banggiao.core.questions import Bi, Parameter
from banggiao.core.record import RecordQuerySet
from banggiao.core.vocabulary import vocabulary
from banggiao.partners.models import Institution, Partner


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
    return []


def institution_choices(viewer: Viewer) -> list[tuple[str, Bi]]:
    """(id, name) of the home bodies that a duty can be given to."""
    return [(str(pk), Bi(vi, en)) for pk, vi, en in present_institutions(viewer).values_list("pk", "name_vi", "name_en")]


def institution_codes(viewer: Viewer) -> list[tuple[str, Bi]]:
    """(code, name) of the institutions the viewer acts for."""
    rows = Institution.objects.visible_to(viewer).filter(pk__in=viewer.institutions).order_by("sort_key", "pk")
    return [(code, Bi(vi, en)) for code, vi, en in rows.values_list("code", "name_vi", "name_en")]


def present_institutions(viewer: Viewer) -> RecordQuerySet:
    """The home bodies that exist today, in Vietnamese order."""
    return Institution.objects.visible_to(viewer).filter(valid_to="").order_by("sort_key", "pk")
