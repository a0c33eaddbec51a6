"""What the owner writes: what it is taken to mean, whether it holds, how it looks."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO

import click
from rapidfuzz import process

from bot.cli.context import Here
from bot.cli.tables import show as show_table
from bot.domain.explanation import Explanation, explain
from bot.domain.guides import ids
from bot.errors import FolderError
from bot.flows import REPLIES
from bot.flows.naming import guides_named
from bot.folder.guides import GuideFile
from bot.folder.lint import lint_guides, lint_phrases, lint_questions, lint_thefts
from bot.folder.shop_folder import Contents
from bot.lexicon import load_lexicon
from bot.pipeline.shop import thresholds_of
from bot.replies.finding import Severity
from bot.replies.lint import lint
from bot.replies.path import path_of, words_path
from bot.replies.preview import preview as show
from bot.replies.tone import lint_tone
from bot.understanding.phrasebook import compile_phrasebook
from bot.understanding.phrases import PhraseFile
from bot.understanding.questions import LIKELY, SURE
from bot.understanding.recognise import Thresholds
from bot.understanding.recogniser import Recogniser
from bot.understanding.slots import Context
from bot.understanding.teaching import PARTS, Stolen, rehearsals, surest_first
from bot.understanding.understand import understand as read


@click.command()
@click.argument("text", nargs=-1)
@click.option("--lang", default="", help="The conversation's language so far.")
@click.option("--asking", default="", help="The slot that was asked for, such as amount or reason.")
@click.option("--product", default="", help="Look for an answer in this guide only, such as headphones.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def understand(
    here: Here, text: tuple[str, ...], lang: str, asking: str, product: str, as_json: bool
) -> None:
    """What a message is taken to mean, and why. Without TEXT, reads one message a line from standard input and writes one
    JSON object a line; its intent is null when nothing was understood.

    \b
    shouhou understand "不想退了帮我撤销"
    shouhou understand --asking amount 二十块
    shouhou understand --product headphones 连不上怎么办
    """
    thresholds = thresholds_of(here.config)
    book = here.folder().phrasebook()
    context = Context(asking=asking, language=lang)
    messages = iter([_typed(text)]) if text else _lines(sys.stdin.buffer)
    for message in messages:
        told = explain(read(message, book, thresholds, context))
        if as_json or not text:
            click.echo(_as_json(message, told))
        else:
            _show(told, thresholds)
            _show_entries(here, message, product)


def _typed(words: tuple[str, ...]) -> str:
    """The words of the command line; bytes that are no text there become marks, as in a file."""
    return " ".join(words).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _lines(stream: BinaryIO) -> Iterator[str]:
    """The lines that say something."""
    for line in stream:
        text = line.decode("utf-8", "replace").removeprefix("\ufeff").rstrip("\r\n")
        if text.strip():
            yield text


_ENTRIES, _WORTH_A_LOOK = 3, 0.02
_LINE_ENDS = {code: f"\\u{code:04x}" for code in (0x85, 0x2028, 0x2029)}
"""Characters that JSON may hold and that some readers take for the end of a line."""


def _as_json(text: str, told: Explanation) -> str:
    row = {
        "text": text,
        "intent": told.intent,
        "confidence": told.nearest.confidence if told.nearest else 0.0,
        "candidates": [{"intent": found.intent, "confidence": found.confidence} for found in told.candidates],
        "slots": told.slots,
        "language": told.language,
    }
    return json.dumps(row, ensure_ascii=False).translate(_LINE_ENDS)


def _show(told: Explanation, thresholds: Thresholds) -> None:
    verdict = {"act": "acts on", "ask": "asks whether it is", "unknown": "does not understand; nearest is"}
    best = told.nearest.intent if told.nearest else "nothing"
    click.secho(f"{verdict[told.sureness]} {best}   language: {told.language or '?'}", bold=True)
    show_table(
        ("intent", "confidence", "phrase that spoke for it", "by"),
        [(found.intent, f"{found.confidence:.2f}", found.phrase, found.signal) for found in told.candidates],
    )
    click.echo("slots: " + (", ".join(f"{name}={value}" for name, value in told.slots.items()) or "none"))
    click.secho(
        f"acts from {thresholds.act:.2f} and {thresholds.margin:.2f} ahead of the next, asks from {thresholds.ask:.2f}"
        " (config.yaml: understanding)",
        dim=True,
    )


def _show_entries(here: Here, message: str, product: str) -> None:
    """Which entry of the shop's guides answers it, and how surely."""
    guides = here.folder().guides()
    every = guides.in_language(here.config.shop.languages[0])
    of_products = [guide for guide in every if not guide.everything]
    if product and all(guide.name != product for guide in of_products):
        known = ", ".join(guide.name for guide in of_products)
        raise click.ClickException(f"there is no guide {product!r}, only {known}")
    meant = [guide for guide in of_products if guide.name == product]
    meant = meant or [*guides_named(guides, message, of_products)] or of_products
    among = [*meant, *(guide for guide in every if guide.everything)]
    hits = [hit for hit in guides.search(message, ids(among))[:_ENTRIES] if hit.chance >= _WORTH_A_LOOK]
    if hits:
        best = hits[0].chance
        verdict = "told" if best >= SURE else "offered" if best >= LIKELY else "not sure enough"
        click.secho(f"from the guides: {verdict}", bold=True)
        show_table(
            ("entry", "chance", "nearest question"),
            [(hit.entry, f"{hit.chance:.2f}", hit.question) for hit in hits],
        )
        click.secho(f"told from {SURE:.2f}, offered from {LIKELY:.2f}", dim=True)


@click.command("lint")
@click.option("--phrases", "deep", is_flag=True, help="Also find phrases that other intents steal; slower.")
@click.option("--strict", is_flag=True, help="Exit with 1 when there is something to consider, too.")
@click.pass_obj
def check(here: Here, deep: bool, strict: bool) -> None:
    """Check phrases, replies and guides: unknown variables, missing languages and buttons, unsafe or too long templates,
    phrases that two intents share, that add nothing, intents with too few; entries and pictures of guides that are
    missing, questions that two entries claim; and the tone of replies: promises nobody can keep, missing greetings,
    apologies, next steps and deadlines. Exits with 1 when something must be mended.

    With --phrases every phrase, and every question of the guides, is also read by a bot that was taught only the others: those that it surely takes for
    another intent are named. Look at the pair, and reword or move one; a borderline case may stay.
    """
    files, _ = here.folder().phrase_files()
    guides, _ = here.folder().guide_files()
    findings = written(here)
    spoken = [file for file in files.values() if file.language in here.config.shop.languages]
    findings += lint_thefts(_thefts(spoken)) if deep else ()
    findings += lint_questions(guides, here.config.shop.languages) if deep else ()
    for finding in findings:
        click.echo(finding)
    sys.exit(_summed_up(findings, strict))


def written(here: Here) -> list[str]:
    """All that is quickly found, a line each."""
    files, problems = here.folder().phrase_files()
    guides, wrong = here.folder().guide_files()
    return [*_quick(here, files, problems), *_of_guides(here, guides, wrong)]


def to_consider(findings: Iterable[str]) -> list[str]:
    """Those that may be meant so."""
    return [line for line in findings if "warning: " in line]


def to_mend(findings: Iterable[str]) -> list[str]:
    """Those that keep something from being used as it should."""
    return [line for line in findings if "warning: " not in line and f": {Severity.ALLOWED}: " not in line]


def _summed_up(findings: list[str], strict: bool) -> int:
    """Count them, and say how it ends."""
    consider, mend = len(to_consider(findings)), len(to_mend(findings))
    allowed = len(findings) - consider - mend
    click.echo(
        f"{mend} to mend, {consider} to consider" + (f", {allowed} allowed on purpose" if allowed else "")
    )
    return 1 if mend or (strict and consider) else 0


def _quick(here: Here, files: Mapping[str, PhraseFile], problems: Iterable[FolderError]) -> list[str]:
    languages = here.config.shop.languages
    broken = [str(problem) for problem in problems]
    replies = here.folder().reply_texts()
    found = lint(replies, languages=languages) + lint_tone(replies, languages=languages)
    return [*broken, *lint_phrases(files, languages, broken), *map(str, sorted(found))]


def _of_guides(here: Here, guides: Mapping[str, GuideFile], wrong: Iterable[FolderError]) -> list[str]:
    broken = [str(problem) for problem in wrong]
    return [*broken, *lint_guides(guides, here.config.shop.languages, broken)]


def _thefts(files: Iterable[PhraseFile]) -> tuple[Stolen, ...]:
    """Progress is told aside, so that findings can be piped on."""
    click.echo("reading each phrase by what is learned of the others …", err=True)
    book = compile_phrasebook(files, load_lexicon(), lambda *_: Recogniser())
    found: list[Stolen] = []
    for number, part in enumerate(rehearsals(book), 1):
        found += part
        click.echo(f"  part {number} of {PARTS}", err=True)
    return surest_first(found)


@click.command()
@click.argument("reply", required=False)
@click.option("--lang", default="", show_default="every language", help="Only this language.")
@click.pass_obj
def preview(here: Here, reply: str | None, lang: str) -> None:
    """Show a reply filled with sample data, such as request_refund/confirm, or a macro, such as macros/photos. Without one,
    lists them all. Ends with 1 when a file it is made of can't be used."""
    contents = here.contents()
    replies = contents.replies
    known = sorted({*REPLIES, *(name for _, name in replies.sheets)})
    if reply is None:
        click.echo("\n".join(known))
        return
    if reply not in known:
        near, _, _ = process.extractOne(reply, known)
        raise click.ClickException(f"there is no reply {reply!r}; did you mean {near!r}?")
    if lang and lang not in here.config.shop.languages:
        raise click.ClickException(
            f"the shop does not answer in {lang!r}, only in {', '.join(here.config.shop.languages)}"
        )
    broken: list[str] = []
    for language in [lang] if lang else list(here.config.shop.languages):
        if wrong := _broken(contents, reply, language):
            broken += wrong
        else:
            click.echo(show(replies, reply, language))
    if broken:
        raise click.ClickException("\n".join(broken))


def _broken(contents: Contents, reply: str, language: str) -> list[str]:
    """What is wrong with the files that word a reply in a language: without it, another language would stand in for them."""
    made_of = {path_of(language, reply), words_path(language)}
    return [told for told in map(str, contents.problems) if told.partition(":")[0] in made_of]


COMMANDS = {"understand": understand, "lint": check, "preview": preview}
