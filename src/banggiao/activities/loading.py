"""How the packaged set of high-level activities enters the register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from banggiao.activities.models import Activity
from banggiao.activities.services import status_by_date
from banggiao.core.acts import Act
from banggiao.core.vocabulary import vocabulary
from banggiao.partners.models import Partner
from banggiao.sources.services import Loaded, load_rows


def load(*, act: Act) -> Iterator[Loaded]:
    """Load the activities."""
    codes = {p.code: p.pk for p in Partner.objects.all()}

    def build(row: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Sequence[Any]]]:
        signed = row["documents_signed"]
        return {
            "code": row["id"],
            "kind": vocabulary("activity_kind").from_reference(row["kind"]),
            "level": vocabulary("activity_level").from_reference(row["level"]),
            "name_vi": row["name_vi"],
            "name_en": row["name_en"],
            "status": status_by_date(row["start_date"], act),
            "start": row["start_date"],
            "end": row["end_date"],
            "place": row["place"],
            "lead": row["lead_vi"],
            "documents_signed": int(signed) if signed else None,
        }, {"partners": [codes[c] for c in row["partner_codes"].split("|") if c in codes]}

    yield load_rows(Activity, act=act, name="activities", build=build)
