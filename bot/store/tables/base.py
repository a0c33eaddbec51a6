"""What all tables share: each row belongs to a shop, and the shop comes first in every key.

So the rows of one shop lie together in every index, several shops share a database without meeting, and a distributed
PostgreSQL can spread all tables by the shop without a join or a key that crosses machines.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnClause,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.schema import SchemaItem

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

PHONE_END: ColumnClause[str] = literal_column("substr(phone, length(phone) - 3)")
"""A phone number's last four digits, as its index has them."""
ID = BigInteger().with_variant(Integer, "sqlite")
SHOP = "shop"
"""The column that says whose a row is."""


def shop_table(name: str, *items: SchemaItem) -> Table:
    """A table whose key begins with the shop."""
    shop: Column[str] = Column(SHOP, String(32), primary_key=True)
    keys = [shop, *(item for item in items if isinstance(item, Column) and item.primary_key)]
    return Table(name, metadata, shop, *items, PrimaryKeyConstraint(*keys))


def row_id() -> Column[int]:
    """A number the database counts up, over all shops. SQLite counts by itself only what is a key alone: there the key
    is the number, which comes to the same, since it is never given twice."""
    return Column("id", ID, primary_key=True, autoincrement=True)


def some_of(name: str, which: str, *columns: str) -> Index:
    """An index of only some rows, such as those that wait: as small as they are few, however many there ever were."""
    return Index(name, *columns, sqlite_where=text(which), postgresql_where=text(which))


def found_by_id() -> UniqueConstraint:
    """What `refers` to a number needs on SQLite, where the number alone is the key."""
    return UniqueConstraint(SHOP, "id").ddl_if(dialect="sqlite")


def refers(column: str, there: str) -> ForeignKeyConstraint:
    """The column names a row of the same shop: `there` is its ``table.column``."""
    table, _, key = there.partition(".")
    return ForeignKeyConstraint([SHOP, column], [f"{table}.{SHOP}", f"{table}.{key}"])
