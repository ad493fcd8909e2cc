"""The catalogues of all texts that people read."""
