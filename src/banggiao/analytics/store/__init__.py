"""The Parquet store of trade data: releases side by side, one of each kind in force."""

from banggiao.analytics.store.publication import Draft, StoreBusy, StoreFull, publishing
from banggiao.analytics.store.reading import NoRelease, Store
from banggiao.analytics.store.release import KINDS, Check, InputFile, Release, release_id

__all__ = [
    "KINDS",
    "Check",
    "Draft",
    "InputFile",
    "NoRelease",
    "Release",
    "Store",
    "StoreBusy",
    "StoreFull",
    "publishing",
    "release_id",
]
