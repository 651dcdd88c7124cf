"""How the packaged set of barriers enters the register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from banggiao.barriers.models import Barrier
from banggiao.core.acts import Act
from banggiao.core.vocabulary import vocabulary
from banggiao.partners.models import Partner
from banggiao.sources.services import Loaded, load_rows


def load(*, act: Act) -> Iterator[Loaded]:
    """Load the barriers."""
    codes = {p.code: p.pk for p in Partner.objects.all()}

    def build(row: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Sequence[Any]]]:
        start = row["start_date"][: {"year": 4, "month": 7}.get(row["start_precision"], 10)]
        return {
            "code": row["id"],
            "kind": vocabulary("barrier_kind").from_reference(row["kind"]),
            "name_vi": row["name_vi"],
            "name_en": row["name_en"],
            "partner_id": codes.get(row["imposing_party"]),
            "authority_en": row["authority_en"],
            "start": start,
            "state": vocabulary("barrier_status").from_reference(row["status"]),
            "state_on": row["status_date"],
            "products_vi": row["products_vi"],
            "hs_chapters": row["hs_chapters"].replace("|", ", "),
            "topic": row["topic"],
            "note_en": row["note"],
        }, {}

    yield load_rows(Barrier, act=act, name="barriers", build=build)
