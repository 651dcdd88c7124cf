"""What reading a document yields: the fact contract as frozen values. Pure: no Django, no files, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Span = tuple[int, int]
LineClass = Literal["body", "heading", "caption", "boilerplate"]

FACT_KINDS = (
    "event",
    "person",
    "organisation",
    "partner",
    "place",
    "agreement",
    "legal_document",
    "quantity",
    "commitment",
    "task",
    "result",
    "shortcoming",
    "barrier",
)


@dataclass(frozen=True, slots=True)
class Hints:
    """What the container of a text said about it (HTML head, DOCX or PDF properties). Never trusted over the text."""

    title: str | None = None
    author: str | None = None
    published: str | None = None
    outlet: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """A file opened: its canonical text (NFC, `\\n`) and how it was obtained.

    `sha256` is of the raw bytes. `repairs` names what was mended (`mojibake`, `tcvn3`, `vni`, `nfd`, ...), in order.
    `offsets` maps canonical offsets to places in the file for paged formats: (canonical offset, page number).
    """

    source: str
    sha256: str
    media_type: str
    text: str
    hints: Hints = Hints()
    repairs: tuple[str, ...] = ()
    pages: tuple[tuple[int, int], ...] = ()


# Named tuples, here and in the finders: a text has many of them, and they are made three times as fast.
class Line(NamedTuple):
    """A line of the canonical text, 1-based, and what it is."""

    line: int
    cls: LineClass


class Fact(NamedTuple):
    """One statement read from a document. Spans are half-open code points of the canonical text.

    `evidence` is the whole sentence; `value` has the keys of the fact contract for `kind`; `rule` is `id@version`.
    """

    kind: str
    span: Span
    evidence: Span
    value: Mapping[str, Any]
    confidence: float
    rule: str
    inferred: str | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of the document itself. `inferred` says per key how a value was worked out."""

    title: str | None = None
    published: str | None = None
    author: str | None = None
    outlet: str | None = None
    url: str | None = None
    language: str | None = None
    genre: str | None = None
    topics: tuple[str, ...] = ()
    inferred: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document read: intake, metadata, classified lines, facts in order of their span, and warnings for the reader."""

    intake: Intake
    metadata: Metadata
    lines: tuple[Line, ...]
    facts: tuple[Fact, ...]
    warnings: tuple[str, ...] = ()

    def as_contract(self) -> dict[str, Any]:
        """The document as one object of the fact contract (JSON-ready)."""
        meta = self.metadata
        return {
            "source": self.intake.source,
            "sha256": self.intake.sha256,
            "text_length": len(self.intake.text),
            "metadata": {
                "title": meta.title,
                "published": meta.published,
                "author": meta.author,
                "outlet": meta.outlet,
                "url": meta.url,
                "language": meta.language,
                "genre": meta.genre,
                "topics": list(meta.topics),
                "inferred": dict(meta.inferred),
            },
            "lines": [{"line": row.line, "class": row.cls} for row in self.lines],
            "facts": [
                {
                    "kind": fact.kind,
                    "span": list(fact.span),
                    "evidence": list(fact.evidence),
                    "value": dict(fact.value),
                    "confidence": round(fact.confidence, 3),
                    "rule": fact.rule,
                    "inferred": fact.inferred,
                }
                for fact in self.facts
            ],
            "warnings": list(self.warnings),
        }
