"""The dossier of a case, for a mediator."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from bot.cli.context import Here
from bot.desk.dossier import Labels, Material, gather, write
from bot.errors import NoSuchCase
from bot.store.files import FileStore


@click.command()
@click.argument("case")
@click.option("--lang", default="", show_default="the shop's first", help="The language of its page.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    show_default="dossier-CASE-LANG.zip here",
    help="Where to write it; a file that stands there is replaced.",
)
@click.pass_obj
def dossier(here: Here, case: str, lang: str, out: Path | None) -> None:
    """Write everything about a case into one ZIP: order, parcels, history, verdicts, files with their hashes, transcript.

    Its page index.html can be read and printed on its own. The same case makes the same ZIP as long as nothing new
    happens; the SHA-256 printed is the ZIP's own, to be quoted with it.

    \b
    shouhou dossier R2611200001
    shouhou dossier R2611200001 --lang en --out for-the-platform.zip
    """
    out = out.absolute() if out else None
    languages = here.config.shop.languages
    if lang and lang not in languages:
        raise click.UsageError(f"the shop does not answer in {lang!r}, only in {', '.join(languages)}")
    language = lang or languages[0]
    policy = here.config.policy()
    material = here.look(lambda unit: gather(unit, case, policy))
    if material is None:
        raise NoSuchCase(
            f"there is no case {case!r}; its number stands in the conversation and on the agents' page"
        )
    path = out or Path(f"dossier-{case}-{language}.zip").absolute()
    digest = asyncio.run(_written(here, path, material, language))
    click.echo(f"{path}\nSHA-256 {digest}")


async def _written(here: Here, path: Path, material: Material, language: str) -> str:
    labels = Labels(language, here.folder().replies().words, here.config.shop.timezone)
    return await write(path, material, FileStore(here.config.storage.files), labels)


COMMANDS = {"dossier": dossier}
