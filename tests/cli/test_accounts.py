"""Do the commands for accounts do what the pages do, with the same refusals?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from django.utils import timezone

from banggiao.accounts.models import RoleHeld, User
from banggiao.accounts.questions import viewer_of
from banggiao.cli.main import banggiao
from banggiao.commitments.models import Task
from banggiao.core.errors import BangGiaoError
from tests.factories.rows import SIX, institution, task, user

pytestmark = pytest.mark.django_db
Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command in this process, on the database of the test, which is prepared already."""
    monkeypatch.setattr("banggiao.cli.session.prepare", lambda **_options: None)

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(banggiao, ["users", *arguments])

    return call


def test_accounts_are_kept_by_commands(run: Run) -> None:
    from banggiao.cli.session import now

    body, today = institution(), timezone.localdate(now())
    made = run("invite", "moi", "--name", "Người Mới", "--role", "desk", "--institution", "BO-A")
    who = User.objects.get(username="moi")
    assert who.check_password(made.output.strip()) and viewer_of(who, today=today).roles == {"desk"}
    again = run("reset", "moi").output.strip()
    assert User.objects.get(username="moi").check_password(again)
    assert run("role", "moi", "verifier", "BO-A", "--reason", "QĐ 2").exit_code == 0
    assert run("end-role", "moi", "desk", "BO-A", "--on", today.isoformat()).exit_code == 0
    assert viewer_of(who, today=today + timedelta(days=1)).roles == {"verifier"}
    deputy = user("thay", role="mission", body=body)
    period = ("--from", today.isoformat(), "--until", (today + timedelta(days=3)).isoformat())
    assert run("delegate", "moi", "thay", "verifier", "BO-A", *period, "--reason", "nghỉ phép").exit_code == 0
    assert viewer_of(deputy, today=today).roles == {"mission", "verifier"}
    assert run("end-delegation", "moi", "thay").exit_code == 0
    assert viewer_of(deputy, today=today).roles == {"mission"}
    assert run("switch", "moi", "--off").exit_code == 0 and not User.objects.get(username="moi").is_active
    for refused in (("role", "moi", "desk", "BO-A"), ("end-delegation", "moi", "thay"), ("reset", "khong-ai")):
        assert isinstance(run(*refused).exception, BangGiaoError), refused


def test_a_portfolio_is_handed_over_by_a_command(run: Run) -> None:
    body = institution()
    user("di", name=SIX["person_in_charge"], role="ministry", body=body)
    coming = user("den", role="ministry", body=body)
    task(lead_id=body.pk, **SIX)
    shown = run("hand-over", "di", "den", "--reason", "chuyển công tác", "--yes")
    assert shown.exit_code == 0 and shown.output.split()[-1] == "1"
    assert Task.objects.get().person_in_charge == coming.name
    assert isinstance(run("hand-over", "di", "den", "--reason", "x", "--yes").exception, BangGiaoError)


def test_without_the_right_nothing_is_done(run: Run) -> None:
    body = institution()
    user("can.bo", role="desk", body=body)
    from click.testing import CliRunner as Runner

    refused = Runner().invoke(banggiao, ["--as", "can.bo", "users", "role", "can.bo", "leader", "BO-A"])
    assert isinstance(refused.exception, BangGiaoError) and RoleHeld.objects.count() == 1
