"""No number that must stay hidden can be worked out from the numbers beside it."""

import math
import random

import pytest

import analytics
from analytics import NotApplicable, Policy
from analytics.suppression import TOTAL

WEAK_READER = Policy(hidden_at_least=0, hide_totals=False)


def hide(cells, **rest):
    policy = rest.pop("policy", None)
    return analytics.suppress(analytics.counts_table(cells, **rest), policy)


def test_one_small_group_takes_another_with_it():
    masked = hide([[120, 45, 7, 60]])
    assert masked.primary == ((0, 2),)
    assert masked.complementary == ((0, 1),)
    assert masked.cells[0, 1] is None
    assert masked.cells[0, 0] == (120,)
    assert masked.cells[0, TOTAL] == (232,)
    assert analytics.audit(masked) == [((0, 1), 1, 51), ((0, 2), 1, 51)]


def test_a_zero_is_shown_and_protects_nobody():
    masked = hide([[120, 45, 7, 0]])
    assert masked.cells[0, 3] == (0,)
    assert masked.complementary == ((0, 1),)


@pytest.mark.parametrize("count", [1, 10])
def test_the_ends_of_the_hidden_range(count):
    assert hide([[count, 40, 50]]).primary == ((0, 0),)


@pytest.mark.parametrize("count", [0, 11])
def test_just_outside_the_hidden_range(count):
    assert hide([[count, 40, 50]]).hidden == frozenset()


def test_the_threshold_is_a_choice():
    assert hide([[6, 40, 50]], policy=Policy(threshold=5)).hidden == frozenset()
    assert hide([[4, 40, 50]], policy=Policy(threshold=5)).primary == ((0, 0),)


def test_two_ones_are_known_from_their_sum_when_zeros_are_shown():
    """Whoever knows that a hidden count is not 0 reads 1 and 1 from a sum of 2."""
    assert hide([[1, 1, 500]], policy=WEAK_READER).complementary == ()
    masked = hide([[1, 1, 500]])
    assert masked.complementary == ((0, 2),)
    assert analytics.recoverable(masked) == []


def test_a_small_total_is_hidden_too():
    masked = hide([[5, 0, 0], [30, 40, 50]], col_totals=True)
    assert (0, TOTAL) in masked.primary
    assert analytics.recoverable(masked) == []


def test_a_table_of_two_groups_hides_both():
    assert hide([[5, 40]]).hidden == {(0, 0), (0, 1)}


def test_two_by_two_needs_three_more():
    masked = hide([[5, 40], [30, 50]], col_totals=True)
    assert masked.primary == ((0, 0),)
    assert len(masked.complementary) == 3


def test_nothing_small_hides_nothing():
    masked = hide([[200, 150], [90, 80]], col_totals=True)
    assert (masked.primary, masked.complementary, analytics.audit(masked)) == ((), (), [])


def proportions(rows, **rest):
    cells = {(p, g): counts for p, line in rows.items() for g, counts in line.items()}
    totals = {
        p: (sum(a for a, _ in line.values()), sum(n for _, n in line.values()))
        for p, line in rows.items()
    }
    return analytics.strata_table(cells, totals=rest.pop("totals", totals), **rest)


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ((5, 60), True),
        ((38, 40), True),
        ((3, 9), True),
        ((0, 9), True),
        ((0, 40), False),
        ((40, 40), False),
        ((11, 22), False),
        ((0, 0), False),
    ],
)
def test_numerator_complement_and_denominator(counts, hidden):
    masked = analytics.suppress(proportions({"q1": {"a": counts, "b": (60, 120), "c": (70, 150)}}))
    assert (("q1", "a") in masked.primary) is hidden
    assert analytics.recoverable(masked) == []


def test_the_total_of_a_period_gives_nothing_away():
    masked = analytics.suppress(proportions({"q1": {"a": (5, 60), "b": (60, 120), "c": (70, 300)}}))
    assert masked.hidden == {("q1", "a"), ("q1", "b")}
    assert masked.cells["q1", TOTAL] == (135, 345)


def test_a_window_over_periods_gives_nothing_away():
    """Eight months pooled minus seven shown months is the hidden month."""
    rows = {f"m{i}": {"a": (20 if i else 4, 60), "b": (60, 120), "c": (70, 150)} for i in range(8)}
    alone = analytics.suppress(proportions(rows))
    assert alone.hidden == {("m0", "a"), ("m0", "b")}
    windows = {"baseline": list(rows)}
    masked = analytics.suppress(proportions(rows, windows=windows))
    assert {("m0", "a"), ("m0", "b")} < masked.hidden
    assert len(masked.hidden) == 4
    assert analytics.recoverable(masked) == []


def test_windows_that_overlap_give_nothing_away():
    rows = {
        f"m{i}": {"a": (20 if i != 3 else 4, 60), "b": (60, 120), "c": (70, 150)} for i in range(7)
    }
    windows = {f"w{i}": [f"m{j}" for j in range(i, i + 4)] for i in range(4)}
    masked = analytics.suppress(proportions(rows, windows=windows))
    assert ("m3", "a") in masked.primary
    assert analytics.recoverable(masked) == []


def test_groups_that_overlap_have_no_total_to_subtract_from():
    table = proportions({"q1": {"a": (5, 60), "b": (60, 120)}}, exclusive=False)
    assert analytics.suppress(table).hidden == {("q1", "a")}


def test_a_missing_cell_stays_missing_and_protects_nobody():
    cells = {
        ("q1", "a"): (5, 60),
        ("q1", "b"): None,
        ("q1", "c"): (60, 120),
        ("q1", "d"): (70, 150),
    }
    masked = analytics.suppress(analytics.strata_table(cells, totals={"q1": (135, 330)}))
    assert masked.cells["q1", "b"] is None
    assert ("q1", "b") not in masked.hidden
    assert masked.hidden == {("q1", "a"), ("q1", "c")}


def test_figures_that_do_not_add_up_are_protected_all_the_same():
    cells = {("q1", "a"): (5, 60), ("q1", "b"): (60, 120), ("q1", "c"): (70, 150)}
    masked = analytics.suppress(analytics.strata_table(cells, totals={"q1": (137, 330)}))
    assert len(masked.hidden) == 2
    assert analytics.recoverable(masked) == []


def test_what_one_release_hid_the_next_hides_too():
    table = proportions({"q1": {"a": (25, 60), "b": (60, 120), "c": (70, 150)}})
    assert analytics.suppress(table).hidden == frozenset()
    assert ("q1", "a") in analytics.suppress(table, keep_hidden={("q1", "a")}).hidden


def test_the_audit_bounds_hold_the_truth():
    cells = [[55, 5, 41, 50], [8, 41, 56, 62], [60, 5, 9, 54]]
    masked = hide(cells, col_totals=True)
    for (row, column), low, high in analytics.audit(masked):
        assert low <= cells[row][column] <= high
        assert low < high


def test_the_audit_tells_what_a_careless_release_gives_away():
    masked = hide([[120, 45, 7, 60]])
    careless = analytics.Published(
        shown={**masked.published.shown, (0, 1): (45,)},
        hidden=((0, 2),),
        sums=masked.published.sums,
        quantities=1,
        at_least=1,
    )
    assert analytics.audit(careless) == [((0, 2), 7, 7)]


def test_the_program_and_the_closed_form_agree():
    from analytics.audits import by_linear_program, closed_form, open_sums

    for cells in ([120, 45, 7, 60], [1, 1, 500], [5, 6, 7, 80]):
        (row,) = open_sums(hide([cells]).published, 0)
        assert by_linear_program([row], 1) == closed_form(row, 1)


def test_a_hidden_cell_without_any_total_has_no_upper_end():
    masked = hide([[5, 60]], row_totals=False)
    assert masked.complementary == ()
    assert analytics.audit(masked) == [((0, 0), 1, math.inf)]
    rows = [[5, 60], [70, 80]]
    table = analytics.counts_table(rows, row_totals=False, col_totals=True)
    lone = analytics.suppress(table)
    assert lone.hidden == {(0, 0), (1, 0)}


def test_contradicting_numbers_are_refused():
    masked = hide([[5, 6, 3], [4, 90, 80], [70, 7, 60]], col_totals=True)
    published = masked.published
    wrong = {**published.shown, (TOTAL, TOTAL): (1,)} | {
        key: (1,) for key in published.shown if TOTAL in key
    }
    careless = analytics.Published(wrong, published.hidden, published.sums, 1, 30)
    with pytest.raises(ValueError, match="contradict"):
        analytics.audit(careless)
    lone = hide([[5, 6, 80]]).published
    wrong = analytics.Published(lone.shown, lone.hidden, lone.sums, 1, 9)
    with pytest.raises(ValueError, match="more than what is left"):
        analytics.audit(wrong)


def random_table(rng):
    """A table as pages show them: groups with totals, margins, months with windows."""
    periods, width = rng.randint(1, 6), rng.randint(2, 7)
    style = rng.randrange(3)
    if style == 0:
        counts = [0, 1, 2, 5, 9, 10, 11, 14, 30, 80, 400]
        rows = [[rng.choice(counts) for _ in range(width)] for _ in range(periods)]
        return analytics.counts_table(rows, col_totals=rng.random() < 0.6)
    cells = {}
    for period in range(periods):
        for group in range(width):
            den = rng.choice([0, 3, 8, 12, 14, 20, 40, 100, 200])
            cells[period, group] = (rng.randint(0, den), den)
            if rng.random() < 0.03:
                cells[period, group] = None
    totals = {
        p: (
            sum(c[0] for g in range(width) if (c := cells[p, g])),
            sum(c[1] for g in range(width) if (c := cells[p, g])),
        )
        for p in range(periods)
    }
    windows = None
    if style == 2:
        windows = {"baseline": list(range(periods // 2 + 1)), "now": list(range(periods)[-3:])}
    return analytics.strata_table(cells, totals=totals, windows=windows)


def recoverable_in(tables, seed):
    rng = random.Random(seed)
    found = []
    for number in range(tables):
        table = random_table(rng)
        leak = analytics.recoverable(analytics.suppress(table))
        if leak:
            found.append((number, leak))
    return found


def test_sixty_random_tables_give_nothing_away():
    assert recoverable_in(60, seed=1) == []


@pytest.mark.soak
def test_ten_thousand_random_tables_give_nothing_away():
    assert recoverable_in(10_000, seed=2) == []


def test_large_tables_are_protected_without_a_search():
    rng = random.Random(3)
    rows = [[rng.choice([3, 15, 40, 90, 200, 500]) for _ in range(9)] for _ in range(12)]
    masked = hide(rows, col_totals=True)
    small = sum(1 for row in rows for count in row if count == 3)
    assert len(masked.primary) == small
    assert len(masked.hidden) < len(rows) * 9
    assert analytics.recoverable(masked) == []


def test_what_cannot_be_protected_is_told_by_the_audit():
    """Published examples never hide totals, so one lone cell stays readable."""
    masked = hide([[5, 0, 0]], policy=WEAK_READER)
    assert masked.complementary == ()
    assert analytics.recoverable(masked) == [((0, 0), 5, 5)]


def test_three_overlapping_sums_tell_every_part():
    """a + c, a + b and b + c give a, b and c: only a hidden sum protects them."""
    cells = {"a": (5,), "b": (40,), "c": (50,), "ac": (55,), "ab": (45,), "bc": (90,)}
    sums = tuple(analytics.Sum(total, tuple(total)) for total in ("ac", "ab", "bc"))
    masked = analytics.suppress(analytics.Table(cells, sums))
    assert masked.primary == ("a",)
    assert any(len(key) == 2 for key in masked.complementary)
    assert analytics.recoverable(masked) == []
    stuck = analytics.suppress(analytics.Table(cells, sums), Policy(hide_totals=False))
    assert analytics.recoverable(stuck) == [("a", 5, 5)]


def test_the_near_least_set_is_the_least_in_small_tables():
    from analytics.disclosure import Equations, fewest, near_fewest

    table = analytics.counts_table([[5, 40, 60], [30, 50, 70], [80, 90, 44]], col_totals=True)
    equations = Equations.of(table.cells, [(s.total, s.parts) for s in table.sums], 1)
    sensitive = {(0, 0): (True,)}
    assert fewest(equations, sensitive, equations.totals) == {(0, 1), (1, 0), (1, 1)}
    assert len(near_fewest(equations, sensitive, equations.totals)) == 3


def test_impossible_counts_are_refused():
    with pytest.raises(ValueError, match="cannot count 11 of 10"):
        analytics.strata_table({("q", "a"): (11, 10)})


def test_a_total_nobody_reported_gives_nothing_to_subtract_from():
    cells = {("q1", "a"): (5, 60), ("q1", "b"): (60, 120)}
    masked = analytics.suppress(analytics.strata_table(cells, totals={"q1": None}))
    assert masked.hidden == {("q1", "a")}
    total = analytics.Table({"a": (5,), "b": (60,), "t": None}, (analytics.Sum("t", ("a", "b")),))
    assert analytics.suppress(total).published.sums == ()


POOL = {f"team {i}": (30 + i, 60) for i in range(5)}


def test_a_benchmark_pools_five_organizations():
    found = analytics.benchmark(POOL)
    assert (found.num, found.den, found.organizations) == (160, 300, 5)
    assert found.rate.value == pytest.approx(160 / 300)


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        (dict(list(POOL.items())[:4]), "fewer than five organizations"),
        ({**dict(list(POOL.items())[:4]), "idle": (0, 0), "none": None}, "fewer than five"),
        ({"big": (500, 900)} | {f"s{i}": (1, 20) for i in range(4)}, "small number"),
        ({"big": (900, 910)} | {f"s{i}": (20, 22) for i in range(4)}, "small number"),
    ],
)
def test_no_benchmark_that_tells_of_one(members, reason):
    found = analytics.benchmark(members)
    assert isinstance(found, NotApplicable)
    assert reason in found.reason


def test_no_benchmark_too_close_to_an_earlier_one():
    members = POOL | {"late": (40, 80)}
    assert analytics.benchmark(members, published=[list(POOL)]) == NotApplicable(
        "too close to a benchmark that is out already"
    )
    assert analytics.benchmark(members, published=[list(members)]).organizations == 6


def test_keys_of_a_total():
    table = analytics.counts_table([[1, 2]])
    assert table.is_total((0, TOTAL))
    assert not table.is_total((0, 0))
