"""Every secret, declared once: the environment variable it comes from, and what it is for."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from bot.config.kinds.text import Text


def secret(variable: str, kind: Text, about: str) -> str:
    """Declare a secret: it comes from the environment variable alone, is never written and never shown."""
    return field(default="", repr=False, metadata={"variable": variable, "kind": kind, "about": about})


@dataclass(frozen=True, slots=True)
class Secrets:
    """What nobody may read: only from the environment, empty where not set."""

    telegram_token: str = secret(
        "TELEGRAM_BOT_TOKEN",
        Text("what @BotFather gave, such as 123456:AAF…", r"\d+:[\w-]+"),
        "The bot's token.",
    )
    webhook_secret: str = secret(
        "SHOUHOU_WEBHOOK_SECRET",
        Text("1 to 256 of A-Z a-z 0-9 _ -", r"[A-Za-z0-9_-]{1,256}"),
        "Telegram repeats it with each call in webhook mode; other calls are refused.",
    )
    desk_password: str = secret(
        "SHOUHOU_DESK_PASSWORD",
        Text("8 or more characters", r".{8,}"),
        "First password of the login `owner`, who lets in the others; of no use once there is an account.",
    )
    secret_key: str = secret(
        "SHOUHOU_SECRET_KEY", Text("16 or more characters", r".{16,}"), "Signs cookies and order links."
    )
    payout_secret: str = secret(
        "SHOUHOU_PAYOUT_SECRET",
        Text("16 or more characters", r".{16,}"),
        "Signs orders to pay and what your payment service answers.",
    )
    oidc_secret: str = secret(
        "SHOUHOU_OIDC_SECRET",
        Text(),
        "Shows the OIDC provider that it is Shouhou who asks; with oidc.issuer.",
    )
    metrics_token: str = secret(
        "SHOUHOU_METRICS_TOKEN",
        Text("16 or more characters, no blanks", r"\S{16,}"),
        "Who asks for /metrics sends it as `Authorization: Bearer …`; without it only this machine may ask.",
    )
    kuaidi100_customer: str = secret("KUAIDI100_CUSTOMER", Text(), "Customer number at 快递100.")
    kuaidi100_key: str = secret("KUAIDI100_KEY", Text(), "Key at 快递100.")

    def all(self) -> tuple[str, ...]:
        """Those that are set."""
        return tuple(value for known in fields(self) if (value := getattr(self, known.name)))
