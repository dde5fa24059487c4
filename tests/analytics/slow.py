"""A second, slow way to every rule, written from the rules' words and nothing else."""

import math
import statistics
from itertools import groupby, pairwise


def side(value, line):
    if abs(value - line) <= 1e-9 * max(1, abs(line)):
        return 0
    return 1 if value > line else -1


def useful_sides(y, line, exclude=()):
    """(index, side) of each point that counts."""
    return [
        (i, side(v, line))
        for i, v in enumerate(y)
        if v is not None and i not in exclude and side(v, line)
    ]


def runs(y, line, exclude=()):
    """(side, indices) of each run."""
    return [
        (key, [i for i, _ in group])
        for key, group in groupby(useful_sides(y, line, exclude), key=lambda pair: pair[1])
    ]


def crossings_limit(n):
    """The 5th percentile of heads in n - 1 tosses."""
    total = 0.0
    for k in range(n):
        total += math.comb(n - 1, k) * 0.5 ** (n - 1)
        if total >= 0.05:
            return k
    return n - 1


def run_distribution(n):
    """P(number of runs) by counting arrangements of two kinds, half each."""
    one, other = n // 2, n - n // 2
    states = {("a", 1, 0): {1: 1}, ("b", 0, 1): {1: 1}}
    for _ in range(n - 1):
        following = {}
        for (last, a, b), counts in states.items():
            for kind in "ab":
                na, nb = a + (kind == "a"), b + (kind == "b")
                if na > one or nb > other:
                    continue
                into = following.setdefault((kind, na, nb), {})
                for r, ways in counts.items():
                    key = r + (kind != last)
                    into[key] = into.get(key, 0) + ways
        states = following
    total = {}
    for counts in states.values():
        for r, ways in counts.items():
            total[r] = total.get(r, 0) + ways
    whole = sum(total.values())
    return {r: ways / whole for r, ways in total.items()}


def median(values):
    return statistics.median(values) if values else None


def moving_range(y, screen):
    ranges = [abs(b - a) for a, b in pairwise(y) if None not in (a, b)]
    if screen and ranges:
        upper = 3.267 * statistics.fmean(ranges)
        ranges = [r for r in ranges if r < upper]
    return statistics.fmean(ranges) if ranges else None


def ptd_points(y, screen, fix=None):
    """NHSRplotthedots by the book, point by point: (cause, side) of each."""
    n = len(y)
    base = y[: fix or n]
    known = [v for v in base if v is not None]
    mean = statistics.fmean(known)
    mr = moving_range(base, screen)
    upper = lower = near_upper = near_lower = None
    if mr is not None:
        upper, lower = mean + 2.66 * mr, mean - 2.66 * mr
        near_upper, near_lower = mean + 2.66 * mr * 2 / 3, mean - 2.66 * mr * 2 / 3
    sides = [None if v is None else (v > mean) - (v < mean) for v in y]
    outside = [v is not None and mr is not None and (v > upper or v < lower) for v in y]
    close = [
        v is not None and mr is not None and not o and (v > near_upper or v < near_lower)
        for v, o in zip(y, outside, strict=True)
    ]
    trend, shift, two = [False] * n, [False] * n, [False] * n
    for start in range(n - 6):
        window = y[start : start + 7]
        if None not in window:
            steps = [b - a for a, b in pairwise(window)]
            if all(s > 0 for s in steps) or all(s < 0 for s in steps):
                trend[start : start + 7] = [True] * 7
        if len(set(sides[start : start + 7])) == 1 and sides[start] in (1, -1):
            shift[start : start + 7] = [True] * 7
    for start in range(n - 2):
        window = range(start, start + 3)
        if abs(sum(sides[i] or 0 for i in window)) == 3 and sum(close[i] for i in window) >= 2:
            for i in window:
                two[i] = two[i] or close[i]
    found = []
    for i in range(n):
        if outside[i]:
            found.append(("beyond_limits", sides[i]))
        elif trend[i]:
            left = i if i + 1 < n and trend[i + 1] else i - 1
            found.append(("trend", 1 if y[left + 1] > y[left] else -1))
        elif two[i]:
            found.append(("two_of_three", sides[i]))
        elif shift[i]:
            found.append(("shift", sides[i]))
        else:
            found.append((None, 0))
    return found
