"""Every write to the store of trade data: a release ingested, made up, put in force, taken away; the ledger says by whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from banggiao.core.acts import Act
from banggiao.core.ledger import append
from banggiao.markets import store as holding

if TYPE_CHECKING:
    from banggiao.analytics.ingest.annual import Outcome, Wanted
    from banggiao.analytics.ingest.further import Further
    from banggiao.analytics.store import Release

#: What the ledger calls a release; it has no table.
RECORD = "markets.release"
#: Size of the made-up release: enough for every page, made in a few seconds.
DEMO_COUNTRIES, DEMO_PRODUCTS, DEMO_YEARS = 60, 1000, 5
#: What a demo begins with: less, because its start waits for it.
START_COUNTRIES, START_PRODUCTS, START_YEARS = 40, 400, 3

#: The reporter of the further releases, as trade tables number it.
VIET_NAM = 704

Progress = Callable[[str, float], None]
Cancelled = Callable[[], bool]


def chain_of(id: str) -> UUID:
    """The chain of the ledger that tells of a release, which is known by name."""
    return uuid5(NAMESPACE_URL, f"banggiao:markets:release:{id}")


def make_demo(*, act: Act, small: bool = False, progress: Progress | None = None, cancelled: Cancelled | None = None) -> Release:
    """Make up five years of trade (three if `small`) and put them in force; they are labelled wherever they are shown.

    Monthly trade, tariffs and the use of preferences of Viet Nam are made up with them, used where nothing real is.

    Raises NotPermitted, SetupProblem without the extra `markets`, StoreBusy, StoreFull, CalledOff.
    """
    act.viewer.require("markets.ingest")
    store = holding.store()
    from banggiao.analytics import synthetic, synthetic_further, synthetic_release

    wide, long, span = (START_COUNTRIES, START_PRODUCTS, START_YEARS) if small else (DEMO_COUNTRIES, DEMO_PRODUCTS, DEMO_YEARS)
    world = synthetic.world(synthetic_release.countries(wide), synthetic_release.products(long))
    last = act.at.year - 1
    years = range(last - span + 1, last + 1)
    release = synthetic_release.publish(
        store, world, years, at=act.at.isoformat(), in_force=False, progress=progress, cancelled=cancelled
    )
    for further in synthetic_further.publish_further(store, world, release, VIET_NAM, at=act.at.isoformat()):
        known = store.in_force_ids().get(further.kind)
        if known is None or store.release(known).synthetic:
            _into_force(act, further, "make up")
    return _into_force(act, release, "make up")


def ingest_files(
    *,
    act: Act,
    paths: Sequence[Path],
    wanted: Wanted | Further | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Outcome:
    """Make a release of the files and, unless `wanted` says otherwise, put it in force; a dry run only checks.

    Raises NotPermitted, SetupProblem without the extra `markets`, and what `analytics.ingest.annual.ingest` or, for the other
    kinds of data, `analytics.ingest.further.ingest_further` raises.
    """
    act.viewer.require("markets.ingest")
    store = holding.store()
    from dataclasses import replace

    from banggiao.analytics.ingest.annual import Wanted, ingest
    from banggiao.analytics.ingest.further import Further, ingest_further

    wanted = wanted or Wanted()
    # The file system first, the entry and the switch together last: a release without an entry is never in force.
    at = act.at.isoformat()
    if isinstance(wanted, Further):
        later = replace(wanted, in_force=False)
        outcome = ingest_further(store, paths, at=at, wanted=later, progress=progress, cancelled=cancelled)
    else:
        outcome = ingest(store, paths, at=at, wanted=replace(wanted, in_force=False), progress=progress, cancelled=cancelled)
    if outcome.published and wanted.in_force:
        _into_force(act, outcome.release, "ingest")
    elif outcome.published:
        with transaction.atomic():
            append(act, RECORD, chain_of(outcome.release.id), "ingest", _told(outcome.release))
    return outcome


def convert_release(*, act: Act, id: str, to: str, in_force: bool = True) -> Release:
    """Make a release in another HS revision out of one that stands. Raises NotPermitted, NoRelease, InvalidInput, StoreBusy."""
    act.viewer.require("markets.ingest", subject=id)
    store = holding.store()
    from banggiao.analytics.ingest.concordance import convert

    release = convert(store, store.release(id), to, at=act.at.isoformat())
    if in_force:
        return _into_force(act, release, "convert")
    with transaction.atomic():
        append(act, RECORD, chain_of(release.id), "convert", _told(release))
    return release


def use_release(*, act: Act, id: str) -> Release:
    """Put a release in force, an older one too. Raises NotPermitted, NoRelease, SetupProblem."""
    act.viewer.require("markets.ingest", subject=id)
    return _into_force(act, holding.store().release(id), "put in force")


def remove_release(*, act: Act, id: str) -> Release:
    """Take a release away for good. Raises NotPermitted, NoRelease, WrongState while it is in force."""
    act.viewer.require("markets.ingest", subject=id)
    store = holding.store()
    release = store.release(id)
    with transaction.atomic():
        append(act, RECORD, chain_of(id), "remove", {"title": [release.title, None]})
        store.remove(id)
    return release


def _into_force(act: Act, release: Release, action: str) -> Release:
    """The release comes into force as the last thing done, so that it never is so without an entry that says by whom."""
    store = holding.store()
    before = store.in_force_ids().get(release.kind)
    told = {"in_force": [before, release.id], **_told(release)}
    with transaction.atomic():
        append(act, RECORD, chain_of(release.id), action, told)
        store.put_in_force(release.id)
    return release


def _told(release: Release) -> dict[str, list[Any]]:
    return {
        "source": [None, release.source],
        "years": [None, list(release.years)],
        "inputs": [None, {each.name: each.sha256 for each in release.inputs}],
    }
