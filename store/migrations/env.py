"""Alembic runs this file. The connection comes from `store.connect.upgrade`, inside its transaction and its lock."""

from alembic import context

from store.every_table import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,  # SQLite too: the transaction was begun by hand, so a killed upgrade leaves nothing behind
    render_as_batch=True,  # SQLite alters a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
