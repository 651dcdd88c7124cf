"""The sheet of one duty (phiếu theo dõi): its six fields, the numbers apart, plan, evidence, what stands in the way, pledges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from banggiao.analytics.delivery.numbers import shown
from banggiao.analytics.delivery.timeliness import lateness, on_time
from banggiao.core.acts import Viewer
from banggiao.core.periods import period_label
from banggiao.core.questions import ALL, ask
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.evidence.questions import proofs_of
from banggiao.followup.planning.questions import current_plan, difficulties_of, item_of, milestones_of, standings
from banggiao.followup.planning.standing import Against, Standing
from banggiao.partners.models import Institution, Partner
from banggiao.reports.blocks import Block, Column, Heading, NoteBook, NoteRef, OfficialDocument, Paragraph, Table
from banggiao.reports.forecasting import outlook
from banggiao.reports.pledges import LEDGER
from banggiao.reports.typography import Language, number

_WORDS: dict[str, tuple[str, str]] = {
    "kind": ("Phiếu theo dõi", "Duty sheet"),
    "issuer": ("Bộ Ngoại giao", "Ministry of Foreign Affairs"),
    "exercise": ("Đơn vị diễn tập", "Exercise unit"),
    "place": ("Hà Nội", "Hanoi"),
    "what": ("Nội dung và thời hạn", "What is promised, and by when"),
    "numbers": ("Bốn con số, không gộp làm một", "The numbers, apart"),
    "plan": ("Kế hoạch hiện hành", "The plan that holds"),
    "evidence": ("Minh chứng", "Evidence"),
    "difficulties": ("Vướng mắc đang có", "What stands in the way"),
    "pledges": ("Cung ứng", "Supply"),
    "none": ("Chưa có.", "None yet."),
    "item": ("Mục", "Item"),
    "value": ("Thông tin", "What is known"),
    "lead": ("Cơ quan chủ trì", "Lead institution"),
    "partner": ("Đối tác", "Partner"),
    "made": ("Ngày cam kết", "Promised on"),
    "given": ("Ngày giao", "Given on"),
    "first": ("Hạn ban đầu", "First deadline"),
    "current": ("Hạn hiện hành", "Current deadline"),
    "done": ("Ngày hoàn thành", "Done on"),
    "state": ("Thực hiện", "State of work"),
    "timely_first": ("So với hạn ban đầu", "Against the first deadline"),
    "timely_current": ("So với hạn hiện hành", "Against the current deadline"),
    "late": ("muộn {days} ngày", "{days} days late"),
    "on_time": ("đúng hạn", "on time"),
    "not_on_time": ("không đúng hạn", "not on time"),
    "verified": ("Tiến độ được thẩm tra", "Verified progress"),
    "unplanned": (
        "{share}; chưa có kế hoạch nên không có mốc để thẩm tra",
        "{share}; without a plan there is no milestone to verify",
    ),
    "checked": ("Thẩm tra cả việc, không theo mốc", "The duty as a whole, apart from milestones"),
    "claimed": ("Tự khai; chênh lệch", "Claimed; gap"),
    "against": ("Chỉ số tiến độ thời gian, kế hoạch {number}", "Schedule index, plan {number}"),
    "drift": ("Kế hoạch dài thêm so với ban đầu", "Plan longer than the first by"),
    "confidence": ("Độ tin cậy; minh chứng", "Confidence; evidence"),
    "forecast": ("Khả năng đúng hạn ban đầu", "Chance to keep the first deadline"),
    "colour": ("Đánh giá theo bảng công bố", "By the published table"),
    "months": ("{value}; {variance} tháng so với kế hoạch", "{value}; {variance} months against the plan"),
    "age": ("{freshness}, {days} ngày", "{freshness}, {days} days"),
}
_MILESTONES = (
    (("TT", "No."), 0.4), (("Mốc", "Milestone"), 2.4), (("Tỷ trọng", "Weight"), 0.8), (("Hạn", "Due"), 1.0),
    (("Tự khai", "Claimed"), 0.8), (("Thẩm tra", "Verified"), 0.8), (("Bậc minh chứng", "Grade"), 0.9),
)  # fmt: skip
_PROOFS = ((("Ngày", "Day"), 1.0), (("Minh chứng", "Evidence"), 3.0), (("Bậc", "Grade"), 0.6), (("Thẩm tra", "Check"), 1.2))
_SUPPLY = ("tranche", "unit", "pledged", "delivered", "not_committed", "surplus", "fulfilment")


def duty_paper(record: Any, viewer: Viewer, *, at: datetime, language: Language) -> OfficialDocument:
    """The sheet of a commitment or task as it stands at `at`, from what the viewer may know; each number with its rule."""
    sheet = _Sheet(record, viewer, at, language)
    text = record.text_vi if language == "vi" or not record.text_en else record.text_en
    return OfficialDocument(
        kind=sheet.say("kind"),
        kind_code="PTD",
        title=f"{record.code}: {text}",
        issuer=sheet.say("exercise" if record.exercise else "issuer"),
        issuer_code="DT" if record.exercise else "BNG",
        place=sheet.say("place"),
        as_of=sheet.day,
        blocks=tuple(sheet.blocks()),
        language=language,
        notes=sheet.book.notes,
        exercise=record.exercise,
        layout="working",
    )


class _Sheet:
    def __init__(self, record: Any, viewer: Viewer, at: datetime, language: Language) -> None:
        self.record, self.viewer, self.at, self.language = record, viewer, at, language
        self.day, self.book = timezone.localdate(at), NoteBook()
        self.now: Standing = standings([record], viewer, at)[record.pk]

    def say(self, name: str, **values: object) -> str:
        return _WORDS[name][self.language == "en"].format(**values)

    def blocks(self) -> Iterator[Block]:
        yield Heading(1, self.say("what"))
        yield self._pairs(self._what())
        yield Heading(1, self.say("numbers"))
        yield self._pairs(self._numbers())
        for title, found in (("plan", self._plan()), ("evidence", self._evidence()), ("difficulties", self._difficulties())):
            yield Heading(1, self.say(title))
            yield found
        if (supply := self._pledges()) is not None:
            yield Heading(1, self.say("pledges"))
            yield supply

    def _what(self) -> Iterator[tuple[str, Any]]:
        record, item = self.record, item_of(self.record)
        lead = Institution.objects.visible_to(self.viewer).filter(pk=record.lead_id).first()
        partner = Partner.objects.visible_to(self.viewer).filter(pk=getattr(record, "partner_id", None)).first()
        yield self.say("lead"), self._name(lead)
        if hasattr(record, "partner_id"):
            yield self.say("partner"), self._name(partner)
        made = "made" if hasattr(record, "made_on") else "given"
        yield self.say(made), self._date(record.made_on if made == "made" else record.given_on)
        yield self.say("first"), self._date(record.first_due)
        yield self.say("current"), self._date(record.current_due)
        yield self.say("state"), self._label("work_state", record.work_state)
        if record.done_on:
            yield self.say("done"), self._date(record.done_on)
            late = lateness(item)
            yield self.say("timely_current"), self._timely(on_time(item, first=False))
            said = self._timely(on_time(item, first=True))
            yield self.say("timely_first"), self.say("late", days=late) if late and late > 0 else said

    def _numbers(self) -> Iterator[tuple[str, Any]]:
        now = self.now
        progress, schedule, trust = (
            self._note(rule) for rule in ("standing_progress", "standing_schedule", "standing_confidence")
        )
        verified = self._percent(now.verified)
        yield self.say("verified"), (verified if now.planned else self.say("unplanned", share=verified), progress)
        yield self.say("checked"), self._label("validation_state", self.record.validation_state)
        yield self.say("claimed"), (f"{self._percent(now.claimed)}; {self._percent(now.gap)}", progress)
        plans = [p for p in (now.first, now.current) if p is not None]
        for against in plans[: 1 if len(plans) == 2 and plans[0].number == plans[1].number else 2]:
            yield self.say("against", number=against.number), (self._index(against), schedule)
        if now.drift:
            yield self.say("drift"), (f"{'+' if now.drift > 0 else ''}{self._percent(now.drift)}", schedule)
        freshness = self._label("data_age", now.freshness)
        aged = freshness if now.age is None else self.say("age", freshness=freshness, days=now.age)
        trusted = "–" if now.confidence is None else self._percent(now.confidence)
        yield self.say("confidence"), (f"{trusted}; {aged}", trust)
        if (ahead := outlook(self.record, self.viewer, self.at)) is not None:
            basis = self._label("forecast_basis", "model" if ahead.forecast.by_model else "base_rate")
            yield self.say("forecast"), (f"{self._percent(ahead.forecast.chance)} ({basis})", self._note("outlook"))
        yield self.say("colour"), (self._label("standing_colour", now.colour), self._note("standing_colour"))

    def _plan(self) -> Block:
        plan = current_plan(self.record.pk, self.viewer)
        if plan is None:
            return Paragraph(self.say("none"))
        steps = {s.step.key: s for s in self.now.steps}
        rows = []
        for place, m in enumerate(milestones_of(plan, self.viewer), 1):
            step = steps[m.key]
            name = m.name_vi if self.language == "vi" or not m.name_en else m.name_en
            rows.append(
                (
                    str(place),
                    name,
                    self._percent(m.weight),
                    self._date(m.due.isoformat()),
                    self._percent(step.claimed),
                    self._percent(step.verified),
                    f"{step.grade} / {m.required_grade}",
                )
            )
        return self._table(_MILESTONES, rows)

    def _evidence(self) -> Block:
        rows = [
            (self._date(p.day.isoformat()), p.description, str(p.grade), self._label("evidence_state", p.state))
            for p in proofs_of(self.record.pk, self.viewer)
        ]
        return self._table(_PROOFS, rows) if rows else Paragraph(self.say("none"))

    def _difficulties(self) -> Block:
        standing = [d for d in difficulties_of(self.record.pk, self.viewer) if not d.resolved_on]
        if not standing:
            return Paragraph(self.say("none"))
        parts = []
        for d in standing:
            who = self._name(d.unblocker) if d.unblocker else d.unblocker_name
            words = ": ".join(filter(None, (self._label("difficulty_code", d.code), d.text)))
            parts.append(f"{words} ({self._date(d.since.isoformat())}; {who})")
        return Paragraph("; ".join(parts) + ".")

    def _pledges(self) -> Block | None:
        if not hasattr(self.record, "partner_id"):
            return None
        params = {"code": self.record.code, "exercise": "yes" if self.record.exercise else "no"}
        answer = ask(LEDGER.name, params, self.viewer, at=self.at, page=ALL).listed()
        if not answer.total:
            return None
        places = [n for name in _SUPPLY for n, column in enumerate(answer.columns) if column.key == name]
        columns = tuple(Column(_supply_title(answer.columns[n].key, self.language)) for n in places)
        rows = tuple(tuple(self._cell(answer.columns[n], row.cells[n]) for n in places) for row in answer.rows)
        return Table(columns, rows)

    # --- words

    def _pairs(self, pairs: Iterator[tuple[str, Any]]) -> Table:
        heads = (Column(self.say("item"), width=1.6), Column(self.say("value"), width=2.4))
        return Table(heads, tuple(pairs))

    def _table(self, heads: Sequence[tuple[tuple[str, str], float]], rows: Sequence[tuple[str, ...]]) -> Table:
        return Table(tuple(Column(names[self.language == "en"], width=width) for names, width in heads), tuple(rows))

    def _note(self, rule: str) -> NoteRef:
        return self.book.refer(vocabulary("counting_rule").label(rule, self.language), self.day)

    def _index(self, against: Against) -> str:
        schedule = against.schedule
        value = "–" if schedule.index is None else number(shown(schedule.index, 2), self.language)
        return self.say("months", value=value, variance=number(shown(schedule.variance, 1), self.language))

    def _cell(self, column: Any, value: Any) -> str:
        if value is None:
            return "n/a" if column.key == "fulfilment" else "–"
        if column.vocabulary:
            return self._label(column.vocabulary, value)
        if column.type == "percent":
            return f"{number(value, self.language)}%"
        return number(value, self.language) if isinstance(value, Decimal | int) else str(value.get(self.language))

    def _timely(self, said: bool | None) -> str:
        return "–" if said is None else self.say("on_time" if said else "not_on_time")

    def _percent(self, share: Decimal) -> str:
        value = shown(share * 100, 1)
        return f"{number(value.normalize() if value == value.to_integral_value() else value, self.language)}%"

    def _label(self, terms: str, code: str) -> str:
        return vocabulary(terms).label(code, self.language)

    def _date(self, partial: str) -> str:
        return period_label(partial, self.language) if partial else "–"

    def _name(self, record: Any) -> str:
        if record is None:
            return "–"
        return str(record.name_vi if self.language == "vi" or not record.name_en else record.name_en)


def _supply_title(key: str, language: Language) -> str:
    return _SUPPLY_TITLES[key][language == "en"]


_SUPPLY_TITLES = {
    "tranche": ("Đợt", "Tranche"), "unit": ("Đơn vị", "Unit"), "pledged": ("Cam kết", "Pledged"),
    "delivered": ("Đã giao", "Delivered"), "not_committed": ("Chưa ký", "Not committed"), "surplus": ("Vượt", "Surplus"),
    "fulfilment": ("Tỷ lệ thực hiện", "Fulfilment"),
}  # fmt: skip
