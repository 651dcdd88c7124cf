"""Do directives become tasks over HTTP and on the command line as they do on the page?"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner

from banggiao.cli.main import banggiao
from banggiao.commitments.models import Directive, Task
from banggiao.commitments.services import create_directive
from tests.api.world import problem_of
from tests.factories.rows import act, institution

pytestmark = pytest.mark.django_db
TEXT = "1. Giao Bộ Sáu rà soát thuế, báo cáo trước ngày 30/11/2025.\n\n2. Đồng ý với báo cáo của các đơn vị.\n"


@pytest.fixture
def paper(db: None) -> Directive:
    institution("BO-6", name_vi="Bộ Sáu")
    values = {"kind": "notice", "number": "70/TB-X", "day": "2025-09-01", "classification": "public"}
    return create_directive(act=act(), values=values)


def test_over_http(paper: Directive, as_role: Callable[..., Any]) -> None:
    desk, base = as_role("desk"), f"/api/directives/{paper.pk}"
    problem_of(desk.send("POST", f"{base}/text", {"text": TEXT}), 428, "version_required")
    found = desk.send("POST", f"{base}/text", {"text": TEXT}, version=1).json()
    assert (found["asking"], found["settled"]) == (2, 0)
    first, second = found["paragraphs"]
    (proposal,) = first["proposals"]
    assert (proposal["lead"], proposal["due"], proposal["key"]) == ("Bộ Sáu", "2025-11-30", "1")
    asked = {"tasks": [{"key": "1", "text": "Rà soát thuế", "lead": "BO-6", "due": "30/11/2025"}]}
    address = f"{base}/paragraphs/{first['id']}"
    problem_of(as_role("auditor").send("POST", address, asked), 403, "not_permitted")
    bad = {"tasks": [{"key": "1", "text": "x", "lead": "Bộ Bảy"}]}
    assert problem_of(desk.send("POST", address, bad), 422, "invalid_input")["problems"][0]["field"] == "1.lead"
    made = desk.send("POST", address, asked).json()["tasks"]
    assert desk.send("POST", address, asked).json()["tasks"] == made
    reason = {"no_task": "assessment"}
    problem_of(desk.send("POST", f"{base}/paragraphs/{second['id']}", reason), 428, "version_required")
    assert desk.send("POST", f"{base}/paragraphs/{second['id']}", reason, version=1).status_code == 200
    after = desk.get(f"{base}/paragraphs").json()
    assert (after["settled"], after["open"], after["paragraphs"][0]["proposals"]) == (2, 0, [])
    assert desk.send("DELETE", f"{address}/tasks").json() == {"taken_back": 1}
    assert [t["key"] for t in desk.send("POST", f"{base}/tasks?confidence=0.8", {}).json()["tasks"]] == ["1"]
    assert Task.objects.filter(directive=paper, retracted=False).count() == 1


def test_on_the_command_line(paper: Directive, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("banggiao.cli.session.prepare", lambda **_options: None)
    file = tmp_path / "tb.txt"
    file.write_text(TEXT, encoding="utf-8")

    def told(*words: str) -> str:
        result = CliRunner().invoke(banggiao, ["directives", *words])
        assert result.exit_code == 0, result.output
        return result.output

    assert told("text", paper.code, str(file)).strip() == "70/TB-X: 2"
    (first, _second) = json.loads(told("propose", paper.code, "--json"))
    assert first["proposals"][0]["lead"] == "Bộ Sáu"
    assert "0.90 Bộ Sáu" in told("propose", paper.code)
    assert "Bộ Sáu rà soát thuế" in told("confirm", paper.code)
    assert told("confirm", paper.code) == ""
    assert "70/TB-X" in told("coverage")
    waiting = told("coverage", paper.code, "--open")
    assert "Đồng ý" in waiting and "rà soát" not in waiting
