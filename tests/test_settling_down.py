"""What a shop has learned is left out of the search for garbage, until it learns anew."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from bot.app import settle_down


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


class Book:
    """Holds itself, as much of what is learned does, so that it does not go by itself."""

    def __init__(self) -> None:
        self.itself = self


def test_a_book_that_is_not_used_any_more_goes_when_the_shop_settles_down_again() -> None:
    book = Book()
    known = weakref.ref(book)
    settle_down()
    del book
    gc.collect()
    assert known() is not None
    settle_down()
    assert known() is None
