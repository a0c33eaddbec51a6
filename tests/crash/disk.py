"""A process's disk and clock in the trial's hand, by a library that is loaded before all others (see ``disk.c``)."""

from __future__ import annotations

import mmap
import os
import random
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SOURCE = Path(__file__).with_name("disk.c")
SECTOR = 512
"""Bytes a disk writes whole or not at all."""
SYNC_TAKES = 30_000
"""Microseconds, as on a disk that turns."""
_HEAD = struct.Struct("=qqqq")
_CONTROL = struct.Struct("=qq")


@dataclass(frozen=True, slots=True)
class Written:
    """A write that may not have reached the disk, and what stood there before."""

    offset: int
    length: int
    before: bytes
    """Shorter than the write where the file ended sooner."""
    size: int
    """Of the file, before."""


@dataclass(slots=True)
class Disk:
    """Of the processes that are started with its `environment`."""

    folder: Path
    """Whose files are meant."""
    library: Path
    control: mmap.mmap
    random: random.Random
    lost: int = field(default=0)
    """Sectors that did not survive, of all power cuts."""

    @classmethod
    def make(cls, folder: Path, seed: int) -> Disk:
        """Needs a C compiler, as `available` tells."""
        library, control = folder / "disk.so", folder / "disk.control"
        subprocess.run(
            ["cc", "-O2", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl", "-lpthread"],
            check=True,
        )
        control.write_bytes(bytes(_CONTROL.size))
        with control.open("r+b") as file:
            held = mmap.mmap(file.fileno(), _CONTROL.size)
        return cls(folder / "data", library, held, random.Random(seed))

    @property
    def environment(self) -> dict[str, str]:
        """For a process whose disk this is."""
        return {
            "LD_PRELOAD": str(self.library),
            "CRASH_CONTROL": str(self.library.with_suffix(".control")),
            "CRASH_FOLDER": str(self.folder),
            "CRASH_SYNC_TAKES": str(SYNC_TAKES),
        }

    def set(self, *, refuses: int = 0, clock_ahead: int = 0) -> None:
        """Every write fails with this error number; the clock is so many seconds ahead. Nothing of it: all is well."""
        self.control[:] = _CONTROL.pack(refuses, clock_ahead)

    def cut_power(self) -> None:
        """Of the processes, which are dead: what was not synchronised is lost, or some of it."""
        for undo in self.folder.rglob("*.undo"):
            path = undo.with_suffix("")
            if writes := list(read(undo)):
                self.lost += forget_some(path, writes, self.random)
            undo.unlink()
            path.with_suffix(".db-shm").unlink(missing_ok=True)


def available() -> bool:
    """True where the library can be made and loaded."""
    return os.uname().sysname == "Linux" and shutil.which("cc") is not None


def read(undo: Path) -> Iterator[Written]:
    """The writes since the file was synchronised last, oldest first; one cut short never came to be."""
    rest = undo.read_bytes()
    while len(rest) >= _HEAD.size:
        offset, length, held, size = _HEAD.unpack_from(rest)
        before = rest[_HEAD.size : _HEAD.size + held]
        if len(before) < held:
            return
        yield Written(offset, length, before, size)
        rest = rest[_HEAD.size + held :]


def forget_some(path: Path, writes: list[Written], random: random.Random) -> int:
    """Put back what stood in sectors that are drawn by chance (all of them at times), and the file's size at times; how many."""
    share = random.choice((0.1, 0.5, 0.9, 1.0))
    content = bytearray(path.read_bytes())
    touched = {begin // SECTOR for one in writes for begin, _ in _sectors(one)}
    lost = {sector for sector in sorted(touched) if random.random() < share}
    before = writes[0].size
    for one in reversed(writes):
        old = one.before.ljust(one.length, b"\0")
        if len(content) < one.offset + one.length:
            content.extend(bytes(one.offset + one.length - len(content)))
        for begin, end in _sectors(one):
            if begin // SECTOR in lost:
                content[begin:end] = old[begin - one.offset : end - one.offset]
    if random.random() < share:
        content = content[:before].ljust(before, b"\0")
    path.write_bytes(content)
    return len(lost)


def _sectors(one: Written) -> Iterator[tuple[int, int]]:
    """The parts of a write that lie in one sector each: where they begin and end."""
    begin, end = one.offset, one.offset + one.length
    while begin < end:
        next_one = min((begin // SECTOR + 1) * SECTOR, end)
        yield begin, next_one
        begin = next_one
