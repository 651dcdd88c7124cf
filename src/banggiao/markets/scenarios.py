"""What does the tariff scenario of an address say, and what does SMART answer to it on the release chosen?

A scenario is its parameters and nothing else, so that an address, a command or a call of the API shares it whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from banggiao.core.errors import N_, FieldProblem, InvalidInput
from banggiao.markets.answers import ranges_of
from banggiao.markets.measuring import trade
from banggiao.markets.names import Country, country_of
from banggiao.markets.store import Chosen
from banggiao.markets.tariffs import schedule_of

if TYPE_CHECKING:
    import ibis

    from banggiao.analytics.smart import Simulation

#: Figures that a scenario may leave open; per cent, or pure numbers.
RATES, ELASTICITIES = ("before", "after"), ("demand", "substitution", "supply")


@dataclass(frozen=True, slots=True)
class Scenario:
    """A simulated change: who buys, who gets the new rate, whether the rates before come from the schedules held."""

    importer: Country
    partners: tuple[Country, ...]
    simulation: Simulation
    scheduled: bool


def scenario_of(params: Mapping[str, str], chosen: Chosen) -> Scenario:
    """The scenario simulated. Raises InvalidInput naming the parameter that makes no sense."""
    importer = country_of(params["importer"], chosen, field="importer")
    names = [part.strip() for part in params["partners"].replace(";", ",").split(",") if part.strip()]
    if not names:
        raise _unusable("partners", N_("Hãy chọn ít nhất một nước được hưởng thuế suất mới."))
    partners = tuple(country_of(name, chosen, field="partners") for name in names)
    ranges = tuple((each.start, each.stop - 1) for each in ranges_of(params["hs"], "hs"))
    if not ranges:
        raise _unusable("hs", N_("Hãy nêu ít nhất một mã HS."))
    rates = {name: figure(params, name) for name in RATES}
    if rates["after"] is None:
        raise _unusable("after", N_("Hãy nhập thuế suất mới."))
    used = tuple((name, value) for name in ELASTICITIES if (value := figure(params, name)) is not None)
    simulation, scheduled = _simulated(
        chosen, importer, tuple(p.code for p in partners), ranges, rates["before"], rates["after"], used
    )
    return Scenario(importer, partners, simulation, scheduled)


def figure(params: Mapping[str, str], name: str) -> float | None:
    """A parameter as a number, with a comma or a point before the decimals; None where it is empty. Raises InvalidInput."""
    text = params.get(name, "").strip().rstrip("%").strip().replace(",", ".")
    if not text:
        return None
    try:
        value = Decimal(text[:20])
    except InvalidOperation:
        raise _unusable(name, N_("“%(text)s” không phải là số."), text=text[:20]) from None
    if not value.is_finite():
        raise _unusable(name, N_("“%(text)s” không phải là số."), text=text[:20])
    return float(value)


def _simulated(
    chosen: Chosen,
    importer: Country,
    partners: tuple[int, ...],
    ranges: tuple[tuple[int, int], ...],
    before: float | None,
    after: float,
    used: tuple[tuple[str, float], ...],
) -> tuple[Simulation, bool]:
    import numpy as np

    from banggiao.analytics.elasticities import elasticities
    from banggiao.analytics.smart import Flows, changed, simulate

    rows = _imports(chosen, importer.code, ranges)
    product, partner, value = (np.array(column) for column in zip(*rows, strict=True)) if rows else (np.array([]),) * 3
    if not len(product):
        raise _unusable("hs", N_("Thị trường này không nhập khẩu mặt hàng nào trong các mã đã nêu."))
    if before is None:
        rates = schedule_of(importer.code, set(product.tolist()))
        if rates is None:
            raise _unusable("before", N_("Chưa nạp biểu thuế nên hãy nhập thuế suất hiện nay."))
        paid = np.array([rates.paid(int(k), int(i)) for k, i in zip(product, partner, strict=True)])
        if np.isnan(paid).any():
            raise _unusable("before", N_("Biểu thuế thiếu mặt hàng của kịch bản; hãy nhập thuế suất hiện nay."))
    else:
        paid = np.full(len(product), before / 100)
    flows = Flows(product.astype(np.int64), partner.astype(np.int64), value.astype(np.float64), paid, paid)
    new = changed(flows, np.isin(flows.partner, partners), to=after / 100)
    flows = Flows(flows.product, flows.partner, flows.imports, paid, new)
    taken = elasticities(product.tolist(), importer.iso3, **dict(used))
    return simulate(flows, taken), before is None


def _imports(chosen: Chosen, importer: int, ranges: tuple[tuple[int, int], ...]) -> list[tuple[int, int, float]]:
    from banggiao.analytics.engine import arrow

    with trade(chosen) as table:
        wanted: ibis.Table = table.filter(table.importer == importer, table.exporter != importer, table.value > 0)
        inside = wanted.product.between(*ranges[0])
        for low, high in ranges[1:]:
            inside = inside | wanted.product.between(low, high)
        summed = wanted.filter(inside).group_by("product", "exporter").agg(value=wanted.value.sum())
        rows = arrow(summed).to_pydict()
    return sorted(zip(rows["product"], rows["exporter"], rows["value"], strict=True))


def _unusable(field: str, message: str, **params: object) -> InvalidInput:
    problems = [FieldProblem(field, message)]
    return InvalidInput(message, subject=field, remedy=N_("Hãy sửa kịch bản rồi tính lại."), problems=problems, **params)
