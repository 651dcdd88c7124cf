"""Do tariff scenarios and agreements that are not there yet give what the models give, and say what is wrong with a scenario?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from banggiao.analytics.elasticities import elasticities
from banggiao.analytics.smart import Flows, simulate
from banggiao.analytics.store import Store
from banggiao.core.errors import InvalidInput
from banggiao.core.questions import ALL, Answer, ask
from banggiao.markets import whatif
from tests.factories.rows import AT, SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]
NAMES = ("market_tariff_suppliers", "market_tariff_products", "market_tariff_totals")


def asked(name: str, **given: str) -> Answer:
    return ask(name, given, SYSTEM, at=AT, page=ALL).listed()


def bought(root: Path, importer: str, chapter: int) -> tuple[Any, Any, Any]:
    """Product, partner and value of what a country buys of a chapter in the last year, and the chapter that it buys most of."""
    store = Store(root)
    release = store.in_force()
    cube = store.cube(release, max(release.years))
    codes = {row["iso3"]: row["code"] for row in store.countries(release).to_pylist()}
    place = cube.country_position(codes[importer])
    owner = np.repeat(np.arange(len(cube.countries)), np.diff(cube.start))
    wanted = (cube.importer == place) & (owner != place) & (cube.products[cube.product] // 10000 == chapter)
    return cube.products[cube.product[wanted]], cube.countries[owner[wanted]], cube.value[wanted]


def chapter_of(root: Path) -> int:
    """A chapter that the United States buy from Viet Nam and from others."""
    store = Store(root)
    codes = {row["iso3"]: row["code"] for row in store.countries(store.in_force()).to_pylist()}
    for chapter in range(1, 98):
        product, partner, _value = bought(root, "USA", chapter)
        if codes["VNM"] in partner.tolist() and len(set(partner.tolist())) > 2:
            return chapter
    raise AssertionError("the small release sells nothing to the United States")


def test_a_scenario_gives_what_smart_gives_on_the_same_flows(trade_store: Path) -> None:
    chapter = chapter_of(trade_store)
    product, partner, value = bought(trade_store, "USA", chapter)
    paid = np.full(len(product), 0.1)
    after = np.where(partner == 704, 0.02, 0.1)
    flows = Flows(product.astype(np.int64), partner.astype(np.int64), value.astype(float), paid, after)
    expected = simulate(flows, elasticities(product.tolist(), "USA"))
    scenario = {"importer": "USA", "hs": f"{chapter:02d}", "partners": "VNM", "before": "10", "after": "2"}
    rows = {row.cells[1]: row.cells for row in asked("market_tariff_suppliers", **scenario).rows}
    home = expected.by_partner().to_pylist()
    vietnam = next(row for row in home if row["partner"] == 704)
    assert rows["VNM"][2:4] == (10.0, 2.0)
    assert rows["VNM"][7] == pytest.approx(vietnam["total"] / 1000, abs=0.06)
    assert rows["VNM"][7] > 0 > sum(cells[7] for code, cells in rows.items() if code != "VNM")
    sums = {row.cells[1]: row.cells[2] for row in asked("market_tariff_totals", **scenario).rows}
    assert sums["creation"] == pytest.approx(expected.central.sums()["creation"] / 1000, abs=0.06)
    assert sums["winners"] == pytest.approx(rows["VNM"][7], abs=0.06)
    assert all(row.exercise for row in asked("market_tariff_totals", **scenario).rows)


def test_given_elasticities_are_used_and_named(trade_store: Path) -> None:
    scenario = {"hs": f"{chapter_of(trade_store):02d}", "before": "10", "demand": "2", "substitution": "3,5"}
    for row in asked("market_tariff_products", **scenario).rows:
        assert (row.cells[8], row.cells[10]) == (2.0, 3.5)
        assert row.cells[9].vi == "Do người dùng nêu"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"before": "-5"}, "before"),
        ({"before": "ten"}, "before"),
        ({"after": "5000"}, "after"),
        ({"partners": ","}, "partners"),
        ({"partners": "ZZZ"}, "partners"),
        ({"importer": "ZZZ"}, "importer"),
        ({"hs": "1"}, "hs"),
        ({"hs": ","}, "hs"),
        ({"demand": "0"}, "demand"),
        ({"supply": "nan"}, "supply"),
        ({"before": "9" * 400}, "before"),
    ],
)
def test_a_scenario_that_makes_no_sense_is_refused_by_field(given: dict[str, str], field: str, trade_store: Path) -> None:
    scenario = {"hs": f"{chapter_of(trade_store):02d}", "before": "10", **given}
    with pytest.raises(InvalidInput) as refused:
        asked("market_tariff_totals", **scenario)
    assert field in [problem.field for problem in refused.value.problems]


def test_without_schedules_the_duty_of_today_must_be_said(trade_store: Path) -> None:
    with pytest.raises(InvalidInput) as refused:
        asked("market_tariff_totals", hs=f"{chapter_of(trade_store):02d}")
    assert [problem.field for problem in refused.value.problems] == ["before"]


def test_an_agreement_with_mercosur_raises_trade_between_the_sides_and_hardly_that_of_others() -> None:
    answer = asked("market_agreement_effects")
    rows = {row.cells[1]: row.cells for row in answer.rows}
    members = {code for code, cells in rows.items() if cells[2]}
    assert members == {"VNM", "ARG", "BRA", "BOL", "PRY", "URY"}
    assert all(0 < rows[code][6] < rows[code][5] < rows[code][7] for code in members)
    assert all(rows[code][10] > 0 for code in members)
    assert all(abs(cells[5]) < 0.05 for code, cells in rows.items() if code not in members)
    assert not any(row.exercise for row in answer.rows) and len(answer.sources) == len(whatif.SETS)
    found = whatif.effects(whatif.asked("VNM", "MERCOSUR", "average"))
    assert max(result.residual for result in found.middle.values()) < 1e-10
    sales = {row.cells[1]: row.cells for row in asked("market_agreement_sales").rows}
    assert sales["BRA"][5] > 0 and sales["BRA"][6] > 50


def test_pairs_that_trade_freely_already_are_left_and_an_agreement_of_none_else_is_refused() -> None:
    assert whatif.effects(whatif.asked("VNM", "EU,BRA", "average")).spared == 27
    with pytest.raises(InvalidInput):
        asked("market_agreement_effects", others="EU")


@pytest.mark.parametrize(
    ("given", "field"), [({"others": "ZZZ"}, "others"), ({"others": "VNM"}, "others"), ({"home": "EU"}, "home")]
)
def test_an_agreement_with_nobody_is_refused_by_field(given: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        asked("market_agreement_effects", **given)
    assert [problem.field for problem in refused.value.problems] == [field]
