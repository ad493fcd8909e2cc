"""A platform in memory, for tests and measurements."""
