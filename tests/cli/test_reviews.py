"""Does a review go its way by command, and is its report the kept one afterwards?"""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from banggiao.cli.main import banggiao
from tests.reviews.cycle import PERIOD, cycle

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The installation stands already: the tests bring their own rows."""
    monkeypatch.setattr("banggiao.cli.session.prepare", lambda **_options: None)


def run(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(banggiao, list(arguments))
    assert done.exit_code == code, done.output
    return done.output


def test_the_cycle_by_command(tmp_path: Path) -> None:
    review = cycle().review.code
    first, second = tmp_path / "1.pdf", tmp_path / "2.pdf"
    run("reviews", "freeze", review)
    run("review", PERIOD, "--pdf", str(first))
    assert "instruments\t1\t" in run("reviews", "figures", review)
    run("reviews", "circulate", review, "--comments-due", "2030-09-30", code=1)
    run("reviews", "readers", review, "TINH-X", "BO-Y")
    run("reviews", "circulate", review, "--comments-due", "2030-09-30")
    run("reviews", "comments", review, str(tmp_path / "y-kien.docx"))
    run("review", PERIOD, "--pdf", str(second))
    assert first.read_bytes() == second.read_bytes()
    run("reviews", "conclude", review)
    run("reviews", "publish", review, code=1)
    signed = ("--number", "12", "--issued-on", "2025-09-20", "--signer-title", "Thứ trưởng", "--signer-name", "Nguyễn Văn Mẫu")
    run("reviews", "publish", review, *signed)
    correction = ("--should-be", "2", "--because", "Sót", "--decided-by", "Vụ trưởng A", "--day", "2025-10-01")
    run("reviews", "memo", review, "--figure", "no such", *correction, code=1)
    assert "instruments: 2" in run("reviews", "memo", review, "--figure", "instruments", *correction)
