"""What stands between a shop and its serving well, each thing with its mend. Looking changes nothing."""

from bot.doctor.finding import Finding, Grade

__all__ = ["Finding", "Grade"]
