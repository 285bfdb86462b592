"""Storage: SQLite, its schema's migrations, backup and checks. SQL stands only under this folder."""
