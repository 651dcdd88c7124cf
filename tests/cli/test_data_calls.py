"""Do the commands of data calls and figures hand out forms, read them back without writing, and write only when told?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from banggiao.cli.main import banggiao
from banggiao.followup.data_calls.models import DataCallAnswer
from tests.followup.calls import asked
from tests.sources.clashes import clashing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The installation stands already: the tests bring their own rows."""
    monkeypatch.setattr("banggiao.cli.session.prepare", lambda **_options: None)


def run(*arguments: str) -> str:
    done = CliRunner().invoke(banggiao, list(arguments), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_a_form_goes_out_and_comes_back_by_command(tmp_path: Path) -> None:
    world, file = asked(), tmp_path / "phieu.xlsx"
    run("data-calls", "form", world.call.code, "TINH-X", str(file))
    book = load_workbook(file)
    book.worksheets[0].cell(11, 2).value = "Bản ghi nhớ"
    book.save(file)
    seen = json.loads(run("data-calls", "answer", world.call.code, str(file), "--json"))
    assert (seen["written"], [row["standing"] for row in seen["rows"]]) == (False, ["new"])
    assert world.answer(world.x).rows == []
    run("data-calls", "answer", world.call.code, str(file), "--write", "--submit")
    answer = DataCallAnswer.objects.get(call=world.call, institution=world.x)
    assert (answer.state, answer.rows[0]["values"]) == ("submitted", {"c1": "Bản ghi nhớ"})
    for form in ("json", "csv", "xlsx", "docx"):
        run("data-calls", "table", world.call.code, str(tmp_path / f"bang.{form}"))
    table = json.loads((tmp_path / "bang.json").read_text(encoding="utf-8"))
    assert [row["state"] for row in table["rows"]] == ["submitted", "none", "none"]
    assert "1/3" in run("data-calls", "list")


def test_figures_that_clash_are_listed_by_command() -> None:
    clashing()
    told = json.loads(run("figures", "reconcile", "--json"))
    assert told["rule"] == "figures_that_clash" and [row["kind"] for row in told["rows"]] == ["same_period"]
