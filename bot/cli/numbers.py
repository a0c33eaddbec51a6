"""Whole numbers on the command line."""

from __future__ import annotations

from collections.abc import Callable

import click

Reads = Callable[[click.Context, click.Parameter, tuple[str, ...]], tuple[int, ...]]


def numbers(least: int | None = None) -> Reads:
    """Reads one whole number, or several with commas between, given once or more often; none is smaller than `least`."""
    bound = "" if least is None else f", {least} or more"

    def read(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> tuple[int, ...]:
        try:
            found = tuple(int(part) for several in given for part in several.split(","))
        except ValueError:
            found = ()
        if not found or (least is not None and min(found) < least):
            raise click.BadParameter(f"this takes a whole number{bound}, or several with commas between")
        return found

    return read
