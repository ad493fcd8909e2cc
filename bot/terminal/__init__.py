"""The terminal commands, one a file, and how they print."""
