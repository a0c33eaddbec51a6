"""ID tokens: what an OIDC provider signs about somebody, and whether it may be believed.

https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization
from joserfc.jws import JWSRegistry
from joserfc.jwt import JWTClaimsRegistry

from bot.errors import NotVouched

ALGORITHMS = (
    *("RS256", "RS384", "RS512"),
    *("PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512"),
)
"""Those with a public key. A token that is not signed, or with something we know too, says nothing."""
_REGISTRY = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
"""Headers we don't know are ignored, as RFC 7515 (section 4) has it; those marked as critical are not."""
_LEEWAY = 60
"""Seconds the provider's clock may be off."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token has to say."""

    issuer: str
    client: str
    nonce: str
    now: datetime


def read_keys(document: Mapping[str, Any]) -> KeySet:
    """A provider's public keys (RFC 7517); NotVouched when it publishes none that can be read."""
    try:
        return KeySet.import_key_set(cast(KeySetSerialization, document))
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotVouched(f"its keys can't be read: {type(error).__name__}") from error


def signed_claims(token: str, keys: KeySet) -> dict[str, Any]:
    """What a token claims; NotVouched when none of these keys signed it."""
    try:
        return jwt.decode(token, keys, registry=_REGISTRY).claims
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise NotVouched(f"the token is not signed as it should be: {_name(error)}") from error


def check(claims: dict[str, Any], expected: Expected) -> None:
    """NotVouched when it was made by another, for another, for another trip, or for another time."""
    registry = JWTClaimsRegistry(
        now=int(expected.now.timestamp()),
        leeway=_LEEWAY,
        iss={"essential": True, "value": expected.issuer},
        aud={"essential": True, "value": expected.client},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": expected.nonce},
    )
    try:
        registry.validate(claims)
    except JoseError as error:
        raise NotVouched(f"the token says something else than it should: {error}") from error
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else expected.client) != expected.client:
        raise NotVouched("the token was made for another client (azp)")


def _name(error: Exception) -> str:
    return error.error if isinstance(error, JoseError) else type(error).__name__
