"""Which trade data does this installation hold, and which release and year does a question read?

The store itself is `analytics.store`; it and everything heavy is imported when first used, because an installation may have been
set up without the extra `markets`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from banggiao.core.errors import N_, FieldProblem, InvalidInput, NotFound, SetupProblem

if TYPE_CHECKING:
    from banggiao.analytics.cube import YearCube
    from banggiao.analytics.store import Release, Store

#: What the extra `markets` brings; without one of them no measure can be computed.
LIBRARIES = ("numpy", "pyarrow", "duckdb", "ibis")


@dataclass(frozen=True)
class Chosen:
    """The release and the year that an answer is about."""

    store: Store
    release: Release
    year: int

    @property
    def cube(self) -> YearCube:
        """The year as margins and flows, kept in memory for the next question."""
        return self.store.cube(self.release, self.year)

    @property
    def key(self) -> tuple[str, str, int]:
        """What a computed measure is remembered under: a release never changes once it is ingested."""
        return str(self.store.root), self.release.id, self.year


def has_libraries() -> bool:
    """Whether the libraries of the extra `markets` are installed."""
    return all(find_spec(name) for name in LIBRARIES)


def root() -> Path:
    """Where the trade releases of this installation stand."""
    return Path(settings.MARKETS_FOLDER)


def store() -> Store:
    """The store of this installation. Raises SetupProblem without the libraries of the extra `markets`."""
    if not has_libraries():
        raise SetupProblem(
            N_("Bản cài đặt này chưa có thư viện phân tích thị trường."),
            subject="markets",
            remedy=N_('Hãy cài thêm: pip install "banggiao[markets]".'),
        )
    from banggiao.analytics.store import Store

    return Store(root())


def releases(kind: str = "") -> list[Release]:
    """The releases of the store, of one kind or of all; none where there is no store."""
    return store().releases(kind or None) if has_libraries() and root().is_dir() else []


def in_force(kind: str = "annual") -> Release | None:
    """The release that questions read by default; None where nothing was ingested."""
    held = releases(kind)
    if not held:
        return None
    from banggiao.analytics.store import NoRelease

    try:
        return store().in_force(kind)
    except NoRelease:
        return None


def chosen(params: Mapping[str, str], kind: str = "annual") -> Chosen | None:
    """The release and year that `release` and `year` name, else the one in force and its latest; None where there is none.

    Raises InvalidInput for a release or a year that the store does not hold.
    """
    held = releases(kind)
    wanted = params.get("release", "")
    release = next((r for r in held if r.id == wanted), None) if wanted else in_force(kind)
    if wanted and release is None:
        raise InvalidInput(
            N_("Kho không có bản phát hành “%(name)s”."),
            name=wanted[:80],
            subject="release",
            remedy=N_("Hãy chọn một bản phát hành trong danh sách."),
            problems=[FieldProblem("release", N_("Giá trị không hợp lệ."))],
        )
    if release is None or not release.years:
        return None
    return Chosen(store(), release, year_of(params.get("year", ""), release))


def year_of(text: str, release: Release) -> int:
    """The year named, else the latest of the release. Raises InvalidInput."""
    if not text:
        return max(release.years)
    if not (text.isascii() and text.isdigit() and int(text[:6]) in release.years):
        raise InvalidInput(
            N_("Bản phát hành không có năm “%(year)s”."),
            year=text[:40],
            subject=release.id,
            remedy=N_("Hãy chọn một năm của bản phát hành."),
            problems=[FieldProblem("year", N_("Giá trị không hợp lệ."))],
        )
    return int(text)


def country_index(cube: YearCube, code: int, *, subject: str) -> int:
    """The place of a country of the release in its cube. Raises NotFound where it has no trade in that year."""
    import numpy as np

    found = np.flatnonzero(cube.countries == code)
    if not len(found):
        raise NotFound(
            N_("Bản phát hành không có thương mại của nước này trong năm đó."),
            subject=subject,
            remedy=N_("Hãy chọn nước hoặc năm khác."),
        )
    return int(found[0])
