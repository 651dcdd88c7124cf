"""What accepting the facts of one document needs to know: its day and main activity, and who is who in the registers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from banggiao.activities.models import Activity
from banggiao.core.acts import Act
from banggiao.core.errors import MissingInformation
from banggiao.core.folding import fold
from banggiao.core.periods import parse_period
from banggiao.core.record import Record
from banggiao.partners.models import Institution
from banggiao.partners.questions import institutions_by_name, partners_by_code
from banggiao.sources.models import Document, Fact


@dataclass(frozen=True, slots=True)
class Outcome:
    """What accepting a fact did: the record it stands in (None when it needs none of its own), and whether it was made."""

    record: Record | None
    created: bool = False
    changed: bool = False


class Setting:
    """The surroundings of one document's facts, looked up once and kept while they are accepted."""

    def __init__(self, act: Act, document: Document) -> None:
        self.act, self.document = act, document

    @cached_property
    def partners(self) -> dict[str, UUID]:
        """Partner ids by code; a made-up document knows those of the exercise only, a real one the real ones."""
        return partners_by_code(exercise=self.document.exercise)

    @cached_property
    def bodies(self) -> dict[str, Institution]:
        """Home bodies by folded name, of the document's own world as the partners are."""
        return institutions_by_name(exercise=self.document.exercise)

    def partner_ids(self, codes: object) -> list[UUID]:
        """The ids of those codes that are partners; the home country and unknown codes fall away."""
        listed = codes if isinstance(codes, list | tuple) else [codes]
        return list(
            dict.fromkeys(
                self.partners[c] for c in listed if isinstance(c, str) and c in self.partners and c not in ("VNM", "VN")
            )
        )

    def body(self, name: str) -> Institution | None:
        """The home body of that name, when there is exactly one."""
        return self.bodies.get(fold(name))

    @cached_property
    def published(self) -> str:
        """The day of the document, empty when not known."""
        return self.document.published[:10]

    def day(self) -> str:
        """The day to put on what a document says: its date, else that of its main activity."""
        return self.published or (self.main_activity.start if self.main_activity else "")

    @property
    def main_activity(self) -> Activity | None:
        """The activity that the document reports on, once its main event is accepted."""
        main = (
            Fact.objects.filter(document=self.document, kind="event", value__role="main", target_id__isnull=False)
            .order_by("start")
            .first()
        )
        return Activity.objects.filter(pk=main.target_id, retracted=False).first() if main else None

    @cached_property
    def _periods(self) -> list[tuple[int, str]]:
        rows = Fact.objects.filter(document=self.document, kind__in=("result", "shortcoming"), retracted=False).order_by("start")
        named = ((start, text_value(value, "period", 24)) for start, value in rows.values_list("start", "value"))
        return [(start, period) for start, text in named if (period := period_or_none(text))]

    def period_before(self, fact: Fact) -> str:
        """The period last named before the fact among the document's statements: a report names its period once and goes on."""
        return next((period for start, period in reversed(self._periods) if start < fact.start), "")

    def values(self) -> dict[str, Any]:
        """What every record takes over from its document."""
        return {"classification": self.document.classification, "owner": self.document.owner, "exercise": self.document.exercise}


def words_of(fact: Fact, document: Document) -> str:
    """The fact's own words, on one line."""
    return " ".join(document.text[fact.start : fact.end].split())


def text_value(value: Mapping[str, Any], key: str, limit: int = 0) -> str:
    """A text from a fact's value, empty when absent, cut to `limit`."""
    found = value.get(key)
    text = " ".join(str(found).split()) if found else ""
    return text[:limit] if limit else text


def list_value(value: Mapping[str, Any], key: str) -> list[str]:
    """A list of texts from a fact's value."""
    found = value.get(key)
    return [str(item) for item in found] if isinstance(found, list | tuple) else []


def period_or_none(code: str) -> str:
    """The period if it is one, else nothing."""
    try:
        return parse_period(code).code if code else ""
    except (ValueError, MissingInformation):
        return ""
