"""Which size (尺码建议): the product's table, and the size that suits the buyer's measures by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.decision import Decision
from bot.domain.guides import Entry, Guide, Measure, Range, SizeRow
from bot.domain.messages import Button
from bot.domain.replies import Tone, reply
from bot.domain.turn import Turn
from bot.flows.flow import Flow, ask, finish, yes_or_no
from bot.flows.guided import QUESTION, every_guide, scope_of
from bot.flows.taps import ENOUGH
from bot.flows.usage_help import GLAD, READS, ask_product, find, read_solved, serve, with_question
from bot.understanding.measures import measures

TABLE = reply(
    "size_advice/table",
    "enough",
    "human",
    tone=Tone.PLAIN,
    product=str,
    notes=tuple[str, ...],
    sizes=tuple[SizeRow, ...],
    by_foot=bool,
)
ADVICE = reply(
    "size_advice/advice",
    "yes",
    "no",
    tone=Tone.PLAIN,
    product=str,
    told=tuple[Range, ...],
    fits=tuple[str, ...],
    between=bool,
    sizes=tuple[SizeRow, ...],
)
OUTSIDE = reply(
    "size_advice/outside",
    "human",
    tone=Tone.APOLOGY | Tone.NEXT_STEP,
    product=str,
    told=tuple[Range, ...],
    sizes=tuple[SizeRow, ...],
)
_HUMAN = Button("start", "escalate", "human")


def advise(turn: Turn) -> Decision | None:
    """The size, or the table and a question for the measures; None where no table tells."""
    turn = with_question(with_measures(turn))
    if turn.slot("measures") == ENOUGH:
        return finish(turn, GLAD())
    if turn.slot("solved") or turn.slot("entry") or (turn.slot("told") and turn.talk.asking == "solved"):
        return serve(turn)
    tables = _tables(turn)
    if not tables:
        return find(turn)
    if len(tables) > 1:
        return ask_product(turn, tables)
    return _by_table(turn, tables[0])


def with_measures(turn: Turn) -> Turn:
    """The turn with the measures its message tells, beside those told before."""
    told = {} if turn.incoming.choice else measures(turn.meaning.text)
    if not told:
        return turn
    known = _read(turn.slot("measures")) | told
    return turn.with_talk(turn.talk.drop("solved", "told").fill(measures=_written(known)))


def _tables(turn: Turn) -> tuple[Guide, ...]:
    """The guides with a table that may be meant: where no product is named, of those that go by what the buyer measures; of
    what the buyer has, else of all there are."""
    scope = scope_of(turn)
    tables = tuple(guide for guide in scope.guides if guide.sizes)
    told = _read(turn.slot("measures"))
    if scope.plain or not told:
        return tables
    of_products, _ = every_guide(turn)
    return _that_tell(tables, told) or _that_tell(of_products, told) or tables


def _that_tell(guides: tuple[Guide, ...], told: Mapping[str, float]) -> tuple[Guide, ...]:
    return tuple(guide for guide in guides if guide.sizes and any(_tells(guide.sizes, name) for name in told))


def _by_table(turn: Turn, guide: Guide) -> Decision:
    entry = guide.sizes
    if entry is None:
        raise LookupError("a guide with sizes")
    told = {name: number for name, number in _read(turn.slot("measures")).items() if _tells(entry, name)}
    if not told:
        return _table(turn, guide, entry)
    suiting = [_suiting(entry, name, number) for name, number in told.items()]
    if not all(suiting):
        return _outside(turn, guide, entry, told)
    common = [row for row in entry.sizes if all(row in rows for rows in suiting)]
    either = common or _suiting_either(entry, suiting)
    talk = turn.talk.fill(told=entry.id, tried=entry.id)
    words = ADVICE(
        product=guide.product,
        told=_as_ranges(told),
        fits=tuple(row.size for row in either),
        between=not common,
        sizes=entry.sizes,
        buttons=yes_or_no("solved"),
        token=talk.token,
    )
    return ask(turn.with_talk(talk), "solved", words)


def _suiting_either(entry: Entry, suiting: Sequence[Sequence[SizeRow]]) -> list[SizeRow]:
    """No size suits every measure: the smallest that none of them is too large for."""
    places = [[entry.sizes.index(row) for row in rows] for rows in suiting]
    return [entry.sizes[max(min(each) for each in places)]]


def _tells(entry: Entry, measure: str) -> bool:
    return any(row.range(measure) for row in entry.sizes)


def _suiting(entry: Entry, measure: str, number: float) -> list[SizeRow]:
    """The sizes whose range has the number; between two of them the next larger one."""
    ranged = [(row, found) for row in entry.sizes if (found := row.range(measure))]
    within = [row for row, found in ranged if found.least <= number <= found.most]
    below = any(found.most < number for _, found in ranged)
    larger = [row for row, found in ranged if number < found.least]
    return within or (larger[:1] if below else [])


def _table(turn: Turn, guide: Guide, entry: Entry) -> Decision:
    words = TABLE(
        product=guide.product,
        notes=entry.steps,
        sizes=entry.sizes,
        by_foot=_tells(entry, Measure.FOOT) and not _tells(entry, Measure.HEIGHT),
        buttons=(Button("measures", ENOUGH, "enough"), _HUMAN),
        token=turn.talk.token,
        attachments=entry.pictures if turn.talk.asking != "measures" else (),
    )
    return ask(turn, "measures", words)


def _outside(turn: Turn, guide: Guide, entry: Entry, told: Mapping[str, float]) -> Decision:
    """No size of this product suits: say so, and that a person may know another one."""
    words = OUTSIDE(product=guide.product, told=_as_ranges(told), sizes=entry.sizes, buttons=(_HUMAN,))
    return finish(turn, words)


def _as_ranges(told: Mapping[str, float]) -> tuple[Range, ...]:
    return tuple(Range(name, told[name], told[name]) for name in Measure if name in told)


def _written(told: Mapping[str, float]) -> str:
    return " ".join(f"{name}={number:g}" for name, number in told.items())


def _read(written: str) -> dict[str, float]:
    pairs = (part.split("=", 1) for part in written.split() if "=" in part)
    return {name: float(number) for name, number in pairs}


def read_measures(turn: Turn) -> str | None:
    """Measures, or that the table was enough."""
    told = measures(turn.meaning.text)
    if told:
        return _written(_read(turn.slot("measures")) | told)
    enough = turn.meaning.intent == "thanks" or "yes_no" in turn.meaning.exact
    return ENOUGH if enough else None


def read_solved_or_measures(turn: Turn) -> str | None:
    """Whether it helped; or other measures, for which the table is looked at again."""
    return "again" if measures(turn.meaning.text) else read_solved(turn)


FLOW = Flow(
    intent="size_advice",
    steps=(advise,),
    replies=(TABLE, ADVICE, OUTSIDE),
    takes=frozenset({"order_number"}),
    starts=frozenset({"order"}),
    keeps=frozenset({QUESTION}),
    reads={**READS, "solved": read_solved_or_measures, "measures": read_measures},
)
