"""The dossier's page: readable on its own, printable, without a script. Everything in it is escaped."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.web.rich import plain
from bot.desk.dossier.exhibits import Exhibit, albums
from bot.desk.dossier.labels import Labels
from bot.desk.dossier.material import Material
from bot.desk.printed import printed
from bot.pipeline.turns import Line


def page(material: Material, found: Sequence[Exhibit], labels: Labels) -> str:
    """The HTML."""
    return printed(
        "dossier.html",
        labels,
        m=material,
        albums=albums(found),
        numbers={one.sent.ref: one.number for one in found},
        text_of=text_of,
        chosen=material.order.pick(material.case.lines),
    )


def text_of(line: Line) -> str:
    """What a line said, in words only; what a buyer wrote is text, whatever it looks like."""
    return line.text if line.who.verbatim else plain(line.text)
