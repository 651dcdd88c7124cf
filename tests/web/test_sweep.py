"""Does every page open for those who may, refuse those who may not, keep its language and its policy?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client

import banggiao
from banggiao.accounts.permissions import PERMISSIONS
from tests.web.routes import CASES, NAMES, addresses
from tests.web.world import World

pytestmark = pytest.mark.django_db
CATALOGUE = Path(banggiao.__file__).parent / "locale/en/LC_MESSAGES/django.po"
ACCENT = re.compile(r"[^\x00-\x7f–“”…·→\u00a0\u2060]")
LIST_BYTES = 100_000


class Page(HTMLParser):
    """Ids, texts and attributes that are read aloud."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.texts: list[str] = []
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if values.get("id"):
            self.ids[str(values["id"])] += 1
        self.texts += [str(values[n]) for n in ("aria-label", "placeholder", "title", "alt", "data-label") if values.get(n)]
        if tag == "a" and values.get("href"):
            self.links.append(str(values["href"]))
        assert "style" not in values and not [n for n in values if n.startswith("on")], f"<{tag}> carries a style or a script"
        assert tag != "style" and (tag != "script" or values.get("src")), f"<{tag}> stands in the page"

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(" ".join(data.split()))


def test_every_named_route_has_a_case() -> None:
    assert set(CASES) == NAMES


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("role", PERMISSIONS)
def test_pages_by_role(role: str, language: str, world: World, as_role: Callable[..., Client]) -> None:
    client, wrong = as_role(role, language), []
    for name, case, url in addresses(world):
        if case.permission is None:
            continue
        response = client.get(url)
        allowed = not case.permission or case.permission in PERMISSIONS[role]
        hidden = bool(case.only) and case.only != role
        wanted = 405 if case.post else 302 if case.moves else 403 if not allowed else 404 if hidden else 200
        if response.status_code != wanted:
            wrong.append((name, url, response.status_code, wanted))
        if case.file and allowed:
            assert response.headers["Content-Type"].split(";")[0] != "text/html"
        elif wanted != 405 and not case.moves:
            html = response.content.decode()
            assert f'<html lang="{language}">' in html or (case.fragment and allowed), url
            page = Page(html)
            assert [key for key, count in page.ids.items() if count > 1] == [], url
            assert language == "en" or "None" not in page.texts, url
            if name == "list":
                assert len(html.encode()) < LIST_BYTES, url
    assert wrong == []


def test_no_two_entries_of_the_menu_share_a_symbol(as_role: Callable[..., Client]) -> None:
    for role in PERMISSIONS:
        menu = as_role(role).get("/").content.decode().partition('id="side"')[2].partition("</nav>")[0]
        symbols = re.findall(r"svg#([\w-]+)", menu)
        assert len(symbols) > 3 and len(symbols) == len(set(symbols)), role


def test_one_group_of_the_menu_is_open_and_it_holds_the_page_read(world: World, as_role: Callable[..., Client]) -> None:
    client = as_role("desk")
    record = f"/commitments/{world.commitment.pk}"
    for url, wanted in (("/", "/activities"), ("/partners", "/partners"), (record, "/commitments")):
        menu = client.get(url).content.decode().partition('id="side"')[2].partition("</nav>")[0]
        groups = re.findall(r"<details( open)?>.*?<h2>[^<]+</h2></summary>(.*?)</details>", menu, re.DOTALL)
        opened = [links for mark, links in groups if mark]
        assert len(groups) > 3 and len(opened) == 1 and f'href="{wanted}"' in opened[0], url
        assert len(re.findall("<a ", menu.partition("<details")[0])) < 10, url


def test_the_steps_of_a_duty_follow_its_standing_and_what_is_empty_is_folded(
    as_role: Callable[..., Client], world: World
) -> None:
    html = as_role("desk").get(f"/commitments/{world.commitment.pk}").content.decode()
    at = [html.index(f'id="{name}"') for name in ("standing", "steps-title", "facts-title", "evidence", "history-title")]
    assert at == sorted(at) and html.count('id="steps-title"') == 1
    assert '<details class="panel about" id="dispatches">' in html and '<section class="panel" id="evidence"' in html
    plain = as_role("desk").get(f"/partners/{world.commitment.partner_id}").content.decode()
    assert 'class="columns led"' in html and 'class="columns led"' not in plain


def test_pages_only_for_those_signed_in(world: World) -> None:
    for _name, case, url in addresses(world):
        if case.permission is None:
            continue
        response = Client().get(url)
        assert response.status_code == 302 and response.headers["Location"].startswith("/sign-in?next="), url


def test_every_link_of_a_page_leads_somewhere(world: World, as_role: Callable[..., Client]) -> None:
    client, seen, dead = as_role("desk"), set(), []
    for _name, case, url in addresses(world):
        if case.post or case.file or case.moves or case.permission is None:
            continue
        page = Page(client.get(url).content.decode())
        for link in page.links:
            address = link.partition("#")[0]
            if address.startswith("/") and address not in seen:
                seen.add(address)
                status = client.get(address).status_code
                if status not in (200, 302):
                    dead.append((url, address, status))
    assert dead == [] and len(seen) > 60


def test_links_within_a_page_have_their_place(world: World, as_role: Callable[..., Client]) -> None:
    client = as_role("desk")
    for url in (f"/documents/{world.document.pk}", "/reviews/2025-H1"):
        page = Page(client.get(url).content.decode())
        inner = {link[1:] for link in page.links if link.startswith("#")}
        assert inner and inner <= set(page.ids)


@pytest.mark.parametrize("role", ["desk", "enterprise"])
def test_english_pages_hold_no_vietnamese_message(role: str, world: World, as_role: Callable[..., Client]) -> None:
    if not CATALOGUE.with_suffix(".mo").exists():
        pytest.skip("No English catalogue: locale/en/LC_MESSAGES/django.mo has not been compiled.")
    messages = _vietnamese_messages()
    client, found = as_role(role, "en"), set()
    for name, case, url in addresses(world):
        # A closed list stands there in both languages; the headings of a pasted table are its owner's words.
        if name in ("vocabulary", "preview"):
            continue
        if not (case.post or case.file or case.moves or case.permission is None):
            texts = Page(client.get(url).content.decode()).texts
            found |= {(url, text) for text in texts if text.rstrip(":") in messages or text in messages}
    assert found == set()


def _vietnamese_messages() -> set[str]:
    """Every message of the catalogue that an English reader could not read."""
    from babel.messages.pofile import read_po

    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="en")
    ids = {text for message in catalogue for text in (message.id if isinstance(message.id, tuple | list) else (message.id,))}
    return {text for text in ids if ACCENT.search(text)}


def test_policy_and_caching_on_every_page(world: World, as_role: Callable[..., Client]) -> None:
    client = as_role("desk")
    for _name, case, url in addresses(world):
        if case.post or case.moves:
            continue
        headers = client.get(url).headers
        policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
        # A file that somebody sent may load nothing at all, not even what pages may.
        if case.file and "sandbox" in policy:
            assert policy == {"sandbox": "", "default-src": "'none'"}, url
        else:
            assert policy["default-src"] == "'none'" and policy["script-src"] == policy["style-src"] == "'self'", url
        assert "unsafe" not in headers["Content-Security-Policy"] and headers["X-Frame-Options"] == "DENY"
        if not case.file and case.permission is not None:
            assert headers["Cache-Control"] == "private, no-store", url
