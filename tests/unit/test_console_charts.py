from decimal import Decimal

from os_events.console.charts import HUNDRED, WIDTH, Point, Scale, chart, scale_of, share


def points(*values: int | None) -> list[Point]:
    return [
        Point(None if value is None else Decimal(value), str(value), f"d{number}")
        for number, value in enumerate(values)
    ]


def test_the_highest_bar_fills_the_field_and_half_of_it_fills_half() -> None:
    bars = chart(points(10, 5), scale_of([Decimal(10), Decimal(5)])).bars

    assert [bar.y for bar in bars] == [0, 100]
    assert [bar.height for bar in bars] == [200, 100]
    assert [bar.x for bar in bars] == [50, 550]


def test_where_there_is_no_value_no_bar_says_nought() -> None:
    missing, nought = chart(points(None, 0), scale_of([None, Decimal(0)])).bars

    assert (missing.empty, nought.empty) == (True, False)
    assert nought.height == 0


def test_what_is_not_nothing_is_seen() -> None:
    _, least = chart(points(100_000, 1), scale_of([Decimal(100_000)])).bars

    assert least.height == 2


def test_a_bar_below_nothing_hangs_from_it() -> None:
    drawn = chart(points(10, -10), scale_of([Decimal(10), Decimal(-10)]))

    above, below = drawn.bars
    assert drawn.zero == 100
    assert [above.y, below.y] == [0, 100]
    assert above.height == below.height == 100


def test_rates_are_drawn_against_a_hundred() -> None:
    assert scale_of([Decimal(20)], HUNDRED) == Scale(Decimal(0), HUNDRED)


def test_under_many_bars_few_are_named() -> None:
    drawn = chart(points(*range(31)), scale_of([Decimal(31)]))

    assert [label for label in drawn.labels if label] == ["d0", "d6", "d12", "d18", "d24", "d30"]


def test_a_share_of_nothing_has_no_width() -> None:
    assert share(Decimal(1), Decimal(0)) == 0
    assert share(Decimal(1), Decimal(4)) == WIDTH / 4
