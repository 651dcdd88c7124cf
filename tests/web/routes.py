"""What does each named route of the pages need: its parameters, the right to open it, and how it is called?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from banggiao.web.urls import urlpatterns
from tests.sources.clashes import clashing
from tests.web.world import World
from tests.web.world_directives import asked_twice, later_notice, paragraph_with_task
from tests.web.world_plans import difficulty, draft

REGISTERS = (
    "activities", "agreements", "commitments", "tasks", "barriers", "documents", "findings", "figures", "directives", "partners",
    "institutions", "people", "relation_levels", "posts", "economic_items", "programmes", "escalations", "due_date_moves",
    "reminder_ladders", "reviews", "evidence", "bodies", "meetings", "conclusion_notices", "statements", "attendances",
)  # fmt: skip
#: Register -> the ways to look at its list beside the table.
FACES = {
    "commitments": ("board", "timeline", "calendar"),
    "tasks": ("board", "timeline", "calendar"),
    "activities": ("calendar",),
    "reviews": ("board",),
    "review_readers": ("calendar",),
    "review_comments": ("board",),
    "data_calls": ("board", "calendar"),
    "meetings": ("board", "calendar"),
    "conclusion_notices": ("board",),
    "programmes": ("board",),
    "escalations": ("board", "calendar"),
    "due_date_moves": ("board",),
    "data_call_answers": ("board", "timeline", "calendar"),
}
#: The named routes; a new one without a case below fails the sweep.
NAMES = {pattern.name for pattern in urlpatterns}


@dataclass(frozen=True)
class Case:
    """One address: `permission` "" needs only a signed-in user, None nobody; `post` can be sent only; `file` is no page.

    A `fragment` is a part of a page; `only` names the role that may know of it, the others are told that it is not there.
    """

    args: Callable[[World], tuple[Any, ...]] = lambda world: ()
    permission: str | None = ""
    query: str = ""
    post: bool = False
    file: bool = False
    moves: bool = False
    fragment: bool = False
    only: str = ""


def _of(*registers: str, tail: tuple[Any, ...] = (), **options: Any) -> list[Case]:
    return [Case(lambda world, r=r: (r, world.of(r).pk, *tail), **options) for r in registers]


CASES: dict[str, list[Case]] = {
    "healthz": [Case(permission=None, file=True)],
    "sign_in": [Case(permission=None)],
    "sign_out": [Case(permission=None, post=True)],
    "language": [Case(permission=None, post=True)],
    "home": [Case()],
    "search": [Case(permission="search.use", query=query) for query in ("", "?q=thuy+san", "?q=%00")],
    "commitments_report": [
        Case(permission="reports.view", query=query) for query in ("", "?as_of=2025-09-15&period=2025&cursor=0", "?exercise=yes")
    ],
    "commitments_report_file": [
        Case(lambda w, f=form: (f,), "exports.take", "?as_of=2025-09-15", file=True) for form in ("json", "csv", "pdf", "docx")
    ],
    "commitments_difference": [
        Case(permission="reports.view", query=query) for query in ("", "?first=2025-09-14", "?first=2025-09-14&second=2025-09-15")
    ],
    "commitments_difference_file": [
        Case(lambda w, f=form: (f,), "exports.take", "?first=2025-09-14", file=True) for form in ("json", "csv", "xlsx")
    ],
    "markets": [Case(permission="markets.view")],
    "market_demo": [Case(permission="markets.ingest", post=True)],
    "market_job_stop": [Case(lambda w: (w.users["desk"].pk,), "markets.ingest", post=True)],
    "market_explorer": [Case(permission="markets.view", query=query) for query in ("", "?q=ca+phe&hs=09,0901&market=DEU")],
    "market_opportunity": [Case(lambda w: (90111, "DEU"), "markets.view")],
    "market_dependence": [Case(permission="markets.view", query=query) for query in ("", "?importer=VNM&hs=85")],
    "market_agreement": [Case(permission="markets.view")],
    "market_tariffs": [Case(permission="markets.view")],
    "market_concentration": [Case(permission="markets.view")],
    "market_space": [Case(permission="markets.view")],
    "market_picture": [
        Case(lambda w, f=form: ("published_trade_partners", f), "exports.take", "?flow=import", file=True)
        for form in ("svg", "png")
    ],
    "kpi": [Case(permission="reports.view"), Case(permission="reports.view", query="?of=tasks&by=year&exercise=yes")],
    "reviews": [Case(permission="reports.view")],
    "review": [Case(lambda w: ("2025-H1",), "reports.view"), Case(lambda w: ("2025",), "reports.view", "?exercise=yes")],
    "review_begin": [Case(lambda w: ("2024-H1",), "reviews.run", post=True)],
    "review_readers": [Case(lambda w: (w.of("reviews").pk,), "reviews.run")],
    "review_comment": [Case(lambda w: (w.of("reviews").pk,), "reviews.comment")],
    "review_tasks": [Case(lambda w: (w.of("reviews").pk,), "reviews.run", post=True)],
    "review_paper": [Case(lambda w, n=n: (w.of("reviews").pk, n), "exports.take", file=True) for n in ("comments", "memo")],
    "review_signature": [Case(lambda w: ("2025-H1",), "reviews.run"), Case(lambda w: ("2024-H1",), "reviews.run")],
    "review_chart": [Case(lambda w: ("2025-H1", 1), "reports.view", file=True)],
    "review_file": [Case(lambda w, f=form: ("2025-H1", f), "exports.take", file=True) for form in ("docx", "pdf", "json")],
    "upload": [Case(permission="documents.read_in")],
    "document": [Case(lambda w: (w.document.pk,), "registers.view")],
    "upload_batch": [Case(lambda w: (w.upload.pk,), "documents.read_in", only="desk")],
    "retry_upload": [Case(lambda w: (w.upload.pk,), "documents.read_in", post=True, only="desk")],
    "accept_batch": [Case(lambda w: (w.document.pk,), "facts.check", post=True)],
    "batch_preview": [Case(lambda w: (w.document.pk,), "facts.check", "?above=80", fragment=True)],
    "batch_state": [Case(lambda w: (w.document.pk,), "facts.check", fragment=True)],
    "undo_batch": [Case(lambda w: (w.document.pk, w.document.pk), "facts.check", post=True)],
    "add_fact": [
        Case(lambda w: (w.document.pk,), "facts.check", query)
        for query in ("", "?words=B%E1%BB%99+C%C3%B4ng+Th%C6%B0%C6%A1ng&kind=task", "?words=kh%C3%B4ng+c%C3%B3&kind=x&at=y")
    ],
    "fact": [Case(lambda w: (w.fact.pk,), moves=True)],
    "accept_fact": [Case(lambda w: (w.fact.pk,), "facts.check", post=True)],
    "correct_fact": [Case(lambda w: (w.fact.pk,), "facts.check")],
    "reject_fact": [Case(lambda w: (w.fact.pk,), "facts.check", post=True)],
    "undo_fact": [Case(lambda w: (w.fact.pk,), "facts.check", post=True)],
    "approvals": [Case(permission="followup.approve_due_date")],
    "feed": [Case(lambda w: ("bg_khong-co",), permission=None, file=True)],
    "mail": [Case()],
    "new_feed": [Case(post=True)],
    "end_feed": [Case(lambda w: (w.users["desk"].pk,), post=True)],
    "ladders": [Case()],
    "outbox": [Case(permission="jobs.view")],
    "send_mail": [Case(lambda w: (w.users["desk"].pk,), "jobs.manage", post=True)],
    "inbox": [Case(query=query) for query in ("", "?unread=yes&kind=reminder")],
    "inbox_read_all": [Case(post=True)],
    "inbox_item": [Case(lambda w: (w.letter.pk,), moves=True)],
    "inbox_read": [Case(lambda w: (w.letter.pk,), post=True)],
    "save_view": [Case(post=True)],
    "saved_view": [Case(lambda w: (w.view.pk,), only="desk")],
    "remove_view": [Case(lambda w: (w.view.pk,), post=True)],
    "comment_on": _of("tasks", "partners", permission="comments.use", post=True),
    # The comment of the desk: nobody else changes it.
    "change_comment": [Case(lambda w: ("tasks", w.task.pk, w.comment.pk), permission="commitments.edit")],
    "remove_comment": [Case(lambda w: ("tasks", w.task.pk, w.comment.pk), permission="comments.use", post=True)],
    "resolve_comment": [Case(lambda w: ("tasks", w.task.pk, w.comment.pk), permission="comments.use", post=True)],
    "people": [Case(lambda w: ("tasks", w.task.pk), permission="comments.use", query="?q=can", file=True)],
    "reconcile": [Case(permission="registers.view")],
    "decide_figure": [Case(lambda w: (clashing().pk,), "figures.edit")],
    "programme_reports": [Case(permission="programmes.approve")],
    "programme_task": [
        Case(lambda w: (w.programme.pk, w.programme.task_lines.first().pk), "programmes.edit", post=True, moves=True)
    ],
    "progress_forms": [Case(permission="followup.report")],
    "progress_round": [Case(permission="data_calls.edit")],
    "progress_returned": [Case(permission="followup.report")],
    "progress_file": [
        Case(lambda w, f=form: (w.body.code, f), "followup.report", file=True) for form in ("xlsx", "docx")
    ],
    "six_fields_paper": [Case(lambda w, f=form: (f,), "exports.take", file=True) for form in ("docx", "pdf")],
    "meeting_propose": [Case(lambda w: (w.of("meetings").pk,), "bodies.edit")],
    "meeting_tasks": [Case(lambda w: (w.of("meetings").pk,), "bodies.edit")],
    "roll_call": [
        Case(lambda w: ("meetings", w.of("meetings").pk), "bodies.edit"),
        Case(lambda w: ("activities", w.activity.pk), "activities.edit"),
    ],
    "record_paper": [
        *(Case(lambda w, f=form: ("meetings", w.of("meetings").pk, f), "exports.take", file=True) for form in ("docx", "pdf")),
        Case(lambda w: ("conclusion_notices", w.of("conclusion_notices").pk, "json"), "exports.take", file=True),
        *(Case(lambda w, r=r: (r, w.of(r).pk, "docx"), "exports.take", file=True) for r in ("commitments", "tasks")),
    ],
    "expect": [Case(lambda w: (w.activity.pk,), "activities.edit")],
    "call_statements": [Case(lambda w: (w.activity.pk,), "activities.edit")],
    "take_statements": [Case(lambda w: (w.activity.pk,), "activities.edit", post=True)],
    "new_call": [Case(permission="data_calls.edit")],
    "edit_call": [Case(lambda w: (w.of("data_calls").pk,), "data_calls.edit")],
    "call_deadline": [Case(lambda w: (w.of("data_calls").pk,), "data_calls.edit")],
    "call_returned": [Case(lambda w: (w.of("data_calls").pk,), "data_calls.answer")],
    "call_paper": [Case(lambda w: (w.of("data_calls").pk,), "exports.take", file=True)],
    "answer_fill": [Case(lambda w: (w.of("data_call_answers").pk,), "data_calls.answer")],
    "answer_save": [Case(lambda w: (w.of("data_call_answers").pk,), "data_calls.answer")],
    "answer_form": [
        Case(lambda w, f=form: (w.of("data_call_answers").pk, f), "data_calls.answer", file=True) for form in ("xlsx", "docx")
    ],
    "answer_returned": [Case(lambda w: (w.of("data_call_answers").pk,), "data_calls.answer")],
    "plan_draft": _of("commitments", "tasks", permission="followup.report"),
    "plan_redraft": [Case(lambda w: ("commitments", w.commitment.pk, draft().pk), "followup.report")],
    "plan_approve": [Case(lambda w: ("commitments", w.commitment.pk, draft().pk), "followup.approve_plan", post=True)],
    "plan_withdraw": [Case(lambda w: ("commitments", w.commitment.pk, draft().pk), "followup.report")],
    "claim": [Case(lambda w: ("tasks", w.task.pk), "followup.report")],
    "difficulty": _of("commitments", permission="followup.report"),
    "difficulty_end": [Case(lambda w: ("tasks", w.task.pk, difficulty().pk), "followup.report")],
    "evidence_file": [Case(lambda w: (w.of("evidence").pk,), "registers.view", file=True)],
    "split_commitment": [Case(lambda w: (w.commitment.pk,), "commitments.edit")],
    "merge_commitment": [Case(lambda w: (w.commitment.pk,), "commitments.edit")],
    "supersede_commitment": [Case(lambda w: (w.commitment.pk,), "commitments.edit")],
    "dispatch": _of("tasks", "data_calls", permission="dispatches.edit"),
    "list": [
        *(
            Case(lambda w, r=r: (r,), "registers.view", f"?face={face}")
            for r, faces in FACES.items()
            for face in faces
        ),
        *(Case(lambda w, r=r: (r,), "registers.view") for r in REGISTERS),
        Case(lambda w: ("facts_to_check",), "facts.check"),
        *(Case(lambda w, q=q: (q,), "registers.view") for q in ("must_ratify", "economic_share", "similar")),
        Case(lambda w: ("programmes_by_mission",), "registers.view", "?period=2025-H2&reported=no"),
        Case(lambda w: ("similar",), "registers.view", "?text=ca+phe&partner=XAA&field=trade&day=2025"),
        Case(lambda w: ("activities",), "registers.view", "?economic=project&status=held&level="),
        *(Case(lambda w, q=q: (q,), "registers.view") for q in ("anniversaries", "standing_levels", "partners_by_commitments")),
        *(
            Case(lambda w, q=q: (q,), "registers.view", "?partner=XAA")
            for q in (
                "partner_commitments", "common_ftas", "partner_barriers", "partner_people", "partner_documents", "partner_trade",
            )
        ),
        *(Case(lambda w, q=q: (q,), "reports.view") for q in ("ledger", "who_must_act", "commitments_by_partner")),
        *(Case(lambda w, q=q: (q,), "reports.view", "?since=2025-07-01") for q in ("six_fields", "who_reported")),
        *(
            Case(lambda w, q=q: (q,), "reports.view", "?by=partner")
            for q in ("kpi_timeliness", "kpi_progress", "kpi_first_action")
        ),
        Case(lambda w: ("gaming_signs",), "reports.view"),
        Case(lambda w: ("pledge_ledger",), "registers.view", "?partner=XAA"),
        *(Case(lambda w, q=q: (q,), "accounts.view") for q in ("users", "roles_held")),
        *(Case(lambda w, q=q: (q,), "jobs.view") for q in ("jobs", "mails")),
        Case(lambda w: ("ledger",), "reports.view", "?person=can&type=commitments.task&period=2025"),
        Case(lambda w: ("tasks",), "registers.view", "?overdue_on=2025-09-15&order=due"),
        Case(lambda w: ("agreements",), "registers.view", "?partner=XAA&kind=mou&period=2025-H1&q=ca+phe"),
        Case(lambda w: ("barriers",), "registers.view", "?q=khong+co+gi"),
    ],
    "export": [
        *(Case(lambda w, f=form: ("tasks", f), "exports.take", file=True) for form in ("csv", "xlsx", "json")),
        Case(lambda w: ("documents", "csv"), "exports.take", file=True),
    ],
    "record": [*_of(*REGISTERS, permission="registers.view"), *_of("users", "roles_held", permission="accounts.view")],
    "choices": [Case(lambda w: ("partners",), "registers.view", "?q=vuong", fragment=True)],
    "new": [
        *(Case(lambda w, r=r: (r,), "commitments.edit") for r in ("commitments", "tasks", "directives")),
        Case(lambda w: ("barriers",), "barriers.edit", "?partner_id=XAA&name_vi=%00"),
        Case(lambda w: ("escalations",), "escalations.send", "?subject_type=commitments.task&subject_id=NV-2025-0001"),
        Case(lambda w: ("reminder_ladders",), "reminders.edit"),
        Case(lambda w: ("agreements",), "agreements.edit"),
        Case(lambda w: ("activities",), "activities.edit"),
        *(
            Case(lambda w, r=r: (r,), "partners.edit")
            for r in ("partners", "institutions", "people", "posts", "relation_levels")
        ),
    ],
    "partner_map": [Case(permission="registers.view", query=query) for query in ("", "?show=commitments")],
    "partner_map_file": [
        Case(lambda w, n=name, f=form: (n, f), "exports.take", file=True)
        for name, form in (("levels", "png"), ("commitments", "pdf"), ("levels", "docx"), ("levels", "svg"))
    ],
    "partner_file": [Case(lambda w: (w.state.code,), "registers.view"), Case(lambda w: (w.state.pk,), "registers.view")],
    "partner_chart": [Case(lambda w: (w.state.code,), "registers.view", file=True)],
    "partner_brief": [Case(lambda w, f=form: (w.state.code, f), "exports.take", file=True) for form in ("pdf", "docx")],
    "close_institution": [Case(lambda w: (w.other.pk,), "partners.edit")],
    "similar": [Case(lambda w: ("commitments",), "commitments.edit", post=True)],
    "paste": [Case(lambda w: ("commitments",), "commitments.edit"), Case(lambda w: ("barriers",), "barriers.edit")],
    "preview": [Case(lambda w: ("commitments", w.paste.pk), "commitments.edit", only="desk")],
    "mend": [Case(lambda w: ("commitments", w.paste.pk), "commitments.edit", file=True, only="desk")],
    "paste_undo": [Case(lambda w: ("commitments", w.paste.pk), "commitments.edit", post=True)],
    "forget_paste": [Case(lambda w: ("commitments", w.paste.pk), "commitments.edit", post=True)],
    "undo": _of("tasks", permission="commitments.edit", post=True),
    "edit": [
        *_of("users", permission="accounts.manage"),
        *_of("activities", permission="activities.edit"),
        *_of("agreements", permission="agreements.edit"),
        *_of("commitments", "tasks", permission="commitments.edit"),
        *_of("barriers", permission="barriers.edit"),
        *_of("escalations", permission="escalations.send"),
        *_of("reminder_ladders", permission="reminders.edit"),
        *_of("partners", "institutions", "people", "posts", "relation_levels", permission="partners.edit"),
    ],
    "step": [
        *_of("tasks", tail=("block",), permission="followup.report"),
        *_of("tasks", tail=("pause",), permission="followup.assign"),
        *_of("tasks", tail=("submit",), permission="followup.report"),
        *_of("data_calls", tail=("withdraw",), permission="data_calls.edit"),
        *_of("data_call_answers", tail=("submit",), permission="data_calls.answer"),
        *_of("escalations", tail=("withdraw",), permission="escalations.send"),
        *_of("escalations", tail=("decide",), permission="escalations.decide"),
        *_of("agreements", tail=("enter_into_force",), permission="agreements.edit"),
        *_of("barriers", tail=("archive",), permission="barriers.edit"),
    ],
    "progress": _of("tasks", "commitments", permission="followup.report"),
    "evidence": _of("tasks", "commitments", permission="followup.report"),
    "due": _of("tasks", "commitments", permission="followup.report"),
    "first_sign_in": [Case(permission=None)],
    **{name: [Case()] for name in ("account", "password", "tokens", "delegate", "permissions", "vocabularies")},
    "vocabulary": [Case(lambda w: ("role",)), Case(lambda w: ("topic",))],
    "calendar": [Case(), Case(query="?calendar=VNM&year=2026"), Case(query="?calendar=../x&year=%00")],
    "jobs": [Case(permission="jobs.view")],
    "add_user": [Case(permission="accounts.manage")],
    "give_role": [Case(lambda w: (w.users["desk"].pk,), "accounts.manage")],
    "end_role": [Case(lambda w: (w.of("roles_held").pk,), "accounts.manage")],
    "hand_over": [Case(lambda w: (w.users["desk"].pk,), "followup.hand_over")],
    "switch_schedule": [Case(lambda w: ("remind",), post=True)],
    "verify_ledger": [Case(post=True)],
    **{
        name: [Case(lambda w: (w.users["desk"].pk,), post=True)]
        for name in (
            "revoke_token", "undelegate", "end_delegation", "reset_password", "switch_user", "calendar_remove", "resend_job",
        )
    },
    "add_line": [
        *(Case(lambda w, p=p: ("activities", w.activity.pk, p), "activities.edit") for p in ("agenda", "delegation", "sites")),
        *(Case(lambda w, p=p: ("activities", w.activity.pk, p), "activities.edit") for p in ("economic_content", "outcomes")),
        *(Case(lambda w, p=p: ("agreements", w.agreement.pk, p), "agreements.edit") for p in ("legal_steps", "texts")),
        Case(lambda w: ("agreements", w.agreement.pk, "readiness"), "agreements.edit"),
        Case(lambda w: ("agreements", w.agreement.pk, "clauses"), "agreements.edit"),
        Case(lambda w: ("directives", w.directive.pk, "paragraphs"), "commitments.edit"),
    ],
    "line": [
        Case(lambda w: ("activities", w.activity.pk, "outcomes", w.outcome.pk), "activities.edit"),
        Case(lambda w: ("agreements", w.agreement.pk, "legal_steps", w.legal_step.pk), "agreements.edit"),
    ],
    "remove_line": [Case(lambda w: ("activities", w.activity.pk, "outcomes", w.outcome.pk), "activities.edit", post=True)],
    "directive_text": [Case(lambda w: (w.directive.pk,), "commitments.edit")],
    "directive_split": [Case(lambda w: (later_notice().pk,), "commitments.edit")],
    "directive_unsplit": [Case(lambda w: (later_notice().pk, paragraph_with_task().pk), "commitments.edit", post=True)],
    "directive_assign": [Case(lambda w: (later_notice().pk,), "followup.assign")],
    "judge_repeated": [Case(lambda w: tuple(t.pk for t in asked_twice()), "commitments.edit", post=True)],
    "split_text": [Case(lambda w: (w.agreement.pk, w.text.pk), "agreements.edit")],
    "commit_clause": [Case(lambda w: (w.agreement.pk, w.clause.pk), "commitments.edit")],
    "tie_clause": [Case(lambda w: (w.agreement.pk, w.clause.pk), "commitments.edit")],
    "decide_due": [Case(lambda w: ("tasks", w.task.pk, w.move.pk), "followup.approve_due_date", post=True)],
}  # fmt: skip


def addresses(world: World) -> Iterator[tuple[str, Case, str]]:
    """(route, case, address) of everything the pages offer."""
    for name, cases in CASES.items():
        for case in cases:
            yield name, case, reverse(f"web:{name}", args=case.args(world)) + case.query
