"""Do the commands of progress forms and work programmes do what their pages do, and write only when told?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from banggiao.cli.main import banggiao
from banggiao.followup.data_calls.models import DataCall
from banggiao.followup.models import ProgressUpdate
from tests.factories.rows import commitment, institution, lines_of_each, programme

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
    body, file = institution("BO-A"), tmp_path / "phieu.xlsx"
    commitment(lead_id=body.pk)
    run("commitments", "form", "--lead", "BO-A", "--xlsx", str(file), "--docx", str(tmp_path / "phieu.docx"))
    book = load_workbook(file)
    book.worksheets[0].cell(11, 9).value = "Đã họp"
    book.save(file)
    seen = json.loads(run("commitments", "returned", str(file), "--json"))
    assert [row["standing"] for row in seen["rows"]] == ["report"] and not ProgressUpdate.objects.exists()
    done = json.loads(run("commitments", "returned", str(file), "--write", "--letter", "12/BA ngày 14/9/2025", "--json"))
    assert [row["written"] for row in done["rows"]] == [True] and ProgressUpdate.objects.get().text == "Đã họp"
    for form in ("docx", "xlsx", "json"):
        run("commitments", "six-fields", str(tmp_path / f"bang.{form}"), "--issuer", "BO-A")
    told = json.loads((tmp_path / "bang.json").read_text(encoding="utf-8"))
    assert told["total"] == 1


def test_programmes_by_command(tmp_path: Path) -> None:
    institution("VU-E")
    made = programme()
    lines_of_each(made)
    run("programmes", "paper", made.code, str(tmp_path / "ct.docx"))
    assert made.code in run("programmes", "list")
    run("programmes", "reports", "2025-H2", "--asker", "VU-E", "--deadline", "2025-12-15")
    assert DataCall.objects.get(form="programme").state == "open"
