"""What can the page templates use beside what a view gives them?

`environment` is named in Django's template settings (backend `django.template.backends.jinja2.Jinja2`). Every undefined name is
an error, everything is escaped, and messages go through Django's gettext, so a page speaks the language of the request.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined

from banggiao.web.formats import format_date, format_datetime, format_number, format_percent
from banggiao.web.parts import Value, ValueKind


def environment(**options: Any) -> Environment:
    """The environment of all page templates; `options` come from the settings of the backend."""
    options.update(undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    options["extensions"] = [*options.get("extensions", ()), "jinja2.ext.i18n"]
    env = Environment(**options)  # noqa: S701  autoescape is set above
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=gettext, ngettext=ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.globals.update(static=static, url=_url)
    filters: dict[str, Callable[..., str]] = {
        "number": number,
        "percent": percent,
        "day": day,
        "moment": moment,
        "written": written,
        "iso": iso,
    }
    env.filters.update(filters)
    return env


def number(value: int | float | Decimal, decimals: int | None = None) -> str:
    """A figure with the marks of the reader's language."""
    return format_number(value, _language(), decimals)


def percent(value: int | float | Decimal, decimals: int | None = None) -> str:
    """A value in per cent, with its sign."""
    return format_percent(value, _language(), decimals)


def day(value: date) -> str:
    """The day of a date or of a moment in the reader's time zone."""
    return format_date(_local(value), _language())


def moment(value: date) -> str:
    """Time and day of a moment in the reader's time zone; of a date only the day."""
    local = _local(value)
    return format_datetime(local, _language()) if isinstance(local, datetime) else format_date(local, _language())


def iso(value: date) -> str:
    """The machine form for `<time datetime>`."""
    return _local(value).isoformat()


def written(value: Value, kind: ValueKind = "text", unit: str = "") -> str:
    """A cell's value in the reader's language; what is not there is a dash."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return gettext("Có") if value else gettext("Không")
    if isinstance(value, datetime):
        return day(value) if kind == "date" else moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, str) or kind in ("year", "code"):
        return str(value)
    text = percent(value) if kind == "percent" else number(value)
    return f"{text} {unit}" if unit else text


def _language() -> str:
    return (get_language() or "vi")[:2]


def _local(value: date) -> date:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def _url(name: str, *args: object, **kwargs: object) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)
