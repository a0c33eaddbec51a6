"""ID tokens, claims and keys: whatever a provider sends, or somebody in its name, is only refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.id_token import Expected, check, read_keys, signed_claims
from bot.errors import NotVouched
from tests.doubles.oidc import public

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@given(st.text() | st.tuples(st.binary(), st.binary(), st.binary()))
def test_whatever_stands_for_a_token_is_only_refused(given_: str | tuple[bytes, bytes, bytes]) -> None:
    text = given_ if isinstance(given_, str) else ".".join(part.hex() for part in given_)
    with pytest.raises(NotVouched):
        signed_claims(text, read_keys({"keys": [public("first")]}))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["iss", "aud", "sub", "exp", "iat", "nbf", "nonce", "azp"]), _JSON))
def test_whatever_a_token_claims_is_only_refused(claims: dict[str, Any]) -> None:
    with pytest.raises(NotVouched):
        check(claims, Expected("https://idp.example", "a client", "a nonce of 256 bits", NOW))


@given(_JSON)
def test_whatever_is_published_for_keys_is_only_refused(published: Any) -> None:
    with pytest.raises(NotVouched):
        read_keys({"keys": published})
