"""YAML as people write lists of words: read in one pass, each node with its line, and without references.

References (& and *) have no use there, and a few lines of them can grow without end.
"""

from __future__ import annotations

from typing import Any

import yaml


class PlainLoader(yaml.SafeLoader):
    """Refuses references where they stand."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """One node; `yaml.MarkedYAMLError` for a reference."""
        if self.check_event(yaml.AliasEvent):
            at = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="& and * references are not taken", problem_mark=at)
        node: yaml.Node | None = super().compose_node(parent, index)
        return node
