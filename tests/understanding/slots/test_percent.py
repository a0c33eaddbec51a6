"""Parts of the price."""

from __future__ import annotations

import pytest

from tests.understanding.slots.reading import slot


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("20%", "20"),
        ("20 percent off", "20"),
        ("百分之二十", "20"),
        ("百分之15", "15"),
        ("百分之二三十", None),
        ("退两成吧", "20"),
        ("退五六成吧", None),
        ("打八折", "20"),
        ("八五折", "15"),
        ("95折", "5"),
        ("8.5折", "15"),
        ("半价", "50"),
        ("12.5%", "12.5"),
        ("100% cotton", None),
        ("说是100%纯棉", None),
        ("成功了一成功", None),
        ("折叠", None),
        ("0%", None),
        ("500%", None),
    ],
)
def test_what_is_to_be_taken_off(text: str, percent: str | None) -> None:
    assert slot("percent", text) == percent


def test_a_percentage_is_no_amount() -> None:
    assert slot("amount", "退我20%", "amount") is None
