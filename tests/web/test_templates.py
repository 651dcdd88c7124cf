"""Do the page templates compile, speak both languages, keep to the strict content policy, and read well for everyone?"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import translation
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

import banggiao.web
from banggiao.web.jinja import environment
from tests.web.samples import PAGES, shell

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

WEB = Path(banggiao.web.__file__).parent
TEMPLATES = WEB / "templates"
STATIC = WEB / "static"
NAMES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
AXE = WEB.parents[2] / "node_modules/axe-core/axe.min.js"
STRICT = "default-src 'none'; form-action 'self'; " + "; ".join(
    f"{kind}-src 'self'" for kind in ("script", "style", "img", "font", "connect")
)
# Names of languages in their own language, and keys of the keyboard, are the same for every reader.
UNTRANSLATED = {"VI", "EN", "VI, Tiếng Việt", "EN, English", "Ctrl K", "Esc"}
#: The templates of whole pages; the others are parts that are fetched into one.
WHOLE = sorted(name for name in PAGES if "{% extends" in (TEMPLATES / name).read_text(encoding="utf-8"))
LETTER = re.compile(r"[^\W\d_]")


@cache
def _environment() -> Environment:
    return environment(loader=FileSystemLoader(TEMPLATES))


def _render(name: str, language: str = "vi", signed_in: bool = True) -> str:
    token = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="t">')
    frame = shell(signed_in=signed_in and name != "sign_in.html", language=language)
    with translation.override(language):
        return _environment().get_template(name).render(shell=frame, page=PAGES[name], csrf_input=token, csrf_token="t")


class _Elements(HTMLParser):
    """Start tags with their attributes, and the texts between tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())


def test_every_page_has_a_sample() -> None:
    frames = {"skeleton.html", "base.html", "bare.html"}
    assert {name for name in NAMES if "/" not in name} - frames == set(PAGES)


@pytest.mark.parametrize("name", NAMES)
def test_compiles(name: str) -> None:
    assert _environment().get_template(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_word_is_translatable(name: str) -> None:
    found = list(_bare_words((TEMPLATES / name).read_text(encoding="utf-8")))
    assert not found, f"{name}: put these into _(…) or a trans block: {found}"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>Nhiệm vụ</p>", ["Nhiệm vụ"]),
        ('<p aria-label="Tasks">{{ _("Nhiệm vụ") }}</p>', ["Tasks"]),
        ("{{ 'Nhiệm vụ' }}", ["Nhiệm vụ"]),
        ("{% trans %}Nhiệm vụ{% endtrans %}<b>VI</b>", []),
    ],
)
def test_bare_words_are_noticed(source: str, words: list[str]) -> None:
    assert list(_bare_words(source)) == words


def _bare_words(source: str) -> Iterator[str]:
    html, translated, last = "", False, ("", "")
    for _, kind, value in _environment().lex(source):
        if kind == "data" and not translated:
            html += value
        elif kind == "name" and value in ("trans", "endtrans"):
            translated = value == "trans"
        elif kind == "string" and re.search(r"[^\W\d_a-zA-Z]", value) and last != ("_", "("):
            yield value.strip("'\"")
        if kind != "whitespace":
            last = (last[1], value)
    elements = _Elements(html)
    spoken = [
        value
        for _, attributes in elements.tags
        for key, value in attributes.items()
        if key in ("aria-label", "title", "placeholder", "alt")
    ]
    yield from (text for text in [*elements.texts, *filter(None, spoken)] if LETTER.search(text) and text not in UNTRANSLATED)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", sorted(PAGES))
def test_page_keeps_to_the_strict_policy(name: str, language: str) -> None:
    elements = _Elements(_render(name, language))
    for tag, attributes in elements.tags:
        assert "style" not in attributes, f"<{tag}> has a style attribute, which the policy refuses"
        assert not [key for key in attributes if key.startswith(("on", "hx-on"))], f"<{tag}> has a script attribute"
        assert tag != "style" and (tag != "script" or attributes.get("src")), f"<{tag}> stands in the page"
        for key in ("src", "href", "action"):
            assert not re.match(r"(https?:)?//", attributes.get(key) or ""), f"<{tag}> reaches another machine"
    ids = Counter(attributes["id"] for _, attributes in elements.tags if attributes.get("id"))
    repeated = sorted(str(key) for key, count in ids.items() if count > 1)
    assert repeated == []


@pytest.mark.parametrize("name", WHOLE)
def test_page_says_its_language_and_that_it_is_exercise(name: str) -> None:
    html = _render(name)
    assert '<html lang="vi">' in html
    assert name == "sign_in.html" or "DIỄN TẬP" in html


def test_post_forms_carry_the_token() -> None:
    for name in PAGES:
        for form in re.findall(r'<form[^>]*method="post".*?</form>', _render(name), re.DOTALL):
            assert "csrfmiddlewaretoken" in form, f"{name}: {form[:80]}"


def test_figures_stand_with_rule_and_date() -> None:
    strip = _render("home_desk.html").split('<dl class="kpis">')[1].split("</dl>")[0]
    assert re.findall(r'class="figure">(?:<a[^>]*>)?([^<]+)', strip) == ["1.284", "57,8\u00a0%"]
    assert strip.count("Nhiệm vụ đang mở") == strip.count("22/7/2025") == 2


def test_figures_follow_the_language() -> None:
    english = _render("register_list.html", "en")
    assert "1,284" in english and "22 July 2025" in english and "1.284" not in english


def test_values_are_escaped() -> None:
    assert "&lt;b&gt;&amp;</textarea>" in _render("edit_form.html")


def test_error_before_sign_in_has_no_side_bar() -> None:
    assert 'id="side"' not in _render("error.html", signed_in=False)
    assert 'id="side"' in _render("error.html")


def test_icons_named_in_templates_exist() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "img/icons.svg").read_text(encoding="utf-8")))
    for name in PAGES:
        used = set(re.findall(r'icons[.\w]*\.svg#([\w-]+)"', _render(name)))
        assert used <= drawn, f"{name} uses icons that are not drawn"


def test_style_sheets_stay_on_this_machine() -> None:
    sheets = sorted((STATIC / "css").glob("*.css"))
    assert sheets
    for sheet in sheets:
        text = sheet.read_text(encoding="utf-8")
        assert not re.search(r"@import|https?:|url\(\s*[\"']?//|url\(\s*[\"']?data:", text), sheet.name
        for target in re.findall(r'url\("([^"]+)"\)', text):
            assert (sheet.parent / target).is_file(), f"{sheet.name} names {target}, which tools/collect_assets.py does not bring"


def test_lock_names_no_addresses() -> None:
    lock = json.loads((WEB.parents[2] / "package-lock.json").read_text(encoding="utf-8"))
    assert "http" not in json.dumps(lock)
    assert all(entry.get("integrity") for path, entry in lock["packages"].items() if path)


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
def test_pages_are_accessible_and_fit(chromium: Browser, width: int) -> None:
    if not AXE.exists():
        pytest.skip("No axe-core: node_modules is absent (python tools/collect_assets.py).")

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix("http://banggiao.test/").partition("?")[0]
        if path.startswith("static/"):
            route.fulfill(path=STATIC / path.removeprefix("static/"))
        elif path not in PAGES:  # what a page asks for when it is open
            route.fulfill(body="", content_type="text/html; charset=utf-8")
        else:
            route.fulfill(
                body=_render(path), content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": STRICT}
            )

    context = chromium.new_context(viewport={"width": width, "height": 860})
    context.route("**/*", answer)
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    wrong: dict[str, Any] = {}
    for name in WHOLE:
        tab.goto(f"http://banggiao.test/{name}")
        tab.evaluate(AXE.read_text(encoding="utf-8"))
        result = tab.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})")
        found = [(v["id"], [node["target"] for node in v["nodes"]]) for v in result["violations"]]
        if tab.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(("wider than the window", []))
        if found:
            wrong[name] = found
    context.close()
    assert wrong == {}
    assert complaints == []
