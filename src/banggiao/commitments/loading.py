"""How the packaged sets of directives and commitments enter the register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from banggiao.activities.models import Activity
from banggiao.commitments.models import Commitment, Directive
from banggiao.core.acts import Act
from banggiao.core.vocabulary import vocabulary
from banggiao.partners.models import Partner
from banggiao.sources.services import Loaded, load_rows

Row = Mapping[str, str]
Built = tuple[dict[str, Any], dict[str, Sequence[Any]]]


def load(*, act: Act) -> Iterator[Loaded]:
    """Load directives, then commitments. Nothing in the set says whether a promise was kept, so all stand as proposed."""
    codes = {p.code: p.pk for p in Partner.objects.all()}
    activities = {a.code: (a.pk, a.end or a.start) for a in Activity.objects.all()}
    yield load_rows(Directive, act=act, name="directives", build=_directive)
    yield load_rows(Commitment, act=act, name="commitments", build=lambda row: _commitment(row, codes, activities))


def _directive(row: Row) -> Built:
    kinds = vocabulary("directive_kind")
    kind = next((t for t in kinds.terms if row["number"].startswith(t.label_vi)), None)
    number = row["number"].removeprefix(kind.label_vi).strip() if kind else row["number"]
    return {
        "code": row["id"],
        "number": number,
        "kind": kind.code if kind else "",
        "issuer_vi": row["issuer_vi"],
        "issuer_en": row["issuer_en"],
        "day": row["date"],
        "name_vi": row["title_vi"],
        "name_en": row["title_en"],
        "asks_vi": row["asks_for_vi"],
        "asks_en": row["asks_for_en"],
    }, {}


def _commitment(row: Row, codes: Mapping[str, Any], activities: Mapping[str, Any]) -> Built:
    activity_id, made_on = activities.get(row["activity_id"], (None, ""))
    return {
        "code": row["id"],
        "text_vi": row["text_own_words_vi"],
        "text_en": row["text_own_words_en"],
        "side": row["side"],
        "partner_id": codes.get(row["partner_iso3"]),
        "activity_id": activity_id,
        "made_on": made_on,
        "field": vocabulary("agreement_field").from_reference(row["field"]),
        "measurable": int(row["measurable"]) if row["measurable"] else None,
        "first_due": row["deadline"],
        "current_due": row["deadline"],
    }, {}
