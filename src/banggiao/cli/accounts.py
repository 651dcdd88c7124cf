"""`banggiao users …`: accounts, the roles they hold, delegation, and handing over a portfolio."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import click

from banggiao.cli.session import ready
from banggiao.core.errors import N_, NotFound

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group("users")
def users() -> None:
    """Accounts and the roles they hold."""


@users.command("add")
@click.argument("username")
@click.option("--name", required=True, help="Name to show.")
@click.option("--role", required=True, help="A role of the vocabulary `role`.")
@click.option("--institution", required=True, metavar="CODE", help="The institution acted for, e.g. BNG.")
@click.password_option(help="Asked for when not given.")
@click.pass_context
def users_add(ctx: click.Context, username: str, name: str, role: str, institution: str, password: str) -> None:
    """A new account with one role."""
    with ready(ctx) as (act, language):
        from django.db import transaction

        from banggiao.accounts.services import create_user, give_role

        body = _body(institution)
        with transaction.atomic():
            user = create_user(
                act=act, username=username, name=name, password=password, institution_id=body.pk, language=language
            )
            give_role(act=act, user=user, role=role, institution_id=body.pk, held_from=act.at.date())
        click.echo(f"{username}: {role}, {body.name_vi}")


@users.command("invite")
@click.argument("username")
@click.option("--name", required=True, help="Name to show.")
@click.option("--role", required=True, help="A role of the vocabulary `role`.")
@click.option("--institution", required=True, metavar="CODE", help="The institution acted for, e.g. BNG.")
@click.pass_context
def users_invite(ctx: click.Context, username: str, name: str, role: str, institution: str) -> None:
    """A new account with one role; prints the one-time password, this once."""
    with ready(ctx) as (act, language):
        from banggiao.accounts.services import invite_user

        body = _body(institution)
        _user, password = invite_user(act=act, username=username, name=name, institution_id=body.pk, role=role, language=language)
        click.echo(password)


@users.command("list")
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def users_list(ctx: click.Context, as_json: bool) -> None:
    """Accounts with the roles they hold today."""
    with ready(ctx) as (act, language):
        from banggiao.accounts.models import User
        from banggiao.accounts.questions import acts_for

        act.viewer.require("accounts.manage")
        rows = [
            {
                "username": u.username,
                "name": u.name,
                "active": u.is_active,
                "roles": [(r, vi if language == "vi" else en or vi) for r, vi, en, _behalf in acts_for(u, today=act.at.date())],
            }
            for u in User.objects.filter(retracted=False).order_by("username")
        ]
        if as_json:
            click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        for row in rows:
            click.echo(f"{row['username']:<24}{row['name']}  " + "; ".join(f"{r} · {i}" for r, i in row["roles"]))


@users.command("password")
@click.argument("username")
@click.password_option()
@click.pass_context
def users_password(ctx: click.Context, username: str, password: str) -> None:
    """Set a password."""
    with ready(ctx) as (act, _language):
        from banggiao.accounts.models import User
        from banggiao.accounts.services import set_password

        act.viewer.require("accounts.manage", subject=username)
        user = User.objects.filter(username=username, retracted=False).first()
        if user is None:
            raise NotFound(N_("Không có người dùng này."), subject=username)
        set_password(act=act, user=user, password=password)


@users.command("reset")
@click.argument("username")
@click.pass_context
def users_reset(ctx: click.Context, username: str) -> None:
    """Replace a lost password; prints the one-time password, this once."""
    with ready(ctx) as (act, _language):
        from banggiao.accounts.services import reset_password

        click.echo(reset_password(act=act, user=_user(act, username)))


@users.command("switch")
@click.argument("username")
@click.option("--on/--off", "active", required=True)
@click.pass_context
def users_switch(ctx: click.Context, username: str, active: bool) -> None:
    """Take an account out of use, or into use again."""
    with ready(ctx) as (act, _language):
        from banggiao.accounts.services import switch_user

        user = _user(act, username)
        switch_user(act=act, user=user, active=active, version=user.version)


@users.command("role")
@click.argument("username")
@click.argument("role")
@click.argument("institution", metavar="CODE")
@click.option("--from", "start", type=_DAY, default=None, help="First day; today when not given.")
@click.option("--until", "end", type=_DAY, default=None, help="Last day; without end when not given.")
@click.option("--reason", default="", help="Decision or reason, kept in the ledger.")
@click.pass_context
def users_role(
    ctx: click.Context, username: str, role: str, institution: str, start: datetime | None, end: datetime | None, reason: str
) -> None:
    """Give a user a role for an institution."""
    with ready(ctx) as (act, _language):
        from banggiao.accounts.services import give_role

        give_role(
            act=act.because(reason), user=_user(act, username), role=role, institution_id=_body(institution).pk,
            held_from=start.date() if start else act.at.date(), held_until=end.date() if end else None,
        )  # fmt: skip


@users.command("end-role")
@click.argument("username")
@click.argument("role")
@click.argument("institution", metavar="CODE")
@click.option("--on", "day", type=_DAY, required=True, help="Last day of the role.")
@click.pass_context
def users_end_role(ctx: click.Context, username: str, role: str, institution: str, day: datetime) -> None:
    """A role ends with a day."""
    with ready(ctx) as (act, _language):
        from banggiao.accounts.services import end_role

        end_role(act=act, held=_held(act, username, role, institution), on=day.date())


@users.command("delegate")
@click.argument("username")
@click.argument("to")
@click.argument("role")
@click.argument("institution", metavar="CODE")
@click.option("--from", "start", type=_DAY, required=True)
@click.option("--until", "end", type=_DAY, required=True)
@click.option("--reason", required=True, help="Why the user is absent; kept in the ledger.")
@click.pass_context
def users_delegate(
    ctx: click.Context, username: str, to: str, role: str, institution: str, start: datetime, end: datetime, reason: str
) -> None:
    """TO acts in a role of USERNAME from a day until a day."""
    with ready(ctx) as (act, _language):
        from banggiao.accounts.services_delegation import delegate_role

        held = _held(act, username, role, institution)
        delegate_role(act=act.because(reason), held=held, to=_user(act, to), start=start.date(), end=end.date())


@users.command("end-delegation")
@click.argument("username")
@click.argument("to")
@click.pass_context
def users_end_delegation(ctx: click.Context, username: str, to: str) -> None:
    """Every delegation from USERNAME to TO is over."""
    with ready(ctx) as (act, _language):
        from django.db import transaction

        from banggiao.accounts.questions import delegations_of
        from banggiao.accounts.services_delegation import end_delegation

        giver, deputy = _user(act, username), _user(act, to)
        found = [
            h for h in delegations_of(giver, today=act.at.date()) if h.delegated_by_id == giver.pk and h.user_id == deputy.pk
        ]
        if not found:
            raise NotFound(N_("Không tìm thấy ủy quyền này."), subject=f"{username} → {to}")
        with transaction.atomic():
            for held in found:
                end_delegation(act=act, held=held)


@users.command("hand-over")
@click.argument("username")
@click.argument("to")
@click.option("--reason", required=True, help="Kept in the history of every record.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def users_hand_over(ctx: click.Context, username: str, to: str, reason: str, yes: bool) -> None:
    """The open duties of which USERNAME is in charge pass to TO, all or none."""
    with ready(ctx) as (act, _language):
        from banggiao.followup.services_portfolio import hand_over, portfolio_of

        leaving, coming = _user(act, username), _user(act, to)
        found = portfolio_of(leaving, act.viewer)
        for kind, count in found.counts:
            click.echo(f"{kind:<32}{count}")
        if found.total and not yes:
            click.confirm(f"{found.total} → {coming.name}?", abort=True)
        click.echo(hand_over(act=act.because(reason), user=leaving, to=coming, expected=found.total))


def _body(code: str) -> Any:
    from banggiao.partners.models import Institution

    body = Institution.objects.filter(code=code, retracted=False).first()
    if body is None:
        raise NotFound(N_("Không có cơ quan này."), subject=code, remedy=N_("Hãy xem mã bằng lệnh banggiao institutions list."))
    return body


def _user(act: Any, username: str) -> Any:
    from banggiao.accounts.models import User

    act.viewer.require("accounts.manage", subject=username)
    user = User.objects.filter(username=username, retracted=False).first()
    if user is None:
        raise NotFound(N_("Không có người dùng này."), subject=username)
    return user


def _held(act: Any, username: str, role: str, institution: str) -> Any:
    """The role, not over yet, that the user holds themselves."""
    from banggiao.accounts.questions import own_roles

    held = next(
        (h for h in own_roles(_user(act, username), today=act.at.date()) if h.role == role and h.institution.code == institution),
        None,
    )
    if held is None:
        raise NotFound(N_("Người dùng không giữ vai trò này."), subject=f"{username} {role} {institution}")
    return held


COMMANDS = (users,)
