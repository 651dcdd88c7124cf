"""Does the example of the how-to run as it stands there?"""

from __future__ import annotations

import re
from typing import Any

import pytest

from tools.make_reference_docs import DOCS


def test_the_notebook_example_runs() -> None:
    text = (DOCS / "how-to" / "measure-trade.md").read_text(encoding="utf-8")
    [code] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    known: dict[str, Any] = {}
    exec(code, known)  # noqa: S102  our own page
    ranking, near = known["ranking"], known["near"]
    assert set(ranking["country"]) == {"A", "B", "C", "D"}
    assert ranking.set_index("country").loc["C", "eci"] == pytest.approx(1.361779, abs=1e-6)
    assert near[0] == {"product": "p4", "proximity": 0.5}
