"""How does a page of administration ask for something and say what was wrong with it?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from banggiao.accounts.models import User
from banggiao.core.errors import N_, FieldProblem, InvalidInput, MissingInformation
from banggiao.core.questions import Bi
from banggiao.web.asking import language, typed
from banggiao.web.frame import render
from banggiao.web.pages import EditPage
from banggiao.web.parts import Choice, Field, FieldSet, Header, Link
from banggiao.web.words import say, told

#: Field name -> what is wrong with it, in the reader's words.
Errors = Callable[[str], Sequence[str]]


def asked(
    request: HttpRequest,
    *,
    title: str,
    trail: Sequence[Link],
    fields: Callable[[Errors], list[Field]],
    write: Callable[[], HttpResponseBase | str],
    submit: str,
    back: str,
    done: str = "",
    subtitle: str = "",
    help: str = "",
    exercise: bool = False,
    version: int | None = None,
) -> HttpResponseBase:
    """The form, or what `write` answers to what was sent: a page, or an address to go to.

    What was wrong comes back with everything typed but passwords.
    """
    wrong: MissingInformation | None = None
    if request.method == "POST":
        try:
            answer = write()
            if not isinstance(answer, str):
                return answer
            if done:
                messages.success(request, done)
            return redirect(answer)
        except MissingInformation as error:
            wrong = error
    problems: dict[str, list[str]] = {}
    for problem in wrong.problems if wrong else ():
        problems.setdefault(problem.field, []).append(say(problem.message))
    shown = fields(lambda name: problems.get(name, ()))
    names = {field.name for field in shown}
    elsewhere = [text for name, texts in problems.items() if name not in names for text in texts]
    page = EditPage(
        header=Header(title=title, subtitle=subtitle, trail=trail),
        action=request.get_full_path(),
        version=version,
        fieldsets=(FieldSet(title=title, fields=shown, help=help),),
        submit=submit,
        cancel_url=back,
        errors=(told(wrong), *elsewhere) if wrong else (),
    )
    return render(request, "edit_form.html", page, status=422 if wrong else 200, exercise=exercise)


def chosen(
    name: str, title: str, pairs: Sequence[tuple[str, Bi]], value: str, errors: Errors, *, required: bool = True, help: str = ""
) -> Field:
    """A field that takes one of these."""
    first = [] if value and required else [Choice(value="", label="–", selected=not value)]
    choices = [*first, *(Choice(value=key, label=text.get(language()), selected=key == value) for key, text in pairs)]
    return Field(
        name=name, label=title, kind="select", value=value, choices=choices, required=required, errors=errors(name), help=help
    )


def sent(request: HttpRequest, name: str, default: str = "") -> str:
    """What stands in a field: what was typed, else the default."""
    return typed(request, name).strip() if request.method == "POST" else request.GET.get(name, default)


def day_sent(request: HttpRequest, name: str) -> date:
    """The day typed into a field. Raises InvalidInput naming it."""
    try:
        return date.fromisoformat(typed(request, name).strip())
    except ValueError:
        raise wrong_field(name, N_("Hãy ghi đủ ngày, tháng, năm.")) from None


def people(users: Iterable[User]) -> list[tuple[str, Bi]]:
    """(id, name) of users to choose from."""
    return [(str(user.pk), Bi(f"{user.name} ({user.username})")) for user in users]


def wrong_field(name: str, message: str) -> InvalidInput:
    """One field is wrong."""
    return InvalidInput(
        N_("Thông tin nhập chưa hợp lệ."), remedy=N_("Hãy sửa các trường được nêu."), problems=[FieldProblem(name, message)]
    )
