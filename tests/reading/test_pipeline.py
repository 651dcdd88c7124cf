"""The whole pipeline: one call, an ordered contract, floors of quality, and time that grows with the text and no faster."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from banggiao.core.errors import Unreadable
from banggiao.reading import read, read_path
from banggiao.reading.pipeline import _ordered
from banggiao.reading.types import Fact

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("BANGGIAO_SHARED", ROOT.parent / "shared"))
SAMPLES = ROOT / "src" / "banggiao" / "data" / "samples"
FLOORS = {
    "boilerplate": 0.97,
    "people": 0.97,
    "partners": 0.97,
    "organisations": 0.90,
    "legal_documents": 1.0,
    "quantities": 0.90,
    "quantities_slots": 0.85,
    "agreements": 0.88,
    "agreements_slots": 0.80,
    "events": 0.78,
    "event_frame": 0.90,
    "tasks": 0.88,
    "tasks_slots": 0.75,
    "tasks_enumerated": 1.0,
    "results": 0.82,
    "shortcomings": 0.95,
    "barriers": 0.9,
    "metadata": 0.85,
}
TEXT = (
    "Bộ A họp bàn mở rộng thị trường\n\n"
    "Ngày 5/3/2026, Bộ Ngoại giao đã hỗ trợ 40 doanh nghiệp tại Lào và Nhật Bản. "
    "Các bộ cần đẩy mạnh xuất khẩu.\n"
)


def test_reading_yields_the_contract_in_order() -> None:
    document = read(TEXT.encode(), "bai.txt")
    contract = document.as_contract()
    assert json.loads(json.dumps(contract, ensure_ascii=False))["source"] == "bai.txt"
    assert contract["text_length"] == len(TEXT)
    spans = [fact.span for fact in document.facts]
    assert spans == sorted(spans)
    assert {"partner", "result", "task"} <= {fact.kind for fact in document.facts}


def test_facts_of_a_kind_do_not_overlap() -> None:
    for path in sorted((SAMPLES / "texts").glob("*.txt")):
        last: dict[str, tuple[int, int]] = {}
        for fact in read_path(path).facts:
            before = last.get(fact.kind, (0, 0))
            assert fact.span[0] >= before[1], (path.name, fact)
            last[fact.kind] = fact.span


def test_reading_twice_gives_the_same() -> None:
    assert read(TEXT.encode(), "bai.txt") == read(TEXT.encode(), "bai.txt")


def test_a_missing_file_is_named_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as caught:
        read_path(tmp_path / "khong-co.txt")
    assert "khong-co.txt" in str(caught.value)
    assert caught.value.remedy


def test_unseen_words_are_read_as_body_without_facts() -> None:
    document = read("Một đoạn văn về hoa và cỏ trong vườn, không có gì khác.\n".encode(), "vuon.txt")
    assert [fact for fact in document.facts if fact.kind in ("task", "result", "shortcoming", "barrier")] == []


def test_the_seeds_are_read_well_enough(tmp_path: Path) -> None:
    score, seeds = SHARED / "gold" / "score.py", SHARED / "seeds"
    if not score.exists() or not seeds.exists():
        pytest.skip(f"the shared gold annotations are not beside this checkout ({SHARED})")
    facts = tmp_path / "facts.json"
    documents = [read_path(path).as_contract() for path in sorted(seeds.glob("*.txt"))]
    facts.write_text(json.dumps({"documents": documents}, ensure_ascii=False), encoding="utf-8")
    floors = [f"{kind}={floor}" for kind, floor in FLOORS.items()]
    run = subprocess.run(
        [sys.executable, str(score), str(facts), "--misses", "--min", *floors], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "must not be extracted): 0" in run.stdout


@pytest.mark.parametrize(
    "unit",
    [
        "các bộ, ngành, địa phương, ",
        "Bộ trưởng Bộ trưởng ",
        "đã đã đã đã ",
        "(((( ",
        '"" " ',
        "a) b) c) ",
        "tiếp tục tích cực chủ động ",
        "hai bên hai bên ",
        "1. 2. 3. ",
        "còn chưa còn chưa ",
        "và, ; : . ",
    ],
)
def test_a_text_built_to_be_slow_costs_no_more_than_its_length(unit: str) -> None:
    """Work is counted, not time: the pattern engine's own limit would raise `TimeoutError` where matching explodes."""
    for text in (unit * 400, (unit * 40 + "\n") * 10):
        assert read(text.encode(), "cham.txt").intake.text


def test_of_facts_that_overlap_the_surer_stays() -> None:
    def fact(start: int, end: int, confidence: float, kind: str = "task") -> Fact:
        return Fact(kind, (start, end), (0, 99), {}, confidence, "x@1")

    rows = [fact(0, 9, 0.5), fact(4, 12, 0.9), fact(6, 10, 0.7), fact(5, 8, 0.1, "result"), fact(20, 30, 0.2)]
    assert _ordered(rows) == [rows[1], rows[3], rows[4]]


def test_lines_are_numbered_without_gaps() -> None:
    lines = read((TEXT * 3).encode(), "bai.txt").lines
    assert all(after.line == before.line + 1 for before, after in pairwise(lines))
