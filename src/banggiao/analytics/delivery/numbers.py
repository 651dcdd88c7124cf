"""How numbers are kept: decimals under one stated context, fractions where counts must stay exact, rounding at display only."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

#: Thirty-four digits (IEEE 754 decimal128): far more than any source gives, so that no order of adding up shows.
CONTEXT = Context(prec=34, rounding=ROUND_HALF_EVEN)
#: The 97.5th percentile of the standard normal distribution, for intervals of 95 per cent.
Z95 = Decimal("1.959963984540054")

Number = Decimal | int | Fraction


def decimal(value: Number | str) -> Decimal:
    """The number as a decimal under the context; text is read as written."""
    if isinstance(value, Fraction):
        return CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))
    return CONTEXT.create_decimal(value)


def ratio(part: Number, whole: Number) -> Decimal | None:
    """`part / whole`, or None where there is nothing to divide by."""
    return CONTEXT.divide(decimal(part), decimal(whole)) if whole else None


def shown(value: Number, places: int) -> Decimal:
    """The number rounded half up to so many places: for display, never for further sums."""
    return decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def wilson(successes: int, trials: int) -> tuple[Decimal, Decimal] | None:
    """The 95 per cent interval of a share (Wilson 1927), both ends in [0, 1]; None without trials.

    Raises ValueError when successes are not among the trials.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials}")
    if not trials:
        return None
    c, n = CONTEXT, Decimal(trials)
    share, square = c.divide(Decimal(successes), n), c.multiply(Z95, Z95)
    middle = c.add(share, c.divide(square, 2 * n))
    inside = c.add(c.divide(c.multiply(share, 1 - share), n), c.divide(square, 4 * n * n))
    reach = c.multiply(Z95, c.sqrt(inside))
    scale = c.add(Decimal(1), c.divide(square, n))
    # At the ends the formula gives 0 and 1; what the last digit leaves beside them is no share.
    low = c.divide(c.subtract(middle, reach), scale) if successes else Decimal(0)
    high = c.divide(c.add(middle, reach), scale) if successes < trials else Decimal(1)
    return low, high
