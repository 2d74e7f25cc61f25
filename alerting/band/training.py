"""One training: which profile the last two weeks followed, and by how much it was off."""

from dataclasses import dataclass

import numpy as np

from alerting.band.profiles import DAY, HOUR, Medians, Profile, medians, medians_of_runs
from alerting.band.widths import half_widths, median_variance

_BETTER = 0.95
"""A richer profile must err this much less than the best poorer one."""
_LEVEL = 1e-3
"""A band is at least this share of the metric's usual size to each side."""
_FOLLOW = 0.9
"""How much of a shift of level the adaptive band follows."""
_MEMORIES = (1.0, 0.5)
"""Weight of the newest hour in the level it follows; it tries each."""


@dataclass(frozen=True)
class Window:
    """The rows a training may see, oldest first: all were complete at the training instant."""

    instant: int
    """When the training takes place, epoch seconds."""
    first: int
    """Stamp of the first datapoint ever."""
    stamps: np.ndarray
    """int64 (rows,)."""
    values: np.ndarray
    """float64 (rows,), finite."""
    missed: np.ndarray
    """float64 (rows,): what the band that stood there then missed the value by, divided by its
    `spread` there; NaN where there was none."""

    @property
    def ages(self) -> np.ndarray:
        """Days from each row to the training instant."""
        return (self.instant - self.stamps) / DAY


@dataclass(frozen=True)
class Training:
    """What a training came to. Arrays are per bin of `profile`."""

    profile: int
    centre: np.ndarray
    spread: np.ndarray
    """Factor on the half-widths: a median of few rows is itself uncertain."""
    above: float
    below: float
    both: float


def train(
    window: Window, catalogue: list[Profile], bins: list[np.ndarray], period: int, adaptive: bool
) -> Training:
    """Choose a profile and measure its errors.

    Args:
        window: what may be seen.
        catalogue: profiles from poor to rich.
        bins: the bins of the window's rows, one array a profile.
        period: seconds between datapoints.
        adaptive: follow the level of the last hours.
    """
    seen = window.instant - window.first
    index, chosen = _choose(window, catalogue, bins, seen)
    residuals = window.values - chosen.expected
    shared = _shared(residuals)
    residuals = residuals / _spread(chosen.peers, shared)

    # Rows a poorer profile had to stand in for tell little about this one, once it has its own.
    told = chosen.own if chosen.own.mean() > 0.5 else np.isfinite(residuals)
    residuals, ages = residuals[told], window.ages[told]
    shift = 0.0
    if adaptive:
        back = window.instant - 1 - window.stamps[told]
        residuals, shift = _follow(residuals, back // max(HOUR, period))

    # What was really missed counts too, but not from before the profile could have been known.
    learned = window.first + max(catalogue[index].known_after, DAY)
    real = np.isfinite(window.missed) & (window.stamps >= learned)
    above, below, both = half_widths(
        np.concatenate([residuals, window.missed[real]]),
        np.concatenate([ages, window.ages[real]]),
        len(residuals),
        _LEVEL * float(np.median(np.abs(window.values))),
    )
    return Training(index, chosen.centre + shift, _spread(chosen.rows, shared), above, below, both)


def _choose(
    window: Window, catalogue: list[Profile], bins: list[np.ndarray], seen: int
) -> tuple[int, Medians]:
    """The profile that best predicts days it has not seen; a richer one only if clearly better."""
    blocks = _blocks(window, seen)
    by_value = np.argsort(window.values, kind="stable")
    done: list[Medians] = []
    best, least_error = 0, np.inf
    for index, profile in enumerate(catalogue):
        if seen < profile.known_after:
            break
        found = medians(window.values, bins[index], profile.size, blocks, by_value)
        if profile.parent >= 0:
            found = found.filled_from(done[profile.parent], profile.parent_bins)
        done.append(found)
        # The mean root, not the mean: an incident that no profile expects must not decide.
        error = float(np.nanmean(np.sqrt(np.abs(window.values - found.expected))))
        if error < _BETTER * least_error:
            best, least_error = index, error
    return best, done[best]


def _blocks(window: Window, seen: int) -> np.ndarray:
    """Of each row, the 24-hour block back from the instant; at first, quarters of what there is."""
    days = (window.instant - 1 - window.stamps) // DAY
    if seen >= 2 * DAY and days[0] != days[-1]:
        return days.astype(np.uint8)
    return (np.arange(len(days)) * 4 // len(days)).astype(np.uint8)


def _shared(residuals: np.ndarray) -> float:
    """How much neighbours agree in sign: 0 for independent noise, 1 for shifts of whole days."""
    signs = np.sign(residuals)
    products = signs[1:] * signs[:-1]
    products = products[np.isfinite(products)]
    return max(float(products.mean()), 0.0) if len(products) else 1.0


def _spread(rows: np.ndarray, shared: float) -> np.ndarray:
    """How much wider the error of a forecast is than the noise, given the rows behind its median.

    Independent noise averages out over the rows; a shift that neighbours share does not.
    """
    return np.sqrt(1 + (1 - shared) * median_variance(rows))


def _follow(residuals: np.ndarray, hours: np.ndarray) -> tuple[np.ndarray, float]:
    """Residuals left after following the level of the hours before, and the shift that is due now.

    Tried on the training window first; without a clear gain nothing is followed.

    Args:
        residuals: float64 (rows,), oldest first.
        hours: int64 (rows,), whole hours (periods, if longer) back from the training instant.
    """
    count = np.bincount(hours)
    by_hour = np.lexsort((residuals, hours))
    level = medians_of_runs(residuals[by_hour], np.cumsum(count) - count, count)

    best, shift = residuals, 0.0
    least_error = _BETTER * float(np.mean(np.sqrt(np.abs(residuals))))
    for memory in _MEMORIES:
        followed = np.zeros(len(count) + 1)  # [hour]: the level after it, [hour + 1]: before
        for hour in range(len(count) - 1, -1, -1):
            before = followed[hour + 1]
            seen = level[hour] if count[hour] else before
            followed[hour] = before + memory * (seen - before)
        left = residuals - _FOLLOW * followed[hours + 1]
        error = float(np.mean(np.sqrt(np.abs(left))))
        if error < least_error:
            best, shift, least_error = left, _FOLLOW * float(followed[0]), error
    return best, shift
