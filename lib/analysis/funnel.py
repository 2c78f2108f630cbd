"""Funnel plots: schools of different size against limits for one stable period, with over-dispersion.

Sources: Spiegelhalter 2005, Statistics in Medicine 24:1185 (funnels) and Quality and Safety in Health Care 14:347
(over-dispersion: phi and tau2); the R package FunnelPlotR 0.6, whose numbers these are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import lgamma
from typing import Literal

import numpy as np
import pandas as pd

from lib.analysis.series import Floats

LEVELS = {"95": (1.959964, 0.025), "998": (3.090232, 0.001)}
"""Each level's distance in standard deviations, rounded as FunnelPlotR has it, and the share beyond each limit."""

TAIL = 0.1
"""Of the z values this share is pulled in (or left out, of rates) at either end before phi is made."""

NOTEWORTHY_PHI = 2.0
"""Limits are widened where phi is so many standard errors, root of 2/n, over 1. Source: Spiegelhalter 2005, 14:347."""

NEWTON_STEPS, CLOSE, TOO_SMALL = 12, 1e-13, 1e-17
"""Enough for quantiles to 1e-10; compared with FunnelPlotR's."""

LARGE = 1e4
"""From this expected count on Wilson and Hilferty's start is right to 2e-7 of it, and is left as it is."""

FEWEST_SCHOOLS = 5
"""With fewer schools over-dispersion can't be told."""

Widen = Literal["if needed", "always", "never"]


@dataclass(frozen=True)
class Funnel:
    """`schools`: the rows given, with `value`, `z`, `lower_95`, `upper_95`, `lower_998`, `upper_998` and `beyond`.

    `beyond`: outside the 99.8 % limits. `phi`: how much more the schools vary than chance; `tau2`: the variance between
    them on the scale of the method. `widened`: the limits allow for it, which must be said beside the plot.
    """

    schools: pd.DataFrame
    centre: float
    phi: float
    tau2: float
    widened: bool


@dataclass(frozen=True)
class Scale:
    """Where a school lies on the scale on which limits are even, with its centre, and the way back.

    `sigma` tells z and over-dispersion, `spread` the limits: FunnelPlotR's differ for a ratio of counts.
    """

    place: Floats
    centre: float
    sigma: Floats
    spread: Floats
    back: Callable[[Floats], Floats]


def _arcsine(numerator: Floats, denominator: Floats, centre: float) -> Scale:
    def back(angle: Floats) -> Floats:
        return np.square(np.sin(np.clip(angle, 0, np.pi / 2)))

    place, sigma = np.arcsin(np.sqrt(numerator / denominator)), 1 / (2 * np.sqrt(denominator))
    return Scale(place, float(np.arcsin(np.sqrt(centre))), sigma, sigma, back)


def _log_of_expected(numerator: Floats, denominator: Floats, centre: float) -> Scale:
    """A count of 0 is placed as a half: its logarithm would be nowhere."""
    place = np.log(np.where(numerator == 0, 0.5, numerator) / denominator)
    sigma = 1 / np.sqrt(denominator * centre)
    return Scale(place, float(np.log(centre)), sigma, sigma, np.exp)


def _log_of_counts(numerator: Floats, denominator: Floats, centre: float) -> Scale:
    above, below = numerator + 0.5, denominator + 0.5
    sigma = np.sqrt(numerator / above**2 + denominator / below**2)
    return Scale(np.log(above / below), float(np.log(centre)), sigma, 1 / (2 * np.sqrt(denominator)), np.exp)


SCALES = {"proportion": _arcsine, "rate": _log_of_expected, "ratio": _log_of_counts}
Kind = Literal["proportion", "rate", "ratio"]


def funnel(
    schools: pd.DataFrame, kind: Kind = "proportion", widen: Widen = "if needed", centre: float | None = None
) -> Funnel:
    """The funnel of `schools`, one row each with `numerator` and `denominator`, pooled over one period.

    `kind`: a proportion (part of a whole), a rate (count per amount; exact Poisson limits), or FunnelPlotR's ratio of
    two counts. `centre`: sum of numerators over sum of denominators unless given; with 1 a rate is a standardised ratio
    of observed to expected. Rows without both numbers, or with a denominator of 0, have no limits. Raises ValueError
    for proportions outside 0 to 1, negative counts, and rates and ratios of which nothing was counted anywhere.

    >>> schools = pd.DataFrame({"numerator": [40, 45, 38, 41, 90], "denominator": [100, 100, 100, 100, 100]})
    >>> found = funnel(schools, widen="never")
    >>> found.centre, found.schools["beyond"].tolist()
    (0.508, [False, False, False, False, True])
    """
    numerator, denominator = (schools[name].to_numpy(dtype=np.float64) for name in ("numerator", "denominator"))
    kept = np.isfinite(numerator) & (denominator > 0)
    numerator, denominator = numerator[kept], denominator[kept]
    if (numerator < 0).any() or (kind == "proportion" and (numerator > denominator).any()):
        raise ValueError(f"some rows can't be a {kind}")
    middle = _ratio(numerator.sum(), denominator.sum()) if centre is None else centre
    if kind != "proportion" and middle == 0:
        raise ValueError(f"a {kind} of which nothing was counted has no limits")
    scale = SCALES[kind](numerator, denominator, middle)
    z = (scale.place - scale.centre) / scale.sigma
    phi, tau2 = overdispersion(z, scale.sigma, trimmed=kind == "rate")
    needed = len(z) >= FEWEST_SCHOOLS and phi > 1 + NOTEWORTHY_PHI * np.sqrt(2 / len(z))
    widened = tau2 > 0 and (widen == "always" or (widen == "if needed" and needed))
    found = {"value": numerator / denominator, "z": z}
    found |= limits(denominator, kind, middle, tau2 if widened else 0.0)
    table = pd.DataFrame(found, index=schools.index[kept]).reindex(schools.index)
    beyond = (table["value"] > table["upper_998"]) | (table["value"] < table["lower_998"])
    return Funnel(schools.assign(**table, beyond=beyond), middle, phi, tau2, bool(widened))


def limits(denominator: Floats, kind: Kind, centre: float, tau2: float = 0.0) -> dict[str, Floats]:
    """The limits of schools of these sizes: `lower_95`, `upper_95`, `lower_998`, `upper_998`; `tau2` widens them.

    >>> {name: found.round(3).tolist() for name, found in limits(np.array([100.0]), "proportion", 0.5).items()}
    {'lower_95': [0.403], 'upper_95': [0.597], 'lower_998': [0.348], 'upper_998': [0.652]}
    """
    scale = SCALES[kind](denominator * centre, denominator, centre)
    spread = np.sqrt(scale.spread**2 + tau2)
    found = {}
    for level in LEVELS:
        plain = kind == "rate" and tau2 == 0
        ends = _exact(denominator * centre, centre, level) if plain else _even(scale, spread, level)
        found[f"lower_{level}"], found[f"upper_{level}"] = ends
    return found


def over_one_stretch(points: pd.DataFrame) -> pd.DataFrame:
    """Each series' counts over all its periods: one row per series with `numerator`, `denominator` (sums), `usual`
    (the median denominator of a period) and `n_points`.

    `points`: `series`, `numerator`, `denominator`; a row without both counts, or `excluded`, adds nothing.

    >>> points = pd.DataFrame({"series": [0, 0, 0], "numerator": [3.0, 4.0, None], "denominator": [9.0, 12.0, 5.0]})
    >>> over_one_stretch(points)
       series  numerator  denominator  usual  n_points
    0       0        7.0         21.0   10.5         2
    """
    kept = points["numerator"].notna() & (points["denominator"] > 0)
    if "excluded" in points:
        kept &= ~points["excluded"].to_numpy(dtype=bool)
    grouped = points[kept].groupby("series", sort=True)
    return grouped.agg(
        numerator=("numerator", "sum"),
        denominator=("denominator", "sum"),
        usual=("denominator", "median"),
        n_points=("denominator", "size"),
    ).reset_index()


def _ratio(a: float, b: float) -> float:
    return float(a / b) if b > 0 else float("nan")


def overdispersion(z: Floats, sigma: Floats, trimmed: bool) -> tuple[float, float]:
    """phi and tau2 (DerSimonian & Laird), from z values with their tails pulled in, or left out where `trimmed`.

    >>> z = np.array([-3.0, -1.0, 0.0, 1.0, 3.0])
    >>> phi, tau2 = overdispersion(z, np.full(5, 0.1), trimmed=False)
    >>> round(phi, 3), round(tau2, 4)
    (2.336, 0.0192)
    """
    if not len(z):
        return float("nan"), 0.0
    low, high = np.quantile(z, [TAIL, 1 - TAIL])
    inside = (z >= low) & (z <= high)
    kept, weight = (z[inside], 1 / sigma[inside] ** 2) if trimmed else (np.clip(z, low, high), 1 / sigma**2)
    n, phi = len(kept), float(np.mean(kept**2))
    spread = float(weight.sum() - (weight**2).sum() / weight.sum())
    return phi, max(0.0, (n * phi - (n - 1)) / spread) if spread > 0 else 0.0


def _even(scale: Scale, spread: Floats, level: str) -> tuple[Floats, Floats]:
    """Limits that are as far on either side, on the scale."""
    distance = LEVELS[level][0] * spread
    return scale.back(scale.centre - distance), scale.back(scale.centre + distance)


def _exact(expected: Floats, centre: float, level: str) -> tuple[Floats, Floats]:
    """Exact limits of a Poisson count with this expectation, as rates: by the quantiles of the chi-square."""
    share = LEVELS[level][1]
    lower, upper = gamma_quantile(share, expected), gamma_quantile(1 - share, expected + 1)
    return centre * lower / expected, centre * upper / expected


def gamma_quantile(share: float, shape: Floats) -> Floats:
    """Below which value of a gamma distribution of scale 1 this share lies (half a chi-square of twice the shape).

    Newton's steps from Wilson and Hilferty's start, halved where they would leave the positive numbers.

    >>> gamma_quantile(0.95, np.array([1.0])).round(6), gamma_quantile(0.5, np.array([1.0])).round(6)
    (array([2.995732]), array([0.693147]))
    """
    far = {0.025: -1.959964, 0.975: 1.959964, 0.001: -3.090232, 0.999: 3.090232}.get(share, 0.0)
    start = shape * np.maximum(1 - 1 / (9 * shape) + far / np.sqrt(9 * shape), 0.1) ** 3
    found, small = start.copy(), shape < LARGE
    found[small] = _refined(share, shape[small], start[small])
    return found


def _refined(share: float, shape: Floats, value: Floats) -> Floats:
    log_gamma = np.array([lgamma(each) for each in shape])
    for _ in range(NEWTON_STEPS):
        density = np.exp((shape - 1) * np.log(value) - value - log_gamma)
        step = (_gamma_share(value, shape, log_gamma) - share) / density
        value = np.maximum(value - step, value / 2)
        if (np.abs(step) <= CLOSE * value).all():
            break
    return value


def _gamma_share(value: Floats, shape: Floats, log_gamma: Floats) -> Floats:
    """The share of a gamma distribution below each value: the series of the incomplete gamma function."""
    term = total = 1 / shape
    number = 0
    while (term > TOO_SMALL * total).any():
        number += 1
        term = term * value / (shape + number)
        total = total + term
    return total * np.exp(shape * np.log(value) - value - log_gamma)
