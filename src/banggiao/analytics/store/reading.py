"""Which releases of data are here, which is in force, and where do its numbers lie?"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from banggiao.analytics.store import layout
from banggiao.analytics.store.release import KINDS, Release
from banggiao.core.errors import N_, NotFound, Unreadable

if TYPE_CHECKING:
    import pyarrow as pa

    from banggiao.analytics.cube import YearCube


class NoRelease(NotFound):
    """No such release, or none in force for the kind asked for."""


class Store:
    """The Parquet store under one root. Reading never writes: an empty or missing root is an empty store."""

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)

    def __repr__(self) -> str:
        return f"Store({str(self.root)!r})"

    # -- which releases -------------------------------------------------------------------------------------------

    def releases(self, kind: str | None = None) -> list[Release]:
        """The releases of a kind, or of all, newest ingest first; those whose description is broken are left to `damaged`."""
        found = []
        for path in self._descriptions(kind):
            try:
                found.append(Release.from_file(path))
            except Unreadable:
                continue
        return sorted(found, key=lambda each: (each.ingested_at, each.id), reverse=True)

    def damaged(self) -> list[Path]:
        """Folders of releases whose description cannot be read."""
        broken = []
        for path in self._descriptions(None):
            try:
                Release.from_file(path)
            except Unreadable:
                broken.append(path.parent)
        return broken

    def release(self, id: str) -> Release:
        """The release of that id; NoRelease where there is none."""
        if layout.is_id(id):
            for kind in KINDS:
                path = self.root / kind / id / layout.RELEASE
                if path.is_file():
                    return Release.from_file(path)
        raise NoRelease(
            N_("Không có bản phát hành số liệu “%(id)s”."),
            remedy=N_("Hãy xem các bản đang có bằng lệnh banggiao markets releases."),
            id=id,
        )

    def in_force(self, kind: str = "annual") -> Release:
        """The release in force of a kind; NoRelease where none is."""
        id = self.in_force_ids().get(kind)
        if id is None:
            raise NoRelease(
                N_("Chưa có số liệu loại “%(kind)s” nào đang dùng."),
                remedy=N_("Hãy nhập bằng lệnh banggiao markets ingest, hoặc thử với banggiao markets demo."),
                kind=kind,
            )
        return self.release(id)

    def in_force_ids(self) -> dict[str, str]:
        """Kind -> id of the release in force."""
        path = self.root / layout.IN_FORCE
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            return {str(kind): str(id) for kind, id in told.items()}
        except FileNotFoundError:
            return {}
        except (ValueError, AttributeError) as error:
            raise Unreadable(
                N_("Tệp ghi bản số liệu đang dùng bị hỏng."),
                subject=str(path),
                remedy=N_("Hãy xóa tệp rồi chọn lại bằng lệnh banggiao markets use."),
            ) from error

    # -- where the numbers lie ------------------------------------------------------------------------------------

    def folder(self, release: Release) -> Path:
        """The folder of a release."""
        return self.root / release.kind / release.id

    def trade_files(self, release: Release, years: Iterable[int] | None = None) -> list[Path]:
        """The Parquet files of the annual trade table, of all years or of those asked for, in order of year.

        NoRelease for a year the release does not hold; Unreadable where the files of a year are gone.
        """
        files = []
        for year in self._years(release, years):
            found = sorted(layout.trade_folder(self.folder(release), year).glob("*.parquet"))
            if not found:
                raise self._gone(release, layout.trade_folder(self.folder(release), year))
            files += found
        return files

    def data_files(self, release: Release) -> list[Path]:
        """The Parquet files of a release of another kind than annual trade."""
        found = sorted((self.folder(release) / "data").glob("**/*.parquet"))
        if not found:
            raise self._gone(release, self.folder(release) / "data")
        return found

    def margin_file(self, release: Release, year: int, name: str) -> Path:
        """The stored margin of a year: `exporter_product`, `importer_product` or `pair`, its keys and `value` (thousand USD)."""
        self._years(release, [year])
        path = layout.margin_file(self.folder(release), year, name)
        if not path.is_file():
            raise self._gone(release, path)
        return path

    def countries(self, release: Release) -> pa.Table:
        """code (int16), iso3 (text, empty where the code is no country of ISO 3166), name."""
        return self._table(release, "countries.parquet")

    def products(self, release: Release) -> pa.Table:
        """product (int32; shown as six digits) and description (empty where the source gave none)."""
        return self._table(release, "products.parquet")

    def margins(self, release: Release, year: int) -> dict[str, Path]:
        """The stored margins of a year, by name, as `cube.Margins.stored` reads them."""
        return {name: self.margin_file(release, year, name) for name in layout.MARGINS}

    def cube(self, release: Release, year: int) -> YearCube:
        """The year as arrays. A release never changes, so the last few are kept in the process."""
        self._years(release, [year])
        return _cube(str(self.root), release.id, release.ingested_at, year)

    # -- writing: put in force, take away (publication.py writes releases) ----------------------------------------

    def put_in_force(self, id: str) -> Release:
        """The release of that id becomes the one in force of its kind; NoRelease where there is none."""
        from banggiao.analytics.store.publication import put_in_force

        return put_in_force(self, id)

    def remove(self, id: str) -> Release:
        """Take a release away for good; WrongState while it is in force."""
        from banggiao.analytics.store.publication import remove

        return remove(self, id)

    # -- helpers --------------------------------------------------------------------------------------------------

    def _descriptions(self, kind: str | None) -> list[Path]:
        kinds = KINDS if kind is None else (kind,)
        found = [path for each in kinds for path in sorted((self.root / each).glob(f"*/{layout.RELEASE}"))]
        return [path for path in found if layout.is_id(path.parent.name)]

    def _years(self, release: Release, years: Iterable[int] | None) -> list[int]:
        wanted = sorted(release.years if years is None else set(years))
        missing = [year for year in wanted if year not in release.years]
        if missing:
            raise NoRelease(
                N_("Bản phát hành %(id)s không có năm %(years)s."),
                remedy=N_("Bản này có các năm: %(held)s."),
                id=release.id,
                years=", ".join(map(str, missing)),
                held=", ".join(map(str, release.years)),
            )
        return wanted

    def _table(self, release: Release, name: str) -> pa.Table:
        import pyarrow.parquet as pq

        path = self.folder(release) / name
        if not path.is_file():
            raise self._gone(release, path)
        return pq.read_table(path)

    def _gone(self, release: Release, path: Path) -> Unreadable:
        return Unreadable(
            N_("Thiếu tệp của bản phát hành số liệu %(id)s."),
            subject=str(path),
            remedy=N_("Hãy dùng bản khác bằng lệnh banggiao markets use, hoặc nhập lại từ tệp gốc."),
            id=release.id,
        )


@lru_cache(maxsize=3)
def _cube(root: str, id: str, ingested_at: str, year: int) -> YearCube:
    from banggiao.analytics.cube import YearCube

    store = Store(root)
    release = store.release(id)
    return YearCube.from_parquet(store.trade_files(release, [year]), margins=store.margins(release, year), year=year)
