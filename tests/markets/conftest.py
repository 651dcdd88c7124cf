"""Tests of the markets: the reference data loaded once, and a small made-up release of trade."""

from tests.factories.loaded import loaded
from tests.factories.trade_store import no_trade_store, trade_root, trade_store

__all__ = ["loaded", "no_trade_store", "trade_root", "trade_store"]
