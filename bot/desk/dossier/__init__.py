"""The dossier of a case for a mediator: everything both sides said, sent and did, in one ZIP that stands by itself."""

from bot.desk.dossier.archive import write
from bot.desk.dossier.labels import GROUPS, Labels
from bot.desk.dossier.material import Material, gather

__all__ = ["GROUPS", "Labels", "Material", "gather", "write"]
