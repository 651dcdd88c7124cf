"""Which kind of statement is a text making just now: results, shortcomings, tasks, or none of them?

The answer comes from headings and announcing sentences and is kept until the next one. In running prose it lapses
after a paragraph that held nothing of the kind; under a heading of an official paper it holds to the next heading.
"""

from __future__ import annotations

from dataclasses import dataclass

from banggiao.reading import rules, slots
from banggiao.reading.quick import quick
from banggiao.reading.views import View

_FORMAL = quick(r"^(?:[IVX]{1,5}[.)]?+|[A-H][.)]|\d{1,2}(?:\.\d{1,2})*+[.)]) |^[^\p{Ll}]+$")
_MINOR = quick(r"^\d{1,2}(?:\.\d{1,2})*+[.)]? ")
_FUTURE = quick(r"(?<![\p{L}-])(?:sẽ|cần|phải|phấn đấu|dự kiến|kỳ vọng|mong muốn|hy vọng)(?![\p{L}-])")


@dataclass(slots=True)
class Section:
    """Where the reader stands. `kind` is result, shortcoming, task or empty; `listing` the kind of a list that was announced."""

    kind: str = ""
    formal: bool = False
    listing: str = ""
    giver: str | None = None
    assignee: str | None = None
    _period: tuple[str, str | None] = ("", None)
    _fresh: bool = False

    def period(self, kind: str) -> str | None:
        """The period that statements of the kind are about where they name none: as headings and announcements last said."""
        return self._period[1] if self._period[0] == kind else None

    def heading(self, line: str, year: int | None) -> None:
        """A heading opens a section, or closes one when it is of the rank that opens them."""
        formal = bool(_FORMAL.match(line))
        for rule in rules.rules_for("heading_section"):
            if rule.pattern.search(line):
                self._open(str(rule.fields["section"]), formal=formal)
                self._period = (self.kind, slots.period_of(line.lower(), year))
                return
        if formal and not _MINOR.match(line):
            self._open("", formal=True)
            self._period = ("", None)

    def lead(self, view: View, year: int | None) -> str:
        """Read a sentence for an announcement; the kind it announces, or empty."""
        found: list[tuple[int, int, str]] = []
        for rule in view.candidates("lead"):
            match = view.first(rule)
            if match is not None:
                found.append((match.start(), rule.bit, str(rule.fields["section"])))
        if not found:
            return ""
        kind = min(found)[2]
        if kind == "result" and (self.formal and self.kind or _FUTURE.search(view.text)):
            return ""
        if kind != self.kind:
            self._open(kind, formal=self.formal and bool(self.kind))
        if kind == "task":
            self._period = (kind, slots.period(view, None, year) or self.period(kind))
        self._fresh = True
        return kind

    def paragraph(self) -> None:
        """A new paragraph begins."""
        if not self.formal and not self._fresh:
            self.kind = ""
        self._fresh = False

    def told(self, kind: str, opens: bool = False) -> None:
        """A statement of the kind was read; `opens` if it also sets the frame for what follows."""
        if opens and kind != self.kind and not self.formal:
            self._open(kind, formal=False)
        if kind == self.kind:
            self._fresh = True

    def announce(self, kind: str, giver: str | None, assignee: str | None, period: str | None) -> None:
        """A list of statements of the kind follows."""
        self._open(kind, formal=self.formal)
        self.listing, self.giver, self.assignee = kind, giver or self.giver, assignee
        self._period = (kind, period or self.period(kind))

    def _open(self, kind: str, *, formal: bool) -> None:
        if kind != self.kind:
            self.assignee = None
        self.kind, self.formal, self.listing, self._fresh = kind, formal, "", True
