"""The database: one SQLite file, one writer thread, one repository a noun."""
