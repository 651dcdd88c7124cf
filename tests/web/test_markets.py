"""Do the market pages show the answers with links, files and labels, on a release and without one?"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from banggiao.core.ledger import LedgerEntry
from banggiao.core.questions import ask
from banggiao.web.markets.frame import short_name
from tests.factories.rows import AT, SYSTEM, barrier, partner
from tests.factories.trade_store import no_trade_store, trade_root, trade_store

__all__ = ["no_trade_store", "trade_root", "trade_store"]
pytestmark = pytest.mark.django_db
PAGES = ("/markets", "/markets/opportunities", "/markets/space")


def best() -> tuple[str, str]:
    """HS code and market of the largest opportunity."""
    [row] = ask("market_opportunities", {"top": "1"}, SYSTEM, at=AT).listed().rows
    return row.cells[1], row.cells[4]


@pytest.mark.parametrize("role", ["desk", "enterprise", "province", "administrator"])
def test_pages_open_and_say_that_the_data_are_made_up(role: str, as_role: Callable[..., Client], trade_store: Path) -> None:
    client = as_role(role)
    for url in (*PAGES[1:], "/markets/opportunities/{}/{}".format(*best())):
        html = client.get(url).content.decode()
        assert "DIỄN TẬP" in html and "TỔNG HỢP" in html and "Dữ liệu và cách tính" in html, url
        assert "style=" not in html.partition("<main")[2], url


def test_a_page_without_data_says_what_to_do_to_whoever_can(as_role: Callable[..., Client], no_trade_store: None) -> None:
    for url in PAGES[1:]:
        assert "banggiao markets ingest" in as_role("desk").get(url).content.decode()
        told = as_role("enterprise").get(url).content.decode()
        assert "banggiao markets" not in told and "Chưa nạp dữ liệu thương mại" in told
    assert as_role("enterprise").get("/markets").status_code == 200


def test_a_page_without_the_libraries_says_what_to_install(
    as_role: Callable[..., Client], trade_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("banggiao.markets.store.has_libraries", lambda: False)
    monkeypatch.setattr("banggiao.markets.answers.has_libraries", lambda: False)
    html = as_role("desk").get("/markets/opportunities").content.decode()
    assert "banggiao[markets]" in html and "pip install" in html


def test_the_cells_of_the_matrix_are_those_of_the_answer_and_lead_to_their_page(
    as_role: Callable[..., Client], trade_store: Path
) -> None:
    client = as_role("desk")
    html = client.get("/markets/opportunities?year=2024").content.decode()
    matrix = html.partition('<table class="matrix">')[2].partition("</table>")[0]
    hs, market = best()
    link = re.search(rf'href="(/markets/opportunities/{hs}/{market}\?[^"]*)"[^>]*>([^<]+)<', matrix)
    assert link, "the largest opportunity is in the matrix"
    [row] = ask("market_opportunities", {"top": "1"}, SYSTEM, at=AT).listed().rows
    assert link.group(2) == f"{row.cells[5]:,.0f}".replace(",", ".")
    page = client.get(link.group(1).replace("&amp;", "&"))
    assert page.status_code == 200 and f"HS {hs}" in page.content.decode() and "Ai đang bán ở đó" in page.content.decode()
    shades = {int(n) for n in re.findall(r"shade-(\d)", matrix)}
    assert {0, 5} <= shades <= set(range(6))


def test_filters_stay_in_the_address(as_role: Callable[..., Client], trade_store: Path) -> None:
    client = as_role("desk")
    hs, market = best()
    html = client.get(f"/markets/opportunities?hs={hs}&market={market}&measure=potential").content.decode()
    assert f'value="{hs}"' in html and f'<option value="{market}" selected>' in html
    assert '<option value="potential" selected>' in html
    nothing = client.get("/markets/opportunities?q=qwrtzxk").content.decode()
    assert "Không có cơ hội nào khớp" in nothing and "matrix" not in nothing.partition("<main")[2].partition("Cơ hội lớn")[0]
    assert client.get("/markets/opportunities?hs=1").status_code == 422


def test_an_opportunity_names_its_barriers_and_is_handed_on(as_role: Callable[..., Client], trade_store: Path) -> None:
    hs, market = best()
    barrier(
        name_vi="Kiểm dịch nghiêm ngặt", partner_id=partner(market, "Nước mua").pk, hs_chapters=hs[:2], classification="public"
    )
    url = f"/markets/opportunities/{hs}/{market}"
    html = as_role("desk").get(url).content.decode()
    assert "Kiểm dịch nghiêm ngặt" in html
    form = re.search(r'href="(/tasks/new\?[^"]+)"', html)
    assert form
    filled = as_role("desk").get(form.group(1).replace("&amp;", "&")).content.decode()
    assert f"HS {hs}" in filled and "Đẩy mạnh xuất khẩu" in filled
    barred = re.search(r'href="(/barriers/new\?[^"]+)"', html)
    assert barred and f"hs_chapters={hs[:2]}" in barred.group(1)
    assert "/tasks/new?" not in as_role("enterprise").get(url).content.decode()


@pytest.mark.parametrize("name", ["market_space_network", "market_space_scatter"])
def test_pictures_are_taken_as_svg_and_png_and_noted(name: str, as_role: Callable[..., Client], trade_store: Path) -> None:
    client = as_role("desk")
    drawn = client.get(f"/markets/pictures/{name}.svg?exporter=VNM")
    assert drawn["Content-Type"] == "image/svg+xml"
    text = drawn.content.decode()
    assert text.startswith("<svg") and "TỔNG HỢP, DIỄN TẬP" in text and text.count("<circle") > 20
    assert client.get(f"/markets/pictures/{name}.png").content.startswith(b"\x89PNG")
    last = LedgerEntry.objects.filter(record_type="core.export").order_by("pk").last()
    assert last is not None and last.changes["picture"] == [None, name]
    assert as_role("enterprise").get(f"/markets/pictures/{name}.svg").status_code == 403
    assert client.get(f"/markets/pictures/{name}.exe").status_code == 404
    assert client.get("/markets/pictures/none.svg").status_code == 404


def test_a_filled_dot_is_a_product_of_advantage(as_role: Callable[..., Client], trade_store: Path) -> None:
    html = as_role("desk").get("/markets/space").content.decode()
    network = html.partition('id="market_space_network"')[2].partition("</svg>")[0]
    circles = re.findall(r'<circle [^>]*fill="(#[0-9a-f]+)"[^>]*><title>[^<]*RCA (\d+,\d+)', network)
    assert len(circles) > 20
    for fill, rca in circles:
        value = float(rca.replace(",", "."))
        assert value == pytest.approx(1.0, abs=0.005) or (fill != "#ffffff") is (value >= 1)


def test_the_file_of_a_partner_shows_its_trade_by_product(as_role: Callable[..., Client], trade_store: Path) -> None:
    held = partner("JPN", "Nhật Bản")
    html = as_role("desk").get(f"/partners/{held.code}").content.decode()
    assert 'id="partner-products"' in html and 'id="partner-opportunities"' in html and "TỔNG HỢP" in html
    other = partner("XCC", "Nước C")
    assert 'id="partner-products"' not in as_role("desk").get(f"/partners/{other.code}").content.decode()


def test_english_pages_name_products_in_english(as_role: Callable[..., Client], trade_store: Path) -> None:
    html = as_role("desk", "en").get("/markets/opportunities").content.decode().partition("<main")[2]
    assert "Export opportunities" in html and "Unrealised" in html and "Sản phẩm" not in html


def test_names_are_cut_where_the_heading_ends() -> None:
    assert short_name("Cà phê (Coffee; not roasted)") == "Cà phê"
    assert short_name("Vessels; (other than sailboats)") == "Vessels"
    assert len(short_name("a" * 200)) == 64
