"""How the packaged sets become partners, relation levels, institutions, missions and provinces, with their names over time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction

from banggiao.core.acts import Act
from banggiao.core.folding import sort_key
from banggiao.core.search import index_records
from banggiao.core.vocabulary import vocabulary
from banggiao.partners.models import Institution, Partner, PrintName, RelationLevel
from banggiao.sources.datasets import read_set
from banggiao.sources.services import Loaded, load_rows

Row = Mapping[str, str]
Built = tuple[dict[str, Any], dict[str, Sequence[Any]]]


def load(*, act: Act) -> Iterator[Loaded]:
    """Load every set of this package, in the order in which they refer to each other."""
    printed = {r["code"]: r for r in read_set("print_names")}
    kinds = {r["code"]: vocabulary("partner_kind").from_reference(r["kind"]) for r in read_set("partner_kinds")}
    yield load_rows(PrintName, act=act, name="print_names", build=_print_name)
    yield load_rows(Partner, act=act, name="countries", build=lambda row: _country(row, printed, kinds))
    yield load_rows(Partner, act=act, name="organisations", build=lambda row: _organisation(row, printed, kinds))
    codes = {p.code: p.pk for p in Partner.objects.all()}
    yield load_rows(Partner, act=act, name="blocs", build=lambda row: _bloc(row, codes))
    codes = {p.code: p.pk for p in Partner.objects.all()}
    yield load_rows(
        RelationLevel, act=act, name="partnerships", build=lambda row: _level(row, codes), match=("partner_id", "level", "event")
    )
    yield load_rows(
        RelationLevel,
        act=act,
        name="diplomatic_relations",
        build=lambda row: _relations(row, codes),
        match=("partner_id", "level", "event"),
    )
    yield load_rows(Institution, act=act, name="institutions", build=_institution)
    yield load_rows(Institution, act=act, name="provinces", build=_province)
    yield load_rows(Institution, act=act, name="missions", build=lambda row: _mission(row, codes))
    yield _load_former_names(act=act)


def _print_name(row: Row) -> Built:
    return {"code": row["code"], "name_vi": row["name_vi"], "name_en": row["name_en"], "valid_from": row["valid_from"]}, {}


def _names(code: str, vi: str, en: str, variants: str, printed: Mapping[str, Row]) -> dict[str, Any]:
    """What is printed comes from the table of print names; every other spelling only helps to find."""
    print_name = printed.get(code)
    shown_vi, shown_en = (print_name["name_vi"], print_name["name_en"]) if print_name else (vi, en)
    others = [v for v in dict.fromkeys([vi, en, *variants.split("|")]) if v and v not in (shown_vi, shown_en)]
    return {"name_vi": shown_vi, "name_en": shown_en, "sort_key": sort_key(shown_vi), "variants": others}


def _country(row: Row, printed: Mapping[str, Row], kinds: Mapping[str, str]) -> Built:
    return {
        "code": row["iso3"], "kind": kinds.get(row["iso3"], "state"), "iso2": row["iso2"], "m49": row["m49"],
        "region_vi": row["region_vi"], "region_en": row["region"],
        **_names(row["iso3"], row["name_vi"], row["name_en"], row["variants_vi"], printed),
    }, {}  # fmt: skip


def _organisation(row: Row, printed: Mapping[str, Row], kinds: Mapping[str, str]) -> Built:
    kind = vocabulary("partner_kind").from_reference(row["kind"])
    return {
        "code": row["code"], "kind": kinds.get(row["code"], kind),
        **_names(row["code"], row["name_vi"], row["name_en"], row["variants_vi"], printed),
    }, {}  # fmt: skip


def _bloc(row: Row, codes: Mapping[str, Any]) -> Built:
    members = [codes[c] for c in row["members_iso3"].split("|") if c in codes]
    return {
        "code": row["code"],
        "kind": "bloc",
        "name_vi": row["name_vi"],
        "name_en": row["name_en"],
        "sort_key": sort_key(row["name_vi"]),
        "variants": [row["code"]],
    }, {"members": members}


def _level(row: Row, codes: Mapping[str, Any]) -> Built:
    day = row["date"][: {"year": 4, "month": 7}.get(row["date_precision"], 10)]
    return {
        "partner_id": codes[row["partner_code"]], "level": vocabulary("relation_level").from_reference(row["level"]),
        "event": vocabulary("relation_event").from_reference(row["event"]), "day": day, "note_en": row["note"],
    }, {}  # fmt: skip


def _relations(row: Row, codes: Mapping[str, Any]) -> Built:
    return {
        "partner_id": codes[row["partner_code"]], "level": "diplomatic", "event": "established", "day": row["date"],
        "note_en": row["note"],
    }, {}  # fmt: skip


def _institution(row: Row) -> Built:
    return {
        "code": row["code"], "kind": vocabulary("institution_kind").from_reference(row["kind"]), "name_vi": row["name_vi"],
        "name_en": row["name_en"], "abbr_vi": row["abbr_vi"], "abbr_en": row["abbr_en"], "sort_key": sort_key(row["name_vi"]),
        "valid_from": row["in_effect_from"], "role_vi": "",
    }, {}  # fmt: skip


def _province(row: Row) -> Built:
    kind = vocabulary("institution_kind").from_reference(row["type"])
    return {
        "code": f"VN-{row['code']}",
        "kind": kind,
        **_titled(kind, row),
        "abbr_vi": row["name_vi"],
        "abbr_en": row["name_en"],
        "sort_key": sort_key(row["name_vi"]),
        "valid_from": row["in_effect_from"],
    }, {}


def _mission(row: Row, codes: Mapping[str, Any]) -> Built:
    return {
        "code": row["id"], "kind": vocabulary("institution_kind").from_reference(row["type"]), "name_vi": row["name_vi"],
        "name_en": row["name_en"], "sort_key": sort_key(row["name_vi"]), "host_id": codes.get(row["country_iso3"]),
    }, {"accredited": [codes[c] for c in row["accredited_to_iso3"].split("|") if c in codes]}  # fmt: skip


_TITLES = {"province": ("Tỉnh ", "Province of "), "city": ("Thành phố ", "City of ")}


def _titled(kind: str, row: Row) -> dict[str, str]:
    """The full name of a province or city; a name that says what it is (Thành phố Hồ Chí Minh) gets no second title."""
    vi, en = _TITLES.get(kind, ("", ""))
    named = row["name_vi"].startswith(vi.strip() or "\0")
    return {"name_vi": ("" if named else vi) + row["name_vi"], "name_en": ("" if named else en) + row["name_en"]}


def _load_former_names(*, act: Act) -> Loaded:
    """Bodies and provinces that are no more, each with its successor; those only renamed or unchanged add nothing."""
    with transaction.atomic():
        present = {i.code: i.pk for i in Institution.objects.all()}

        def build(row: Row) -> Built:
            successor = f"VN-{row['successor_code']}" if row["successor_set"] == "provinces" else row["successor_code"]
            kind = vocabulary("institution_kind").from_reference(row["kind"])
            return {
                "code": f"OLD-{row['id']}",
                "kind": kind,
                **_titled(kind, row),
                "abbr_vi": row["abbr_vi"] or (row["name_vi"] if kind in _TITLES else ""),
                "abbr_en": row["abbr_en"],
                "sort_key": sort_key(row["name_vi"]),
                "valid_from": row["valid_from"],
                "valid_to": row["valid_to"],
                "successor_id": present.get(successor),
            }, {}

        loaded = load_rows(Institution, act=act, name="institution_names", build=build, keep=lambda row: bool(row["valid_to"]))
        if loaded.created or loaded.changed:
            # A successor is found by the names of those it took over, which were not known when it was loaded.
            index_records(Institution, Institution.objects.filter(predecessors__isnull=False).distinct())
        return loaded
