"""When will it be done? Curves over finished and open promises alike, classes of reference, and the gate a model must pass.

Times are any exact numbers (days, months, ratios). An open promise is censored at its age, never left out: history of finished
ones alone is optimistic.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from banggiao.analytics.delivery.numbers import decimal

#: Whole days stay integers, which are ten times as fast; ratios and chances are fractions.
Time = Fraction | int
OPEN, DONE, CANCELLED = 0, 1, 2
#: Fewer finished ones than this say too little of a class; a wider class is taken.
FEWEST = 20


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a curve: from this time on the share is this."""

    time: Time
    share: Fraction


def survival(times: Sequence[tuple[Time, bool]]) -> list[Step]:
    """Kaplan-Meier: the share still open after each time at which something was done, from (time, whether done).

    Those censored at a time are still at risk at it. Source: Kaplan and Meier 1958.
    """
    ended, left = Counter(t for t, _done in times), Counter(t for t, done in times if done)
    share, curve, at_risk = Fraction(1), [], len(times)
    for time in sorted(ended):
        if left[time]:
            share *= 1 - Fraction(left[time], at_risk)
            curve.append(Step(time, share))
        at_risk -= ended[time]
    return curve


def at(curve: Sequence[Step], time: Time, *, before: Fraction = Fraction(1)) -> Fraction:
    """The curve's value at a time; `before` its first step."""
    place = bisect_right(curve, time, key=lambda step: step.time)
    return curve[place - 1].share if place else before


def quantile(curve: Sequence[Step], share: Fraction) -> Time | None:
    """The first time by which this share is done; None when the curve does not come down so far."""
    return next((step.time for step in curve if 1 - step.share >= share), None)


def chance_by(curve: Sequence[Step], *, age: Time, due: Time) -> Fraction | None:
    """P(done by `due` | open at `age`) = 1 - S(due) / S(age); None where nothing of that age was ever open."""
    still_open = at(curve, age)
    return 1 - at(curve, due) / still_open if still_open else None


def incidence(times: Sequence[tuple[Time, int]], event: int) -> list[Step]:
    """Aalen-Johansen: the share that met `event` by each time, with the other event competing and the open censored.

    `times` are (time, OPEN | DONE | CANCELLED). Taking cancellation as mere censoring overstates both. Source: Aalen and
    Johansen 1978.
    """
    left, met = Counter(t for t, _what in times), Counter(t for t, what in times if what == event)
    ended = Counter(t for t, what in times if what != OPEN)
    surviving, share, curve, at_risk = Fraction(1), Fraction(0), [], len(times)
    for time in sorted(left):
        if ended[time]:
            share += surviving * Fraction(met[time], at_risk)
            surviving *= 1 - Fraction(ended[time], at_risk)
            curve.append(Step(time, share))
        at_risk -= left[time]
    return curve


def quantile7(values: Sequence[Fraction], share: Fraction) -> Fraction:
    """The sample quantile of type 7 (Hyndman and Fan 1996). Raises ValueError without values."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


@dataclass(frozen=True, slots=True)
class Reference:
    """What promises of a class took against their first plan: ratios at half and at four fifths, and the chance on time."""

    size: int
    half: Time | None
    four_fifths: Time | None
    on_time: Fraction
    smoothed: Fraction


def reference_class(finished: Sequence[Fraction]) -> Reference:
    """From the ratios actual / first planned duration of finished promises. Raises ValueError without any.

    The chance of being on time is k / n, and (k + 1) / (n + 2) smoothed with one success of two added beforehand. Source:
    Flyvbjerg 2006; DfT 2020.
    """
    timely = sum(r <= 1 for r in finished)
    return Reference(
        len(finished),
        quantile7(finished, Fraction(1, 2)),
        quantile7(finished, Fraction(4, 5)),
        Fraction(timely, len(finished)),
        Fraction(timely + 1, len(finished) + 2),
    )


def reference_curve(ratios: Sequence[tuple[Time, bool]]) -> Reference:
    """The same with open promises in it, censored at the ratio they have reached: quantiles of Kaplan-Meier on the ratios."""
    curve = survival(ratios)
    timely = 1 - at(curve, Fraction(1))
    n = len(ratios)
    return Reference(n, quantile(curve, Fraction(1, 2)), quantile(curve, Fraction(4, 5)), timely, (timely * n + 1) / (n + 2))


def widest_needed(classes: Sequence[Sequence[Fraction]], fewest: int = FEWEST) -> Sequence[Fraction] | None:
    """The first class, from the narrowest, that holds enough; None when not even the widest does."""
    return next((found for found in classes if len(found) >= fewest), None)


def survival_of_hazards(hazards: Sequence[Fraction]) -> Fraction:
    """S = product of (1 - h): the share still open after periods with these chances of being done."""
    share = Fraction(1)
    for hazard in hazards:
        share *= 1 - hazard
    return share


def brier(forecasts: Sequence[Fraction], outcomes: Sequence[int]) -> Fraction:
    """The mean of (forecast - outcome) squared. Raises ValueError for none or unequal lengths. Source: Brier 1950."""
    if not forecasts or len(forecasts) != len(outcomes):
        raise ValueError("as many forecasts as outcomes, and at least one")
    return sum(((f - o) ** 2 for f, o in zip(forecasts, outcomes, strict=True)), Fraction(0)) / len(forecasts)


def skill(forecasts: Sequence[Fraction], outcomes: Sequence[int], base: Sequence[Fraction] | None = None) -> Fraction | None:
    """1 - Brier / Brier of the base rate; None where the base rate is never wrong.

    `base` are the base rates known when each forecast was made; without them, the rate of the outcomes themselves.
    """
    rate = Fraction(sum(outcomes), len(outcomes)) if outcomes else Fraction(0)
    reference = brier(base if base is not None else [rate] * len(outcomes), outcomes)
    return 1 - brier(forecasts, outcomes) / reference if reference else None


@dataclass(frozen=True, slots=True)
class Past:
    """A promise of the past for backtesting: when it was made, how long until it ended (or until now), and how."""

    made: Time
    lasted: Time
    what: int
    horizon: Time


#: P(done by the due age | open at the age); None where nothing of that age was ever open.
Predict = Callable[[Time, Time], Fraction | None]
#: A model learns from (time, OPEN | DONE | CANCELLED).
Model = Callable[[Sequence[tuple[Time, int]]], Predict]


def backtest(history: Sequence[Past], origins: Sequence[Time], model: Model, *, fewest: int = FEWEST) -> Fraction | None:
    """The Brier skill of a model at past moments, knowing at each only what was known then; None with too few forecasts.

    At each origin every promise open then is forecast to be done by its horizon; the base rate is that of promises whose horizon
    had passed by then. Only outcomes that are known are scored.
    """
    forecasts, outcomes, base = [], [], []
    for origin in sorted(origins):
        known = [
            (min(p.lasted, origin - p.made), p.what if p.made + p.lasted <= origin else OPEN) for p in history if p.made < origin
        ]
        matured = [p for p in history if p.made + p.horizon <= origin]
        if len(known) < fewest or not matured:
            continue
        rate, predict = base_rate(matured), model(known)
        for p in history:
            age = origin - p.made
            if age <= 0 or p.lasted <= age or age >= p.horizon:
                continue
            if p.what == OPEN and p.lasted < p.horizon:
                continue  # not known yet
            said = predict(age, p.horizon)
            if said is not None:
                forecasts.append(said)
                outcomes.append(int(p.what == DONE and p.lasted <= p.horizon))
                base.append(rate)
    return skill(forecasts, outcomes, base) if len(forecasts) >= fewest else None


def base_rate(matured: Sequence[Past]) -> Fraction:
    """The share done by their horizon among promises whose horizon has passed. Raises ValueError without any."""
    if not matured:
        raise ValueError("no promise has come to its horizon")
    return Fraction(sum(p.what == DONE and p.lasted <= p.horizon for p in matured), len(matured))


def competing_model(known: Sequence[tuple[Time, int]]) -> Predict:
    """The model of the curves: (F(due) - F(age)) / S(age), F the share done (cancellation competing), S the share still open."""
    done, still_open = incidence(known, DONE), survival([(time, what != OPEN) for time, what in known])

    def predict(age: Time, due: Time) -> Fraction | None:
        waiting = at(still_open, age)
        if not waiting:
            return None
        return (at(done, due, before=Fraction(0)) - at(done, age, before=Fraction(0))) / waiting

    return predict


@dataclass(frozen=True, slots=True)
class Forecast:
    """`chance` of being done in time: the model's where it passed the gate, else the base rate; `skill` is what the gate saw."""

    chance: Decimal
    by_model: bool
    skill: Decimal | None


def gated(chance: Fraction | None, base_rate: Fraction, found_skill: Fraction | None) -> Forecast:
    """The model's chance only where its backtest beats the base rate; otherwise the base rate, and it says so."""
    passed = chance is not None and found_skill is not None and found_skill > 0
    shown = chance if passed and chance is not None else base_rate
    return Forecast(decimal(shown), passed, None if found_skill is None else decimal(found_skill))
