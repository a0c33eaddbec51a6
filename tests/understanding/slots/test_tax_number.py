"""Tax numbers, and companies that invoices are made out to."""

from __future__ import annotations

import pytest

from bot.understanding.slots.company import company_named
from tests.understanding.slots.reading import read, slot


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("91310000MA1K35XL21", "91310000MA1K35XL21"),
        ("税号 91310000ma1k35xl21 谢谢", "91310000MA1K35XL21"),
        ("DE 123 456 789", "DE123456789"),
        ("税号91310000MA1K35XL2P", "91310000MA1K35XL2P"),
        ("91310000MA1K35XL2P", "91310000MA1K35XL2P"),
        ("tax id 12-3456789", "12-3456789"),
        ("2600018999", None),
        ("1Z12345E0205271688", None),
        ("发到 de123456789@b.com", None),
    ],
)
def test_a_tax_number_is_read_where_an_invoice_is_spoken_of(text: str, number: str | None) -> None:
    assert slot("tax_number", text, "title") == number
    assert slot("tax_number", text, "amount") is None


def test_a_tax_number_is_no_orders_number() -> None:
    assert "order_number" not in read("税号91310000MA1K35XL2P", "title").slots


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("上海小满科技有限公司", "上海小满科技有限公司"),
        ("帮我开个专票给杭州云上商贸有限公司", "杭州云上商贸有限公司"),
        ("华为技术有限公司 a@b.cn", "华为技术有限公司"),
        ("an invoice for Bright & Sons Ltd.", "Bright & Sons Ltd."),
        ("Company Acme Holdings Inc", "Acme Holdings Inc"),
        ("公司", ""),
        ("company", ""),
    ],
)
def test_a_company_is_told_by_the_end_of_its_name(text: str, name: str) -> None:
    assert company_named(text) == name
