"""What is a release of data: where it came from, what it holds, how it was checked, in words that survive on disk?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from banggiao.core.errors import N_, Unreadable, fill

Level = Literal["ok", "warning", "refused"]

#: Kinds of data the store keeps, each with one release in force.
KINDS = ("annual", "monthly", "tariffs", "origin", "indicators", "gravity")

#: The form of release.json; raised when a reader of an older form could misunderstand it.
FORM = 1


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that was read: its name, the SHA-256 of its bytes (hexadecimal) and its size in bytes."""

    name: str
    sha256: str
    bytes: int

    @classmethod
    def of(cls, path: Path) -> InputFile:
        """The file as it lies on disk; OSError where it cannot be read."""
        with path.open("rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
        return cls(path.name, digest, path.stat().st_size)


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a validation report: what was looked for, how often it was found, the first lines where.

    `text` is a source message with `%(name)s` places that `params` fill; `samples` are shown as they are.
    """

    name: str
    level: Level
    text: str
    count: int = 0
    samples: tuple[str, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)

    def said(self) -> str:
        """The source text with its places filled in; a face translates `text` first."""
        return fill(self.text, self.params)


@dataclass(frozen=True, slots=True)
class Release:
    """A set of data published together. `value` is the sum of values in thousand USD (0 where the kind has no values)."""

    id: str
    kind: str
    source: str
    revision: str = ""
    years: tuple[int, ...] = ()
    title: str = ""
    citation: str = ""
    url: str = ""
    licence: str = ""
    synthetic: bool = False
    rows: int = 0
    value: float = 0.0
    ingested_at: str = ""
    inputs: tuple[InputFile, ...] = ()
    steps: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()

    @property
    def warnings(self) -> tuple[Check, ...]:
        """The checks that did not come out clean."""
        return tuple(check for check in self.checks if check.level != "ok")

    def as_json(self) -> str:
        """The text of release.json."""
        return json.dumps({"form": FORM, **asdict(self)}, ensure_ascii=False, indent=1, default=str) + "\n"

    @classmethod
    def from_file(cls, path: Path) -> Release:
        """The release that a release.json describes; Unreadable where it is broken or of a newer form."""
        try:
            told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            if told.pop("form") > FORM:
                raise ValueError("form")
            return cls(
                **{
                    **told,
                    "years": tuple(told["years"]),
                    "steps": tuple(told["steps"]),
                    "inputs": tuple(InputFile(**each) for each in told["inputs"]),
                    "checks": tuple(Check(**{**each, "samples": tuple(each["samples"])}) for each in told["checks"]),
                }
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise Unreadable(
                N_("Mô tả của bản phát hành số liệu bị hỏng."),
                subject=str(path),
                remedy=N_("Hãy xóa bản phát hành này và nhập lại từ tệp gốc."),
            ) from error


def release_id(source: str, revision: str, years: tuple[int, ...], inputs: tuple[InputFile, ...], *steps: str) -> str:
    """A name that the same files read the same way always get, so that an ingest repeated is recognised."""
    told = json.dumps([source, revision, years, sorted(each.sha256 for each in inputs), steps], ensure_ascii=False)
    span = f"{min(years)}" if len(years) == 1 else f"{min(years)}-{max(years)}" if years else ""
    mark = hashlib.sha256(told.encode()).hexdigest()[:8]
    return "-".join(part for part in (source, revision.lower(), span, mark) if part)
