"""The tree of what can go wrong. Every message can be shown to the person who caused it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta


class ShouhouError(Exception):
    """Anything this project raises on purpose."""


class ConfigError(ShouhouError):
    """A setting is unknown, of the wrong type or out of bounds; names the file, the line and the mend."""


class FolderError(ShouhouError):
    """A file of the shop's folder can't be used; names the file, the line and the mend."""


class PhraseError(FolderError):
    """A phrase file can't be used."""


class TemplateError(FolderError):
    """A reply template can't be used."""


class GuideError(FolderError):
    """A guide of the shop's products can't be used."""


class ImportRefused(ShouhouError):
    """A CSV file, as a whole, can't be imported (its header is wrong, it is not UTF-8)."""


class MoneyError(ShouhouError):
    """An amount can't be read, or two currencies were mixed."""


class CaseError(ShouhouError):
    """A case can't do what was asked."""


class NoSuchCase(CaseError):
    """No case has this number."""


class IllegalMove(CaseError):
    """The transition table has no such move from this state for this person."""


class StaleVersion(CaseError):
    """Somebody else moved the case since the person who asks saw it."""


class TooMuch(CaseError):
    """More would be paid than is left of what was paid."""


class BeyondAuthority(CaseError):
    """Who grants it may not grant so much alone."""

    def __init__(self, message: str, lowest: str) -> None:
        super().__init__(message)
        self.lowest = lowest
        """The lowest level that may."""


class AccountError(ShouhouError):
    """Somebody's account can't be made or changed so."""

    def __init__(self, message: str, word: str) -> None:
        super().__init__(message)
        self.word = word
        """Names the wording of it for pages, in group ``page``."""


class BuyerError(ShouhouError):
    """What is kept of a buyer can't be handed out or erased."""


class NoSuchBuyer(BuyerError):
    """Nobody is known so, or several are."""


class StillOpen(BuyerError):
    """Something is under way for them."""


class StoreError(ShouhouError):
    """The database can't be used as it is."""


class StoreAway(StoreError):
    """The database does not answer just now; the next start may find it."""


class StoreGone(StoreAway):
    """The file the database was in is not where it was."""


class StoreLocked(StoreError):
    """Another process already serves this SQLite file."""


class SchemaMismatch(StoreError):
    """The database was made by another version of Shouhou."""


class BackupError(ShouhouError):
    """A backup can't be made, or can't be put back; nothing was changed."""


class UnreadableUpdate(ShouhouError):
    """An update from a channel does not have the shape its documentation promises."""


class BadSignature(ShouhouError):
    """A message is not signed by who knows the secret, or was signed too long ago."""


class NotVouched(ShouhouError):
    """An OIDC provider does not say who somebody is, or says it in a way that can't be believed."""


class LookupUnavailable(ShouhouError):
    """Something outside (a carrier, an OIDC provider) could not be asked just now."""


class DeliveryError(ShouhouError):
    """A message could not be brought to its reader."""


class Blocked(DeliveryError):
    """The reader does not take messages from us: bot blocked, account gone."""


class Refused(DeliveryError):
    """The channel will never take this message as it is."""


class TryLater(DeliveryError):
    """The channel surely did not take the message, and says (or we guess) when to try again."""

    def __init__(self, message: str, after: timedelta) -> None:
        super().__init__(message)
        self.after = after


class Uncertain(DeliveryError):
    """The request went out and no answer came: nobody can know whether the message arrived."""


class FileTooBig(DeliveryError):
    """A file is larger than its channel hands out, or than the shop keeps."""


class FileGone(DeliveryError):
    """The channel does not have the file, for the moment or for good: it does not say which."""


class Problems(ShouhouError):
    """Several things are wrong at once; each line of the message is one of them."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)
