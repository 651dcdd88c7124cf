"""What do the declarations of the programme say, written out as the pages of docs/reference/ and the lists of docs/glossary.md?

    .venv/bin/python tools/make_reference_docs.py

Each page is a function in PAGES that returns Markdown, or an empty text where there is nothing to describe yet. The texts depend
on the declarations only, never on a database, so a test can compare them with the committed files.
"""

from __future__ import annotations

import ast
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
SOURCE = ROOT / "src" / "banggiao"
BEGIN, END = "<!-- generated: {} -->", "<!-- end of {} -->"

#: State machine -> the closed list that names its states.
STATE_LISTS = {
    "data_call": "data_call_state",
    "data_call_answer": "data_call_answer_state",
    "activity": "activity_status",
    "escalation": "escalation_state",
    "due_date_move": "due_move_state",
    "work": "work_state",
    "validation": "validation_state",
    "agreement": "agreement_status",
    "barrier": "barrier_status",
    "review": "review_state",
    "body": "body_state",
    "meeting": "meeting_state",
    "conclusion_notice": "notice_state",
    "review_reader": "review_reader_state",
    "review_comment": "review_comment_state",
    "programme": "programme_state",
    "baseline": "baseline_state",
    "evidence": "evidence_state",
    "watch": "watch_state",
    "signal": "signal_state",
}

#: Environment variable -> what it is for. Those that the code reads and this table must be the same; `documented` checks it.
SETTINGS = {
    "BANGGIAO_DATA": (
        "Data folder: database, files, secret key. Default: `var` in a checkout, else `banggiao` in the user's data directory "
        "(`XDG_DATA_HOME` or `~/.local/share`). Made with mode 700 when absent."
    ),
    "BANGGIAO_DATABASE_URL": (
        "`postgres://user:password@host:port/name?option=value` or `sqlite:////absolute/path`. "
        "Default: `banggiao.sqlite3` in the data folder."
    ),
    "BANGGIAO_ENGINE": (
        "Where the relational measures of trade are computed: `duckdb://` (default: in the process) or `spark://host:7077`; "
        "`spark://local[2]` for trying. See docs/how-to/move-markets-to-a-cluster.md."
    ),
    "BANGGIAO_SECRET_KEY": (
        "Secret for sessions and signatures. Default: made at first start in `secret.key` of the data folder, mode 600."
    ),
    "BANGGIAO_LEVEL": (
        "Secrecy level fixed when the data folder is first prepared: `public`, `internal` (default) or `enclave`. "
        "Later it can only be the same."
    ),
    "BANGGIAO_LANG": "Language of what commands print: `vi` (default) or `en`; the option `--lang` comes first.",
    "BANGGIAO_HOSTS": (
        "Host names under which other machines reach the installation, separated by commas. With it cookies are secure only, "
        "plain HTTP is redirected and HSTS is sent. Default: none; only 127.0.0.1, localhost and ::1 are answered."
    ),
    "BANGGIAO_BEHIND_PROXY": (
        "`1` when a proxy that sets `X-Forwarded-Proto` itself stands in front. Only with `BANGGIAO_HOSTS`."
    ),
    "BANGGIAO_ADDRESS": (
        "Address under which people open the pages, for links in mails and calendars. "
        "Default: `https://` and the first of `BANGGIAO_HOSTS`, else `http://127.0.0.1:8000`."
    ),
    "BANGGIAO_MAIL_HOST": "Mail server (SMTP). Default: none, and no mail is sent. An enclave sends none in any case.",
    "BANGGIAO_MAIL_PORT": "Its port. Default: 587, with `tls` 465, with `none` 25.",
    "BANGGIAO_MAIL_TLS": (
        "`starttls` (default), `tls`, or `none`. With a password `none` is refused unless the server is on this machine."
    ),
    "BANGGIAO_MAIL_USER": "User name at the mail server. Default: none.",
    "BANGGIAO_MAIL_PASSWORD_FILE": "File that holds the password at the mail server. Default: none.",
    "BANGGIAO_MAIL_FROM": "Sender of the mails. Default: the user name where it is an address, else `banggiao@` and the host.",
    "BANGGIAO_MAIL_MOST_A_DAY": "Most notices a day for one user; the rest comes as one digest. Default: 10.",
}


def main() -> int:
    """Write every page and the generated parts of the glossary; returns the exit code."""
    set_up()
    (DOCS / "reference").mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (DOCS / "reference" / name).write_text(text, encoding="utf-8")
        print(f"docs/reference/{name}")
    glossary = DOCS / "glossary.md"
    glossary.write_text(filled(glossary.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


def set_up() -> None:
    """Load Django with a data folder of its own, unless it is loaded already."""
    os.environ.setdefault("BANGGIAO_DATA", tempfile.mkdtemp(prefix="banggiao-docs-"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "banggiao.config.settings")
    import django

    django.setup()


def pages() -> dict[str, str]:
    """Every page of the reference by file name, without those that have nothing to describe."""
    made = {name: make() for name, make in PAGES.items()}
    written = {name: text for name, text in made.items() if text}
    listing = "".join(f"- [{name.removesuffix('.md')}]({name})\n" for name in written)
    index = _page(
        "Reference", "Written by `tools/make_reference_docs.py` from the declarations of the code; not edited by hand.", [listing]
    )
    return {"README.md": index, **written}


def filled(glossary: str) -> str:
    """The glossary with its generated parts as the declarations have them now."""
    for name, make in PARTS.items():
        begin, end = BEGIN.format(name), END.format(name)
        before, found, rest = glossary.partition(begin)
        _old, closed, after = rest.partition(end)
        if not (found and closed):
            raise SystemExit(f"docs/glossary.md lacks the part {name}")
        glossary = f"{before}{begin}\n\n{make()}\n{end}{after}"
    return glossary


# --- pages


def registers_page() -> str:
    """Every register and every other question: columns, filters, orders, what may be edited."""
    from banggiao.core.questions import questions
    from banggiao.core.registers import registers

    parts, listed = [], set()
    for each in registers():
        listed.add(each.name)
        facts = [
            f"Record type `{each.record_type}`; right to see `{each.permission}`; counting rule `{each.rule}`.",
            f"Editable with `{each.edit_permission}`: {_codes(each.editable)}." if each.editable else "Not edited by hand.",
            f"State machines: {_codes(m.name for m in each.machines)}." if each.machines else "",
            f"Orders: {_codes(o.name for o in each.orders)}.",
            f"Related lists: {_codes(name for name, _filter in each.related)}." if each.related else "",
        ]
        rows = [(f"`{f.column.key}`", f.column.label, _kind(f.column), "list") for f in each.fields]
        rows += [(f"`{f.column.key}`", f.column.label, _kind(f.column), "page") for f in each.page_fields]
        filters = [(f"`{f.parameter.name}`", f.parameter.label, _parameter(f.parameter)) for f in each.filters]
        parts.append(
            f"## `{each.name}`: {each.title.vi} / {each.title.en}\n\n{' '.join(filter(None, facts))}\n\n"
            + _table(("column", "label", "type", "shown on"), rows)
            + ("\n" + _table(("filter", "label", "type"), filters) if filters else "")
        )
    for question in questions():
        if question.name not in listed:
            shown = [(f"`{c.key}`", c.label, _kind(c)) for c in question.columns]
            asked = [(f"`{p.name}`", p.label, _parameter(p)) for p in question.parameters]
            parts.append(
                f"## Question `{question.name}`: {question.title.vi} / {question.title.en}\n\nRight: `{question.permission}`.\n\n"
                + _table(("column", "label", "type"), shown)
                + ("\n" + _table(("parameter", "label", "type"), asked) if asked else "")
            )
    return _page(
        "Registers and questions",
        "A register is declared once and then listed, shown, edited and exported by pages, API and commands. Each is also a "
        "question of the same name with the parameters `q` (words, accents optional), its filters and `order`. "
        "Labels are the Vietnamese source texts.",
        parts,
    )


def states_page() -> str:
    """Every state machine: its diagram and its steps."""
    parts = []
    for machine in machines():
        labels = _labels(machine.name)
        drawn = [f"    [*] --> {machine.initial}"]
        drawn += [f"    {source} --> {step.target} : {step.action}" for step in machine.steps for source in step.sources]
        rows = [
            (
                f"`{s.action}`", s.label, _codes(s.sources), f"`{s.target}`", f"`{s.permission}`",
                _codes(s.needs) + (" and a reason" if s.needs and s.reason_required else "a reason" if s.reason_required else ""),
            )
            for s in machine.steps
        ]  # fmt: skip
        # More arrows than this and nobody follows them; the table says the same.
        diagram = "```mermaid\nstateDiagram-v2\n" + "\n".join(drawn) + "\n```\n\n" if len(drawn) <= 32 else ""
        states = ", ".join(f"`{s}` ({labels[s]})" for s in machine.states())
        parts.append(
            f"## `{machine.name}`\n\nField `{machine.field}`, starts at `{machine.initial}`. States: {states}.\n\n{diagram}"
            + _table(("step", "label", "from", "to", "right", "needs"), rows)
        )
    return _page(
        "State machines",
        "One function, `core.transitions.apply`, takes every step: it checks the right, the state and what is missing, then "
        "writes. A step that is not in these tables does not exist.",
        parts,
    )


def vocabularies_page() -> str:
    """Every closed list with its terms."""
    from banggiao.core.vocabulary import vocabulary, vocabulary_names

    parts = []
    for name in vocabulary_names():
        terms = vocabulary(name).terms
        extra = tuple(terms[0].attributes) if terms else ()
        rows = [
            (f"`{t.code}`", t.label_vi, t.label_en, *map(", ".join, (t.fact_values, t.reference_values)), *t.attributes.values())
            + (t.note,)
            for t in terms
        ]
        head = ("code", "Vietnamese", "English", "in facts", "in reference sets", *extra, "note")
        parts.append(f"## `{name}`\n\n" + _table(*_without_empty_columns(head, rows)))
    return _page(
        "Vocabularies",
        "Closed lists, each kept once in `data/vocabulary/`. Columns that are empty throughout are left out.",
        parts,
    )


def datasets_page() -> str:
    """Every packaged reference set with its origin."""
    from banggiao.sources.datasets import packaged_sets, read_set

    parts = []
    for origin in packaged_sets():
        rows = read_set(origin.set)
        recalled = sum(row.get("evidence") == "recalled" for row in rows)
        lines = [
            f"- {origin.title_vi}",
            f"- producer: {origin.producer}",
            f"- licence: {origin.licence}",
            f"- rows: {origin.rows}" + (f", of them {recalled} recalled and not verified" if recalled else ""),
            f"- edition: {origin.version.isoformat()}, accessed {origin.accessed.isoformat()}; key: {_codes(origin.key)}",
            *(f"- known gap `{gap.code}`: {gap.en}" for gap in origin.known_gaps),
        ]
        columns = [(f"`{name}`", f"`{rule}`") for name, rule in origin.columns.items()]
        parts.append(
            f"## `{origin.set}`: {origin.title_en}\n\n" + "\n".join(lines) + "\n\n" + _table(("column", "rule"), columns)
        )
    return _page(
        "Reference sets",
        "The newest edition of each set in `data/reference/`. A column rule reads `<what> [argument] [list] [required]`.",
        parts,
    )


def settings_page() -> str:
    """Every environment variable that the programme reads."""
    documented()
    rows = [(f"`{name}`", text) for name, text in SETTINGS.items()]
    return _page(
        "Settings",
        "Read from the environment once, at start. Nothing else about an installation is configured outside its database.",
        [_table(("variable", "what it is for"), rows)],
    )


def roles_page() -> str:
    """Every role and what it may do."""
    from banggiao.accounts.permissions import PERMISSIONS
    from banggiao.core.vocabulary import vocabulary

    terms, rights = vocabulary("role"), sorted(set().union(*PERMISSIONS.values()))
    rows = [(f"`{right}`", *("yes" if right in PERMISSIONS[role] else "" for role in PERMISSIONS)) for right in rights]
    names = [(f"`{role}`", terms.label(role, "vi"), terms.label(role, "en")) for role in PERMISSIONS]
    return _page(
        "Roles and rights",
        "A user holds roles in institutions, from a day until a day. `see_all` lifts the rule that a record is seen by its "
        "institutions only; no right lifts the classification.",
        [_table(("role", "Vietnamese", "English"), names), _table(("right", *(f"`{role}`" for role in PERMISSIONS)), rows)],
    )


def commands_page() -> str:
    """Every command with its help text, empty while there is no command line; one register stands for all of them."""
    if not find_spec("banggiao.cli.main"):
        return ""
    from banggiao.cli.main import banggiao
    from banggiao.core.registers import registers

    first, *others = sorted(each.name for each in registers())
    parts = []
    for path, command, context in _commands(banggiao, ("banggiao",), None):
        if len(path) > 1 and path[1] in others:
            continue
        lead = "Every register has these commands.\n\n" if path[1:] == (first,) else ""
        parts.append(f"## `{' '.join(path)}`\n\n{lead}```\n{command.get_help(context).rstrip()}\n```\n")
    return _page("Commands", "`./run COMMAND` in a checkout is `banggiao COMMAND` in its environment.", parts)


PAGES: dict[str, Callable[[], str]] = {
    "registers.md": registers_page,
    "states.md": states_page,
    "vocabularies.md": vocabularies_page,
    "roles.md": roles_page,
    "datasets.md": datasets_page,
    "settings.md": settings_page,
    "cli.md": commands_page,
}


# --- the generated parts of the glossary


def states_part() -> str:
    """The states of every machine in both languages, as its closed list names them."""
    from banggiao.core.vocabulary import vocabulary

    rows = []
    for machine in machines():
        terms = vocabulary(STATE_LISTS[machine.name])
        rows += [(terms.label(s, "vi"), terms.label(s, "en"), f"`{s}`", f"`{machine.name}`") for s in machine.states()]
    return _table(("Vietnamese", "English", "code", "machine"), rows)


def registers_part() -> str:
    """The registers in both languages."""
    from banggiao.core.registers import registers

    rows = [(r.title.vi, r.title.en, f"`{r.name}`", f"`{r.model.__name__}`") for r in registers()]
    return _table(("Vietnamese", "English", "code", "record"), rows)


PARTS: dict[str, Callable[[], str]] = {"registers": registers_part, "states": states_part}


# --- what the declarations are


def machines() -> Iterator[Any]:
    """Every state machine that a package declares in its `states.py`, lower packages first."""
    from django.apps import apps

    from banggiao.core.transitions import Machine

    for config in apps.get_app_configs():
        if not config.name.startswith("banggiao."):
            continue
        parts = [name for _finder, name, package in iter_modules([config.path], f"{config.name}.") if package]
        for name in (config.name, *parts):
            if find_spec(f"{name}.states"):
                found = vars(import_module(f"{name}.states")).values()
                yield from (each for each in found if isinstance(each, Machine))


def documented() -> None:
    """Fail when the environment variables that the code reads and those described here differ."""
    read = {name for path in SOURCE.rglob("*.py") for name in _variables(path)}
    if read != set(SETTINGS):
        raise SystemExit(f"SETTINGS in {Path(__file__).name} differ from what the code reads: {sorted(read ^ set(SETTINGS))}")


def _variables(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"BANGGIAO_[A-Z_]+", node.value):
            yield node.value


def _commands(command: Any, path: tuple[str, ...], parent: Any) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    import click

    context = click.Context(command, parent=parent, info_name=path[-1], terminal_width=100, **command.context_settings)
    yield path, command, context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is not None and not found.hidden:
                yield from _commands(found, (*path, name), context)


# --- Markdown


def _page(title: str, lead: str, parts: Iterable[str]) -> str:
    return f"# {title}\n\n{lead}\n\n" + "\n".join(parts)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |\n" for line in lines)


def _without_empty_columns(head: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[list[str], list[list[str]]]:
    kept = [place for place in range(len(head)) if any(row[place] for row in rows)]
    return [head[place] for place in kept], [[row[place] for place in kept] for row in rows]


def _labels(machine: str) -> dict[str, str]:
    from banggiao.core.vocabulary import vocabulary

    return {term.code: term.label_en.lower() for term in vocabulary(STATE_LISTS[machine]).terms}


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _kind(column: Any) -> str:
    return f"{column.type} of `{column.vocabulary}`" if column.vocabulary else " ".join(filter(None, (column.type, column.unit)))


def _parameter(parameter: Any) -> str:
    return f"{parameter.kind} of `{parameter.vocabulary}`" if parameter.vocabulary else str(parameter.kind)


if __name__ == "__main__":
    sys.exit(main())
