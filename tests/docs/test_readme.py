"""Do the two READMEs and the picture say what the code says: accounts of the demo, the layers, the example of a rule?"""

from __future__ import annotations

import re
import tomllib

import pytest
import yaml

from banggiao.accounts.demo import ACCOUNTS, PASSWORD
from banggiao.core.vocabulary import vocabulary
from banggiao.reading.rules import compile_pattern, shadow
from tools.make_reference_docs import DOCS, ROOT, SOURCE


@pytest.mark.parametrize(("name", "language"), [("README.md", "en"), ("README.vi.md", "vi")])
def test_demo_accounts_stand_in_the_readme(name: str, language: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE)
    bodies = dict(re.findall(r"^([\w-]+),[^,]*,[^,]*,[^,]*,[^,]*,([^,]+),", _institutions(), re.MULTILINE))
    wanted = [(a.username, vocabulary("role").label(a.role, language).lower(), bodies[a.institution]) for a in ACCOUNTS]
    assert [(user, role.lower(), body) for user, role, body in rows] == wanted
    assert f"`{PASSWORD}`" in text


def test_the_picture_shows_the_layers_of_the_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    layers = [re.findall(r"\w+", re.sub(r"\(\w+\)", "", layer)) for layer in contracts[0]["layers"]]
    picture = (DOCS / "images" / "layers.svg").read_text(encoding="utf-8")
    drawn = re.findall(r'text-anchor="middle"[^>]*>(\w+)<', picture)
    assert drawn == [*(name for layer in layers for name in layer), "data"]


def test_the_example_of_a_reading_rule_works() -> None:
    page = (DOCS / "how-to" / "add-a-reading-rule.md").read_text(encoding="utf-8")
    block = re.search(r"```\n(- id:.*?)```", page, re.DOTALL)
    assert block
    [rule] = yaml.safe_load(block[1])
    pattern = compile_pattern(rule["pattern"])
    assert all(pattern.search(shadow(text)) for text in rule["matches"]) and len(rule["matches"]) >= 2
    assert not any(pattern.search(shadow(text)) for text in rule["rejects"]) and len(rule["rejects"]) >= 2


def _institutions() -> str:
    return (SOURCE / "data" / "exercise" / "institutions.csv").read_text(encoding="utf-8")
