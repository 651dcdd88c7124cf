"""Which agreements and commitments are like what is about to be signed, so that nobody signs what stands already?

Likeness is a sum that can be told: the words of the title (60), common partners (20), the same field (10), within three years of
each other (10), as a share of what is known of the one sought. Nothing below `LEAST` is shown, and nothing without a word in
common.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from banggiao.agreements.models import Agreement, AgreementParty
from banggiao.commitments.models import Commitment
from banggiao.core.acts import Viewer
from banggiao.core.errors import N_
from banggiao.core.folding import fold
from banggiao.core.periods import is_partial_date
from banggiao.core.questions import Answer, Bi, Column, Page, Parameter, Question, Row, register_question
from banggiao.core.search import SearchEntry
from banggiao.core.vocabulary import vocabulary
from banggiao.partners.models import Partner
from banggiao.reports.entry import Understood

LEAST = 45
_YEARS = 3
_CANDIDATES = 2000
_SHOWN = 20
#: Words that say what kind of document it is, not what it is about; with accents, since without them they are other words too.
_KINDS = re.compile(
    r"\b(?:bản ghi nhớ|biên bản|hiệp định|thỏa thuận|nghị định thư|ý định thư|kế hoạch hành động|kế hoạch|chương trình|lộ trình"
    r"|tuyên bố chung|hợp tác|giữa|chính phủ|cộng hòa|xã hội chủ nghĩa|việt nam|trong lĩnh vực|về việc|về|và|của|các|với|trong"
    r"|số \d+|thử nghiệm|giai đoạn|memorandum of understanding|memorandum|agreement|protocol|plan of action|action plan|plan"
    r"|programme|co-?operation|between|government|republic|viet ?nam|on|and|the|of|in|for|with|no\. ?\d+|trial|\d{4})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: the words of a title, and as much as is known of partners, field and day."""

    text: str
    partners: frozenset[UUID] = frozenset()
    field: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class Alike:
    """A record that is like it: how much, and why."""

    id: UUID
    record_type: str
    title: Bi
    score: int
    why: Bi
    exercise: bool


def alike(wanted: Wanted, viewer: Viewer, *, exercise: bool | None = None, without: UUID | None = None) -> list[Alike]:
    """The agreements and commitments most like it that the viewer may know of, best first; `exercise` keeps to one world."""
    words = about(wanted.text)
    if not words:
        return []
    found = [*_agreements(wanted, words, viewer), *_commitments(wanted, words, viewer)]
    kept = [a for a in found if a.id != without and (exercise is None or a.exercise == exercise)]
    return sorted(kept, key=lambda a: (-a.score, a.title.vi, a.id))[:_SHOWN]


def about(text: str) -> str:
    """What a title is about: its words without accents, without those that only name the kind of document."""
    return fold(_KINDS.sub(" ", text))


def _likely(model: Any, words: str) -> Sequence[UUID]:
    """The records whose titles share a word with it, those that share the longest words first considered."""
    longest = sorted({w for w in words.split() if len(w) > 2}, key=len, reverse=True)[:8] or words.split()[:4]
    holding = Q()
    for word in longest:
        holding |= Q(title_folded__contains=word)
    entries = SearchEntry.objects.filter(holding, record_type=model.record_type(), retracted=False)
    return list(entries.order_by("-record_id").values_list("record_id", flat=True)[:_CANDIDATES])


def _agreements(wanted: Wanted, words: str, viewer: Viewer) -> list[Alike]:
    rows = Agreement.objects.visible_to(viewer).filter(pk__in=_likely(Agreement, words))
    columns = ("pk", "name_vi", "name_en", "field", "signed_on", "exercise")
    listed = list(rows.values_list(*columns))
    parties: dict[UUID, set[UUID]] = {}
    for agreement, partner in AgreementParty.objects.filter(agreement_id__in=[r[0] for r in listed]).values_list(
        "agreement_id", "partner_id"
    ):
        parties.setdefault(agreement, set()).add(partner)
    return _scored(wanted, words, Agreement.record_type(), [(*row, parties.get(row[0], set())) for row in listed], viewer)


def _commitments(wanted: Wanted, words: str, viewer: Viewer) -> list[Alike]:
    rows = Commitment.objects.visible_to(viewer).filter(pk__in=_likely(Commitment, words))
    listed = rows.values_list("pk", "text_vi", "text_en", "field", "made_on", "exercise", "partner_id")
    scored = [(*row[:6], {row[6]} if row[6] else set()) for row in listed]
    return _scored(wanted, words, Commitment.record_type(), scored, viewer)


def _scored(wanted: Wanted, words: str, record_type: str, rows: Sequence[tuple[Any, ...]], viewer: Viewer) -> list[Alike]:
    named = Partner.objects.visible_to(viewer).filter(pk__in=wanted.partners)
    partners = {pk: Bi(vi, en) for pk, vi, en in named.values_list("pk", "name_vi", "name_en")}
    found = []
    for pk, vi, en, field, day, exercise, theirs in rows:
        near, shared = _likeness(words, vi, en)
        common = [partners[p] for p in partners if p in theirs]
        same_field = bool(field) and field == wanted.field
        close = _close(wanted.day, day)
        found_of = 0.6 * near + 20 * bool(common) + 10 * same_field + 10 * close
        score = round(100 * found_of / (60 + 20 * bool(partners) + 10 * bool(wanted.field) + 10 * bool(wanted.day)))
        if score >= LEAST and shared:
            why = _why(shared, common, field if same_field else "", close)
            found.append(Alike(pk, record_type, Bi(vi, en), score, why, exercise))
    return found


def _likeness(words: str, vi: str, en: str) -> tuple[float, list[str]]:
    """(0 to 100, the words in common) with the title in whichever language is nearer: words shared, of all words of both."""
    mine = set(words.split())
    best, shared = 0.0, list[str]()
    for title in filter(None, (vi, en)):
        theirs = {fold(word): word for word in _KINDS.sub(" ", title).split() if fold(word)}
        common = [word for folded, word in theirs.items() if folded in mine]
        near = 200 * len(common) / (len(mine) + len(theirs)) if theirs else 0.0
        if near > best:
            best, shared = near, common
    return best, shared


def _close(one: str, other: str) -> bool:
    return bool(one and other) and abs(int(one[:4]) - int(other[:4])) <= _YEARS


def _why(shared: Sequence[str], common: Sequence[Bi], field: str, close: bool) -> Bi:
    """The reasons in both languages."""
    vi, en = [f"chữ chung: {' '.join(shared[:12])}"], [f"words in common: {' '.join(shared[:12])}"]
    if common:
        vi.append("đối tác chung: " + ", ".join(p.vi for p in common))
        en.append("common partners: " + ", ".join(p.get("en") for p in common))
    if field:
        term = vocabulary("agreement_field").term(field)
        vi.append(f"cùng lĩnh vực {term.label_vi.lower()}")
        en.append(f"same field, {term.label_en.lower()}")
    if close:
        vi.append(f"cách nhau không quá {_YEARS} năm")
        en.append(f"within {_YEARS} years of each other")
    return Bi("; ".join(vi), "; ".join(en))


_COLUMNS = (
    Column("title", N_("Văn kiện, cam kết"), "bilingual"),
    Column("score", N_("Độ giống"), "percent"),
    Column("why", N_("Giống ở điểm nào"), "text"),
)


def _answer(params: Mapping[str, str], viewer: Viewer, page: Page, at: datetime) -> Answer:
    """The agreements and commitments like the words given (rule `similar_words`); none without words."""
    ids = Partner.objects.visible_to(viewer).filter(code=params["partner"]).values_list("pk", flat=True)
    day = params["day"] if is_partial_date(params["day"]) else ""
    wanted = Wanted(params["text"], frozenset(ids) if params["partner"] else frozenset(), params["field"], day)
    found = alike(wanted, viewer)
    rows = tuple(Row((a.title, a.score, a.why), a.id, a.record_type, exercise=a.exercise) for a in found)
    used = {n: v for n, v in params.items() if v}
    return Answer(SIMILAR.name, SIMILAR.title, _COLUMNS, rows, len(rows), at, "similar_words", parameters=used)


SIMILAR = register_question(
    Question(
        "similar",
        Bi("Văn kiện và cam kết tương tự", "Similar agreements and commitments"),
        "registers.view",
        (
            Parameter("text", N_("Tên hoặc nội dung định ký")),
            Parameter("partner", N_("Đối tác"), "partner"),
            Parameter("field", N_("Lĩnh vực"), "code", "agreement_field"),
            Parameter("day", N_("Ngày dự kiến")),
        ),
        _COLUMNS,
        _answer,
    )
)


def like_agreement(agreement: Agreement, viewer: Viewer) -> list[Alike]:
    """What is like an agreement of the register, in its own world, without the commitments made in it."""
    parties = frozenset(agreement.party_rows.values_list("partner_id", flat=True))
    wanted = Wanted(f"{agreement.name_vi}", parties, agreement.field, agreement.signed_on)
    own = set(agreement.commitments.values_list("pk", flat=True))
    found = alike(wanted, viewer, exercise=agreement.exercise, without=agreement.pk)
    return [each for each in found if each.id not in own]


def like_entered(entered: Understood, viewer: Viewer) -> list[Alike]:
    """What is like an agreement that somebody is typing in, in its own world; the first few."""
    values = entered.values
    parties = frozenset(entered.links.get("parties", ()))
    wanted = Wanted(str(values.get("name_vi", "")), parties, values.get("field") or "", values.get("signed_on") or "")
    return alike(wanted, viewer, exercise=entered.exercise)[:5]
