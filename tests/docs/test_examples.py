"""Examples work, and pictures are drawn from what they show."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

from bot.domain.cases import Role
from bot.flows import REPLIES
from bot.flows.macros import declared_as
from bot.folder.guides import read_guide
from bot.folder.phrases import read_phrase_file
from bot.replies import macros, template
from tests.docs.pages import DOCS, OWNER, ROOT


def test_the_owners_examples_work() -> None:
    phrases = [body for language, body in OWNER.fences if language == "yaml" and body.startswith("phrases:")]
    assert len(phrases) == 2
    for body in phrases:
        assert read_phrase_file(Path("intents/en/sample.yaml"), body).phrases
    (reply,) = (body for language, body in OWNER.fences if language == "jinja")
    before = OWNER.text[: OWNER.text.index(reply)]
    path = re.findall(r"`(replies/en/(\w+/\w+)\.j2)`", before)[-1]
    sheet, findings = template.read(path[0], reply, REPLIES[path[1]])
    assert sheet, findings


def test_the_owners_macro_is_one() -> None:
    (macro,) = (body for language, body in OWNER.fences if language == "macro")
    declared = declared_as("macros/photos", REPLIES)
    assert declared
    sheet, findings = macros.read("replies/en/macros/photos.j2", macro, declared)
    assert sheet, findings
    assert macros.macro_of("photos", sheet).then == "snooze 1d"


def test_the_owners_guides_can_be_read(tmp_path: Path) -> None:
    guides = [body for language, body in OWNER.fences if language == "yaml" and body.startswith("product:")]
    assert len(guides) == 2
    (tmp_path / "replies/en/faq").mkdir(parents=True)
    picture = next(ROOT.glob("replies/*/faq/*.png"))
    (tmp_path / "replies/en/faq/kite-launch.png").write_bytes(picture.read_bytes())
    for body in guides:
        assert read_guide(tmp_path, Path("replies/en/faq/sample.yaml"), body).guide.entries


def test_the_picture_of_the_cases_is_drawn_from_the_table() -> None:
    drawing = drawer()
    kept = drawing.PICTURE.read_text(encoding="utf-8")
    assert kept == drawing.svg(), "stale; draw it anew: .venv/bin/python docs/pictures/draw_cases.py"


def test_the_picture_shows_every_move() -> None:
    shown = drawer().svg()
    for row in drawer().TRANSITIONS:
        by = "/".join(role for role in Role if role in row.by)
        assert f"{by}: {row.event}" in shown
    assert all(f">{state}</text>" in shown for state in drawer().State)


def drawer() -> ModuleType:
    """The script beside the picture."""
    spec = importlib.util.spec_from_file_location("draw_cases", DOCS / "pictures" / "draw_cases.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
