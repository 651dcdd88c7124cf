"""Does every figure of the home page equal the total of the list it opens, for everybody?"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.html import strip_tags

from banggiao.accounts.permissions import PERMISSIONS
from banggiao.core.vocabulary import vocabulary
from tests.web.world import World

pytestmark = pytest.mark.django_db
FIGURE = re.compile(r'<dd class="figure"><a href="([^"]+)">([\d.]+)</a>')


def figures(client: Client) -> dict[str, int]:
    """List -> the figure that opens it."""
    html = client.get("/").content.decode()
    return {url.replace("&amp;", "&"): int(value.replace(".", "")) for url, value in FIGURE.findall(html)}


def total(client: Client, url: str) -> int:
    """What the list says it holds; an empty list says so in words."""
    html = client.get(url).content.decode()
    found = re.search(r"trong ([\d.]+) bản ghi", html)
    return int(found.group(1).replace(".", "")) if found else 0


@pytest.mark.parametrize("role", PERMISSIONS)
def test_figures_equal_the_lists_they_open(role: str, world: World, as_role: Callable[..., Client]) -> None:
    client = as_role(role)
    counted = figures(client)
    assert len(counted) == 4 + ("facts.check" in PERMISSIONS[role])
    assert {url: total(client, url) for url in counted} == counted
    # The late task of the own institution, its late exercise task; the desk also sees another body's internal one.
    late = counted[next(url for url in counted if url.startswith("/tasks") and "overdue" in url)]
    assert late == (3 if "see_all" in PERMISSIONS[role] else 2)


def test_the_home_of_a_ministry_counts_what_it_leads(world: World, as_role: Callable[..., Client]) -> None:
    client = as_role("ministry")
    counted = figures(client)
    assert all("lead=BO-A" in url for url in counted if not url.startswith("/facts"))
    html = client.get("/").content.decode()
    assert "Rà soát thỏa thuận" in html and "Lập kế hoạch xúc tiến" not in html and "Việc nội bộ" not in html


def test_everything_counted_of_the_exercise_says_so(world: World, as_role: Callable[..., Client]) -> None:
    client = as_role("desk")
    for url in ("/", "/tasks", "/tasks?overdue_on=2025-09-15"):
        assert 'class="banner"' in client.get(url).content.decode(), url
    for url in ("/agreements", "/tasks?due_soon_on=2025-09-15"):
        assert 'class="banner"' not in client.get(url).content.decode(), url


def test_a_user_without_a_role_is_told_what_to_do(world: World) -> None:
    from django.conf import settings

    from tests.factories.rows import user

    client = Client()
    client.force_login(user("chua.co.vai"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    page = client.get("/")
    assert page.status_code == 200 and "Tài khoản chưa được giao vai trò" in strip_tags(page.content.decode())
    assert client.get("/tasks").status_code == 403
    assert client.get(f"/tasks/{world.task.pk}").status_code == 403


def test_a_figure_names_its_rule_and_day(world: World, as_role: Callable[..., Client]) -> None:
    text = strip_tags(as_role("desk").get("/").content.decode())
    assert vocabulary("counting_rule").label("open_past_due", "vi") in text and "15/9/2025" in text
