"""What each role may do. A table, so that the ministry can read it and a test can walk it."""

from __future__ import annotations

_READ = frozenset({"registers.view", "reports.view", "search.use", "comments.use", "markets.view"})
_EDIT = frozenset(
    {
        "activities.edit",
        "agreements.edit",
        "commitments.edit",
        "barriers.edit",
        "bodies.edit",
        "partners.edit",
        "programmes.edit",
        "documents.read_in",
        "facts.check",
        "followup.report",
        "followup.assign",
        "escalations.send",
        "reminders.edit",
        "reviews.run",
        "reviews.comment",
        "exports.take",
        "data_calls.edit",
        "data_calls.answer",
        "dispatches.edit",
        "figures.edit",
        "markets.ingest",
        "signals.edit",
        "signals.triage",
    }
)

#: Who is asked for data answers, and refers to the letters behind it.
_ANSWERS = frozenset({"data_calls.answer", "dispatches.edit", "reviews.comment"})
#: Who carries duties asks those above to decide what exceeds their authority.
_CARRIES = _ANSWERS | {"escalations.send"}
#: Who follows markets for others says what to look out for and what a signal is worth.
_WATCHES = frozenset({"signals.edit", "signals.triage"})

#: Role -> permissions. `see_all` lifts the institution rule of the visibility filter.
PERMISSIONS: dict[str, frozenset[str]] = {
    "leader": _READ
    | {
        "exports.take",
        "data_calls.answer",
        "followup.approve_due_date",
        "escalations.decide",
        "escalations.send",
        "followup.approve_plan",
        "reviews.conclude",
        "see_all",
    },
    "desk": _READ | _EDIT | {"see_all", "jobs.view", "programmes.approve", "followup.approve_plan"},
    "mission": _READ
    | {"documents.read_in", "facts.check", "followup.report", "exports.take", "programmes.edit"}
    | _CARRIES
    | _WATCHES,
    "ministry": _READ | {"documents.read_in", "facts.check", "followup.report", "exports.take"} | _CARRIES | _WATCHES,
    "province": _READ | {"documents.read_in", "followup.report", "exports.take"} | _CARRIES,
    "enterprise": frozenset({"registers.view", "search.use", "data_calls.answer", "markets.view"}),
    "verifier": _READ | {"followup.validate", "facts.check", "see_all", "exports.take"},
    "administrator": _READ
    | {
        "accounts.view",
        "accounts.manage",
        "followup.hand_over",
        "jobs.view",
        "jobs.manage",
        "calendar.edit",
        "reminders.edit",
        "audit.view",
        "markets.ingest",
    },
    "auditor": _READ | {"accounts.view", "audit.view", "jobs.view", "see_all", "exports.take"},
}
