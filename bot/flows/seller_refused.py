"""Why was it refused (卖家拒绝)? The reason the shop gave, and the three ways on: change it, take it back, the platform."""

from __future__ import annotations

from bot.domain.cases import Case, State
from bot.domain.decision import Decision
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.flows import case_moves
from bot.flows.flow import Flow, finish
from bot.flows.which_case import choose_case, read_case, the_case

REASON = reply(
    "seller_refused/reason",
    "change",
    "revoke",
    "dispute",
    "accept",
    "human",
    tone=Tone.APOLOGY | Tone.NEXT_STEP | Tone.DEADLINE,
    case=Case,
)
BEFORE = reply(
    "seller_refused/before",
    "change",
    "revoke",
    "refund",
    "human",
    tone=Tone.APOLOGY | Tone.NEXT_STEP,
    case=Case,
)
NOT_REFUSED = reply("seller_refused/not_refused", "human", tone=Tone.NEXT_STEP | Tone.DEADLINE, case=Case)


def was_refused(case: Case) -> bool:
    """It stands refused."""
    return case.state is State.SELLER_REFUSE_BUYER


def choose(turn: Turn) -> Decision | None:
    """Ask which, when several were refused."""
    return choose_case(turn, was_refused)


def tell(turn: Turn) -> Decision | None:
    """The shop's reason and the ways on; of what is not refused now, how it stands."""
    case = the_case(turn, was_refused)
    if was_refused(case):
        return finish(turn, REASON(case=case, buttons=case_moves.ways_on(case, REASON)))
    if case.refused:
        buttons = tuple(
            button for button in case_moves.ways_on(case, BEFORE) if button.label != "refund" or not case.open
        )
        return finish(turn, BEFORE(case=case, buttons=buttons))
    return finish(turn, NOT_REFUSED(case=case, buttons=case_moves.ways_on(case, NOT_REFUSED)))


FLOW = Flow(
    intent="seller_refused",
    steps=(choose, tell),
    replies=(REASON, BEFORE, NOT_REFUSED),
    takes=frozenset({"order_number"}),
    starts=frozenset({"case"}),
    kin=frozenset({"refund_status"}),
    reads={"case": read_case(was_refused)},
)
