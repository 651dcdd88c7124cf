"""Which tasks does a paragraph of a directive or conclusion notice give: to whom, with whom, by when, with what product?

Proposals only: a person confirms each. A clause is walked through from left to right: what it is about, an order, bodies, who
leads and who co-ordinates, then the verb. Where no body stands at its head, the engine of `tasks` is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from banggiao.reading import clauses, rules, slots
from banggiao.reading.entities import find_entities
from banggiao.reading.layout import build_layout
from banggiao.reading.quick import quick
from banggiao.reading.sections import Section
from banggiao.reading.statements import mentions
from banggiao.reading.tasks import find_task
from banggiao.reading.types import Metadata, Span
from banggiao.reading.views import View, pattern

_SEPARATOR = quick(r"(?:, cùng với|, cùng|, và|,| và| cùng với| cùng| -) (?i:đề nghị |giao )?")
_PROVINCES = quick(r"(?i:các (?:địa phương, )?tỉnh, thành phố)(?: trực thuộc (?i:trung ương))?")
_MARKED = quick(r" \((?:cơ quan )?(?:chủ trì|đầu mối)\)")
_NAMED_TAIL = (
    r"(?: (?:các tỉnh, thành phố(?: trực thuộc (?i:trung ương))?"
    r"|(?:tại|ở|của|liên quan|có liên quan|trực thuộc|nêu trên)(?: {word}){0,8}))?"
)
_STOP = (
    r"(?!(?:{manner}{order}|chủ trì|phối hợp|đầu mối|làm đầu mối|cần|phải|sẽ|đã|vừa|chịu trách nhiệm|có trách nhiệm|được"
    r"|theo|căn cứ|trên cơ sở|trước|trong|chậm nhất|(?:hằng|hàng) (?:tuần|tháng|quý|năm)|định kỳ|để|nhằm|và|cùng|với|là"
    r"|thông báo|đánh giá|ghi nhận)(?![\p{L}]))[\p{L}\p{N}&/-]++"
)
_PAST = quick(r"(?:đã|vừa|là|cho biết|đánh giá|ghi nhận)(?![\p{L}])")
_SENTENCE = quick(r"(?<=[.!?]) (?=\p{Lu}|\()")
_OPENS = quick(r"(?:^|(?<=[.:;] ))\p{Lu}(?=\p{Ll})")
_EVERY = {"tuần": "weekly", "tháng": "monthly", "quý": "quarterly", "năm": "yearly"}
#: Last month of a quarter: a register keeps a day, a month or a year.
_QUARTER_ENDS = {"Q1": "03", "Q2": "06", "Q3": "09", "Q4": "12"}
#: Fewer letters than this are no task.
_SHORTEST = 12
_FOUND, _GUESSED = 0.9, 0.6


@dataclass(frozen=True, slots=True)
class Assignment:
    """A task as a paragraph gives it: bodies by name as written, the last day (ISO, possibly partial), how often it returns.

    `inferred` says what the text leaves open: `year` taken from the document, `quarter` meant to its end, `several` bodies named
    alike, `heading` or `before` for a lead named there. `every` is empty, weekly, monthly, quarterly, half_yearly or yearly.
    """

    text: str
    lead: str = ""
    coordinating: tuple[str, ...] = ()
    due: str = ""
    due_words: str = ""
    every: str = ""
    product: str = ""
    inferred: tuple[str, ...] = ()
    confidence: float = _FOUND


def assignments(
    text: str, *, year: int | None = None, lead: str = "", together: Sequence[str] = (), names: Iterable[str] = ()
) -> list[Assignment]:
    """The tasks of a paragraph (on one line), in order.

    `lead` and `together` are the bodies its heading names, `names` further bodies known.
    """
    return _Reader(" ".join(text.split()), year, lead, tuple(together), names).read()


def bodies_named(text: str, names: Iterable[str] = ()) -> tuple[str, tuple[str, ...]]:
    """(lead, co-ordinating) of a heading that gives all that follows: "3. Bộ Ngoại giao:", "Bộ A chủ trì, phối hợp với Bộ B:".

    Empty where it names nobody or says more.
    """
    flat = " ".join(text.split())
    announces = flat.endswith(":")
    flat = flat.rstrip(":. ")
    _mark, start = clauses.head_marker(flat)
    return _Reader(flat, None, "", (), names).head((start, len(flat)), whole=not announces)


class _Reader:
    """One pass over a paragraph."""

    def __init__(self, text: str, year: int | None, lead: str, together: tuple[str, ...], names: Iterable[str]) -> None:
        self.written, self.year, self.heading, self.beside = text, year, lead, together
        self.layout = build_layout(text)
        self.text = self.layout.shadow
        # Rules of time and order look for small letters where a clause begins.
        self.view = View(_OPENS.sub(lambda match: match.group().lower(), self.text), 0, rules.words_in(self.text))
        entities = find_entities(self.layout, Metadata())
        self.known = {start: end for fact in entities if fact.kind == "organisation" for start, end in sorted(mentions(fact))}
        low = rules.small(self.text)
        for wanted in sorted((rules.small(rules.shadow(name)) for name in names if name), key=len):
            at = low.find(wanted)
            while at >= 0:
                self.known[at] = at + len(wanted)
                at = low.find(wanted, at + 1)

    def read(self) -> list[Assignment]:
        """Every sentence, and in it every item or part between semicolons."""
        found: list[Assignment] = []
        _mark, start = clauses.head_marker(self.text)
        for number, place in enumerate(self._sentences(start)):
            found = self._sentence(place, found, first=number == 0)
        return found

    def _sentences(self, start: int) -> list[Span]:
        cuts = [match.start() for match in _SENTENCE.finditer(self.text, start)]
        return list(zip([start, *(cut + 1 for cut in cuts)], [*cuts, len(self.text)], strict=True))

    def _sentence(self, span: Span, found: list[Assignment], *, first: bool) -> list[Assignment]:
        begin, end = span
        items = clauses.inner_items(self.text, begin, end)
        if items:
            lead, together = self.head((begin, self.text.find(items[0][0], begin)))
            for _mark, place in items:
                each = self._clause(place, lead)
                shared = together if each and each.lead == lead else ()
                found = [*found, replace(each, coordinating=each.coordinating or shared)] if each else found
            return found
        before = found[-1].lead if found else ""
        for number, part in enumerate(clauses.segments(self.text, begin, end)):
            follows = bool(found) and rules.rule("assignment.follows").pattern.match(self.text[part[0] : part[1]])
            if follows and not self._own_body(part):
                found = [*found[:-1], self._joined(found[-1], part)]
                continue
            carried = before if number or not first else ""
            each = self._clause(part, self.heading or carried, note="heading" if self.heading else "before")
            if each is not None:
                found, before = [*found, each], each.lead or before
        return found

    def _own_body(self, part: Span) -> bool:
        return bool(self.bodies(part[0])[0])

    def _joined(self, task: Assignment, part: Span) -> Assignment:
        """The task with what a clause behind it adds: a day, a rhythm, a report."""
        more = self._made(part, task.lead, (), (), task.confidence)
        return replace(
            task,
            text=f"{task.text}; {more.text[:1].lower()}{more.text[1:]}",
            due=task.due or more.due,
            due_words=task.due_words or more.due_words,
            every=task.every or more.every,
            product=task.product or more.product,
            inferred=tuple(dict.fromkeys((*task.inferred, *more.inferred))),
        )

    def head(self, span: Span, *, whole: bool = False) -> tuple[str, tuple[str, ...]]:
        """(lead, co-ordinating) of words before a list: "Giao Bộ A chủ trì, phối hợp với Bộ B:"; those of the heading else.

        `whole`: nothing but bodies and their parts may stand there.
        """
        at, _given = self._to_bodies(span)
        bodies, at = self.bodies(at)
        if not bodies:
            return self.heading, self.beside
        together, at = self._roles(at, span[1])
        if whole and self._past_commas(at) < span[1]:
            return "", ()
        return bodies[0], (*bodies[1:], *together)

    def _clause(self, span: Span, carried: str, note: str = "before") -> Assignment | None:
        at, given = self._to_bodies(span)
        bodies, after = self.bodies(at)
        if bodies and (again := self._passed_on(after)) is not None:
            at, given = again, True
            bodies, after = self.bodies(at)
        text, end = self.text, span[1]
        together: tuple[str, ...]
        if bodies:
            together, verb = self._roles(after, end)
            verb = self._to_verb(verb, end)
            rest = text[verb:end]
            if not _PAST.match(rest.lstrip(" ,")) and (self._is_verb(verb) or (given and len(rest) >= _SHORTEST)):
                several = ("several",) if len(bodies) > 1 and not self._leads(after) else ()
                sure = _FOUND if self._is_verb(verb) else 0.75
                return self._made((at, end), bodies[0], (*bodies[1:], *together), several, sure, span[0])
            return None
        started = self._roles(at - 1 if at > span[0] else at, end)
        if carried and (started[0] or self._is_verb(self._to_verb(at, end))):
            together = started[0] or (self.beside if carried == self.heading else ())
            return self._made((at, end), carried, together, (note,), _FOUND if note == "heading" else _GUESSED, span[0])
        view_task = find_task(self.view, span, Section(kind="task" if given or carried else ""))
        if view_task is None or len(text[slice(*view_task.span)]) < _SHORTEST:
            return None
        inferred = (note,) if carried else ()
        return self._made(
            view_task.span, carried or self._written(view_task.who), (), inferred, min(view_task.confidence, _GUESSED)
        )

    def _to_bodies(self, span: Span) -> tuple[int, bool]:
        """Where the bodies of a clause would stand, behind its topic, a day and the word of order; whether one stands there."""
        at, given = span[0], False
        for name in ("topic", "before", "opening", "before"):
            if name != "opening" and self.bodies(at)[0]:
                continue
            match = rules.rule(f"assignment.{name}").pattern.match(self.text[at : span[1]])
            if match:
                at += match.end()
                given = given or name == "opening"
        return at, given

    def _passed_on(self, after: int) -> int | None:
        """Where the bodies stand that the first ones give an order to: "Thủ tướng Chính phủ giao Bộ A"."""
        match = rules.rule("assignment.opening").pattern.match(self.text[after:].lstrip())
        if match is None:
            return None
        at = after + (len(self.text[after:]) - len(self.text[after:].lstrip())) + match.end()
        return at if self.bodies(at)[0] else None

    def bodies(self, at: int) -> tuple[list[str], int]:
        """The bodies named in a row from here, as written, one marked as leading first; and where the row ends."""
        named: list[tuple[str, bool]] = []
        marked: str | None = None
        end = at
        while (stop := self._body(at)) > at:
            name, plain = (
                self.written[at:stop],
                at not in self.known and not any(w[:1].isupper() for w in self.text[at:stop].split()[1:]),
            )
            if named and plain and named[-1][1] and self.text[at : at + 1].islower() and not self.text.startswith("các ", at):
                named[-1] = (self.written[at - len(self.text[end:at]) - len(named[-1][0]) : stop], True)
            else:
                named.append((name, plain))
            end = stop
            if mark := _MARKED.match(self.text, end):
                marked, end = named[-1][0], mark.end()
            separator = _SEPARATOR.match(self.text, end)
            if separator is None:
                break
            at = separator.end()
        rows = [name for name, _plain in named]
        if marked:
            rows = [marked, *(name for name in rows if name != marked)]
        return rows, end

    def _body(self, at: int) -> int:
        """Where the name of a body that begins here ends; `at` itself where none does."""
        text = self.text
        for start in (at, at + 4 if text[at : at + 4].lower() == "các " else at):
            if start in self.known:
                end = self.known[start]
                tail = pattern(_NAMED_TAIL.replace("{word}", _STOP)).match(text, end)
                return tail.end() if tail else end
        if provinces := _PROVINCES.match(text, at):
            return int(provinces.end())
        own = pattern(rf"{{owner}}(?: {_STOP}){{0,12}}").match(text, at)
        if own is None:
            return at
        end = int(own.end())
        # "Ủy ban Kinh tế và Tài chính": what goes on with a capital and begins no other body is the same name.
        while (more := pattern(rf" và (?!{{owner}})\p{{Lu}}[\p{{L}}]*+(?: {_STOP}){{0,8}}").match(text, end)) is not None:
            end = int(more.end())
        return end

    def _leads(self, at: int) -> bool:
        return rules.rule("assignment.lead").pattern.match(self.text[self._past_commas(at) :]) is not None

    def _roles(self, at: int, end: int) -> tuple[tuple[str, ...], int]:
        """The co-ordinating bodies behind a lead, and where the clause goes on."""
        at = self._past_commas(at)
        lead = rules.rule("assignment.lead").pattern.match(self.text[at:end])
        if lead:
            at = self._past_commas(at + lead.end())
            if not lead.group().rstrip().endswith((",", "và")) and not self.text.startswith("phối hợp", at):
                return (), at
        adjunct = rules.rule("assignment.adjunct").pattern.match(self.text[at:end])
        start = at + (adjunct.end() if adjunct else 0)
        together = rules.rule("assignment.together").pattern.match(self.text[start:end])
        if not together:
            return (), at
        after = start + together.end()
        bodies, stop = self.bodies(after)
        return tuple(bodies), stop if bodies else after

    def _to_verb(self, at: int, end: int) -> int:
        at = self._past_commas(at)
        if self._is_verb(at):
            return at
        match = rules.rule("assignment.adjunct").pattern.match(self.text[at:end])
        return at + match.end() if match else at

    def _past_commas(self, at: int) -> int:
        while self.text[at : at + 1] and self.text[at] in " ,:":
            at += 1
        return at

    def _is_verb(self, at: int) -> bool:
        return pattern("(?i:{manner}{order})").match(self.text, at) is not None

    def _written(self, span: Span | None) -> str:
        return self.written[slice(*span)].strip(" ,") if span else ""

    def _made(
        self, span: Span, lead: str, together: Sequence[str], inferred: Sequence[str], confidence: float, begin: int | None = None
    ) -> Assignment:
        """The task of a stretch of words; `begin` is where its clause begins, if a day stands before the words."""
        start, end = clauses.trimmed(self.text, span)
        words = self.written[start:end]
        notes = list(inferred)
        every = ""
        rhythm = rules.rule("assignment.every").pattern.search(self.text, start, end)
        if rhythm:
            every = "half_yearly" if rhythm["half"] else _EVERY[rhythm["unit"].lower()]
        limit = slots.deadline(self.view, (span[0] if begin is None else begin, span[1]), self.year)
        due = (limit.due or "") if limit else ""
        if every and rhythm and limit and limit.words and rhythm.group() in self.text[start:end].partition(limit.words)[2][:12]:
            due = ""  # "trước ngày 20 tháng 12 hằng năm" names no year's day
        if due[5:] in _QUARTER_ENDS:
            due, notes = f"{due[:4]}-{_QUARTER_ENDS[due[5:]]}", [*notes, "quarter"]
        if due and limit and due[:4] not in limit.words:
            notes.append("year")
        return Assignment(
            words[:1].upper() + words[1:],
            lead,
            tuple(dict.fromkeys(name for name in together if name != lead)),
            due,
            limit.words if limit else "",
            every,
            self._product(start, end),
            tuple(notes),
            confidence,
        )

    def _product(self, start: int, end: int) -> str:
        for name in ("product", "report"):
            match = rules.rule(f"assignment.{name}").pattern.search(self.text, start, end)
            if match:
                words = self.written[slice(*match.span("product"))].strip(" ,")
                return words[:1].upper() + words[1:]
        return ""
