"""Which tariff does an importer put on a product from an exporter, and what do its rivals pay there?

Rates are fractions (0.05 is 5%), ad valorem. Averages are weighted by what the world trades, not by what passes the very
tariff: a tariff that stops all trade would otherwise weigh nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from banggiao.analytics.cube import Margins
from banggiao.analytics.rows import Floats, refused
from banggiao.core.errors import N_


@dataclass(frozen=True, slots=True, eq=False)
class Tariffs:
    """The tariffs of a year on the labels of its cube.

    `mfn` [C, P] is what importer j asks of everyone on product k; the lower rates lie by exporter: those of the exporter at
    position i are `[start[i]:start[i + 1]]` of `importer`, `product` (positions) and `rate`.
    """

    mfn: Floats
    start: npt.NDArray[np.int64]
    importer: npt.NDArray[np.intp]
    product: npt.NDArray[np.intp]
    rate: Floats

    @classmethod
    def of(
        cls,
        mfn: Floats,
        exporter: npt.ArrayLike = (),
        importer: npt.ArrayLike = (),
        product: npt.ArrayLike = (),
        rate: npt.ArrayLike = (),
    ) -> Tariffs:
        """MFN rates [C, P] and the preferential rates of some (exporter, importer, product), by position, in any order.

        Raises InvalidInput for rates that are negative or missing, and for positions outside the matrix.
        """
        i, j, k = (np.asarray(column, np.intp) for column in (exporter, importer, product))
        t = np.asarray(rate, np.float64)
        wide, long = mfn.shape
        if not ((mfn >= 0).all() and (t >= 0).all() and np.isfinite(mfn).all() and np.isfinite(t).all()):
            raise refused("rate", N_("Thuế suất phải là số không âm, viết theo tỉ lệ (0,05 là 5%%)."), count=len(t))
        if not len(i) == len(j) == len(k) == len(t):
            raise refused("rate", N_("Các cột không cùng số dòng."))
        if len(t) and (min(i.min(), j.min(), k.min()) < 0 or max(i.max(), j.max()) >= wide or k.max() >= long):
            raise refused("rate", N_("Thuế suất ưu đãi nêu nước hoặc mặt hàng không có trong số liệu."))
        order = np.argsort(i, kind="stable")
        start = np.searchsorted(i[order], np.arange(wide + 1))
        return cls(mfn, start, j[order], k[order], t[order])

    def paid(self, position: int) -> Floats:
        """t_ijk [C, P]: what the exporter at `position` pays in each market."""
        found = self.mfn.copy()
        part = slice(int(self.start[position]), int(self.start[position + 1]))
        found[self.importer[part], self.product[part]] = self.rate[part]
        return found

    def asked(self, margins: Margins) -> Floats:
        """tbar_jk [C, P]: what importer j asks on k on average over exporters, weighted by their share of world exports of k."""
        exporter = np.repeat(np.arange(len(self.mfn)), np.diff(self.start))
        share = _shares(margins.exports)
        cut = self.mfn[self.importer, self.product] - self.rate
        at = self.importer * self.mfn.shape[1] + self.product
        saved = np.bincount(at, weights=cut * share[exporter, self.product], minlength=self.mfn.size)
        found: Floats = self.mfn - saved.reshape(self.mfn.shape)
        return found

    def faced(self, margins: Margins) -> Floats:
        """tbar_ik [C, P]: what exporter i meets for k on average over markets, weighted by their share of world imports of k."""
        exporter = np.repeat(np.arange(len(self.mfn)), np.diff(self.start))
        share = _shares(margins.imports)
        cut = (self.mfn[self.importer, self.product] - self.rate) * share[self.importer, self.product]
        saved = np.bincount(exporter * self.mfn.shape[1] + self.product, weights=cut, minlength=self.mfn.size)
        found: Floats = (share * self.mfn).sum(axis=0) - saved.reshape(self.mfn.shape)
        return found

    def world(self, margins: Margins) -> Floats:
        """tbar_k [P]: the average over exporters of what they meet, weighted by their share of world exports of k."""
        found: Floats = (_shares(margins.exports) * self.faced(margins)).sum(axis=0)
        return found


def _shares(sums: Floats) -> Floats:
    total = sums.sum(axis=0)
    found: Floats = sums / np.where(total > 0, total, 1)
    return found
