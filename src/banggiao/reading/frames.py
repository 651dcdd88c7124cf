"""Who chaired an event, who organised it, where, and in which mode?"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from banggiao.reading import rules
from banggiao.reading.dates import When
from banggiao.reading.gazetteer import Mention, Page, Places
from banggiao.reading.quick import quick
from banggiao.reading.sentences import Sentence
from banggiao.reading.types import Fact, Span

# How far a chair's name may stand from the words that say so, in characters: offices come between.
_REACH = 170
_SUBJECT = quick(
    r"(?: ?\([^()\n]{1,60}+\))?,?"
    r"(?: (?:đã|vừa|sẽ|cũng|tiếp tục|chủ trì|đồng|trực tiếp|chính thức|long trọng|thành công|đăng cai))*+"
    r"(?:,? (?:phối hợp|cùng|đồng tổ chức)(?: chặt chẽ)?(?: cùng)?(?: với)? [^.;:\n]{3,160}?)?(?: đã)? ?\Z"
)
_SITE = quick(
    r"(?<!\p{L})tại (?<site>(?:[Tt]rụ sở|Trung tâm|Văn phòng|Nhà khách|Nhà Quốc hội|Phủ Chủ tịch|"
    r"[Kk]hách sạn|Cung|Học viện|Trường|hội trường)[^,;.()\n\"]{2,60}+)"
)
_SITE_END = quick(r" (?:và|do|với|diễn|đã|để|nhằm|ngày|sáng|chiều|theo|về|dưới|có|nhân) .*\Z")
_OTHER_SITE = quick(r"điểm cầu [^,.;\n]{0,30}\Z")


class Scene:
    """A page with what is known to stand on it, asked by place."""

    def __init__(self, page: Page, dates: Sequence[When], entities: Sequence[Fact], partners: Sequence[Mention]) -> None:
        self.page = page
        self.states = Places(partners)
        self.dates = list(dates)
        self._date_starts = [when.span[0] for when in dates]
        self._people = _places(entities, "person")
        self._bodies = _places(entities, "organisation")
        self._sites = _places(entities, "place")
        self._site_at = {span[0]: span for span, _name in self._sites}
        self._about: dict[tuple[Span, str], bool] = {}
        self._person_starts = [span[0] for span, _name in self._people]
        self._body_starts = [span[0] for span, _name in self._bodies]
        self._body_ends = sorted((span[1], span[0], name) for span, name in self._bodies)

    def dates_in(self, span: Span) -> list[When]:
        """The expressions of time within a stretch."""
        return self.dates[bisect_left(self._date_starts, span[0]) : bisect_left(self._date_starts, span[1])]

    def nearest_date(self, span: Span, sentence: Span) -> When | None:
        """The expression of time nearest to a span within its sentence."""
        return min(
            self.dates_in(sentence), key=lambda when: min(abs(when.span[0] - span[1]), abs(span[0] - when.span[1])), default=None
        )

    def people_in(self, span: Span) -> list[str]:
        """The names of the people mentioned within a stretch, in order."""
        return [
            name
            for _place, name in self._people[
                bisect_left(self._person_starts, span[0]) : bisect_left(self._person_starts, span[1])
            ]
        ]

    def person_before(self, offset: int, left: int) -> Span | None:
        """The place of the last person named between `left` and the offset."""
        at = bisect_left(self._person_starts, offset)
        return self._people[at - 1][0] if at and self._people[at - 1][0][0] >= left else None

    def person_name(self, span: Span) -> str:
        """The name of the person at a place."""
        return self._people[bisect_left(self._person_starts, span[0])][1]

    def person_starting(self, offset: int) -> Span | None:
        """The place of the person named exactly here."""
        at = bisect_left(self._person_starts, offset)
        return self._people[at][0] if at < len(self._people) and self._person_starts[at] == offset else None

    def next_person(self, offset: int, right: int) -> Span | None:
        """The place of the first person named between the offset and `right`."""
        at = bisect_left(self._person_starts, offset)
        return self._people[at][0] if at < len(self._people) and self._person_starts[at] < right else None

    def body_starting(self, offset: int) -> str | None:
        """The name of the body named exactly here."""
        at = bisect_left(self._body_starts, offset)
        return self._bodies[at][1] if at < len(self._bodies) and self._body_starts[at] == offset else None

    def place_starting(self, offset: int) -> Span | None:
        """The place (town or province) named exactly here."""
        return self._site_at.get(offset)

    def speaks_of(self, sentence: Span, noun: str) -> bool:
        """Whether the word stands in the sentence, in any case."""
        if (sentence, noun) not in self._about:
            self._about[sentence, noun] = noun in self.page.text[slice(*sentence)].casefold()
        return self._about[sentence, noun]

    def sites_in(self, span: Span) -> list[tuple[Span, str]]:
        """The towns and provinces named within a stretch."""
        return [(place, name) for place, name in self._sites if span[0] <= place[0] < span[1]]

    def subject_before(self, offset: int) -> tuple[str, Span] | None:
        """The body that does what the verb at the offset says: the first of its sentence with nothing else between."""
        sentence = self.page.sentence_at(offset).span
        text = self.page.text
        at = bisect_left(self._body_ends, (max(sentence[0], offset - 260), 0, ""))
        for end, start, name in self._body_ends[at : bisect_right(self._body_ends, (offset, offset, ""))]:
            if start >= sentence[0] and _SUBJECT.fullmatch(text[end:offset]):
                return name, (start, end)
        return None


def chair_of(scene: Scene, sentence: Sentence, noun: str) -> str | None:
    """Who chaired: named in the sentence of the event, else in a caption, else in another sentence about the event."""
    page, text = scene.page, scene.page.text
    hits = rules.find("event_chair", text)
    found: list[tuple[int, int, str]] = []
    for hit in hits:
        place = page.sentence_at(hit.span[0])
        name = _chair(scene, hit, place)
        if name is None:
            continue
        about = scene.speaks_of(place.span, noun)
        rank = (
            0
            if place.span == sentence.span
            else 1
            if about or page.index_at(hit.span[0]) == page.index_at(sentence.span[0]) + 1
            else 2
            if place.cls == "caption"
            else 3
        )
        found.append((rank, place.span[0], name))
    return min(found)[2] if found and min(found)[0] < 3 else None


def organiser_of(scene: Scene, hit: rules.Hit, sentence: Sentence) -> str | None:
    """The body that held the event: the subject of the verb, or the one after "do ... tổ chức"."""
    text = scene.page.text
    if hit.rule.fields.get("organiser") == "before":
        subject = scene.subject_before(hit.span[0])
        return subject[0] if subject else None
    for match in _ORGANISED_BY.finditer(text, *sentence.span):
        name = scene.body_starting(match.end())
        if name is not None:
            return name
    return None


def place_of(scene: Scene, sentence: Span) -> str | None:
    """The building or town where it took place, as far as the sentence says."""
    text = scene.page.text
    match = _SITE.search(text, *sentence)
    if match is not None:
        return _SITE_END.sub("", match["site"]).strip()
    for span, name in scene.sites_in(sentence):
        before = text[max(sentence[0], span[0] - 30) : span[0]]
        if _AT.search(before) and not _OTHER_SITE.search(before):
            return name
    return None


def mode_of(scene: Scene, sentence: Sentence, noun: str, kind: str) -> str | None:
    """`on_site`, `online` or `hybrid` where the text says so of this event."""
    text = scene.page.text
    best: tuple[int, str] | None = None
    ranks = {item.id: number for number, item in enumerate(rules.rules_for("event_mode"))}
    for hit in rules.find("event_mode", text):
        place = scene.page.sentence_at(hit.span[0])
        if place.span != sentence.span and not scene.speaks_of(place.span, noun):
            continue
        rank = ranks[hit.rule.id]
        if best is None or rank < best[0]:
            best = (rank, str(hit.rule.fields["mode"]))
    return best[1] if best else None


def _chair(scene: Scene, hit: rules.Hit, place: Sentence) -> str | None:
    if hit.rule.fields["side"] == "after":
        person = scene.next_person(hit.span[1], min(place.span[1], hit.span[1] + _REACH))
        return scene.person_name(person) if person else None
    left = max(place.span[0], hit.span[0] - _REACH)
    person = scene.person_before(hit.span[0], left)
    if person is None:
        return None
    if hit.match.group().startswith("đồng"):
        # Of two who chair together the first is the host.
        person = scene.next_person(left, hit.span[0]) or person
    between = scene.page.text[person[1] : hit.span[0]]
    return None if _ELSEWHERE.search(between) else scene.person_name(person)


def _places(entities: Sequence[Fact], kind: str) -> list[tuple[Span, str]]:
    rows = []
    for fact in entities:
        if fact.kind == kind:
            spans = [fact.span, *((span[0], span[1]) for span in fact.value["mentions"])]
            rows += [(span, str(fact.value["name"])) for span in spans]
    return sorted(rows)


_ORGANISED_BY = quick(r"(?<!\p{L})do (?=[^.;\n]{3,160}? tổ chức)")
_AT = quick(r"(?<!\p{L})(?:tại|ở)(?: (?:thành phố|thủ đô|tỉnh|Thủ đô|TP))?(?: \p{Lu}[\p{L} ]{0,20},)? \Z")
# Between a name and "chủ trì" these words begin another thought.
_ELSEWHERE = quick(r"(?<!\p{L})(?:(?<![Nn]goại )giao|yêu cầu|đề nghị|cho biết|nhấn mạnh|khẳng định|điểm cầu)(?!\p{L})")
