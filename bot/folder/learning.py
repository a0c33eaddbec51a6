"""Learning in a process of its own: the memory it takes goes with it, and a shop being served is not held up by it.

`python -m bot.folder.learning` reads phrases as JSON from its standard input and writes what it learned of them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.lexicon import load_lexicon
from bot.understanding import storing
from bot.understanding.recogniser import Lesson, Recogniser

_HOME = Path(__file__).parents[2]
"""Where the package `bot` stands."""


def learned_apart(lessons: Sequence[Lesson]) -> bytes:
    """What `storing.stored` makes of what was learned; OSError when no process can be started or it fails."""
    said = json.dumps([[lesson.text, lesson.intent, lesson.han] for lesson in lessons])
    paths = filter(None, (str(_HOME), os.environ.get("PYTHONPATH")))
    try:
        return subprocess.run(  # noqa: S603 -- ourselves
            [sys.executable, "-m", __name__],
            input=said.encode(),
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
    except subprocess.CalledProcessError as error:
        raise OSError(f"learning ended with status {error.returncode}") from error


def main() -> None:
    """Standard input to standard output."""
    lessons = [Lesson(*fields) for fields in json.load(sys.stdin.buffer)]
    sys.stdout.buffer.write(storing.stored(Recogniser.of(lessons, load_lexicon())))


if __name__ == "__main__":
    main()
