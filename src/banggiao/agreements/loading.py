"""How the packaged sets of agreements, free trade agreements and ratifications enter the register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction

from banggiao.activities.models import Activity
from banggiao.agreements.models import Agreement, PartyStatus
from banggiao.agreements.services import create_agreement
from banggiao.core.acts import Act
from banggiao.core.vocabulary import vocabulary
from banggiao.partners.models import Partner
from banggiao.sources.datasets import read_set
from banggiao.sources.services import Loaded, load_rows

Row = Mapping[str, str]
Built = tuple[dict[str, Any], dict[str, Sequence[Any]]]


def load(*, act: Act) -> Iterator[Loaded]:
    """Load agreements signed at activities, then free trade agreements, then the ratifications of EVIPA."""
    codes = {p.code: p.pk for p in Partner.objects.all()}
    activities = {a.code: a.pk for a in Activity.objects.all()}
    yield load_rows(Agreement, act=act, name="agreements", build=lambda row: _signed(row, codes, activities))
    yield load_rows(Agreement, act=act, name="ftas", build=lambda row: _fta(row, codes))
    with transaction.atomic():
        evipa = Agreement.objects.filter(code="EVIPA").first() or _evipa(act, codes)
        yield load_rows(
            PartyStatus,
            act=act,
            name="evipa_ratifications",
            match=("partner_id", "status", "day"),
            build=lambda row: _ratification(row, codes, evipa),
            keep=lambda row: row["step"] != "count_ratified",  # a count of parties, not a step of one
        )


def _evipa(act: Act, codes: Mapping[str, Any]) -> Agreement:
    """The agreement whose ratifications the set holds; signature day and source are those of its row."""
    signed = next(row for row in read_set("evipa_ratifications") if row["step"] == "signed")
    values = {
        "code": "EVIPA", "kind": "investment_protection", "name_vi": "Hiệp định Bảo hộ đầu tư Việt Nam - EU (EVIPA)",
        "name_en": "EU-Viet Nam Investment Protection Agreement (EVIPA)", "status": "signed", "field": "investment",
        "signed_on": signed["date"], "source_url": signed["source_url"], "as_of": signed["as_of"], "evidence": signed["evidence"],
        "confidence": signed["confidence"], "classification": "public",
    }  # fmt: skip
    return create_agreement(act=act, values=values, parties=[codes["EU"]])


def partial(day: str, precision: str) -> str:
    """The date cut to what is known of it."""
    return day[: {"year": 4, "month": 7}.get(precision, 10)]


def _signed(row: Row, codes: Mapping[str, Any], activities: Mapping[str, Any]) -> Built:
    return {
        "code": row["id"],
        "kind": vocabulary("agreement_kind").from_reference(row["type"]),
        "name_vi": row["title_vi"],
        "name_en": row["title_en"],
        "status": "signed",
        "field": vocabulary("agreement_field").from_reference(row["field"]),
        "signed_on": partial(row["date"], row["date_precision"]),
        "home_body": row["vn_body_vi"],
        "partner_body": row["partner_body_en"],
        "activity_id": activities.get(row["activity_id"]),
    }, {"parties": [codes[row["partner_code"]]]}


def _fta(row: Row, codes: Mapping[str, Any]) -> Built:
    parties = [codes[c] for c in row["parties_iso3"].split("|") if c in codes and c != "VNM"]
    kind = (
        "cepa" if "CEPA" in row["short_name"].upper() else "investment_protection" if row["short_name"].endswith("IPA") else "fta"
    )
    return {
        "code": row["short_name"],
        "kind": kind,
        "name_vi": row["name_vi"],
        "name_en": row["name_en"],
        "field": "trade",
        "status": vocabulary("agreement_status").from_reference(row["status"]),
        "signed_on": row["signed"],
        "in_force_on": row["in_force"],
        "note": "; ".join(filter(None, (row["in_force_note"], row["status_note"]))),
    }, {"parties": parties}


def _ratification(row: Row, codes: Mapping[str, Any], agreement: Agreement) -> Built:
    return {
        "agreement_id": agreement.pk,
        "partner_id": codes[row["party_code"]],
        "status": vocabulary("ratification_step").from_reference(row["step"]),
        "day": partial(row["date"], row["date_precision"]),
        "note_en": row["note"],
    }, {}
