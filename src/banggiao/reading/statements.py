"""What does a document say was done, was lacking, is to be done, was promised?

Sentences are read in order with the section they stand in (`sections.Section`). A list item is one task; a sentence
of prose gives one task for every segment, and results for every clause with a subject of the home side and a doing
verb. Meetings and figures by themselves are no results: they are events and quantities.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Generator, Iterator, Sequence
from functools import cache
from typing import Any

from banggiao.reading import clauses, rules, slots
from banggiao.reading.gazetteer import page_of
from banggiao.reading.layout import Layout, Sentence
from banggiao.reading.quick import quick
from banggiao.reading.results import can_tell, find_results
from banggiao.reading.sections import Section
from banggiao.reading.shortcomings import find_shortcomings
from banggiao.reading.tables import find_table_tasks
from banggiao.reading.tasks import bare_assignee, find_task, giver_of, item_task, order_bits
from banggiao.reading.types import Fact, Span
from banggiao.reading.views import View

_SIDES = ("ours", "theirs", "joint")
# Inside a paragraph only ordinals in words begin an item: "Thứ hai, ...", "Hai là, ...".
_WORDY = 5
# The home side, alone or with the other.
_US = quick(r"(?i)\bhai (?:bên|nước|bộ|phía)|\bta\b")
_NO_GAP = quick(r"[^.]:(?= )|:$")


def find_statements(layout: Layout, entities: Sequence[Fact] = (), year: int | None = None) -> list[Fact]:
    """Tasks, results, shortcomings and listed promises in order of their place.

    `year` is that of the document, for dates without one; `entities` are the partners and persons already found: a body of
    another state is given no task.
    """
    rows = find_table_tasks(layout, year)
    return sorted([*_Reader(layout, entities, year).read(), *rows], key=lambda fact: fact.span)


class _Reader:
    """One pass over the sentences of a document."""

    def __init__(self, layout: Layout, entities: Sequence[Fact], year: int | None) -> None:
        self.layout, self.year = layout, year
        self.section = Section()
        self.foreign = sorted(span for fact in entities if fact.kind == "partner" for span in mentions(fact))
        self.people = sorted(
            (span, str(fact.value.get("name"))) for fact in entities if fact.kind == "person" for span in mentions(fact)
        )
        self.sentence = Sentence((0, 0), "body", 0)
        self.page = page_of(layout)
        self.words = rules.words_in(self.page.text)
        self.view = View("", 0, self.words)
        self.text = ""
        self.base = 0

    def read(self) -> Iterator[Fact]:
        line = 0
        for sentence in self.layout.sentences:
            row = self.layout.lines[sentence.line - 1]
            if sentence.cls == "heading" and row.role != "title" and sentence.line != line:
                self.section.heading(row.text.strip(), self.year)
            if sentence.cls == "body" and "\t" not in row.text:
                first = sentence.line != line
                if first and not clauses.is_item(row.text.lstrip()):
                    self.section.paragraph()
                self.sentence = sentence
                yield from self._sentence(self.page.quiet(sentence.span), first)
            line = sentence.line

    def _sentence(self, text: str, first: bool) -> Iterator[Fact]:
        mark, start = clauses.head_marker(text)
        if not first and len(mark or "") < _WORDY:
            mark, start = None, 0
        # Rules tie the beginning of a clause to the beginning of what they see.
        self.text = text = text[start : start + 1].lower() + text[start + 1 :]
        self.base, end = self.sentence.span[0] + start, len(text)
        self.view = View(text, self.base, self.words)
        if not start or not self.section.kind:
            self.section.lead(self.view, self.year)
        colon = _NO_GAP.search(text) if ":" in text else None
        if colon is not None:
            done = yield from self._announced(0, colon.end(), end)
            if done:
                return
        if start and (kind := self.section.listing or self.section.kind):
            yield from self._item(kind, mark, (0, end))
            return
        yield from self._prose(0, end)

    def _announced(self, start: int, colon: int, end: int) -> Generator[Fact, None, bool]:
        """A head that ends in a colon: the items after it, here or in the lines below. Returns whether all is read."""
        head = self.text[start : colon - 1]
        if (who := bare_assignee(head)) and self.section.kind in ("task", ""):
            if colon >= end:
                self.section.kind = self.section.listing = "task"
                self.section.assignee = self._as_written(who)
                return True
        kind = self._list_kind(head)
        if not kind:
            return colon >= end
        if kind == "task":
            giver, assignee = giver_of(self.view, start, colon - 1), None
            task = find_task(self.view, (start, colon - 1), self.section, loose=True)
            assignee = task.assignee if task else None
            self.section.announce(
                kind, self._person(start, colon) or giver, assignee, slots.period(self.view, (start, colon - 1), self.year)
            )
        else:
            self.section.announce(kind, None, None, slots.period(self.view, (start, colon - 1), self.year))
        if kind in _SIDES:
            self.section.assignee = head
        items = clauses.inner_items(self.text, colon, end)
        if items:
            for mark, span in items:
                yield from self._item(kind, mark, span, whole=True)
            return True
        if colon >= end or self.text[colon : colon + 2].strip().startswith('"'):
            return True
        for span in clauses.segments(self.text, colon, end):
            yield from self._item(kind, None, span)
        self.section.listing = ""
        return True

    def _list_kind(self, head: str) -> str:
        for rule in rules.rules_for("list_promise"):
            if rule.pattern.search(head):
                return str(rule.fields["side"])
        if any(rule.pattern.search(head) for rule in rules.rules_for("list")):
            return "task"
        return self.section.kind if self.section.kind in ("result", "shortcoming") else ""

    def _item(self, kind: str, mark: str | None, span: Span, whole: bool = False) -> Iterator[Fact]:
        if kind in _SIDES:
            place = clauses.trimmed(self.text, span)
            words = self._words(place)
            limit = slots.deadline(self.view, place, self.year)
            due = (limit.due or limit.words) if limit else None
            value: dict[str, Any] = {"side": kind, "parties": [], "deadline": due, "measurable": slots.measurable(words, limit)}
            yield self._fact("commitment", place, f"list.promise_{kind}@1", 0.75, value)
            return
        if kind == "task":
            pieces = [span] if whole else clauses.segments(self.text, *span)
            given: str | None = None
            for n, piece in enumerate(pieces):
                task = item_task(self.view, piece, self.section, first=n == 0)
                if task is not None and not self._abroad(task.who) and not self._abroad(task.by):
                    self.section.told("task")
                    yield self._task(task.span, task, mark, given)
                    given = task.assignee or given
            return
        parts = [span] if whole else clauses.segments(self.text, *span)
        for part in parts:
            if kind == "shortcoming":
                yield from self._shortcomings(part, sure=True)
            else:
                lacking = list(self._shortcomings(part, sure=False))
                yield from lacking
                yield from self._results(part, item=not lacking, mark=mark)

    def _prose(self, start: int, end: int) -> Iterator[Fact]:
        if not self._can_tell():
            return
        announced = any(self.view.first(rule) for rule in self.view.candidates("list_end"))
        mode = ""
        given: str | None = None
        for span in clauses.segments(self.text, start, end):
            task = find_task(self.view, span, self.section, following=mode == "task")
            if task is not None and not self._abroad(task.who) and not self._abroad(task.by):
                if announced:
                    self.section.announce(
                        "task", self._person(*span) or task.giver, task.assignee, slots.period(self.view, None, self.year)
                    )
                    return
                given = task.assignee or given
                mode = "task"
                self.section.giver = self._person(*span) or task.giver or self.section.giver
                self.section.told("task")
                yield self._task(task.span, task, None, given)
                continue
            if task is not None:
                continue
            lacking = list(self._shortcomings(span, sure=False))
            yield from lacking
            before = min((self._local(fact.span)[0] for fact in lacking), default=span[1])
            yield from self._results((span[0], before))
        if announced:
            self.section.announce("task", giver_of(self.view), None, slots.period(self.view, None, self.year))

    def _can_tell(self) -> bool:
        """Whether anything can be found in the sentence at hand: half the sentences of a text hold none of the words."""
        possible, kind = self.view.possible, self.section.kind
        return bool(kind == "task" or possible & _telling_bits() or can_tell(self.view, reporting=kind == "result"))

    def _shortcomings(self, span: Span, *, sure: bool) -> Iterator[Fact]:
        for found, rule, confidence in find_shortcomings(
            self.view, span, in_section=self.section.kind == "shortcoming", sure=sure
        ):
            self.section.told("shortcoming", opens=not self.section.formal)
            yield self._fact(
                "shortcoming", found, rule, confidence, {"actor": None, "period": slots.period(self.view, found, self.year)}
            )

    def _results(self, span: Span, *, item: bool = False, mark: str | None = None) -> Iterator[Fact]:
        found = find_results(self.view, span, reporting=self.section.kind == "result", item=item, year=self.year)
        for result in found:
            if self._abroad(result.subject):
                continue
            self.section.told("result", opens=result.opens)
            value = {
                "enumerator": mark,
                "actor": self._words(result.subject) if result.subject else None,
                "period": slots.period(self.view, None, self.year) or self.section.period("result"),
                "partner": None,
            }
            yield self._fact("result", result.span, result.rule, result.confidence, value)

    def _task(self, span: Span, task: Any, mark: str | None, given: str | None = None) -> Fact:
        limit = slots.deadline(self.view, span, self.year)
        value = {
            "enumerator": mark,
            "assignee": self._as_written(task.assignee or given) or self.section.assignee,
            "deadline": (limit.due or limit.words) if limit else None,
            "period": slots.period(self.view, span, self.year) or self.section.period("task"),
            "giver": self._person(0, span[0]) or task.giver or self.section.giver,
        }
        return self._fact("task", span, task.rule, task.confidence, value)

    def _fact(self, kind: str, span: Span, rule: str, confidence: float, value: dict[str, Any]) -> Fact:
        whole = slice(self.base + span[0], self.base + span[1])
        start, end = one_line(self.layout.text, whole.start, whole.stop)
        what = " ".join(self.layout.text[whole].split())
        return Fact(kind, (start, end), self.sentence.span, {"what": what, **value}, confidence, rule)

    def _as_written(self, words: str | None) -> str | None:
        """The words with the capitals of the document: clause heads are read in small letters."""
        at = self.text.find(words) if words else -1
        return self.layout.shadow[self.base + at : self.base + at + len(words)] if words and at >= 0 else words

    def _local(self, span: Span) -> Span:
        return span[0] - self.base, span[1] - self.base

    def _words(self, span: Span) -> str:
        return self.text[span[0] : span[1]]

    def _abroad(self, span: Span | None) -> bool:
        """Whether the words name a partner and not the home side as well."""
        if span is None or not self.foreign:
            return False
        words = self._words(span)
        if "iệt Nam" in words or _US.search(words):
            return False
        at = bisect_left(self.foreign, (self.base + span[0], 0))
        return at < len(self.foreign) and self.foreign[at][0] < self.base + span[1]

    def _person(self, start: int, end: int) -> str | None:
        """The last person named in the stretch."""
        at = bisect_left(self.people, ((self.base + end, 0), "")) - 1
        return self.people[at][1] if at >= 0 and self.people[at][0][0] >= self.base + start else None


@cache
def _telling_bits() -> int:
    """The bits of the rules that find an order, a lack or the head of a list in prose."""
    return order_bits() | rules.rule("shortcoming.cue").bit | rules.bits_of("list_end")


def mentions(fact: Fact) -> list[Span]:
    """Every place a person, partner or body is named."""
    return [fact.span, *((start, end) for start, end in fact.value.get("mentions", ()))]


def one_line(text: str, start: int, end: int) -> Span:
    """The longest part of the span on one line: a citation is shown on one."""
    best = (start, start)
    for piece in text[start:end].split("\n"):
        if len(piece) > best[1] - best[0]:
            best = (start, start + len(piece))
        start += len(piece) + 1
    left, right = best
    while left < right and text[left].isspace():
        left += 1
    while right > left and text[right - 1].isspace():
        right -= 1
    return left, right
