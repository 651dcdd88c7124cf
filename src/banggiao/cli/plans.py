"""`banggiao commitments plan|claim|evidence|standing|difficulty|split|merge|supersede`, of tasks too, and `evidence check`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import click

from banggiao.cli.session import ready
from banggiao.core.acts import Act
from banggiao.core.errors import N_, InvalidInput, NotFound, Unreadable

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_REASON = click.option("--reason", default="", help="Why; kept in the history.")
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("standing")
@click.argument("code")
@_JSON
@click.pass_context
def standing_command(ctx: click.Context, code: str, as_json: bool) -> None:
    """The numbers of duty CODE apart: progress verified and claimed, schedule, confidence; and the colour they give."""
    from banggiao.reports.standings import standing_out

    with ready(ctx) as (act, language):
        found = _duty(ctx, act, code)
        told = standing_out(found, act.viewer, act.at)
        if as_json:
            _print(told)
            return
        progress, schedule, trust = told["progress"], told["schedule"], told["confidence"]
        lines = [
            f"{found.code}  {told['colour']}  ({told['as_of']})",
            "  " + "  ".join(f"{name} {_percent(progress[name])}" for name in ("verified", "claimed", "gap")),
        ]
        for name in ("first", "current"):
            if against := schedule[name]:
                lines.append(
                    f"  schedule {against['index']} against plan {against['number']} ({against['variance_months']:+} months)"
                )
        if told["timeliness"]["late_days"] is not None:
            said = {True: "yes", False: "no"}
            on_time = ", ".join(f"{name} {said[told['timeliness'][f'on_time_{name}']]}" for name in ("current", "first"))
            lines.append(f"  on time: {on_time}; {told['timeliness']['late_days']:+} days from the first deadline")
        age = "-" if trust["age_days"] is None else trust["age_days"]
        lines.append(
            f"  confidence {_percent(trust['value'])}  evidence {trust['freshness']}, age {age} of {trust['cycle_days']} days"
        )
        lines += [f"  {rule[language]}" for rule in (progress["rule"], schedule["rule"], trust["rule"])]
        click.echo("\n".join(lines))


@click.command("plan")
@click.argument("code")
@click.option("--draft", type=_FILE, help="JSON with starts, milestones, reason, partner_document: drafts a plan.")
@click.option("--approve", "approved", is_flag=True, help="Approve the draft.")
@click.option("--withdraw", "withdrawn", is_flag=True, help="Withdraw the draft; needs --reason.")
@_REASON
@_JSON
@click.pass_context
def plan_command(
    ctx: click.Context, code: str, draft: Path | None, approved: bool, withdrawn: bool, reason: str, as_json: bool
) -> None:
    """The plans of duty CODE with their milestones; or draft, approve, withdraw one."""
    from banggiao.followup.planning.questions import baselines_of
    from banggiao.followup.planning.services import approve_plan, withdraw_plan
    from banggiao.reports import plans
    from banggiao.reports.standings import plan_out

    with ready(ctx) as (act, language):
        found, act = _duty(ctx, act, code), act.because(reason)
        if draft:
            plans.draft(found, _read(draft), act=act)
        if approved or withdrawn:
            waiting = baselines_of(found.pk, act.viewer).filter(state="draft").first()
            if waiting is None:
                raise NotFound(
                    N_("Không có dự thảo kế hoạch nào."), subject=found.code, remedy=N_("Hãy lập dự thảo trước, bằng --draft.")
                )
            step = approve_plan if approved else withdraw_plan
            step(act=act, record=found, baseline=waiting, version=waiting.version)
        told = plan_out(found, act.viewer, act.at)
        if as_json:
            _print(told)
            return
        for plan in told["baselines"]:
            click.echo(
                f"{'-' if plan['number'] is None else plan['number']}  {plan['state']}  {plan['starts']}  {plan['reason'] or ''}"
            )
            for m in plan["milestones"]:
                name = m["name"]["en"] if language == "en" and m["name"]["en"] else m["name"]["vi"]
                shares = f"{_percent(m['claimed']):>6} {_percent(m['verified']):>6}"
                click.echo(f"  {m['number']:>2}. {m['due']}  {_percent(m['weight']):>6}  {shares}  {name}")


@click.command("claim")
@click.argument("code")
@click.argument("milestone")
@click.option("--quantity", default="", help="So much of the target by then, all together.")
@click.option("--done", is_flag=True, help="Done, for a milestone without a target.")
@click.option("--day", default="", help="By which day; today when not said.")
@click.option("--note", default="")
@_JSON
@click.pass_context
def claim_command(
    ctx: click.Context, code: str, milestone: str, quantity: str, done: bool, day: str, note: str, as_json: bool
) -> None:
    """Say what is done of MILESTONE (its number in the plan, or its key) of duty CODE."""
    from banggiao.reports import plans
    from banggiao.reports.standings import claim_out

    with ready(ctx) as (act, _language):
        found = _duty(ctx, act, code)
        values = {"milestone": milestone, "quantity": quantity, "done": done, "day": day or _today(act), "note": note}
        made = claim_out(plans.claim(found, values, act=act))
        _print(made) if as_json else click.echo(f"{found.code} {milestone}: {made['quantity']:g} ({made['day']})")


@click.command("evidence")
@click.argument("code")
@click.option("--description", required=True)
@click.option("--grade", required=True, help="0 to 4.")
@click.option("--day", default="", help="Of which day it is; today when not said.")
@click.option("--milestone", default="", help="Its number in the plan, or its key.")
@click.option("--quantity", default="", help="What it proves of the target.")
@click.option("--file", "path", type=_FILE, help="At most 25 MB.")
@_JSON
@click.pass_context
def evidence_command(
    ctx: click.Context,
    code: str,
    description: str,
    grade: str,
    day: str,
    milestone: str,
    quantity: str,
    path: Path | None,
    as_json: bool,
) -> None:
    """Hand in evidence for duty CODE; it counts once somebody else has accepted it."""
    from banggiao.followup.evidence.files import Sent
    from banggiao.reports import plans
    from banggiao.reports.standings import evidence_out

    with ready(ctx) as (act, _language):
        found = _duty(ctx, act, code)
        values = {"description": description, "grade": grade, "day": day or _today(act), "milestone": milestone}
        file = Sent(path.name, _chunks(path)) if path else None
        made = evidence_out(plans.hand_in(found, {**values, "quantity": quantity}, act=act, file=file))
        _print(made) if as_json else click.echo(f"{found.code}: {made['id']} v{made['version']} {made['state']}")


@click.command("check")
@click.argument("evidence")
@click.argument("step", type=click.Choice(["accept", "return", "resubmit"]))
@click.option("--grade", default="", help="Accept at another grade; needs --reason.")
@click.option("--version", type=int, help="The version that was seen; that of now when not said.")
@_REASON
@_JSON
@click.pass_context
def check_command(
    ctx: click.Context, evidence: str, step: str, grade: str, version: int | None, reason: str, as_json: bool
) -> None:
    """Accept or return EVIDENCE (its id), or hand it in again."""
    from banggiao.core.registers import find_record
    from banggiao.followup.evidence.questions import EVIDENCES
    from banggiao.reports.actions import take_step
    from banggiao.reports.standings import evidence_out

    with ready(ctx) as (act, _language):
        act.viewer.require(EVIDENCES.permission, subject=evidence)
        found = find_record(EVIDENCES, evidence, act.viewer)
        values = {"grade": grade} if grade else {}
        seen = version or found.version
        moved = evidence_out(take_step(EVIDENCES, found, action=step, version=seen, values=values, act=act.because(reason)))
        _print(moved) if as_json else click.echo(f"{moved['id']} v{moved['version']} {moved['state']}")


@click.command("difficulty")
@click.argument("code")
@click.option("--code", "kind", required=True, help="A term of difficulty_code.")
@click.option("--since", default="", help="Since which day; today when not said.")
@click.option("--text", default="")
@click.option("--unblocker", default="", help="A body of the register, by code or name.")
@click.option("--unblocker-name", default="", help="Anybody else who can take it away.")
@_JSON
@click.pass_context
def difficulty_command(
    ctx: click.Context, code: str, kind: str, since: str, text: str, unblocker: str, unblocker_name: str, as_json: bool
) -> None:
    """Write down what stands in the way of duty CODE and who can take it away."""
    from banggiao.reports import plans
    from banggiao.reports.standings import difficulty_out

    with ready(ctx) as (act, _language):
        found = _duty(ctx, act, code)
        values = {"code": kind, "since": since or _today(act), "text": text, "unblocker": unblocker}
        made = difficulty_out(plans.difficulty(found, {**values, "unblocker_name": unblocker_name}, act=act))
        _print(made) if as_json else click.echo(f"{found.code}: {made['id']} {made['code']} {made['since']}")


def _replacing(name: str, said: str) -> click.Command:
    """A command that takes what is to be done from a JSON file."""

    @click.command(name, help=said)
    @click.argument("code")
    @click.argument("file", type=_FILE)
    @_REASON
    @_JSON
    @click.pass_context
    def command(ctx: click.Context, code: str, file: Path, reason: str, as_json: bool) -> None:
        from banggiao.reports import plans
        from banggiao.reports.standings import succession_out

        with ready(ctx) as (act, _language):
            found, values = _duty(ctx, act, code), _read(file)
            act = act.because(reason or str(values.pop("reason", "")))
            getattr(plans, name)(found, values, act=act, version=found.version)
            told = succession_out(found, act.viewer)
            if as_json:
                _print(told)
            else:
                click.echo(f"{found.code} → {', '.join(end['code'] for end in told['replaced_by'])}")

    return command


COMMON = (standing_command, plan_command, claim_command, evidence_command, difficulty_command)
COMMANDS: dict[str, tuple[click.Command, ...]] = {
    "commitments": (
        *COMMON,
        _replacing("split", "Several commitments in the place of CODE: FILE is JSON with parts of text_vi, weight, lead."),
        _replacing("merge", "One commitment in the place of CODE and others: FILE is JSON with others, text_vi, lead, document."),
        _replacing("supersede", "Another commitment in the place of CODE: FILE is JSON with by, document."),
    ),
    "tasks": COMMON,
    "evidence": (check_command,),
}


def _duty(ctx: click.Context, act: Act, code: str) -> Any:
    from banggiao.core.registers import find_record, register_named

    book = register_named(ctx.parent.info_name if ctx.parent and ctx.parent.info_name else "commitments")
    act.viewer.require(book.permission, subject=book.name)
    return find_record(book, code, act.viewer)


def _read(file: Path) -> dict[str, Any]:
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise Unreadable(
            N_("Không đọc được tệp."), subject=str(file), remedy=N_("Hãy kiểm tra lại tên tệp và quyền đọc.")
        ) from problem
    if not isinstance(values, dict):
        raise InvalidInput(N_("Thông tin nhập chưa hợp lệ."), subject=str(file), remedy=N_("Hãy gửi một đối tượng JSON."))
    return values


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as source:
            while chunk := source.read(1 << 20):
                yield chunk
    except OSError as problem:
        raise Unreadable(
            N_("Không đọc được tệp."), subject=str(path), remedy=N_("Hãy kiểm tra lại tên tệp và quyền đọc.")
        ) from problem


def _today(act: Act) -> str:
    from django.utils import timezone

    today: date = timezone.localdate(act.at)
    return today.isoformat()


def _print(told: Any) -> None:
    click.echo(json.dumps(told, ensure_ascii=False, indent=1))


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share * 100:g}%"
