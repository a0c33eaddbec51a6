"""What held before: an order is judged by what stood in config.yaml on the day it was placed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.config import Config, load
from bot.domain.cases import Reason
from bot.domain.options import Option
from bot.domain.terms import Span, Term, Unit
from bot.errors import ConfigError
from tests.domain.samples import order


def read(folder: Path, text: str) -> Config:
    file = folder / "config.yaml"
    file.write_text(text, "utf-8")
    return load(file, {})


DATED = """\
policy:
  no_reason_days: 7
earlier:
  2026-10-31:
    policy.no_reason_days: 15
    clocks.seller: 48 hours
    options.late: [refund_only]
    promises.counterfeit_factor: 10
  2026-06-30:
    policy.no_reason_days: 30
"""


def test_each_order_gets_the_rules_of_its_day_in_the_shops_time_zone(tmp_path: Path) -> None:
    policy = read(tmp_path, DATED).policy()

    def of(moment: datetime) -> tuple[int, Span]:
        held = policy.of(replace(order(), placed_at=moment))
        return held.no_reason_days, held.spans[Term.SELLER]

    new, old = Span(72, Unit.HOURS), Span(48, Unit.HOURS)
    assert of(datetime(2026, 11, 20, tzinfo=UTC)) == (7, new)
    assert of(datetime(2026, 10, 31, 16, 0, tzinfo=UTC)) == (7, new)  # the first of November in Shanghai
    assert of(datetime(2026, 10, 31, 15, 59, tzinfo=UTC)) == (15, old)
    assert of(datetime(2026, 5, 1, tzinfo=UTC)) == (30, new)
    then = policy.of(replace(order(), placed_at=datetime(2026, 10, 1, tzinfo=UTC)))
    assert then.options[Reason.LATE] == (Option.REFUND_ONLY,)
    assert then.promises.counterfeit_factor == 10
    assert then.promises.ship_within_hours == policy.promises.ship_within_hours


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "earlier:\n  last year:\n    policy.no_reason_days: 15\n",
            "config.yaml:2: 'last year' is not a date",
        ),
        ("earlier:\n  2026-13-01:\n    policy.no_reason_days: 15\n", "config.yaml:2: '2026-13-01'"),
        ("earlier:\n  2026-10-31: 15\n", "below a date stands what was different then"),
        ("earlier: 15\n", "config.yaml:1: earlier is a section"),
        ("earlier:\n  2026-10-31:\n    web.port: 80\n", "config.yaml:3: web.port has no date"),
        ("earlier:\n  2026-10-31:\n    policy.no_reson_days: 15\n", "did you mean policy.no_reason_days"),
        (
            "earlier:\n  2026-10-31:\n    policy.no_reason_days: many\n",
            "config.yaml:3: policy.no_reason_days",
        ),
        ("earlier:\n  2026-10-31:\n    clocks.seller: 3\n", "such as 48 hours"),
        ("options:\n  late: [chase, refund_only, reship, repair]\n", "has more than 3"),
        ("authority:\n  agent: [20 CNY, 30 CNY]\n", "names CNY twice"),
        ("authority:\n  agent: [-1 CNY]\n", "is below nothing"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_the_mend(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read(tmp_path, text)
    assert told in str(refused.value)


def test_an_empty_section_holds_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "earlier:\n").earlier == {}
