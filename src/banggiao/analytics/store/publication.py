"""How does a release come to stand in the store whole or not at all, whatever happens on the way?

A release is written into a hidden folder, brought safely to disk, renamed, and only then named in in_force.json. Until that last
step the former release stays in force; what a killed ingest left lying is swept by the next one. One ingest at a time.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from banggiao.analytics.store import layout
from banggiao.analytics.store.reading import Store
from banggiao.analytics.store.release import KINDS, Release
from banggiao.core.errors import N_, InvalidInput, SetupProblem, WrongState

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class StoreBusy(WrongState):
    """Another ingest is writing into the store."""


class StoreFull(SetupProblem):
    """No room on the disk; nothing of the release was kept and the one in force is as it was."""


class Draft:
    """A release on its way: write into `folder`, then `publish` once."""

    def __init__(self, store: Store, kind: str, folder: Path) -> None:
        self.store, self.kind, self.folder = store, kind, folder
        self.published: Release | None = None

    def trade_file(self, year: int) -> Path:
        """Where the rows of a year are to be written; its folder is made."""
        folder = layout.trade_folder(self.folder, year)
        folder.mkdir(parents=True, exist_ok=True)
        return folder / "rows.parquet"

    def margin_file(self, year: int, name: str) -> Path:
        """Where a margin of a year is to be written; its folder is made."""
        path = layout.margin_file(self.folder, year, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def data_file(self, name: str = "rows") -> Path:
        """Where the rows of another kind than annual trade are to be written; its folder is made."""
        path = self.folder / "data" / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def take_years(self, release: Release, years: Iterable[int]) -> None:
        """Years of another release become part of this one, without a copy where the disk allows links."""
        source = self.store.folder(release)
        for year in years:
            for folder in (layout.trade_folder(source, year), source / "margins" / layout.year_folder(year)):
                target = self.folder / folder.relative_to(source)
                target.mkdir(parents=True)
                for path in sorted(folder.glob("*.parquet")):
                    _link(path, target / path.name)

    def publish(self, release: Release, *, in_force: bool = True) -> Release:
        """Bring the draft to disk under the release's id and, unless told otherwise, put it in force.

        A release of the same id that already stands is kept as it is: the same files read the same way give the same id.
        Raises InvalidInput for an id or a kind that cannot be, StoreFull where there is no room.
        """
        if not layout.is_id(release.id) or release.kind != self.kind:
            raise InvalidInput(N_("Tên hoặc loại của bản phát hành số liệu không hợp lệ."), subject=release.id)
        target = self.store.root / self.kind / release.id
        with _room(self.store):
            if (target / layout.RELEASE).is_file():
                release = Release.from_file(target / layout.RELEASE)
            else:
                (self.folder / layout.RELEASE).write_text(release.as_json(), encoding="utf-8")
                _sync_tree(self.folder)
                if target.exists():
                    # The rest of a removal that was cut short: without its description it is no release.
                    shutil.rmtree(target)
                self.folder.rename(target)
                _sync(target.parent)
            if in_force:
                put_in_force(self.store, release.id)
        self.published = release
        return release


@contextmanager
def publishing(store: Store, kind: str = "annual") -> Iterator[Draft]:
    """A draft of a release of that kind; left without `publish`, or by an error, nothing of it stays.

    Raises StoreBusy while another ingest writes, StoreFull when the disk fills up in the block.
    """
    if kind not in KINDS:
        raise InvalidInput(N_("Kho không có loại số liệu “%(kind)s”."), kind=kind)
    with _room(store):
        (store.root / kind).mkdir(parents=True, exist_ok=True)
    with _ingest_lock(store):
        sweep(store)
        folder = store.root / kind / f"{layout.INCOMING}{secrets.token_hex(6)}"
        try:
            with _room(store):
                folder.mkdir()
                yield Draft(store, kind, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def put_in_force(store: Store, id: str) -> Release:
    """The release of that id becomes the one in force of its kind; NoRelease where there is none."""
    release = store.release(id)
    with _room(store), _lock(store.root / layout.IN_FORCE_LOCK):
        ids = {**store.in_force_ids(), release.kind: release.id}
        path = store.root / layout.IN_FORCE
        draft = path.with_name(f".{layout.IN_FORCE}-{secrets.token_hex(4)}")
        try:
            with draft.open("w", encoding="utf-8") as handle:
                handle.write(json.dumps(ids, indent=1, sort_keys=True) + "\n")
                handle.flush()
                os.fsync(handle.fileno())
            os.replace(draft, path)
        finally:
            draft.unlink(missing_ok=True)
        _sync(store.root)
    return release


def remove(store: Store, id: str) -> Release:
    """Take a release away for good. Raises NoRelease where there is none, WrongState while it is in force."""
    release = store.release(id)
    with _ingest_lock(store), _lock(store.root / layout.IN_FORCE_LOCK):
        if store.in_force_ids().get(release.kind) == id:
            raise WrongState(
                N_("Bản phát hành %(id)s đang dùng nên không xóa được."),
                remedy=N_("Hãy cho bản khác vào dùng trước bằng lệnh banggiao markets use."),
                id=id,
            )
        # Hidden in one step, so that a reader never meets half of it.
        doomed = store.folder(release).with_name(f"{layout.INCOMING}removed-{secrets.token_hex(6)}")
        store.folder(release).rename(doomed)
        shutil.rmtree(doomed, ignore_errors=True)
    return release


def sweep(store: Store) -> list[Path]:
    """Take away what ingests that were killed left lying. Only for who holds the ingest lock; returns what was found."""
    found = [path for kind in KINDS for path in sorted((store.root / kind).glob(f"{layout.INCOMING}*"))]
    for path in found:
        shutil.rmtree(path, ignore_errors=True)
    return found


def out_of_room(error: BaseException) -> bool:
    """Whether an error of Python, DuckDB or Arrow means that the disk (or the quota of it) is full."""
    if isinstance(error, OSError) and error.errno in _FULL:
        return True
    text = str(error).lower()
    return any(words in text for words in ("no space left", "file too large", "disk quota exceeded", "max_temp_directory_size"))


@contextmanager
def _room(store: Store) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # DuckDB and Arrow have families of their own
        if not out_of_room(error):
            raise
        raise full(store) from error


def full(store: Store) -> StoreFull:
    """The error that says the store has no room."""
    return StoreFull(
        N_("Hết chỗ trên đĩa khi ghi số liệu; bản đang dùng không thay đổi."),
        subject=str(store.root),
        remedy=N_("Hãy dọn chỗ hoặc xóa bản phát hành cũ rồi nhập lại."),
    )


@contextmanager
def _ingest_lock(store: Store) -> Iterator[None]:
    # The lock goes with the process that holds it: a killed ingest never blocks the next.
    with (store.root / layout.INGEST_LOCK).open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreBusy(
                N_("Một lần nhập số liệu khác đang ghi vào kho."),
                subject=str(store.root),
                remedy=N_("Hãy đợi lần đó xong rồi làm lại."),
            ) from error
        yield


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _link(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except OSError as error:
        if error.errno in _FULL:
            raise
        shutil.copyfile(path, target)


def _sync_tree(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
