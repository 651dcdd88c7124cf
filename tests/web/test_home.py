"""Does each role's home say first what needs it, and does every figure equal the total of the list it opens?"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils.html import strip_tags

from banggiao.accounts.models import RoleHeld
from banggiao.accounts.permissions import PERMISSIONS
from banggiao.accounts.services import give_role
from banggiao.core.vocabulary import vocabulary
from banggiao.followup.services import move_due_date, move_work
from banggiao.reports.home import BANDS, COUNTS, LISTS
from banggiao.web.homes.figures import band_names, names
from tests.factories.rows import AT, SIX, act, commitment, institution, task, user
from tests.web.world import PUBLIC, World

pytestmark = pytest.mark.django_db
FIGURE = re.compile(r'<dd class="figure"><a href="([^"]+)">([\d.]+)</a>')
BACKEND = "banggiao.accounts.backend.AccountBackend"
#: A line of a panel that counts and opens a list; lines that open a record count within it.
TALLY = re.compile(r'<li><a href="(/[a-z_]+(?:\?[^"]*)?)">[^<]*</a><span class="figure">([\d.]+)</span>')


def figures(client: Client, url: str = "/") -> dict[str, int]:
    """List -> the figure that opens it."""
    html = client.get(url).content.decode()
    counted = FIGURE.findall(html) + TALLY.findall(html)
    return {unescape(address): int(value.replace(".", "")) for address, value in counted}


def total(client: Client, url: str) -> int:
    """What the list says it holds; an empty list says so in words."""
    html = client.get(url).content.decode()
    found = re.search(r"trong ([\d.]+) bản ghi", html)
    return int(found.group(1).replace(".", "")) if found else 0


def text_of(client: Client, url: str = "/") -> str:
    return " ".join(unescape(strip_tags(client.get(url).content.decode())).split())


def test_every_role_has_a_home_of_figures_that_have_names() -> None:
    assert set(BANDS) == set(LISTS) == set(PERMISSIONS)
    assert set(names()) == set(COUNTS)
    assert {name for bands in BANDS.values() for name, _keys in bands} | {"asked_home"} == set(band_names())
    assert {key for bands in BANDS.values() for _name, keys in bands for key in keys} <= set(COUNTS)
    assert {count.rule for count in COUNTS.values()} <= set(vocabulary("counting_rule").codes)


@pytest.mark.parametrize("role", PERMISSIONS)
def test_figures_equal_the_lists_they_open(role: str, world: World, as_role: Callable[..., Client]) -> None:
    client = as_role(role)
    counted = figures(client)
    assert counted and {url: total(client, url) for url in counted} == counted
    if "registers.view" in PERMISSIONS[role]:
        of_partner = figures(client, f"/partners/{world.state.code}")
        assert of_partner and {url: total(client, url) for url in of_partner} == of_partner


def test_the_leader_sees_who_must_act_and_every_number_opens_its_list(world: World, as_role: Callable[..., Client]) -> None:
    client = as_role("leader")
    html = client.get("/").content.decode()
    table = html[html.index('id="who"') : html.index("</table>", html.index('id="who"'))]
    opened = re.findall(r'<a href="(/(?:tasks|commitments)\?[^"]+)">(\d+) ', table)
    assert opened
    for url, value in opened:
        assert total(client, unescape(url)) == int(value), url
    # The late task of BO-A, its late exercise task, the other body's internal one; its promise is not late yet.
    late = figures(client)["/tasks?overdue_on=2025-09-15&order=due"]
    assert late == 3
    assert "Đã hứa và đã làm được" in text_of(client)


def test_the_leader_decides_later_due_dates(world: World, as_role: Callable[..., Client]) -> None:
    # Those of the lead itself are decided above it, so the leader of BO-A sees what others ask for.
    assert "Đề nghị chuyển hạn chờ duyệt" not in text_of(as_role("leader"))
    duty = commitment(lead_id=institution("BO-Q").pk, classification="public")
    move_due_date(act=act(reason="Bên kia xin lùi"), record=duty, to="2025-12-30", version=duty.version)
    assert "Đề nghị chuyển hạn chờ duyệt" in text_of(as_role("leader")) and "Bên kia xin lùi" in text_of(as_role("leader"))
    assert "Đề nghị chuyển hạn chờ duyệt" not in text_of(as_role("ministry"))


def test_charts_say_the_same_as_their_tables(world: World, as_role: Callable[..., Client]) -> None:
    client = as_role("leader")
    html = client.get("/").content.decode()
    assert html.count('class="body drawing"') >= 1 and "Vương quốc X" in html[html.index("<svg", html.index("drawing")) :]
    assert " style=" not in html


def test_the_home_of_a_ministry_counts_what_it_leads(world: World, as_role: Callable[..., Client]) -> None:
    client = as_role("ministry")
    counted = figures(client)
    own = [url for url in counted if url.startswith(("/tasks", "/commitments"))]
    assert own and all("lead=BO-A" in url for url in own)
    html = client.get("/").content.decode()
    assert "Rà soát thỏa thuận" in html and "Lập kế hoạch xúc tiến" not in html and "Việc nội bộ" not in html
    assert counted["/tasks?overdue_on=2025-09-15&order=due&lead=BO-A"] == 2
    words = text_of(client)
    assert "Đang nợ việc gì" in words and "Đang được yêu cầu gì" in words and "Hà Nội đang đề nghị gì" not in words
    assert "Hà Nội đang đề nghị gì" in text_of(as_role("mission"))


def test_a_duty_without_news_for_a_month_is_counted_for_the_desk(world: World, as_role: Callable[..., Client]) -> None:
    url = "/tasks?silent_on=2025-09-15"
    before = figures(as_role("desk"))[url]
    old = act(at=AT - timedelta(days=31))
    from banggiao.commitments.services import create_task

    quiet = create_task(
        act=old, values={"text_vi": "Việc im lặng", "lead_id": world.body.pk, "deadline": "2026-12-31", **SIX, **PUBLIC}
    )
    move_work(act=old, record=quiet, action="assign", version=quiet.version)
    assert figures(as_role("desk"))[url] == before + 1 == total(as_role("desk"), url)
    from banggiao.followup.services import report_progress

    report_progress(act=act(), record=quiet, day=AT.date(), text="Đã làm")
    assert figures(as_role("desk"))[url] == before


def test_everything_counted_of_the_exercise_says_so(world: World, as_role: Callable[..., Client]) -> None:
    client = as_role("desk")
    for url in ("/", "/tasks", "/tasks?overdue_on=2025-09-15"):
        assert 'class="banner"' in client.get(url).content.decode(), url
    for url in ("/agreements", "/tasks?due_soon_on=2025-09-15"):
        assert 'class="banner"' not in client.get(url).content.decode(), url


def test_a_user_without_a_role_is_told_what_to_do(world: World) -> None:
    client = Client()
    client.force_login(user("chua.co.vai"), backend=BACKEND)
    assert "Tài khoản chưa được giao vai trò" in text_of(client)
    assert client.get("/tasks").status_code == 403
    assert client.get(f"/tasks/{world.task.pk}").status_code == 403


def test_a_figure_names_its_rule_and_day(world: World, as_role: Callable[..., Client]) -> None:
    words = text_of(as_role("desk"))
    assert vocabulary("counting_rule").label("open_past_due", "vi") in words and "15/9/2025" in words


def test_somebody_with_two_roles_sees_both_and_may_look_at_one(world: World, as_role: Callable[..., Client]) -> None:
    who = world.users["ministry"]
    give_role(act=act(), user=who, role="administrator", institution_id=world.other.pk, held_from=date(2025, 1, 1))
    client = as_role("ministry")
    both = text_of(client)
    assert "Đang nợ việc gì" in both and "Hệ thống" in both and "Mọi vai trò" in both
    one = text_of(client, "/?role=administrator")
    assert "Hệ thống" in one and "Đang nợ việc gì" not in one
    assert "Đang nợ việc gì" in text_of(client, "/?role=leader")  # a role not held chooses nothing
    # Duties are counted for each of the two institutions, which are then named.
    assert RoleHeld.objects.filter(user=who).count() == 2
    assert {url for url in figures(client) if url.endswith("lead=BO-B")}
    counted = figures(client)
    assert {url: total(client, url) for url in counted} == counted


def test_a_name_with_a_script_in_it_is_shown_as_a_name(world: World, as_role: Callable[..., Client]) -> None:
    hostile = task(text_vi="<script>alert(1)</script>", lead_id=world.body.pk, deadline="2025-09-01", **SIX, **PUBLIC)
    move_work(act=act(), record=hostile, action="assign", version=hostile.version)
    html = as_role("leader").get("/").content.decode()
    assert "<script>alert" not in html and "&lt;script&gt;alert(1)" in html
