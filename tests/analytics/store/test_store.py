"""Releases side by side, one in force, none half written: publication, interruption, two at once, a full disk."""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from banggiao.analytics import synthetic, synthetic_release
from banggiao.analytics.store import (
    Check,
    InputFile,
    NoRelease,
    Release,
    Store,
    StoreBusy,
    StoreFull,
    layout,
    publishing,
    release_id,
)
from banggiao.core.errors import InvalidInput, Unreadable, WrongState

ROWS = pa.table(
    {
        "year": pa.array([2022] * 3, pa.int16()),
        "exporter": pa.array([704, 704, 842], pa.int16()),
        "importer": pa.array([842, 156, 704], pa.int16()),
        "product": pa.array([90111, 90111, 854231], pa.int32()),
        "value": [10.0, 5.0, 7.0],
        "quantity": [1.0, None, 2.0],
    }
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "markets")


def published(store: Store, id: str, *, in_force: bool = True, at: str = "2026-01-01") -> Release:
    from banggiao.analytics.ingest.names import write_names
    from banggiao.analytics.store.margins import write_margins

    with publishing(store) as draft:
        pq.write_table(ROWS, draft.trade_file(2022))
        write_margins(draft, 2022, ROWS)
        write_names(draft.folder, [(704, "VNM", "Viet Nam"), (842, "USA", "USA"), (156, "CHN", "China")], [(90111, "Coffee")])
        release = Release(
            id=id,
            kind="annual",
            source="baci",
            revision="HS22",
            years=(2022,),
            rows=3,
            value=22.0,
            ingested_at=at,
            inputs=(InputFile("a.csv", "ab" * 32, 12),),
            steps=("one",),
            checks=(Check("rows", "ok", "%(count)s dòng.", 3, ("a:1",), {"count": 3}),),
        )
        return draft.publish(release, in_force=in_force)


def test_an_empty_root_is_an_empty_store_and_stays_unwritten(store: Store) -> None:
    assert store.releases() == [] and store.damaged() == [] and store.in_force_ids() == {}
    with pytest.raises(NoRelease):
        store.in_force()
    with pytest.raises(NoRelease):
        store.release("../../etc")
    assert not store.root.exists()


def test_a_release_reads_as_it_was_written(store: Store) -> None:
    release = published(store, "one")
    assert store.in_force() == release == store.release("one") == store.releases("annual")[0]
    assert release.checks[0].said() == "3 dòng."
    (path,) = store.trade_files(release)
    assert pq.read_table(path, partitioning=None).equals(ROWS)
    pair = pq.read_table(store.margin_file(release, 2022, "pair"), partitioning=None).to_pylist()
    assert pair == [
        {"exporter": 704, "importer": 156, "value": 5.0},
        {"exporter": 704, "importer": 842, "value": 10.0},
        {"exporter": 842, "importer": 704, "value": 7.0},
    ]
    goods = pq.read_table(store.margin_file(release, 2022, "exporter_product"), partitioning=None).to_pylist()
    assert goods == [
        {"exporter": 704, "product": 90111, "value": 15.0},
        {"exporter": 842, "product": 854231, "value": 7.0},
    ]
    assert store.countries(release).to_pylist()[1] == {"code": 704, "iso3": "VNM", "name": "Viet Nam"}
    assert store.cube(release, 2022).total == 22.0
    assert not list(store.root.rglob(".incoming-*"))


def test_years_and_files_that_are_not_there_are_told(store: Store) -> None:
    release = published(store, "one")
    with pytest.raises(NoRelease, match="2021"):
        store.trade_files(release, [2021])
    store.margin_file(release, 2022, "pair").unlink()
    with pytest.raises(Unreadable):
        store.margin_file(release, 2022, "pair")
    with pytest.raises(KeyError):
        store.margin_file(release, 2022, "secrets")


def test_releases_stand_side_by_side_and_an_older_one_comes_back(store: Store) -> None:
    published(store, "old", at="2026-01-01")
    published(store, "new", at="2026-02-01")
    assert [each.id for each in store.releases()] == ["new", "old"] and store.in_force().id == "new"
    with pytest.raises(WrongState):
        store.remove("new")
    store.put_in_force("old")
    assert store.in_force().id == "old"
    store.remove("new")
    assert [each.id for each in store.releases()] == ["old"]
    with pytest.raises(NoRelease):
        store.put_in_force("new")


def test_beside_the_one_in_force(store: Store) -> None:
    published(store, "old")
    published(store, "new", in_force=False)
    assert store.in_force().id == "old"


def test_an_interrupted_ingest_leaves_nothing(store: Store) -> None:
    published(store, "old")
    with pytest.raises(RuntimeError, match="cut"), publishing(store) as draft:
        draft.trade_file(2022).write_bytes(b"half")
        raise RuntimeError("cut")
    assert [each.id for each in store.releases()] == ["old"] and store.in_force().id == "old"
    assert not list(store.root.rglob(".incoming-*"))


def test_what_a_killed_ingest_left_is_swept_by_the_next(store: Store) -> None:
    published(store, "old")
    code = (
        "import sys, os, signal; from banggiao.analytics.store import Store, publishing\n"
        "with publishing(Store(sys.argv[1])) as draft:\n"
        "    draft.trade_file(2022).write_bytes(b'half'); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(store.root)], env={**os.environ, "PYTHONPATH": "src"}, check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(list(store.root.rglob(".incoming-*"))) == 1
    assert [each.id for each in store.releases()] == ["old"]
    published(store, "new")
    assert not list(store.root.rglob(".incoming-*")) and store.in_force().id == "new"


def test_two_ingests_at_once_do_not_mix(store: Store) -> None:
    with publishing(store):
        with pytest.raises(StoreBusy), publishing(Store(store.root)):
            raise AssertionError("not reached")
    published(store, "one")


def test_a_full_disk_is_told_and_the_old_release_stays(store: Store) -> None:
    published(store, "old")
    with pytest.raises(StoreFull), publishing(store) as draft:
        draft.trade_file(2022).write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")
    assert store.in_force().id == "old" and not list(store.root.rglob(".incoming-*"))


def test_a_disk_that_fills_up_while_rows_are_written(store: Store) -> None:
    published(store, "old")
    world = synthetic.world(20, 200)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(StoreFull) as told:
            synthetic_release.publish(store, world, [2022], at="2026-01-01", rows=40_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert str(store.root) == told.value.subject
    assert store.in_force().id == "old" and not list(store.root.rglob(".incoming-*"))


def test_the_switch_itself_is_whole_or_not(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    published(store, "old")
    published(store, "new", in_force=False)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(StoreFull):
        store.put_in_force("new")
    monkeypatch.undo()
    assert store.in_force().id == "old"
    assert json.loads((store.root / layout.IN_FORCE).read_text()) == {"annual": "old"}
    assert not list(store.root.glob(".in_force.json-*"))


def test_the_same_release_again_is_kept_as_it_is(store: Store) -> None:
    first = published(store, "one", at="2026-01-01")
    again = published(store, "one", at="2026-05-05")
    assert again == first and len(store.releases()) == 1


def test_a_broken_description_hides_no_other(store: Store) -> None:
    published(store, "one")
    published(store, "two")
    (store.root / "annual" / "one" / layout.RELEASE).write_text("{", encoding="utf-8")
    assert [each.id for each in store.releases()] == ["two"]
    assert [path.name for path in store.damaged()] == ["one"]
    with pytest.raises(Unreadable):
        store.release("one")
    # A form of later versions is not guessed at.
    told = json.loads((store.root / "annual" / "two" / layout.RELEASE).read_text())
    (store.root / "annual" / "two" / layout.RELEASE).write_text(json.dumps({**told, "form": 99}))
    with pytest.raises(Unreadable):
        store.release("two")


@pytest.mark.parametrize("id", ["", "../x", ".hidden", "a/b", "a" * 200])
def test_ids_cannot_lead_elsewhere(store: Store, id: str) -> None:
    with pytest.raises(InvalidInput):
        published(store, id)
    assert store.releases() == []


def test_ids_tell_the_same_files_read_the_same_way() -> None:
    files = InputFile("a.csv", "ab" * 32, 1), InputFile("b.csv", "cd" * 32, 2)
    assert release_id("baci", "HS92", (2021, 2022), files) == release_id("baci", "HS92", (2021, 2022), files[::-1])
    assert release_id("baci", "HS92", (2022,), files) != release_id("baci", "HS92", (2022,), files, "unit usd")
    assert release_id("baci", "HS92", (2021, 2022), files).startswith("baci-hs92-2021-2022-")


def test_years_are_taken_over_without_a_copy(store: Store) -> None:
    old = published(store, "old")
    with publishing(store) as draft:
        draft.take_years(old, [2022])
        new = draft.publish(Release(id="new", kind="annual", source="baci", years=(2022,), rows=3, value=22.0))
    (before,), (after,) = store.trade_files(old), store.trade_files(new)
    assert before.stat().st_ino == after.stat().st_ino
    store.remove("old")
    assert store.cube(new, 2022).total == 22.0
