"""Signatures: by the published scheme, and only by who knows the secret, now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.payout.signature import ID, SIGNATURE, TIMESTAMP, signed, verify
from bot.errors import BadSignature

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
BODY = b'{"key":"refund:R1"}'
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PLAIN = "not in base64, but long enough"


def test_the_schemes_own_example_is_signed_the_same() -> None:
    """The vector that the scheme's libraries test themselves with."""
    found = signed(
        SECRET,
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1614265330, UTC),
        b'{"test": 2432232314}',
    )
    assert found == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize("secret", [SECRET, PLAIN, "whsec_not base64!"])
def test_what_was_signed_is_verified(secret: str) -> None:
    verify(secret, signed(secret, "refund:R1#2", NOW, BODY), BODY, NOW)


def test_one_right_signature_among_several_is_enough() -> None:
    headers = signed(SECRET, "m", NOW, BODY)
    other = signed("another secret altogether", "m", NOW, BODY)[SIGNATURE]
    verify(SECRET, headers | {SIGNATURE: f"v1a,xyz {other} {headers[SIGNATURE]}"}, BODY, NOW)


@pytest.mark.parametrize(
    "change",
    [
        {ID: "other"},
        {ID: ""},
        {ID: "a.b"},
        {TIMESTAMP: str(int(NOW.timestamp()) + 1)},
        {TIMESTAMP: "soon"},
        {TIMESTAMP: "9" * 13},
        {SIGNATURE: ""},
        {SIGNATURE: "v1,"},
        {SIGNATURE: "v2,abc"},
        {SIGNATURE: "v1,签名"},
    ],
)
def test_anything_changed_is_found(change: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        verify(SECRET, signed(SECRET, "m", NOW, BODY) | change, BODY, NOW)


def test_another_body_or_another_secret_is_found() -> None:
    headers = signed(SECRET, "m", NOW, BODY)
    with pytest.raises(BadSignature):
        verify(SECRET, headers, BODY + b" ", NOW)
    with pytest.raises(BadSignature):
        verify(PLAIN, headers, BODY, NOW)


@pytest.mark.parametrize("minutes", [-5, 5])
def test_five_minutes_either_way_are_let_pass_and_no_more(minutes: int) -> None:
    headers = signed(SECRET, "m", NOW, BODY)
    verify(SECRET, headers, BODY, NOW + timedelta(minutes=minutes))
    with pytest.raises(BadSignature, match="five minutes"):
        verify(SECRET, headers, BODY, NOW + timedelta(minutes=minutes, seconds=minutes / 5))
