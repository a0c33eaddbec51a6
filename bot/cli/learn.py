"""Teaching from what buyers said: suggestions from the store, what each would change, and the owner's yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click
from rapidfuzz import process

from bot.cli.context import Here, tell_learning
from bot.cli.tables import show as show_table
from bot.errors import PhraseError
from bot.flows import INTENTS
from bot.folder.adding import with_phrase
from bot.folder.decisions import FILE, Decisions, replace_text
from bot.folder.kept import Kept
from bot.folder.learned import Learned
from bot.folder.phrases import read_phrase_file
from bot.folder.shop_folder import Contents
from bot.lexicon import load_lexicon
from bot.pipeline.misheard import misheard
from bot.understanding.normalise import normalise
from bot.understanding.phrasebook import Phrasebook, compile_phrasebook
from bot.understanding.phrases import variants
from bot.understanding.recognise import Thresholds
from bot.understanding.teaching import Change, Suggestion, effect, suggestions

_MARK = "\ufeff"
"""Some editors begin a file with it; theirs keep it."""
_CHANGES = 20
"""Changes of a kind that are shown."""


@dataclass(frozen=True, slots=True)
class _Shop:
    """What all three commands look at."""

    contents: Contents
    thresholds: Thresholds
    decisions: Decisions
    found: tuple[Suggestion, ...]


@click.group(invoke_without_command=True)
@click.option(
    "--limit", type=click.IntRange(1), default=20, show_default=True, help="How many suggestions are listed."
)
@click.pass_context
def learn(ctx: click.Context, limit: int) -> None:
    """What buyers said and the bot did not understand, as suggestions of what to teach; the most frequent first.

    \b
    shouhou learn
    shouhou learn accept 3
    shouhou learn accept 3 --intent refund_status
    shouhou learn reject 4
    """
    if ctx.invoked_subcommand:
        return
    shop = _look(ctx.obj)
    replace(shop.decisions, shown=tuple(one.phrase for one in shop.found)).write(FILE)
    if not shop.found:
        click.echo("Nothing to learn: no message that is still not understood.")
        return
    rows = [_row(number, one) for number, one in enumerate(shop.found[:limit], 1)]
    show_table(("no.", "message", "times", "most likely", "confidence", "buyers tapped it"), rows)
    if len(shop.found) > limit:
        click.echo(f"{len(shop.found) - limit} more; see them with --limit {len(shop.found)}")
    click.echo("teach one with: shouhou learn accept NUMBER, leave one out with: shouhou learn reject NUMBER")


@learn.command()
@click.argument("number", type=int)
@click.option("--intent", default="", show_default="the suggested one", help="What the message means.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.pass_obj
def accept(here: Here, number: int, intent: str, yes: bool) -> None:
    """Teach a message of the list: shows what that would change, asks, and adds it to the phrases."""
    shop = _look(here)
    chosen = _chosen(shop, number)
    intent = _known(intent or chosen.intent, chosen)
    path = Path("intents", chosen.language, f"{intent}.yaml")
    _refuse_taught(chosen.phrase, shop.contents.phrasebook)
    before = _text(path)
    after = with_phrase(path, before.removeprefix(_MARK), chosen.phrase)
    click.echo(f"{path.as_posix()} gets one more phrase: {chosen.phrase}")
    _show_effect(shop, chosen, _relearned(here, shop, path, after))
    if not yes and not click.confirm("Teach it?"):
        click.echo("Nothing was changed.")
        return
    if _text(path) != before:
        raise click.ClickException(
            f"{path.as_posix()} was saved in the meantime: nothing was changed; try again, to see what it would change now"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_text(path, (_MARK if before.startswith(_MARK) else "") + after)
    click.echo("Taught. A bot that is running knows it in a moment.")


@learn.command()
@click.argument("numbers", nargs=-1, type=int, required=True)
@click.pass_obj
def reject(here: Here, numbers: tuple[int, ...]) -> None:
    """Leave messages out of the list from now on, and those like them."""
    here.enter()
    decisions = Decisions.read(FILE)
    phrases = [_shown(decisions, number) for number in numbers]
    rejected = tuple(dict.fromkeys((*decisions.rejected, *phrases)))
    replace(decisions, rejected=rejected).write(FILE)
    for phrase in phrases:
        click.echo(f"left out from now on: {phrase}")


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode() if path.is_file() else "phrases: []\n"
    except UnicodeDecodeError:
        raise click.ClickException(
            f"{path.as_posix()} is not UTF-8; save it as that, then try again"
        ) from None


def _look(here: Here) -> _Shop:
    found = here.config.understanding
    thresholds = Thresholds(found.act, found.ask, found.margin)
    contents = here.contents()
    decisions = Decisions.read(FILE)
    languages = here.config.shop.languages
    said = here.look(lambda unit: unit.overheard())
    messages = [message for lines in said.values() for message in misheard(lines)]
    listed = suggestions(messages, contents.phrasebook, thresholds, languages[0], decisions.rejected)
    return _Shop(contents, thresholds, decisions, listed)


def _row(number: int, one: Suggestion) -> tuple[str, ...]:
    tapped = str(one.tapped) if one.tapped else ""
    return str(number), one.phrase, str(one.count), one.intent or "-", f"{one.confidence:.2f}", tapped


def _shown(decisions: Decisions, number: int) -> str:
    if not 1 <= number <= len(decisions.shown):
        raise click.ClickException(f"there is no number {number}; list what there is with: shouhou learn")
    return decisions.shown[number - 1]


def _chosen(shop: _Shop, number: int) -> Suggestion:
    """By the list that was seen last: buyers may have said more since then."""
    listed = shop.decisions if shop.decisions.shown else Decisions(tuple(one.phrase for one in shop.found))
    phrase = _shown(listed, number)
    found = next((one for one in shop.found if one.phrase == phrase), None)
    if found is None:
        raise click.ClickException(f"{phrase!r} is no longer open; list what there is with: shouhou learn")
    return found


def _known(intent: str, chosen: Suggestion) -> str:
    if not intent:
        raise click.ClickException(f"nothing is near {chosen.phrase!r}; say what it means with --intent")
    if intent not in INTENTS:
        near, _, _ = process.extractOne(intent, sorted(INTENTS))
        raise click.ClickException(f"there is no intent {intent!r}; did you mean {near!r}?")
    return intent


def _refuse_taught(phrase: str, book: Phrasebook) -> None:
    known = book.exact.get(normalise(book.lexicon.plain(variants(phrase)[0])))
    if known:
        raise click.ClickException(
            f"{phrase!r} is taught already, in intents/{known.language}/{known.intent}.yaml"
        )


def _relearned(here: Here, shop: _Shop, path: Path, text: str) -> Phrasebook:
    """The phrasebook as it would be. It is kept, so that the running bot need not learn it once more."""
    files = {**shop.contents.phrase_files, path.as_posix(): read_phrase_file(path, text)}
    spoken = [file for file in files.values() if file.language in here.config.shop.languages]
    try:
        return compile_phrasebook(spoken, load_lexicon(), Learned(Kept(), tell_learning))
    except PhraseError as error:
        raise click.ClickException(str(error)) from None


def _show_effect(shop: _Shop, chosen: Suggestion, after: Phrasebook) -> None:
    others = [one.phrase for one in shop.found if one is not chosen]
    found = effect(shop.contents.phrasebook, after, others, shop.thresholds)
    _show_changes("other messages of the list that would be understood differently", found.messages)
    _show_changes("taught phrases whose words would speak for another intent", found.phrases)
    if worse := sum(change.worse for change in found.phrases):
        click.secho(
            f"{worse} of them would speak for the wrong one: look whether the new phrase is right", bold=True
        )


def _show_changes(title: str, changes: Sequence[Change]) -> None:
    click.echo(f"{title}: {len(changes) or 'none'}")
    if changes:
        rows = [(change.text, change.before, change.after) for change in changes[:_CHANGES]]
        show_table(("text", "before", "after"), rows)
    if len(changes) > _CHANGES:
        click.echo(f"and {len(changes) - _CHANGES} more")


COMMANDS = {"learn": learn}
