"""All contenders on the same phrases and the same messages, seed by seed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context

from bot.bench.contenders import OURS, Contender
from bot.bench.dataset import Example
from bot.bench.homophones import Homophones
from bot.bench.matchers import our_sureness
from bot.bench.sample import few, part
from bot.bench.scores import accuracy, auroc, caught_at, macro_f1, percentile
from bot.bench.trial import Trial, hold
from bot.bench.typos import mistyped
from bot.domain.meaning import Sureness

Figures = Mapping[str, float | None]
"""Key of a figure to its value; None when it can't be told."""
Tell = Callable[[str], None]
"""Is told what begins."""

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Setting:
    """What is compared on what."""

    contenders: Sequence[Contender]
    train: Sequence[Example]
    test: Sequence[Example]
    outside: Sequence[str] = ()
    """Messages that none of the intents is meant for."""
    k: int = 10
    """Phrases an intent."""
    seeds: Sequence[int] = (0,)
    typos: float = 0.0
    """Share of words or characters that are mistyped, in what is asked and never in what is learned."""
    limit: int | None = None
    """The most messages asked from each file."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one seed draws."""

    phrases: tuple[Example, ...]
    texts: tuple[str, ...]
    labels: tuple[str, ...]
    outside: tuple[str, ...]


def draw(setting: Setting, seed: int, homophones: Homophones) -> Round:
    """The phrases to learn and the messages to ask."""
    test = part(setting.test, setting.limit, seed)
    outside = part(setting.outside, setting.limit, seed)

    def typed(text: str) -> str:
        return mistyped(text, setting.typos, seed, homophones) if setting.typos else text

    return Round(
        few(setting.train, setting.k, seed),
        tuple(typed(text) for text, _ in test),
        tuple(label for _, label in test),
        tuple(map(typed, outside)),
    )


def compare(setting: Setting, homophones: Homophones, tell: Tell) -> dict[str, list[Figures]]:
    """Contender to its figures, one set a seed.

    Each trial has a process of its own, one after the other: memory is not another's, and nobody waits for a core.
    """
    found: dict[str, list[Figures]] = {contender.name: [] for contender in setting.contenders}
    with one_core():
        for seed in setting.seeds:
            drawn = draw(setting, seed, homophones)
            for contender in setting.contenders:
                tell(f"{contender.name}, seed {seed}")
                found[contender.name].append(figures(contender, drawn, alone(contender, drawn)))
    return found


def alone(contender: Contender, drawn: Round) -> Trial:
    """A trial in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(hold, contender, drawn.phrases, (*drawn.texts, *drawn.outside)).result()


@contextmanager
def one_core() -> Iterator[None]:
    """Processes started in here calculate on one core, as the times are meant."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def figures(contender: Contender, drawn: Round, trial: Trial) -> Figures:
    """Everything that is told of one trial."""
    asked = len(drawn.texts)
    firsts = [ranking[0] if ranking else (None, 0.0) for ranking in trial.rankings]
    said = [intent for intent, _ in firsts[:asked]]
    inside = [score for _, score in firsts[:asked]]
    outside = [score for _, score in firsts[asked:]]
    milliseconds = [1000 * seconds for seconds in trial.seconds]
    return {
        "accuracy": accuracy(drawn.labels, said),
        "macro_f1": macro_f1(drawn.labels, said),
        "auroc": auroc(inside, outside) if outside else None,
        "caught_at_95": caught_at(inside, outside) if outside else None,
        **_answers(trial if contender is OURS else None, asked),
        "p50_ms": percentile(milliseconds, 50),
        "p99_ms": percentile(milliseconds, 99),
        "load_s": trial.load,
        "cached_load_s": trial.cached_load,
        "memory_mb": trial.memory,
    }


def _answers(trial: Trial | None, asked: int) -> Figures:
    """Shares of the in-scope messages that the bot would act on, ask about, not understand."""
    keys = {"acted": Sureness.ACT, "asked": Sureness.ASK, "unknown": Sureness.UNKNOWN}
    if trial is None:
        return dict.fromkeys(keys)
    answers = [our_sureness(ranking) for ranking in trial.rankings[:asked]]
    return {key: answers.count(sureness) / asked for key, sureness in keys.items()}
