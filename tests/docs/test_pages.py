"""Do the documents hold together: links lead somewhere, names and commands exist, decisions have one form?"""

from __future__ import annotations

import importlib
import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.apps import apps

from banggiao.accounts.permissions import PERMISSIONS
from tools.make_reference_docs import DOCS, ROOT, SOURCE

PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *SOURCE.glob("*/README.md")])
WRITTEN = [path for path in PAGES if path.parent != DOCS / "reference"]
DECISIONS = sorted((DOCS / "decisions").glob("[0-9]*.md"))
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"[\w.-]+(/[\w.*-]+)*\.(py|md|yaml|csv|toml|sql|typ|html|lock|sh|json|svg)|[\w.-]+(/[\w.-]+)*/")
_DOTTED = re.compile(r"[a-z_]+(\.\w+)+")
_COMMAND = re.compile(r"^(?:\./run|banggiao)((?: +--(?:lang|as)[ =]\S+)*) +(?P<words>[a-z][a-z -]*)", re.MULTILINE)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for target in _LINK.findall(_text(page)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        place = (page.parent / file).resolve() if file else page
        if not place.exists() or (anchor and anchor not in _anchors(place)):
            broken.append(target)
    assert not broken


@pytest.mark.parametrize("page", WRITTEN, ids=_name)
def test_files_and_names_exist(page: Path) -> None:
    wrong = [code for code in _CODE.findall(_without_blocks(_text(page))) if not _is_known(code, page)]
    assert not wrong


@pytest.mark.parametrize("page", WRITTEN, ids=_name)
def test_commands_exist(page: Path) -> None:
    if not find_spec("banggiao.cli.main"):
        pytest.skip("There is no command line yet.")
    import click

    from banggiao.cli.main import banggiao

    wrong = []
    for block in [*re.findall(r"```\w*\n(.*?)```", _text(page), re.DOTALL), *_CODE.findall(_without_blocks(_text(page)))]:
        for found in _COMMAND.finditer(block):
            command: click.Command | None = banggiao
            for word in found["words"].split():
                if word in ("test", "demo") and command is banggiao:  # `./run test` is the checkout's own
                    break
                if not isinstance(command, click.Group):
                    break
                command = command.get_command(click.Context(command), word)
                if command is None:
                    wrong.append(found[0])
                    break
    assert not wrong


@pytest.mark.parametrize("page", DECISIONS, ids=_name)
def test_decision_has_its_parts_and_one_page(page: Path) -> None:
    text = _text(page)
    assert re.match(rf"# {page.name[:4]}\. \S", text)
    assert re.search(r"^Date: \d{4}-\d\d-\d\d$", text, re.MULTILINE)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert len(text.splitlines()) <= 60


def test_decisions_are_numbered_without_gap_and_listed() -> None:
    assert [path.name[:4] for path in DECISIONS] == [f"{number:04d}" for number in range(1, len(DECISIONS) + 1)]
    index = _text(DOCS / "decisions" / "README.md")
    assert not [path.name for path in DECISIONS if f"({path.name})" not in index]


def test_every_page_can_be_reached_from_the_index() -> None:
    reached, waiting = set(), [DOCS / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        targets = (target.partition("#")[0] for target in _LINK.findall(_text(page)) if not re.match(r"[a-z]+:", target))
        waiting += [(page.parent / target).resolve() for target in targets if target]
    assert not {path for path in DOCS.rglob("*.md")} - reached


def _without_blocks(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def _anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", _without_blocks(_text(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def _is_known(code: str, page: Path) -> bool:
    if "<" in code or " " in code or "://" in code or code.startswith(("/", "--", "-", ".", "~")):
        return True
    if _PATH.fullmatch(code):
        # A bare name is one that several packages have.
        anywhere = "/" not in code and next(SOURCE.rglob(code), None) is not None
        return anywhere or any(_found(base, code) for base in (ROOT, SOURCE, page.parent, DOCS)) or code in _MADE_AT_RUN_TIME
    if _DOTTED.fullmatch(code) and (code.startswith("banggiao.") or (SOURCE / code.split(".")[0]).is_dir()):
        return code in _RIGHTS or code in _RECORD_TYPES or _resolves(code)
    return True


#: Files that the text names and that the programme makes: in the data folder or where the user asks.
_MADE_AT_RUN_TIME = {"secret.key", "banggiao.sqlite3", "var/", "files/", "static/", "facts.json", ".venv/", "node_modules/"}
_RIGHTS = set().union(*PERMISSIONS.values())
_RECORD_TYPES = {model._meta.label_lower for model in apps.get_models()}


def _found(base: Path, code: str) -> bool:
    return next(base.glob(code.rstrip("/")), None) is not None if "*" in code else (base / code).exists()


def _resolves(code: str) -> bool:
    parts = code.split(".") if code.startswith("banggiao.") else ["banggiao", *code.split(".")]
    for cut in range(len(parts), 0, -1):
        name = ".".join(parts[:cut])
        try:
            found: object = importlib.import_module(name)
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False
