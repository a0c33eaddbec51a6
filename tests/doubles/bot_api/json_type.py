"""The shape of a JSON object, under one name."""

from typing import Any

Json = dict[str, Any]
