"""How Alembic runs our migrations: on the connection it is given, or as SQL for a dialect (``--sql``)."""

from alembic import context

connection = context.config.attributes.get("connection")
context.configure(
    connection=connection,
    dialect_name=None if connection else context.config.get_main_option("dialect") or "sqlite",
    transactional_ddl=True,  # all or nothing on SQLite too: bot/storage/migrate.py holds the transaction
)
with context.begin_transaction():
    context.run_migrations()
