"""The `banggiao` command: nouns and verbs, one language switch, errors that say what to do, exit codes scripts can rely on.

0 done, 1 something could not be done (said on stderr), 2 the command was not understood, 3 stale or not permitted.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import click

from banggiao import __version__
from banggiao.cli.session import start_django
from banggiao.core.errors import BangGiaoError, fill

#: Command -> module that holds it. Modules are imported when used: reading a file needs no database and starts at once.
COMMANDS = {
    "serve": "server",
    "demo": "server",
    "worker": "server",
    "read": "reading",
    "review": "review",
    "brief": "partner",
    "map": "partner",
    "search": "lookups",
    "ask": "lookups",
    "data": "administration",
    "users": "accounts",
    "audit": "administration",
    "jobs": "administration",
    "calendar": "administration",
    "doctor": "administration",
    "personal": "administration",
    "import": "importing",
    "markets": "markets",
}
_REFUSALS = frozenset({"stale_edit", "version_required", "not_permitted"})


class Commands(click.Group):
    """The commands above, and one group for each register (`banggiao activities list`)."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        start_django()
        from banggiao.cli.lookups import register_names

        return sorted({*COMMANDS, *register_names()})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name in COMMANDS:
            if COMMANDS[name] != "reading":
                start_django()
            module = importlib.import_module(f"banggiao.cli.{COMMANDS[name]}")
            command: click.Command = next(c for c in module.COMMANDS if c.name == name)
            return command
        start_django()
        from banggiao.cli.asking import more_commands
        from banggiao.cli.lookups import register_group

        name = name.replace("-", "_")
        group = register_group(name)
        if group is not None:
            for command in more_commands(name):
                group.add_command(command)
        return group


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="banggiao")
@click.option(
    "--lang", type=click.Choice(["vi", "en"]), envvar="BANGGIAO_LANG", default="vi", help="Language of what is printed."
)
@click.option("--as", "username", metavar="USER", default="", help="Act with the rights of this user.")
@click.pass_context
def banggiao(ctx: click.Context, lang: str, username: str) -> None:
    """Bang Giao runs economic diplomacy: visit, agreement, commitment, evidence, confirmed result."""
    ctx.obj = {"language": lang, "username": username}


def main() -> None:
    """Entry point of the console script."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "banggiao.config.settings")
    language = _language(sys.argv[1:])
    try:
        sys.exit(banggiao(standalone_mode=False) or 0)
    except BangGiaoError as error:
        click.echo(error_text(error, language), err=True)
        sys.exit(3 if error.code in _REFUSALS else 1)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def error_text(error: BangGiaoError, language: str) -> str:
    """What happened, to what, and what to do, in the reader's language; problems one a line."""
    said = [translate(error.message, language, error.params), translate(error.remedy, language, error.params)]
    head = (f"{error.subject}: " if error.subject else "") + " ".join(filter(None, said))
    problems = [f"  {p.field}: {translate(p.message, language, {})}" for p in getattr(error, "problems", ())]
    return "\n".join([head, *problems])


def translate(message: str, language: str, params: Any) -> str:
    """A source message in the language asked for, its places filled in."""
    if not message:
        return ""
    if language == "en":
        start_django()
        from django.utils.translation import gettext, override

        with override("en"):
            message = gettext(message)
    return fill(message, params)


def _language(arguments: list[str]) -> str:
    for place, argument in enumerate(arguments):
        if argument == "--lang" and place + 1 < len(arguments):
            return arguments[place + 1]
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
    return os.environ.get("BANGGIAO_LANG", "vi")


if __name__ == "__main__":
    main()
