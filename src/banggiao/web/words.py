"""How are the domain's words, values and errors said to the reader of a page?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, pgettext

from banggiao.core import periods
from banggiao.core.errors import BangGiaoError, fill
from banggiao.core.questions import Bi, Ref
from banggiao.core.vocabulary import vocabulary
from banggiao.web.asking import language
from banggiao.web.formats import format_partial_date
from banggiao.web.parts import Badge, Tone, Value

#: Vocabulary -> code -> what the badge of that state tells at a glance; others are neutral.
TONES: dict[str, dict[str, Tone]] = {
    "work_state": {
        "assigned": "active",
        "active": "active",
        "awaiting_decision": "risk",
        "blocked": "bad",
        "done": "good",
    },
    "validation_state": {"submitted": "active", "returned": "risk", "verified": "good", "disputed": "bad"},
    "timeliness": {"on_time": "good", "due_soon": "risk", "overdue": "bad", "done_late": "risk", "unknown": "neutral"},
    "activity_status": {"confirmed": "active", "postponed": "risk", "cancelled": "bad"},
    "agreement_status": {
        "negotiating": "active",
        "initialled": "active",
        "signed": "active",
        "ratified": "active",
        "in_force": "good",
        "suspended": "risk",
        "terminated": "bad",
        "withdrawn": "bad",
    },
    "body_state": {"active": "active"},
    "meeting_state": {"convened": "active", "held": "good", "minuted": "good", "cancelled": "bad"},
    "notice_state": {"commenting": "active", "issued": "good", "dropped": "bad"},
    "presence": {"present": "good", "represented": "active", "absent": "bad"},
    "barrier_status": {
        "open": "bad",
        "pending_us": "risk",
        "pending_them": "risk",
        "pending_business": "risk",
        "in_progress": "active",
        "resolved_part": "active",
        "resolved_full": "good",
    },
    "standing_colour": {"done": "good", "on_course": "active", "at_risk": "risk", "off_course": "bad"},
    "baseline_state": {"draft": "active", "approved": "good"},
    "evidence_state": {"submitted": "active", "accepted": "good", "returned": "risk"},
    "signal_state": {"new": "risk", "watching": "active", "raised": "bad", "closed": "neutral"},
    "watch_state": {"paused": "neutral"},
    "escalation_state": {"sent": "risk", "decided": "good", "withdrawn": "neutral"},
    "due_move_state": {"requested": "risk", "approved": "good", "refused": "bad"},
    "mail_state": {"sending": "active", "sent": "good", "failed": "bad"},
    "review_reader_state": {"commented": "good", "agreed": "good"},
    "review_comment_state": {"open": "active", "accepted": "good", "partly": "good", "rejected": "risk"},
    "data_call_state": {"open": "active", "closed": "neutral", "consolidated": "good", "withdrawn": "risk"},
    "data_call_answer_state": {"draft": "active", "submitted": "good", "approved": "good", "returned": "risk"},
    "fact_state": {"proposed": "active", "accepted": "good", "corrected": "good", "rejected": "bad"},
    "review_state": {"open": "active", "frozen": "active", "circulated": "active", "concluded": "good", "published": "good"},
}


def say(message: str, params: Mapping[str, object] | None = None) -> str:
    """The message in the reader's language with its placeholders filled in, which are translated too; empty stays empty."""
    if not message:
        return ""
    words = {n: gettext(v) if isinstance(v, str) and v else v for n, v in (params or {}).items()}
    return fill(gettext(message), words)


def told(error: BangGiaoError) -> str:
    """What happened and what to do, in one line."""
    return " ".join(filter(None, (say(error.message, error.params), say(error.remedy, error.params))))


def label(name: str, code: str) -> str:
    """The name of a code of a closed list in the reader's language; a code the list does not have is shown as it is."""
    terms = vocabulary(name)
    return terms.label(code, language()) if code in terms else code


def state_badge(name: str, code: str, axis: str = "") -> Badge:
    """The badge of a state."""
    return Badge(label=label(name, code), tone=TONES.get(name, {}).get(code, "neutral"), axis=axis)


def period_label(code: str) -> str:
    """The period as the reader names it; what is no period is shown as it is."""
    text = periods.period_label(code, language())
    return text if text == code else text[:1].upper() + text[1:]


def plain_value(value: Any, kind: str = "text", vocabulary_name: str = "") -> Value:
    """A value of an answer as a cell can hold it: text in the reader's language, numbers and whole dates as they are."""
    if value is None or value == "":
        return None
    if isinstance(value, Bi):
        return value.get(language()) or None
    if isinstance(value, Ref):
        return value.title.get(language())
    if isinstance(value, bool | datetime | date):
        return value
    if isinstance(value, tuple | list):
        return pgettext("between items", "; ").join(str(plain_value(v, kind, vocabulary_name)) for v in value) or None
    if vocabulary_name:
        return label(vocabulary_name, str(value))
    if kind == "period":
        return period_label(str(value))
    if kind == "date":
        return partial_date(str(value))
    if isinstance(value, int | float | Decimal):
        return value
    return str(value)


def partial_date(text: str) -> date | str:
    """A full ISO date as a date; a partial one as the reader writes it."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return format_partial_date(text, language())


def is_id(text: object) -> bool:
    """Whether the text is a record's id."""
    try:
        return bool(UUID(str(text)))
    except ValueError:
        return False
