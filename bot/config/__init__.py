"""Settings: config.yaml and the environment, checked and frozen.

config = load(Path("config.yaml"), os.environ)
config.web.port, config.policy(), config.origin("web.port")
"""

from bot.config.describe import Row, default_yaml, shown
from bot.config.loading import load
from bot.config.model import Config
from bot.config.rules import Policy
from bot.config.sections import (
    Carriers,
    Log,
    Oidc,
    Retention,
    Secrets,
    Shop,
    Storage,
    Telegram,
    Understanding,
    Web,
)

__all__ = [
    "Carriers",
    "Config",
    "Log",
    "Oidc",
    "Policy",
    "Retention",
    "Row",
    "Secrets",
    "Shop",
    "Storage",
    "Telegram",
    "Understanding",
    "Web",
    "default_yaml",
    "load",
    "shown",
]
