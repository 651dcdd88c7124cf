"""Does the code keep to its own plan: who may import, name and write what, and what must never stand in a tracked file?

What tools hold better is held there: docstrings and style by ruff, annotations by mypy (see pyproject.toml).
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "banggiao"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
LAYERS = [re.findall(r"\w+", layer) for layer in CONTRACTS[0]["layers"]]
#: Package -> height; a package may name what stands lower, and nothing beside it.
HEIGHT = {package: height for height, layer in enumerate(reversed(LAYERS)) for package in layer}
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
PACKAGES = sorted(path.parent for path in SOURCE.glob("*/__init__.py"))

WRITES_ALWAYS = {"bulk_create", "bulk_update", "get_or_create", "update_or_create"}
WRITES_WITHOUT_POSITION = {"save", "delete"}  # `book.save(path)` is another kind of save
WRITES_ON_QUERIES = {"create", "update", "add", "set", "remove", "clear"}
QUERY_WORDS = {
    *("objects", "_default_manager", "_base_manager", "get_queryset", "filter", "exclude", "select_for_update"),
    *("select_related", "prefetch_related", "order_by", "annotate", "visible_to"),
}
#: Beside services, the machinery of `core` that services stand on.
MAY_WRITE = re.compile(
    r"(^|/)services(_\w+)?(\.py|/)|^core/(records|ledger|calendar|installation|exports|personal|search\w*)\.py$|^core/(jobs|search)(\.py|/)"
)


def _place(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def test_imports_keep_the_contracts() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_pure_packages_are_in_the_pure_contract() -> None:
    pure = {f"banggiao.{name}" for name in ("analytics", "reading") if (SOURCE / name).is_dir()} | {"banggiao.core.errors"}
    assert set(CONTRACTS[1]["source_modules"]) == pure


def test_relations_between_tables_point_down() -> None:
    from django.apps import apps

    seen, wrong = 0, []
    for model in apps.get_models():
        here = _package(model)
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if here and isinstance(target, type) and field.concrete and (there := _package(target)):
                seen += 1
                if here != there and HEIGHT[there] >= HEIGHT[here]:
                    wrong.append(f"{model.__module__}.{model.__name__}.{field.name} -> {target.__module__}.{target.__name__}")
    assert seen, "no relation was looked at"
    assert not wrong


def test_models_named_by_string_stand_lower() -> None:
    wrong = []
    for path in MODULES:
        here = _place(path).split("/")[0]
        for call in _calls(path):
            if _name(call.func) == "get_model" and call.args and isinstance(call.args[0], ast.Constant):
                there = str(call.args[0].value).split(".")[0]
                if there in HEIGHT and there != here and HEIGHT[there] >= HEIGHT.get(here, 0):
                    wrong.append(f"{_place(path)}:{call.lineno} names {there}")
    assert not wrong


def test_only_services_write() -> None:
    related = {name for path in MODULES for call in _calls(path) for name in _related_names(call)}
    wrong = [
        f"{_place(path)}:{call.lineno} .{_name(call.func)}("
        for path in MODULES
        if not MAY_WRITE.search(_place(path))
        for call in _writes(path, related)
    ]
    assert not wrong, "these writes belong into a service:\n" + "\n".join(wrong)


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("record.save()", 1),
        ("form.save(commit=False)", 1),
        ("book.save(path)", 0),
        ("super().save(*args, **kwargs)", 0),
        ("@router.delete('/x')\ndef f(): ...", 0),
        ("Job.objects.create(key=1)", 1),
        ("rows = Job.objects.filter(a=1)\nrows.update(state='DONE')", 1),
        ("options = dict(a=1)\noptions.update(b=2)", 0),
        ("digest.update(b'x')", 0),
        ("agreement.party_rows.create(partner=p)", 1),
        ("agreement.party_rows.all().delete()", 1),
        ("seen = set()\nseen.add(1)", 0),
        ("Model.objects.bulk_create(rows)", 1),
        ("User.objects.create_user('a')", 1),
    ],
)
def test_writes_are_recognised(code: str, count: int, tmp_path: Path) -> None:
    path = tmp_path / "sample.py"
    path.write_text(code, encoding="utf-8")
    assert len(list(_writes(path, {"party_rows"}))) == count


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_package_says_what_it_is(package: Path) -> None:
    if len(list(package.rglob("*.py"))) == 1:
        return  # announced in the contract, not begun
    assert (package / "README.md").exists(), f"{package.name}/README.md: nouns, invariants, what it does not do"
    lines = [line for line in (package / "README.md").read_text(encoding="utf-8").splitlines() if line.strip()]
    assert 0 < len(lines) <= 10


def test_files_stay_readable() -> None:
    python = [*MODULES, *(ROOT / "tools").glob("*.py"), *(ROOT / "bench").rglob("*.py")]
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in python}
    assert not {str(path.relative_to(ROOT)): length for path, length in lengths.items() if length > 500}


def test_tracked_files_name_no_machine_and_leave_nothing_open() -> None:
    beside = {f"{ROOT.parent}/"} - {"//", f"{tempfile.gettempdir()}/"}
    machine = [str(ROOT), f"{Path.home()}/", *beside]
    unfinished = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX)\b|NotImple" + r"mented\b(?!Error)")
    code = {".py", ".html", ".jinja", ".js", ".css", ".sql", ".toml", ".sh", ".typ"}
    wrong = []
    for name, text in _tracked():
        lock = name.endswith((".lock", "-lock.json"))
        for number, line in enumerate(text.splitlines(), 1):
            if any(path in line for path in machine):
                wrong.append(f"{name}:{number} names a path of one machine")
            if lock and re.search(r"https?://", line):
                wrong.append(f"{name}:{number} names an address; locks work with any registry")
            if Path(name).suffix in code and unfinished.search(line):
                wrong.append(f"{name}:{number} is unfinished")
    assert not wrong, "\n".join(wrong)


def test_lock_of_the_tests_holds_every_pin_of_the_programme() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[\w.-]+==[^ \\]+", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))

    assert pins("requirements.lock")
    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def _package(model: type) -> str | None:
    root, _, rest = model.__module__.partition(".")
    return rest.split(".")[0] if root == "banggiao" else None


def _calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _related_names(call: ast.Call) -> Iterator[str]:
    """The names under which the other side of a relation, or a many-to-many field, is reached."""
    for keyword in call.keywords:
        if keyword.arg == "related_name" and isinstance(keyword.value, ast.Constant) and keyword.value.value != "+":
            yield keyword.value.value


def _writes(path: Path, related: set[str]) -> Iterator[ast.Call]:
    """Calls that write to the database: by name alone, by having no positional argument, or by what they are called on."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    query = _query_test(tree, QUERY_WORDS | related)
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or _on_super(call.func):
            continue
        name = call.func.attr.removeprefix("a") if call.func.attr.startswith("a") and call.func.attr != "add" else call.func.attr
        if (
            name in WRITES_ALWAYS
            or (name in WRITES_WITHOUT_POSITION and not call.args)
            or ((name in WRITES_ON_QUERIES or name.startswith("create_")) and query(call.func.value))
        ):
            yield call


def _on_super(function: ast.Attribute) -> bool:
    return isinstance(function.value, ast.Call) and _name(function.value.func) == "super"


def _query_test(tree: ast.Module, words: set[str]) -> Callable[[ast.expr], bool]:
    """A test for "this expression is a manager or queryset": it says so itself, or names a variable that was given one."""

    def says_so(node: ast.expr) -> bool:
        while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
            if isinstance(node, ast.Attribute) and node.attr in words:
                return True
            node = node.func if isinstance(node, ast.Call) else node.value
        return isinstance(node, ast.Name) and node.id in queries

    queries: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and says_so(node.value):
            queries.update(target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value and says_so(node.value):
            queries.add(node.target.id)
    return says_so


def _tracked() -> Iterator[tuple[str, str]]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("Not a git checkout, so no file is tracked.")
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        if name and path.is_file() and path.stat().st_size < 1_000_000:
            content = path.read_bytes()
            if b"\0" not in content:
                yield name, content.decode("utf-8", "replace")
