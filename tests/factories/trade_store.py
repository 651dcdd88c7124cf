"""A small made-up release of trade, the same every run: 14 countries, 90 products, two years; made once, read by many tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

COUNTRIES, PRODUCTS, YEARS = 14, 90, (2023, 2024)


@pytest.fixture(scope="session")
def trade_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a store that holds the release, in force."""
    from banggiao.analytics import synthetic, synthetic_release
    from banggiao.analytics.store import Store

    root = tmp_path_factory.mktemp("markets")
    world = synthetic.world(synthetic_release.countries(COUNTRIES), synthetic_release.products(PRODUCTS), seed=11)
    synthetic_release.publish(Store(root), world, YEARS, at="2025-09-01T00:00:00+00:00", in_force=True)
    return root


@pytest.fixture
def trade_store(trade_root: Path, settings: pytest.FixtureRequest) -> Iterator[Path]:
    """The installation holds that release."""
    settings.MARKETS_FOLDER = trade_root  # type: ignore[attr-defined]
    yield trade_root


@pytest.fixture
def no_trade_store(tmp_path: Path, settings: pytest.FixtureRequest) -> Iterator[None]:
    """The installation has ingested nothing."""
    settings.MARKETS_FOLDER = tmp_path / "markets"  # type: ignore[attr-defined]
    yield
