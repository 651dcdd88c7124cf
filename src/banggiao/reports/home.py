"""What needs a person today, by role: the figures of the home page, each with its rule, its moment and the list it opens.

Every figure is the total of an answer, so it equals the total of the list by construction. Whoever sees all registers gets them
whole; anybody else gets what the institutions they act for lead or are asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from banggiao.activities.models import Review
from banggiao.core.acts import Viewer
from banggiao.core.questions import Answer, Bi, Page, ask, question_named
from banggiao.followup.extensions.questions import waiting_moves
from banggiao.followup.models import DueDateMove
from banggiao.partners.models import Institution, Partner
from banggiao.reports.choices import institution_codes

#: A value of a filter that stands for the day of the page.
TODAY = "today"


@dataclass(frozen=True, slots=True)
class Count:
    """Something to count: the list with its filter, and its counting rule.

    `whose` is the filter that narrows it to the institutions of a viewer who does not see all.
    """

    question: str
    params: Mapping[str, str] = field(default_factory=dict)
    rule: str = "listed_rows"
    whose: str = "lead"
    alarming: bool = False


#: Key -> what it counts. The keys are named in the pages, the filters are those of the lists.
COUNTS: dict[str, Count] = {
    "facts_to_check": Count("facts_to_check", rule="facts_to_check", whose=""),
    **{
        f"{name} {key}": Count(name, params, rule, alarming=alarming)
        for name in ("commitments", "tasks")
        for key, params, rule, alarming in (
            ("overdue", {"overdue_on": TODAY, "order": "due"}, "open_past_due", True),
            ("due_soon", {"due_soon_on": TODAY, "order": "due"}, "open_due_soon", False),
            ("silent", {"silent_on": TODAY}, "no_update_30_days", False),
            ("blocked", {"work_state": "blocked"}, "duties_in_step", True),
            ("awaiting", {"work_state": "awaiting_decision"}, "duties_in_step", False),
            ("all", {}, "listed_rows", False),
            ("verified", {"validation_state": "verified"}, "duties_in_step", False),
            ("submitted", {"validation_state": "submitted"}, "duties_in_step", False),
            ("returned", {"validation_state": "returned"}, "duties_in_step", False),
            ("disputed", {"validation_state": "disputed"}, "duties_in_step", True),
        )
    },
    "data_calls open": Count("data_calls", {"state": "open"}, whose=""),
    "data_call_answers late": Count("data_call_answers", {"overdue_on": TODAY}, whose="institution", alarming=True),
    "data_call_answers unsent": Count("data_call_answers", {"unsent": "yes"}, whose="institution"),
    "data_call_answers returned": Count("data_call_answers", {"state": "returned"}, whose="institution"),
    "review_readers silent": Count("review_readers", {"silent": "yes"}, whose="institution"),
    "activities upcoming": Count("activities", {"upcoming_on": TODAY, "order": "oldest"}, whose=""),
    "barriers": Count("barriers", whose=""),
    "agreements": Count("agreements", whose=""),
    "documents": Count("documents", whose=""),
    "users in_use": Count("users", {"in_use": "yes"}, whose=""),
    "users without_role": Count("users", {"without_role_on": TODAY}, whose=""),
    "roles_held in_force": Count("roles_held", {"in_force_on": TODAY}, whose=""),
    "roles_held delegated": Count("roles_held", {"in_force_on": TODAY, "delegated": "yes"}, whose=""),
    "jobs dead": Count("jobs", {"state": "DEAD"}, whose="", alarming=True),
    "ledger": Count("ledger", whose=""),
}
_OWED = ("tasks overdue", "commitments overdue", "tasks due_soon", "commitments due_soon", "tasks blocked", "commitments blocked")
_ASKED = (
    "review_readers silent", "data_call_answers late", "data_call_answers unsent", "data_call_answers returned", "tasks returned",
    "commitments returned", "facts_to_check",
)  # fmt: skip
#: Role -> bands of the page, exceptions first: (name of the band, keys of its figures).
BANDS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "leader": (
        (
            "stuck",
            (
                "commitments overdue",
                "tasks overdue",
                "commitments blocked",
                "tasks blocked",
                "commitments awaiting",
                "tasks awaiting",
            ),
        ),
        ("promised", ("commitments all", "commitments verified", "tasks all", "tasks verified")),
    ),
    "desk": (
        (
            "waiting",
            (
                "facts_to_check",
                "tasks overdue",
                "commitments overdue",
                "tasks silent",
                "commitments silent",
                "data_call_answers late",
            ),
        ),
        ("soon", ("tasks due_soon", "commitments due_soon", "data_calls open")),
    ),
    "mission": (("asked", _ASKED), ("owed", _OWED)),
    "ministry": (("owed", _OWED), ("asked", _ASKED)),
    "province": (("owed", _OWED), ("asked", _ASKED)),
    "enterprise": (("open", ("data_call_answers unsent", "barriers", "agreements", "documents")),),
    "verifier": (
        (
            "validate",
            ("tasks submitted", "commitments submitted", "tasks disputed", "commitments disputed", "facts_to_check"),
        ),
    ),
    "administrator": (
        ("keep", ("users without_role", "jobs dead", "roles_held delegated", "users in_use", "roles_held in_force")),
    ),
    "auditor": (("audit", ("ledger", "roles_held in_force", "roles_held delegated", "jobs dead")),),
}
#: Role -> the figures whose rows stand on the page, while there are any.
LISTS: dict[str, tuple[str, ...]] = {
    "leader": ("commitments overdue", "tasks overdue"),
    "desk": ("tasks overdue", "commitments overdue", "tasks due_soon", "commitments due_soon"),
    "mission": (
        "data_call_answers unsent", "data_call_answers returned", "tasks returned", "commitments returned", "tasks overdue",
        "commitments overdue", "tasks due_soon", "commitments due_soon",
    ),
    "ministry": (
        "tasks overdue", "commitments overdue", "tasks due_soon", "commitments due_soon", "tasks returned",
        "commitments returned", "data_call_answers unsent", "data_call_answers returned",
    ),
    "enterprise": ("data_call_answers unsent", "barriers", "documents"),
    "verifier": ("tasks submitted", "commitments submitted", "tasks disputed", "commitments disputed"),
    "administrator": ("users without_role", "roles_held delegated", "ledger"),
    "auditor": ("ledger", "roles_held delegated"),
}  # fmt: skip
LISTS["province"] = LISTS["ministry"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: `key` names what it counts, `question` with `params` is the list it opens, `answer` its rows and total.

    `whose` is the institution it is counted for, where the viewer acts for several.
    """

    key: str
    question: str
    params: Mapping[str, str]
    answer: Answer
    rule: str
    alarming: bool = False
    whose: Bi = Bi("")

    @property
    def value(self) -> int:
        """The figure itself."""
        return self.answer.total


@dataclass(frozen=True, slots=True)
class Home:
    """What a role's page shows: bands of figures, and the figures whose rows are listed."""

    bands: tuple[tuple[str, tuple[Figure, ...]], ...]
    lists: tuple[Figure, ...]


def home_of(roles: Sequence[str], viewer: Viewer, *, at: datetime, today: date, rows: int = 6) -> Home:
    """The bands and lists of these roles in their order, as far as the viewer may ask.

    A figure that two roles share stands once; each comes with its first rows.
    """
    counted: dict[str, tuple[Figure, ...]] = {}

    def figures(key: str) -> tuple[Figure, ...]:
        if key not in counted:
            counted[key] = tuple(_figures(key, viewer, at, today, rows))
        return counted[key]

    bands: list[tuple[str, tuple[Figure, ...]]] = []
    shown: set[str] = set()
    for role in roles:
        for name, keys in BANDS[role]:
            fresh = [key for key in keys if key not in shown]
            shown.update(fresh)
            found = tuple(figure for key in fresh for figure in figures(key))
            if found:
                bands.append((name, found))
    listed = dict.fromkeys(key for role in roles for key in LISTS[role])
    return Home(tuple(bands), tuple(figure for key in listed for figure in figures(key) if figure.value))


def may_ask(question: str, viewer: Viewer) -> bool:
    """Whether the viewer has the right to put the question."""
    return viewer.may(question_named(question).permission)


def latest(question: str, viewer: Viewer, *, at: datetime, rows: int = 6, **params: str) -> Answer | None:
    """The first rows of a list in its usual order; None when the viewer may not ask for it."""
    return ask(question, params, viewer, at=at, page=Page(rows)).listed() if may_ask(question, viewer) else None


def moves_to_decide(viewer: Viewer, limit: int = 6) -> list[DueDateMove]:
    """Later due dates that were asked for and that the viewer may decide on, the oldest first."""
    return waiting_moves(viewer)[:limit]


def hosts_of(viewer: Viewer) -> list[Partner]:
    """The partners in whose country a mission stands that the viewer acts for."""
    posts = Institution.objects.visible_to(viewer).filter(pk__in=viewer.institutions, host__isnull=False)
    return list(Partner.objects.visible_to(viewer).filter(pk__in=posts.values("host")).order_by("sort_key", "pk"))


def running_reviews(viewer: Viewer, limit: int = 3) -> list[Review]:
    """The reviews that are not published yet, latest period first."""
    return [review for review in all_reviews(viewer) if review.state != "published"][:limit]


def all_reviews(viewer: Viewer) -> list[Review]:
    """The reviews that were begun, latest period first."""
    if not viewer.may("reports.view"):
        return []
    return list(Review.objects.visible_to(viewer).order_by("-period", "exercise", "pk"))


def _figures(key: str, viewer: Viewer, at: datetime, today: date, rows: int) -> Iterator[Figure]:
    """The figure of a key, once for each institution of a viewer who does not see all."""
    count = COUNTS[key]
    if not may_ask(count.question, viewer):
        return
    fixed = {name: today.isoformat() if value == TODAY else value for name, value in count.params.items()}
    scopes: list[tuple[dict[str, str], Bi]] = [({}, Bi(""))]
    if count.whose and not viewer.sees_all:
        own = institution_codes(viewer)
        scopes = [({count.whose: code}, name if len(own) > 1 else Bi("")) for code, name in own]
    for scope, whose in scopes:
        params = {**fixed, **scope}
        answer = ask(count.question, params, viewer, at=at, page=Page(rows)).listed()
        yield Figure(key, count.question, params, answer, count.rule, count.alarming, whose)
