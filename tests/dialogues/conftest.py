"""The shop's words and a stocked database are made once for all dialogues."""

from tests.play.fixtures import contents, template

__all__ = ["contents", "template"]
