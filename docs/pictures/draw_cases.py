"""Draws cases.svg, the life of a refund case, from the transition table itself.

    .venv/bin/python docs/pictures/draw_cases.py

Run it after a change of `bot.domain.cases.TRANSITIONS`; tests/test_docs.py fails while the picture is an old one.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from bot.domain.cases import ENDED, TRANSITIONS, Event, Kind, Move, Role, State

PICTURE = Path(__file__).with_name("cases.svg")
WIDTH, BOX, HIGH = 1300, 250, 44
PLACES = {
    State.WAIT_SELLER_AGREE: (150, 270),
    State.WAIT_BUYER_RETURN_GOODS: (650, 270),
    State.WAIT_SELLER_CONFIRM_GOODS: (1150, 270),
    State.SUCCESS: (650, 60),
    State.SELLER_REFUSE_BUYER: (900, 490),
    State.CLOSED: (400, 490),
}
"""Where each state's box has its middle. A new state needs a place here."""
ALONG = {
    (State.WAIT_SELLER_AGREE, State.SELLER_REFUSE_BUYER): 0.32,
    (State.WAIT_BUYER_RETURN_GOODS, State.CLOSED): 0.66,
}
"""How far along its arrow a label stands, where the middle is taken."""
COLOURS = {Role.AGENT: "#1d4ed8", Role.BUYER: "#15803d", Role.CLOCK: "#b45309"}
OPEN = tuple(state for state in State if state not in ENDED)
HEAD = (
    "<style>text{font:13px system-ui,'Noto Sans',sans-serif}.box{fill:#fff;stroke:#334155;stroke-width:1.5}"
    ".end{fill:#f1f5f9}.line{stroke:#94a3b8;stroke-width:1.5;fill:none;marker-end:url(#tip)}"
    ".back{fill:#fff}.name{font-weight:600;fill:#0f172a}.note{fill:#334155}</style>"
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    '<path d="M0 0L8 4L0 8z" fill="#64748b"/></marker></defs>'
)


def svg() -> str:
    """The picture's text."""
    notes = list(_notes())
    height = 570 + 22 * len(notes)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        "<title>The life of a refund case</title>",
        HEAD,
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        *_arrow(
            (150, 150), _edge(State.WAIT_SELLER_AGREE, (150, 150)), [_line(Role.BUYER, Event.APPLY)], 0.4
        ),
    ]
    for (start, end), lines in _arrows().items():
        begin, tip = _edge(start, PLACES[end]), _edge(end, PLACES[start])
        parts += _arrow(begin, tip, lines, ALONG.get((start, end), 0.5))
    parts += [_box(state) for state in State]
    parts += [
        f'<text class="note" x="30" y="{570 + 22 * at}">{escape(note)}</text>'
        for at, note in enumerate(notes)
    ]
    return "\n".join([*parts, "</svg>", ""])


def _arrows() -> dict[tuple[State, State], list[str]]:
    """From and to, with a line for each way to get there."""
    found: dict[tuple[State, State], list[str]] = {}
    for row in TRANSITIONS:
        if row.start is not row.end and not row.locked:
            only = "" if row.kinds == frozenset(Kind) else f" ({', '.join(sorted(row.kinds))})"
            found.setdefault((row.start, row.end), []).append(_line(row.by, row.event, only))
    return found


def _line(by: Role, event: Event, only: str = "") -> str:
    return f'<tspan fill="{COLOURS[by]}">{by}: {event}{only}</tspan>'


def _notes() -> Iterator[str]:
    """What happens in many states alike, in words."""
    loops = (row for row in TRANSITIONS if row.start is row.end and not row.locked)
    for row, where in _alike(loops):
        locks = "; it locks the case and stops its clock" if row.event is Event.INTERVENE else ""
        yield f"{where} — {row.by}: {row.event}{locks}"
    for row, where in _alike(row for row in TRANSITIONS if row.locked):
        end = "" if row.start is row.end else f" → {row.end}"
        yield f"locked, {where} — {row.by}: {row.event}{end}"


def _alike(rows: Iterator[Move]) -> Iterator[tuple[Move, str]]:
    """Rows that differ only in where they start, once, with where that is."""
    together: dict[tuple[Event, Role, State | None], list[Move]] = {}
    for row in rows:
        together.setdefault((row.event, row.by, None if row.start is row.end else row.end), []).append(row)
    for same in together.values():
        starts = [row.start for row in same]
        yield same[0], "in every open state" if set(starts) == set(OPEN) else "in " + ", ".join(starts)


def _box(state: State) -> str:
    x, y = PLACES[state]
    kind = "box end" if state in ENDED else "box"
    shape = (
        f'<rect class="{kind}" x="{x - BOX // 2}" y="{y - HIGH // 2}" width="{BOX}" height="{HIGH}" rx="8"/>'
    )
    return f'{shape}<text class="name" x="{x}" y="{y + 5}" text-anchor="middle">{state}</text>'


def _edge(state: State, towards: tuple[int, int]) -> tuple[int, int]:
    """Where the line from this box's middle to there crosses its border."""
    x, y = PLACES[state]
    dx, dy = towards[0] - x, towards[1] - y
    reach = min(BOX / 2 / abs(dx) if dx else 1, HIGH / 2 / abs(dy) if dy else 1)
    return round(x + dx * reach), round(y + dy * reach)


def _arrow(start: tuple[int, int], end: tuple[int, int], lines: list[str], along: float) -> list[str]:
    x = round(start[0] + (end[0] - start[0]) * along)
    level = start[1] == end[1]  # then the words stand above the line
    y = round(start[1] + (end[1] - start[1]) * along) - (16 * len(lines) if level else 8 * (len(lines) - 1))
    wide = max(7 * len(line.partition(">")[2].partition("<")[0]) for line in lines) + 8
    rows = [
        f'<text x="{x}" y="{y + 4 + 16 * at}" text-anchor="middle">{line}</text>'
        for at, line in enumerate(lines)
    ]
    back = (
        f'<rect class="back" x="{x - wide // 2}" y="{y - 10}" width="{wide}" height="{16 * len(lines) + 4}"/>'
    )
    return [f'<path class="line" d="M{start[0]} {start[1]}L{end[0]} {end[1]}"/>', back, *rows]


if __name__ == "__main__":
    PICTURE.write_text(svg(), encoding="utf-8")
