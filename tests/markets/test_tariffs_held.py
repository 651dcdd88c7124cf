"""Do the tariff schedules held tell the duty in each market: for everybody, by preference, in the Union, of the latest year?

All rates in these schedules are invented.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from banggiao.analytics.duties import asked_from, asked_of, union_members
from banggiao.analytics.ingest.further import Further, ingest_further
from banggiao.analytics.store import Store
from banggiao.markets.tariffs import Tariff, schedule_of, tariffs_on

VIET_NAM, KOREA, GERMANY, JAPAN = 704, 410, 276, 392
SCHEDULES = """Reporter,Partner,Year,HS6,Regime,Rate
KOR,,2022,030617,MFN,50
KOR,,2024,030617,MFN,20
KOR,VNM,2024,030617,VKFTA,5
KOR,VNM,2024,030617,RCEP,8
KOR,,2024,090111,MFN,2
EUN,,2023,030617,MFN,12
EUN,VNM,2023,030617,EVFTA,0
VNM,,2024,870323,MFN,70
VNM,EUN,2024,870323,EVFTA,30
"""


@pytest.fixture
def held(settings: Any, tmp_path: Path) -> Store:
    settings.MARKETS_FOLDER = tmp_path / "markets"
    settings.MARKETS_FOLDER.mkdir()
    path = tmp_path / "schedules.csv"
    path.write_text(SCHEDULES, encoding="utf-8")
    store = Store(settings.MARKETS_FOLDER)
    ingest_further(store, [path], at="2026-11-24T00:00:00+00:00", wanted=Further("tariffs"))
    return store


@pytest.mark.usefixtures("held")
def test_the_lowest_preference_of_the_latest_year_is_paid() -> None:
    found = tariffs_on(VIET_NAM, [(KOREA, 30617), (KOREA, 90111), (GERMANY, 30617), (JAPAN, 30617)])
    assert found[KOREA, 30617] == Tariff(0.2, 0.05, 0.15000000000000002 / 1.2)
    assert found[KOREA, 90111] == Tariff(0.02, 0.02, 0.0), "no preference: the rate for everybody"
    assert found[GERMANY, 30617] == Tariff(0.12, 0.0, 0.12 / 1.12), "a member has the schedule of the Union"
    assert (JAPAN, 30617) not in found, "what no schedule tells is unknown, not free"
    assert tariffs_on(JAPAN, [(KOREA, 30617)])[KOREA, 30617] == Tariff(0.2, 0.2, 0.0)


@pytest.mark.usefixtures("held")
def test_a_preference_of_the_union_is_one_of_its_members() -> None:
    schedule = schedule_of(VIET_NAM, {870323})
    assert schedule is not None
    assert schedule.paid(870323, GERMANY) == 0.3 and schedule.paid(870323, JAPAN) == 0.7
    assert tariffs_on(GERMANY, [(VIET_NAM, 870323)])[VIET_NAM, 870323].applied == 0.3


def test_without_schedules_nothing_is_known(settings: Any, tmp_path: Path) -> None:
    settings.MARKETS_FOLDER = tmp_path / "none"
    assert tariffs_on(VIET_NAM, [(KOREA, 30617)]) == {} and schedule_of(KOREA, {30617}) is None


def test_who_belongs_to_the_union() -> None:
    assert len(union_members()) == 27 and GERMANY in union_members() and VIET_NAM not in union_members()
    assert asked_of([GERMANY]) == [97, GERMANY] and asked_of([KOREA]) == [KOREA]
    assert asked_from(VIET_NAM) == [0, VIET_NAM] and asked_from(GERMANY) == [0, 97, GERMANY]
