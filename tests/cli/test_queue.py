"""Who waits for people, on the command line, and what other settings would make of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.cli.context import Here
from bot.config import load
from bot.domain.conversation import Flag, FlagReason, Holder, Priority
from bot.domain.messages import Speaker
from bot.domain.staff import StaffRole
from bot.domain.watch import Watch
from bot.pipeline.turns import Line, Outturn
from bot.store.unit import SqlUnit
from tests.cli.conftest import Call


def waits(shop: Path) -> None:
    """Ann asked for a person an hour ago; Mia is there."""
    policy, now = load(None, {}).policy(), datetime.now(UTC)

    def job(unit: SqlUnit) -> None:
        ann = unit.conversation_at("web", "ann", now, "Ann")
        watch = Watch().asked(now - timedelta(hours=1), policy.attendance, policy.shop)
        mark = Flag(FlagReason.BUYER_ASKS, Priority.NORMAL, now)
        queued = replace(ann, holder=Holder.QUEUED, watch=watch, flag=mark)
        unit.commit([Outturn((), queued, ann, lines=(Line(Speaker.BUYER, "human", now),))], now)
        mia = unit.add_staff("mia", "Mia", StaffRole.AGENT, now)
        unit.seen([mia.id], now)

    Here(str(shop)).with_database(job)


def test_it_shows_who_waits_and_what_other_settings_would_change(call: Call, shop: Path) -> None:
    assert "Nobody waits" in call("queue").output
    waits(shop)
    said = call("queue").output
    assert re.search(r"Ann .*buyer_asks .*normal .*queued", said)
    assert "→" not in said
    assert "1 in line, 0 with somebody; 0 late" in said
    always = ("--with", "shop.opens=00:00", "--with", "shop.closes=00:00")
    other = call(
        "queue", *always, "--with", "policy.agent_minutes=30", "--with", "desk.routing=round_robin"
    ).output
    assert "→" in other
    assert "0 late (1 with these settings)" in other
    assert "Mia" in other
    assert "did you mean" in str(call("queue", "--with", "desk.next_minute=3").exception)
    assert call("queue", "--with", "nonsense").exit_code == 2
    assert call("queue", "--apply", "--with", "desk.next_minutes=3").exit_code == 2
    assert "1 conversations are counted anew" in call("queue", "--apply").output
