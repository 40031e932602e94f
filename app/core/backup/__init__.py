"""备份与恢复: the whole database as one sealed file, the same for SQLite and PostgreSQL.

`sealed_file` is the file: numbered AES-GCM blocks, so that a cut, swapped or changed file does not open.
`saving` writes all tables as of one instant, `restoring` puts them into a database in one transaction. What
must not come back to life (sessions, codes, counted tries) is marked on its table: `core.db.NOT_IN_BACKUP`.
"""
