"""The dashboard and the alert rules ask only for what is really counted, by labels it really has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY, Metric

from bot.app import App
from bot.desk import entrance
from bot.pipeline.looks import Depths

ROOT = Path(__file__).parents[1]
COUNTED_BY = (App, entrance)
"""With these, everything that counts is there."""
_NAME = re.compile(r"\b(?:shouhou|process)_[a-z_]+")
_ASKED = re.compile(r"\b((?:shouhou|process)_[a-z_]+)(?:\{([^}]*)\})?")
_LABEL = re.compile(r"([a-z_]+)\s*(?:=~|!~|!=|=)\s*\"([^\"]*)\"")
_GROUPED = re.compile(r"\bby \(([^)]*)\)")
OF_PROMETHEUS = {"job", "instance", "le"}


def dashboard() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "docs/grafana.json").read_text("utf-8"))
    return found


def rules() -> list[dict[str, Any]]:
    found = yaml.safe_load((ROOT / "docs/alerts.yaml").read_text("utf-8"))
    return [rule for group in found["groups"] for rule in group["rules"]]


def queries() -> Iterator[tuple[str, str]]:
    for panel in dashboard()["panels"]:
        yield from ((f"panel {panel['title']}", target["expr"]) for target in panel["targets"])
    yield from ((f"alert {rule['alert']}", rule["expr"]) for rule in rules())


def names_of(metric: Metric) -> set[str]:
    """By which it can be asked for."""
    ends = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}.get(metric.type, ("",))
    return {f"{metric.name}{end}" for end in ends}


def known() -> dict[str, set[str]]:
    """Every name that can be asked for, with its labels."""
    found: dict[str, set[str]] = {}
    for metric in REGISTRY.collect():
        labels = set(getattr(REGISTRY._names_to_collectors.get(metric.name), "_labelnames", ()))
        found |= dict.fromkeys(names_of(metric), labels | OF_PROMETHEUS)
    return found


@pytest.mark.parametrize(("where", "query"), list(queries()))
def test_each_query_asks_for_what_is_counted(where: str, query: str) -> None:
    there = known()
    asked = _ASKED.findall(query)
    assert asked or query.startswith("up{"), f"{where} asks for nothing of ours"
    grouped = {label.strip() for group in _GROUPED.findall(query) for label in group.split(",")}
    for name, chosen in asked:
        assert name in there, f"{where}: nothing counts {name}"
        labels = {label for label, _ in _LABEL.findall(chosen)}
        assert labels <= there[name], f"{where}: {name} has no label {labels - there[name]}"
    assert grouped <= set[str]().union(*(there[name] for name, _ in asked)), f"{where}: by {grouped}"
    assert query.count("(") == query.count(")")
    assert query.count("{") == query.count("}")


def test_queues_named_are_queues_there_are() -> None:
    named = {value for _, query in queries() for label, value in _LABEL.findall(query) if label == "queue"}
    assert named
    assert named <= {queue.name for queue in fields(Depths)}


def test_everything_of_ours_that_is_counted_is_shown() -> None:
    shown = {
        name for panel in dashboard()["panels"] for t in panel["targets"] for name in _NAME.findall(t["expr"])
    }
    counted = [metric for metric in REGISTRY.collect() if metric.name.startswith("shouhou_")]
    assert [metric.name for metric in counted if not shown & names_of(metric)] == []


def test_each_alert_says_what_is_wrong_and_how_to_mend_it() -> None:
    assert len({rule["alert"] for rule in rules()}) == len(rules()) >= 10
    for rule in rules():
        assert rule["labels"]["severity"] in {"critical", "warning", "info"}, rule["alert"]
        assert rule["annotations"]["summary"].endswith("."), rule["alert"]
        assert rule["annotations"]["mend"].endswith("."), rule["alert"]


def test_panels_have_places_of_their_own() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in dashboard()["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= 24, panel["title"]
        taken |= cells
