"""Settings: config.yaml and the environment, checked and frozen.

config = load(Path("config.yaml"), os.environ)
config.web.port, config.policy(), config.origin("web.port")
"""

from bot.config.describe import default_yaml, shown
from bot.config.loading import load
from bot.config.model import Config

__all__ = ["Config", "default_yaml", "load", "shown"]
