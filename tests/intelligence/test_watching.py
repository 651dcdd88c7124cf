"""A watch looks through published months and puts before people what its past does not explain, once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from banggiao.core.errors import InvalidInput, NotPermitted
from banggiao.core.ledger import entries_of
from banggiao.followup.talking import InboxItem
from banggiao.intelligence.watching.models import Signal
from banggiao.intelligence.watching.services import check_watches, create_watch, move_signal, move_watch
from banggiao.sources.models import Dataset, Observation
from tests.factories.rows import AT, act, institution, viewer, watch

pytestmark = [pytest.mark.django_db]
np = pytest.importorskip("numpy", reason="the extra markets is not installed")


def months(values: list[float], flow: str = "export") -> None:
    """Published monthly totals of these values from 2020-01 on, USD million."""
    held = Dataset.objects.filter(name="trade_monthly").first()
    assert held is not None
    Observation.objects.filter(measure=f"monthly_{flow}").delete()
    Observation.objects.bulk_create(
        Observation(
            dataset=held,
            row=1000 + n,
            subject="VNM",
            measure=f"monthly_{flow}",
            period=f"{2020 + n // 12}-{n % 12 + 1:02d}",
            value=Decimal(f"{value:.3f}"),
            unit="USD million",
            source_url=f"https://example.org/{n}",
            as_of="2025-01-05",
            dimensions={"status": "first" if n == len(values) - 1 else "reported"},
        )
        for n, value in enumerate(values)
    )


def steady(count: int = 60, *, last: float = 1.0) -> list[float]:
    """Months with a season and small noise; the last one times `last`."""
    rng = np.random.default_rng(7)
    made = [1000 * (1 + 0.2 * np.sin(n / 12 * 2 * np.pi)) * 1.005**n * (1 + rng.normal(0, 0.02)) for n in range(count)]
    return [*made[:-1], made[-1] * last]


@pytest.fixture(autouse=True)
def _sets(loaded: None) -> None:
    """The reference sets stand."""


def test_a_steady_series_raises_nothing_and_a_fall_one_signal_with_its_figures() -> None:
    followed = watch()
    months(steady())
    assert check_watches(act=act(), watches=[followed]) == []
    months(steady(last=0.5))
    [signal] = check_watches(act=act(), watches=[followed])
    assert (signal.period, signal.provisional, signal.source_url) == ("2024-12", True, "https://example.org/59")
    assert signal.score is not None and signal.score < -4
    assert float(signal.value) == pytest.approx(steady(last=0.5)[-1], abs=0.001)
    assert float(signal.baseline) == pytest.approx(steady()[-1], rel=0.1)
    assert "12/2024" in signal.name_vi and "thấp hơn" in signal.name_vi and "below" in signal.name_en
    assert entries_of(signal.pk).count() == 1


def test_the_same_month_is_noticed_once_also_when_its_figure_was_revised() -> None:
    followed = watch()
    months(steady(last=0.5))
    [first] = check_watches(act=act(), watches=[followed])
    months(steady(last=0.4))
    assert check_watches(act=act(), watches=[followed]) == []
    assert Signal.objects.get().value == first.value


def test_small_values_and_paused_watches_raise_nothing() -> None:
    months(steady(last=0.5))
    small = watch(value_floor=Decimal(1_000_000))
    paused = move_watch(act=act(reason="nghỉ"), watch=watch(), action="pause", version=1)
    assert check_watches(act=act(), watches=[small, paused]) == []


def test_who_follows_is_told_of_the_signal_and_of_its_raising() -> None:
    body = institution("BO-W")
    months(steady(last=0.5))
    [signal] = check_watches(act=act(), watches=[watch(follower_id=body.pk)])
    assert InboxItem.objects.filter(kind="signal", institution_id=body.pk).count() == 1
    moved = move_signal(act=act(), signal=signal, action="raise", version=1, values={"assessment": "Đơn hàng giảm"})
    assert moved.state == "raised"
    assert InboxItem.objects.filter(kind="signal", institution_id=body.pk).count() == 2
    with pytest.raises(InvalidInput):
        move_signal(act=act(), signal=moved, action="close", version=moved.version, values={"used": "no such use"})


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"product": "12a"}, "product"),
        ({"product": "123"}, "product"),
        ({"measure": "supplier_share", "flow": "import", "threshold": Decimal("1.5")}, "threshold"),
        ({"measure": "supplier_share", "flow": "export", "threshold": Decimal("0.5")}, "flow"),
        ({"measure": "unheard_of"}, "measure"),
    ],
)
def test_a_watch_that_makes_no_sense_is_refused_by_field(values: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        watch(**values)
    assert field in [problem.field for problem in refused.value.problems]


def test_a_watch_of_an_exercise_never_reads_published_figures() -> None:
    months(steady(last=0.5))
    assert check_watches(act=act(), watches=[watch(exercise=True)]) == []


def test_an_enterprise_sets_up_no_watch() -> None:
    from banggiao.core.acts import Act

    with pytest.raises(NotPermitted):
        create_watch(act=Act(viewer("enterprise"), AT), values={"name_vi": "X", "measure": "monthly_change", "flow": "export"})
