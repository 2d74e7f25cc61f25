"""Profiles: the patterns a metric may follow, and medians with one block of time left out.

A profile sorts time into bins (the hours of a day, say); what it expects in a bin is the median of
the values seen there. How well it predicts is measured on days it has not seen: each row is
compared with the median of its bin without the rows of its own block.
"""

from dataclasses import dataclass

import numpy as np

HOUR = 3600
DAY = 86400


@dataclass(frozen=True)
class Profile:
    """One way to sort the rows of a series into bins."""

    bins: np.ndarray
    """uint16 (rows of the series,): the bin of each row."""
    size: int
    """How many bins there are."""
    parent: int
    """Index of the poorer profile that stands in where a bin is empty; -1: none."""
    parent_bins: np.ndarray
    """intp (size,): the parent's bin that covers each bin."""
    known_after: int
    """Seconds of data before the profile can be told from a poorer one."""


def profiles(local: np.ndarray, period: int) -> list[Profile]:
    """The profiles a series may follow, from poor to rich.

    Constant; minute of the hour; hour of the day; slot of the day; weekday or weekend × slot; day
    of the week × slot. Those that a long period makes equal to a poorer one are left out.

    Args:
        local: int64 (rows,), local wall-clock time in seconds since 1970-01-01 00:00.
        period: seconds between datapoints.
    """
    second = local % DAY
    slots = -(-DAY // period)
    slot = second // period
    weekday = (local // DAY + 3) % 7  # Monday is 0; 1970-01-01 was a Thursday
    of_slot = np.arange(slots)

    found: list[Profile] = []

    def add(
        bins: np.ndarray, size: int, parent: int, parent_bins: np.ndarray, known_after: int
    ) -> int:
        found.append(Profile(bins.astype(np.uint16), size, parent, parent_bins, known_after))
        return len(found) - 1

    constant = add(np.zeros_like(local), 1, -1, np.zeros(1, np.intp), 0)
    daily = constant
    if period < HOUR:
        minutes = -(-HOUR // period)
        add(local % HOUR // period, minutes, constant, np.zeros(minutes, np.intp), 0)
        daily = add(second // HOUR, 24, constant, np.zeros(24, np.intp), 2 * DAY)
    if period < DAY:
        hours = of_slot * period // HOUR if daily else np.zeros(slots, np.intp)
        daily = add(slot, slots, daily, hours, 2 * DAY)
    # A week, and a day to compare with its like.
    weekend = add((weekday >= 5) * slots + slot, 2 * slots, daily, np.tile(of_slot, 2), 8 * DAY)
    days = np.arange(7).repeat(slots)
    add(
        weekday * slots + slot,
        7 * slots,
        weekend,
        (days >= 5) * slots + np.tile(of_slot, 7),
        8 * DAY,
    )
    return found


@dataclass(frozen=True)
class Medians:
    """What a profile expects, and what it would have expected of rows it had not seen."""

    centre: np.ndarray
    """float64 (bins,): the median of each bin, NaN where it is empty."""
    rows: np.ndarray
    """int (bins,): how many rows stand behind each median."""
    expected: np.ndarray
    """float64 (rows,): the median of each row's bin without its own block; NaN if that is all."""
    peers: np.ndarray
    """int (rows,): how many rows stand behind that."""
    own: np.ndarray
    """bool (rows,): the profile itself made the expectation, not a poorer one."""

    def filled_from(self, poorer: "Medians", parent_bins: np.ndarray) -> "Medians":
        """The same, with the answers of a poorer profile (on the same rows) where this has none."""
        empty = self.rows == 0
        return Medians(
            np.where(empty, poorer.centre[parent_bins], self.centre),
            np.where(empty, poorer.rows[parent_bins], self.rows),
            np.where(self.own, self.expected, poorer.expected),
            np.where(self.own, self.peers, poorer.peers),
            self.own,
        )


def medians(
    values: np.ndarray, bins: np.ndarray, size: int, blocks: np.ndarray, by_value: np.ndarray
) -> Medians:
    """Medians of each bin, whole and with the block of each row left out.

    One sort by value serves every profile: a stable sort by bin makes of it each bin in order of
    value, where the median without a block is an order statistic that skips the block's ranks.

    Args:
        values: float64 (rows,), finite.
        bins: uint16 (rows,), below `size`.
        size: how many bins there are.
        blocks: uint8 (rows,), the block of time each row belongs to.
        by_value: the rows in order of value.
    """
    n = len(values)
    place = np.arange(n)
    # Stable sorts of 8- and 16-bit keys are radix sorts: this is linear in the rows.
    by_bin = by_value[np.argsort(bins[by_value], kind="stable")]
    v, bin_, block = values[by_bin], bins[by_bin], blocks[by_bin]
    rows = np.bincount(bins, minlength=size)
    start = np.cumsum(rows) - rows
    rank = place - start[bin_]

    # Groups: the rows of one bin in one block, in order of value.
    by_group = np.argsort(block, kind="stable")
    by_group = by_group[np.argsort(bin_[by_group], kind="stable")]
    g_bin, g_block = bin_[by_group], block[by_group]
    new = np.ones(n, bool)
    new[1:] = (g_bin[1:] != g_bin[:-1]) | (g_block[1:] != g_block[:-1])
    first = np.flatnonzero(new)
    left_out = np.diff(first, append=n)
    group = np.repeat(np.arange(len(first)), left_out)
    kept_below = rank[by_group] - (place - first[group])
    of_bin = g_bin[first]
    left = rows[of_bin] - left_out

    def kept(j: np.ndarray) -> np.ndarray:
        """The j-th smallest value of each group's bin once the group is left out."""
        skipped = np.add.reduceat((kept_below <= j[group]).astype(np.intp), first)
        return v[np.minimum(start[of_bin] + j + skipped, n - 1)]

    lower, upper = np.maximum(left - 1, 0) // 2, left // 2
    without = np.where(left > 0, 0.5 * (kept(lower) + kept(upper)), np.nan)
    expected, peers = np.empty(n), np.empty(n, np.intp)
    rows_by_group = by_bin[by_group]
    expected[rows_by_group] = without[group]
    peers[rows_by_group] = left[group]

    return Medians(medians_of_runs(v, start, rows), rows, expected, peers, peers > 0)


def medians_of_runs(ascending: np.ndarray, start: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Medians of runs of `count` values from `start` on, each in order; NaN for an empty run."""
    last = len(ascending) - 1
    low = ascending[np.minimum(start + np.maximum(count - 1, 0) // 2, last)]
    high = ascending[np.minimum(start + count // 2, last)]
    return np.where(count > 0, 0.5 * (low + high), np.nan)
