"""Draws cases.svg, the life of a case, from the transition table itself: money, goods, and talk, one below the other.

    .venv/bin/python docs/pictures/draw_cases.py

Run it after a change of `bot.domain.transitions.TRANSITIONS`; tests/docs fails while the picture is an old one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from bot.domain.cases import ENDED, GOODS, MONEY, OPEN, TALK, Event, Kind, Role, State
from bot.domain.transitions import TRANSITIONS, Given, Move, first_state

PICTURE = Path(__file__).with_name("cases.svg")
WIDTH, BOX, HIGH = 1420, 256, 40
Point = tuple[int, int]


@dataclass(frozen=True)
class Panel:
    """Some kinds of case, and where each of their states stands."""

    title: str
    kinds: frozenset[Kind]
    places: Mapping[State, Point]
    height: int
    along: Mapping[tuple[State, State], float]
    """How far along its arrow a label stands, where the middle is taken."""


S = State
PANELS = (
    Panel(
        "Money",
        MONEY,
        {
            S.WAIT_SELLER_AGREE: (160, 320),
            S.WAIT_BUYER_RETURN_GOODS: (700, 320),
            S.WAIT_SELLER_CONFIRM_GOODS: (1250, 320),
            S.SUCCESS: (700, 90),
            S.SELLER_REFUSE_BUYER: (980, 580),
            S.CLOSED: (420, 580),
        },
        640,
        {
            (S.WAIT_SELLER_AGREE, S.SELLER_REFUSE_BUYER): 0.28,
            (S.SELLER_REFUSE_BUYER, S.WAIT_SELLER_AGREE): 0.62,
            (S.WAIT_BUYER_RETURN_GOODS, S.CLOSED): 0.66,
        },
    ),
    Panel(
        "Goods",
        GOODS,
        {
            S.WAIT_SELLER_AGREE: (160, 160),
            S.WAIT_BUYER_RETURN_GOODS: (660, 160),
            S.WAIT_SELLER_CONFIRM_GOODS: (1080, 160),
            S.WAIT_SELLER_SEND_GOODS: (1280, 420),
            S.WAIT_BUYER_CONFIRM_GOODS: (740, 420),
            S.SUCCESS: (160, 660),
            S.SELLER_REFUSE_BUYER: (1080, 660),
            S.CLOSED: (500, 660),
        },
        720,
        {
            (S.WAIT_SELLER_AGREE, S.SELLER_REFUSE_BUYER): 0.82,
            (S.SELLER_REFUSE_BUYER, S.WAIT_SELLER_AGREE): 0.25,
            (S.WAIT_BUYER_RETURN_GOODS, S.SELLER_REFUSE_BUYER): 0.34,
            (S.WAIT_BUYER_RETURN_GOODS, S.CLOSED): 0.22,
            (S.WAIT_SELLER_SEND_GOODS, S.WAIT_SELLER_AGREE): 0.2,
            (S.WAIT_SELLER_AGREE, S.WAIT_SELLER_SEND_GOODS): 0.55,
            (S.WAIT_SELLER_CONFIRM_GOODS, S.SELLER_REFUSE_BUYER): 0.62,
            (S.WAIT_BUYER_CONFIRM_GOODS, S.WAIT_SELLER_AGREE): 0.3,
            (S.WAIT_SELLER_AGREE, S.CLOSED): 0.65,
        },
    ),
    Panel(
        "Complaints and inquiries",
        TALK,
        {
            S.WAIT_SELLER_ANSWER: (180, 170),
            S.WAIT_CARRIER: (1240, 170),
            S.SUCCESS: (710, 110),
            S.CLOSED: (710, 250),
        },
        300,
        {},
    ),
)
_ONLY_RETURNS = frozenset({S.WAIT_BUYER_RETURN_GOODS, S.WAIT_SELLER_CONFIRM_GOODS})
"""States that only kinds with a return come to."""
COLOURS = {
    Role.AGENT: "#1d4ed8",
    Role.BOT: "#7c3aed",
    Role.BUYER: "#15803d",
    Role.CLOCK: "#b45309",
    Role.CARRIER: "#0e7490",
    Role.MEDIATOR: "#be123c",
    Role.OWNER: "#475569",
}
HEAD = (
    "<style>text{font:13px system-ui,'Noto Sans',sans-serif}.box{fill:#fff;stroke:#334155;stroke-width:1.5}"
    ".end{fill:#f1f5f9}.line{stroke:#94a3b8;stroke-width:1.5;fill:none;marker-end:url(#tip)}"
    ".back{fill:#fff}.name{font-weight:600;fill:#0f172a}.title{font-size:20px;font-weight:700;fill:#0f172a}"
    ".note{fill:#334155}</style>"
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    '<path d="M0 0L8 4L0 8z" fill="#64748b"/></marker></defs>'
)


def svg() -> str:
    """The picture's text."""
    notes = list(_notes())
    tall = sum(panel.height for panel in PANELS)
    height = tall + 60 + 22 * len(notes)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        "<title>The life of a case</title>",
        HEAD,
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
    ]
    top = 0
    for panel in PANELS:
        parts += [f'<g transform="translate(0 {top})">', *_panel(panel), "</g>"]
        top += panel.height
    parts.append(f'<text class="title" x="30" y="{tall + 30}">In many states alike</text>')
    parts += [
        f'<text class="note" x="30" y="{tall + 60 + 22 * at}">{escape(note)}</text>'
        for at, note in enumerate(notes)
    ]
    return "\n".join([*parts, "</svg>", ""])


def _panel(panel: Panel) -> Iterator[str]:
    kinds = ", ".join(kind for kind in Kind if kind in panel.kinds)
    yield f'<text class="title" x="30" y="36">{panel.title}: {kinds}</text>'
    words: list[str] = []
    for state in dict.fromkeys(first_state(kind) for kind in Kind if kind in panel.kinds):
        x, y = panel.places[state]
        begin, tip = (x, y - 90), (x, y - HIGH // 2)
        yield _path(begin, tip)
        words += _words(begin, tip, [_line((Role.BUYER,), Event.APPLY)], 0.4)
    for (start, end), lines in _arrows(panel).items():
        begin = _edge(panel, start, panel.places[end])
        tip = _edge(panel, end, panel.places[start])
        yield _path(begin, tip)
        words += _words(begin, tip, lines, panel.along.get((start, end), 0.5))
    yield from words
    for state, place in panel.places.items():
        yield _box(state, place)


def _arrows(panel: Panel) -> dict[tuple[State, State], list[str]]:
    """From and to, with a line for each way to get there."""
    found: dict[tuple[State, State], list[str]] = {}
    for row in TRANSITIONS:
        own = row.kinds & panel.kinds
        if _drawn(row) and own and row.start in panel.places:
            if panel.kinds == TALK and not _reached(row, own):
                continue
            told = panel.kinds in (own, TALK) or row.start in _ONLY_RETURNS
            only = "" if told else f" ({', '.join(sorted(own))})"
            found.setdefault((row.start, row.end), []).append(_line(_roles(row), row.event, only))
    return found


def _drawn(row: Move) -> bool:
    """An offer may be taken nearly anywhere: that is told in words."""
    return row.start is not row.end and not row.locked and row.event is not Event.ACCEPT_OFFER


def _reached(row: Move, kinds: frozenset[Kind]) -> bool:
    """A complaint is never with a carrier."""
    return any(first_state(kind) is row.start for kind in kinds)


def _roles(row: Move) -> tuple[Role, ...]:
    return tuple(role for role in Role if role in row.by)


def _line(by: tuple[Role, ...], event: Event, only: str = "") -> str:
    return f'<tspan fill="{COLOURS[by[-1]]}">{"/".join(by)}: {event}{only}</tspan>'


def _notes() -> Iterator[str]:
    """What happens in many states alike, in words."""
    loops = (row for row in TRANSITIONS if not _drawn(row) and not row.locked)
    for row, where in _alike(loops):
        locks = "; it locks the case and stops its clock" if row.event is Event.INTERVENE else ""
        late = " (once the shop let its clock run out)" if row.given is Given.MISSED else ""
        end = "" if row.start is row.end else f" → {row.end}"
        yield f"{where} — {'/'.join(_roles(row))}: {row.event}{late}{locks}{end}"
    for row, where in _alike(row for row in TRANSITIONS if row.locked):
        end = "" if row.start is row.end else f" → {row.end}"
        yield f"locked, {where} — {'/'.join(_roles(row))}: {row.event}{end}"


def _alike(rows: Iterator[Move]) -> Iterator[tuple[Move, str]]:
    """Rows that differ only in where they start, once, with where that is."""
    together: dict[tuple[object, ...], list[Move]] = {}
    for row in rows:
        end = None if row.start is row.end else row.end
        together.setdefault((row.event, row.by, row.given, end), []).append(row)
    for same in together.values():
        starts = list(dict.fromkeys(row.start for row in same))
        yield same[0], _where(starts)


def _where(starts: list[State]) -> str:
    missing = [state for state in OPEN if state not in starts]
    if len(missing) < len(starts):
        return "in every open state" + (f" but {', '.join(missing)}" if missing else "")
    return "in " + ", ".join(starts)


def _box(state: State, place: Point) -> str:
    x, y = place
    kind = "box end" if state in ENDED else "box"
    shape = (
        f'<rect class="{kind}" x="{x - BOX // 2}" y="{y - HIGH // 2}" width="{BOX}" height="{HIGH}" rx="8"/>'
    )
    return f'{shape}<text class="name" x="{x}" y="{y + 5}" text-anchor="middle">{state}</text>'


def _edge(panel: Panel, state: State, towards: Point) -> Point:
    """Where the line from this box's middle to there crosses its border."""
    x, y = panel.places[state]
    dx, dy = towards[0] - x, towards[1] - y
    reach = min(BOX / 2 / abs(dx) if dx else 1, HIGH / 2 / abs(dy) if dy else 1)
    return round(x + dx * reach), round(y + dy * reach)


def _path(start: Point, end: Point) -> str:
    return f'<path class="line" d="M{start[0]} {start[1]}L{end[0]} {end[1]}"/>'


def _words(start: Point, end: Point, lines: list[str], along: float) -> Iterator[str]:
    x = round(start[0] + (end[0] - start[0]) * along)
    level = start[1] == end[1]  # then the words stand above the line
    y = round(start[1] + (end[1] - start[1]) * along) - (16 * len(lines) if level else 8 * (len(lines) - 1))
    wide = max(7 * len(line.partition(">")[2].partition("<")[0]) for line in lines) + 8
    yield f'<rect class="back" x="{x - wide // 2}" y="{y - 10}" width="{wide}" height="{16 * len(lines) + 4}"/>'
    for at, line in enumerate(lines):
        yield f'<text x="{x}" y="{y + 4 + 16 * at}" text-anchor="middle">{line}</text>'


if __name__ == "__main__":
    PICTURE.write_text(svg(), encoding="utf-8")
