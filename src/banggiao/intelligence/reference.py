"""How all packaged reference sets enter the registers, in the order in which they refer to each other."""

from __future__ import annotations

from collections.abc import Iterator

from banggiao.activities import loading as activities
from banggiao.agreements import loading as agreements
from banggiao.barriers import loading as barriers
from banggiao.commitments import loading as commitments
from banggiao.core.acts import Act
from banggiao.partners import loading as partners
from banggiao.sources import loading as sources
from banggiao.sources.services import Loaded


def load_all(*, act: Act) -> Iterator[Loaded]:
    """Load everything; one result a set. Idempotent: a set already loaded in this edition is left alone."""
    yield from partners.load(act=act)
    yield from activities.load(act=act)
    yield from agreements.load(act=act)
    yield from commitments.load(act=act)
    yield from barriers.load(act=act)
    yield sources.load_totals(act=act)
    yield from sources.load_series(act=act)
