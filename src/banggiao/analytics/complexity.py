"""What does a country's basket of exports say about what it can make, and which product lies within its reach?

Conventions, after Hidalgo and Hausmann (2009) and the Atlas of Economic Complexity (Hausmann et al. 2014), as the package
`ecomplexity` of the Harvard Growth Lab computes them:

    RCA_ik     = (v_ik / v_i) / (v_k / v); M_ik = 1 where RCA_ik >= threshold (1); d_i = sum_k M_ik, u_k = sum_i M_ik
    S          = D^-1/2 M U^-1 M' D^-1/2, symmetric; x = its eigenvector of the second largest eigenvalue; y = D^-1/2 x with the
                 sign that makes corr(y, d) > 0; p = U^-1 M' y; c = D^-1 M p
    ECI        = (c - mean c) / sd c and PCI = (p - mean c) / sd c, sd with ddof 0, so that the ECI of a country is the mean PCI
                 of what it exports with advantage
    proximity  = (M'M)_kl / max(u_k, u_l), 1 on the diagonal
    density_ik = sum_l M_il phi_lk / sum_l phi_lk; distance = 1 - density
    COI        = z-score (ddof 0) of sum_k density_ik (1 - M_ik) p_k
    COG_ik     = (1 - M_ik) sum_l (1 - M_il) phi_lk p_l / (sum_m phi_lm), over sd c; 0 where the country has the product already

The world is the sum of the countries given. ECI and PCI rank the countries and products of one year and one world; they do not
measure anything across years. What would mean nothing is refused with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from banggiao.analytics.country_product import CountryProduct, Labels
from banggiao.analytics.relatedness import Array, Dtype, Flags, nearest, proximity, spread
from banggiao.analytics.rows import Floats, refused
from banggiao.core.errors import N_

#: With two countries one is always at +1 and the other at -1.
FEWEST = 3
#: Eigenvalues nearer to one another than this cannot be told apart in float64.
NEAR = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Complexity:
    """The measures of one year on the labels that were kept: C countries, P products.

    `rca` [C, P] float64, `present` (M) [C, P] bool; `diversity`, `eci`, `coi` [C]; `ubiquity`, `pci` [P]; `density`, `cog` [C, P]
    in the precision asked for. `eigenvalues` are the second and third of S: the nearer they are, the less the ranking says.
    `dropped_countries` and `dropped_products` exported nothing, or nothing with advantage, and take no part.
    """

    countries: Labels
    products: Labels
    rca: Floats
    present: Flags
    diversity: npt.NDArray[np.int64]
    ubiquity: npt.NDArray[np.int64]
    eci: Floats
    pci: Floats
    density: Array
    coi: Floats
    cog: Array
    eigenvalues: tuple[float, float]
    dropped_countries: tuple[Any, ...]
    dropped_products: tuple[Any, ...]

    @property
    def distance(self) -> Array:
        """1 - density [C, P]: how far a product lies from what a country exports."""
        return 1 - self.density

    def proximity(self) -> npt.NDArray[np.float32]:
        """phi [P, P]: how often two products are exported with advantage by the same countries; 100 MB for 5,000 products."""
        return proximity(self.present)

    def nearest(self, product: object, count: int = 10) -> pa.Table:
        """The products nearest to one, by proximity, as a table (product, proximity). Raises InvalidInput for one not kept."""
        found = np.flatnonzero(self.products == product)
        if not len(found):
            raise refused("product", N_("Mặt hàng %(product)s không có trong phép tính."), product=product)
        places, values = nearest(self.present, int(found[0]), count)
        return pa.table({"product": self.products[places], "proximity": values})

    def of_countries(self) -> pa.Table:
        """One row a country: country, diversity, eci, coi."""
        return pa.table({"country": self.countries, "diversity": self.diversity, "eci": self.eci, "coi": self.coi})

    def of_products(self) -> pa.Table:
        """One row a product: product, ubiquity, pci."""
        return pa.table({"product": self.products, "ubiquity": self.ubiquity, "pci": self.pci})

    def to_arrow(self, country: object | None = None) -> pa.Table:
        """One row a country and product: country, product, rca, present, density, distance, cog, pci; of one country if named.

        Raises InvalidInput for a country not kept.
        """
        rows = np.arange(len(self.countries)) if country is None else np.flatnonzero(self.countries == country)
        if not len(rows):
            raise refused("country", N_("Nước %(country)s không có trong phép tính."), country=country)
        dense = {name: getattr(self, name)[rows].ravel() for name in ("rca", "present", "density", "cog")}
        return pa.table(
            {
                "country": np.repeat(self.countries[rows], len(self.products)),
                "product": np.tile(self.products, len(rows)),
                "rca": dense["rca"],
                "present": dense["present"],
                "density": dense["density"],
                "distance": 1 - dense["density"],
                "cog": dense["cog"],
                "pci": np.tile(self.pci, len(rows)),
            }
        )


def complexity(matrix: CountryProduct, *, threshold: float = 1.0, dtype: Dtype = np.float32) -> Complexity:
    """All measures of a matrix of exports; conventions in the head of this module.

    `dtype` is the precision of density and COG (ECI and PCI are always float64): float32 differs by about 1e-6. Raises
    InvalidInput, saying why, where the measures would mean nothing: fewer than three countries or products, countries and
    products that fall apart into blocks with nothing in common, a second direction no clearer than the third, or countries
    equally diversified, so that neither end is the more complex.
    """
    values = matrix.values
    expected, present = _advantage(values, threshold)
    rows, columns = present.any(axis=1), present.any(axis=0)
    gone = tuple(matrix.countries[~rows].tolist()), tuple(matrix.products[~columns].tolist())
    if gone[0] or gone[1]:
        kept = np.ix_(rows, columns)
        values, expected, present = values[kept], expected[kept], present[kept]
    countries, products = matrix.countries[rows], matrix.products[columns]
    for name, count in (("country", len(countries)), ("product", len(products))):
        if count < FEWEST:
            message = N_("Cần ít nhất %(fewest)s nước và %(fewest)s mặt hàng có lợi thế; ở đây chỉ có %(count)s.")
            raise refused(name, message, fewest=FEWEST, count=count)
    held = present.astype(np.float64)
    diversity, ubiquity = held.sum(axis=1), held.sum(axis=0)
    y, eigenvalues = _second(held, diversity, ubiquity, countries)
    p = (y @ held) / ubiquity
    c = (held @ p) / diversity
    mean, scale = c.mean(), c.std()
    total = spread(present, np.ones((1, len(products))), dtype)[0]
    q = p / total
    both = spread(present, np.concatenate([present, np.where(present, 0, q)], dtype=dtype), dtype)
    reach, gain = both[: len(countries)], both[len(countries) :]
    reach /= total
    gain[present] = 0
    gain /= scale
    outlook = np.where(present, 0, reach) @ p
    return Complexity(
        countries=countries,
        products=products,
        rca=values / expected,
        present=present,
        diversity=diversity.astype(np.int64),
        ubiquity=ubiquity.astype(np.int64),
        eci=(c - mean) / scale,
        pci=(p - mean) / scale,
        density=reach,
        coi=(outlook - outlook.mean()) / outlook.std(),
        cog=gain,
        eigenvalues=eigenvalues,
        dropped_countries=gone[0],
        dropped_products=gone[1],
    )


def rca(matrix: CountryProduct) -> Floats:
    """RCA [C, P] (Balassa 1965); NaN for a country or product that exports nothing."""
    expected, _ = _advantage(matrix.values, 1.0)
    with np.errstate(invalid="ignore"):
        return matrix.values / np.where(expected > 0, expected, np.nan)


def _advantage(values: Floats, threshold: float) -> tuple[Floats, Flags]:
    """What each country would export of each product at the world's mix, v_i v_k / v, and where it exports so much or more."""
    sold, made = values.sum(axis=1), values.sum(axis=0)
    expected = np.multiply.outer(sold, made / made.sum())
    # Compared with the product, not by the quotient: whole numbers then decide a tie exactly.
    present = values * made.sum() >= np.multiply.outer(sold, made) * threshold
    present &= values > 0
    return expected, present


def _second(held: Floats, diversity: Floats, ubiquity: Floats, countries: Labels) -> tuple[Floats, tuple[float, float]]:
    """y = D^-1/2 x of the second eigenvalue of S, its sign chosen, with the second and third eigenvalue."""
    root = np.sqrt(diversity)
    half = held / root[:, None] / np.sqrt(ubiquity)
    shared = half @ half.T
    _refuse_blocks(shared > 0, countries)
    values, vectors = np.linalg.eigh(shared)
    second, third = float(values[-2]), float(values[-3])
    if second - third < NEAR or second < NEAR:
        raise refused(
            "value",
            N_(
                "Giá trị riêng thứ hai (%(second).6f) và thứ ba (%(third).6f) không tách nhau: có nhiều cách xếp hạng "
                "tốt ngang nhau nên chỉ số phức hợp không có nghĩa."
            ),
            second=second,
            third=third,
        )
    y = vectors[:, -2] / root
    centred = diversity - diversity.mean()
    agreement = float(y @ centred)
    if abs(agreement) <= NEAR * float(np.linalg.norm(y) * np.linalg.norm(centred)) or not centred.any():
        raise refused(
            "value",
            N_("Số mặt hàng có lợi thế của các nước không cho biết đầu nào của bảng xếp hạng là phức hợp hơn."),
        )
    return y * np.sign(agreement), (second, third)


def _refuse_blocks(joined: Flags, countries: Labels) -> None:
    """Raises InvalidInput where M falls into blocks: the second eigenvalue is then 1 and ECI only tells the blocks apart.

    `joined` [C, C] says which countries have a product in common.
    """
    left = np.ones(len(countries), bool)
    blocks: list[Labels] = []
    while left.any():
        block = np.zeros(len(countries), bool)
        block[np.argmax(left)] = True
        edge = block
        while edge.any():
            edge = joined[edge].any(axis=0) & ~block
            block = block | edge
        blocks.append(countries[block])
        left &= ~block
    if len(blocks) == 1:
        return
    blocks.sort(key=len)
    apart = [label for block in blocks[:-1] for label in block.tolist()]
    raise refused(
        "value",
        N_(
            "Các nước chia thành %(blocks)s nhóm không có mặt hàng chung nào, nên chỉ số phức hợp không có nghĩa. "
            "Ngoài nhóm lớn nhất có %(count)s nước: %(apart)s."
        ),
        blocks=len(blocks),
        count=len(apart),
        apart=", ".join(map(str, apart[:20])) + ("…" if len(apart) > 20 else ""),
    )
