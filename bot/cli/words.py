"""What the owner writes: what it is taken to mean, whether it holds, how it looks."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click
from rapidfuzz import process

from bot.cli.context import Here
from bot.cli.tables import show as show_table
from bot.domain.meaning import Meaning
from bot.errors import PhraseError
from bot.flows import REPLIES
from bot.folder.lint import lint_phrases
from bot.replies.lint import lint
from bot.replies.preview import preview as show
from bot.understanding.recognise import Thresholds
from bot.understanding.slots import Context
from bot.understanding.understand import understand as read


@click.command()
@click.argument("text", nargs=-1)
@click.option("--lang", default="", help="The conversation's language so far.")
@click.option("--asking", default="", help="The slot that was asked for, such as amount or reason.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def understand(here: Here, text: tuple[str, ...], lang: str, asking: str, as_json: bool) -> None:
    """What a message is taken to mean, and why. Without TEXT, reads one message a line from standard input.

    \b
    shouhou understand "不想退了帮我撤销"
    shouhou understand --asking amount 二十块
    """
    found = here.config.understanding
    thresholds = Thresholds(found.act, found.ask, found.margin)
    book = here.folder().phrasebook()
    messages = (" ".join(text),) if text else (line.rstrip("\n") for line in sys.stdin)
    for message in messages:
        meaning = read(message, book, thresholds, Context(asking=asking, language=lang))
        if as_json or not text:
            click.echo(json.dumps(_as_json(meaning), ensure_ascii=False))
        else:
            _explain(meaning, thresholds)


def _as_json(meaning: Meaning) -> dict[str, object]:
    best = meaning.candidates[0].confidence if meaning.candidates else 0.0
    return {
        "text": meaning.text,
        "intent": meaning.intent,
        "confidence": best,
        "candidates": [asdict(candidate) for candidate in meaning.candidates],
        "slots": meaning.slots,
        "language": meaning.language,
    }


def _explain(meaning: Meaning, thresholds: Thresholds) -> None:
    verdict = {"act": "acts on", "ask": "asks whether it is", "unknown": "does not understand; nearest is"}
    best = meaning.candidates[0].intent if meaning.candidates else "nothing"
    click.secho(f"{verdict[meaning.sureness]} {best}   language: {meaning.language or '?'}", bold=True)
    show_table(
        ("intent", "confidence", "phrase that spoke for it", "by"),
        [
            (found.intent, f"{found.confidence:.2f}", found.phrase, found.signal)
            for found in meaning.candidates
        ],
    )
    click.echo("slots: " + (", ".join(f"{name}={value}" for name, value in meaning.slots.items()) or "none"))
    click.secho(
        f"acts from {thresholds.act:.2f} and {thresholds.margin:.2f} ahead of the next, asks from {thresholds.ask:.2f}"
        " (config.yaml: understanding)",
        dim=True,
    )


@click.command("lint")
@click.pass_obj
def check(here: Here) -> None:
    """Check phrases and replies: unknown variables, missing languages and buttons, unsafe or too long templates,
    phrases that two intents share. Exits with 1 when something must be mended."""
    folder = here.folder()
    contents = folder.read()
    broken = [str(problem) for problem in contents.problems if isinstance(problem, PhraseError)]
    phrases = lint_phrases(contents.phrase_files, here.config.shop.languages, broken)
    replies = lint(folder.reply_texts(), languages=here.config.shop.languages)
    findings = [
        *(str(problem) for problem in contents.problems if str(problem).startswith("intents")),
        *phrases,
    ]
    findings += map(str, replies)
    for finding in findings:
        click.echo(finding)
    errors = [finding for finding in findings if "warning: " not in finding]
    click.echo(f"{len(errors)} to mend, {len(findings) - len(errors)} to consider")
    sys.exit(1 if errors else 0)


@click.command()
@click.argument("reply", required=False)
@click.option("--lang", default="", show_default="every language", help="Only this language.")
@click.pass_obj
def preview(here: Here, reply: str | None, lang: str) -> None:
    """Show a reply filled with sample data, such as request_refund/confirm. Without one, lists all replies."""
    if reply is None:
        click.echo("\n".join(sorted(REPLIES)))
        return
    if reply not in REPLIES:
        near, _, _ = process.extractOne(reply, list(REPLIES))
        raise click.ClickException(f"there is no reply {reply!r}; did you mean {near!r}?")
    if lang and lang not in here.config.shop.languages:
        raise click.ClickException(
            f"the shop does not answer in {lang!r}, only in {', '.join(here.config.shop.languages)}"
        )
    replies = here.contents().replies
    for language in [lang] if lang else list(here.config.shop.languages):
        click.echo(show(replies, reply, language))


COMMANDS = {"understand": understand, "lint": check, "preview": preview}
