"""Who somebody is at an OIDC provider: by e-mail the first time, by the provider's own id from then on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Nobody has signed in that way yet."""
    op.add_column("staff", sa.Column("email", sa.String(254)))
    op.add_column("staff", sa.Column("subject", sa.String(64)))
    op.create_index("ix_staff_email", "staff", ["email"], unique=True)
    op.create_index("ix_staff_subject", "staff", ["subject"], unique=True)
