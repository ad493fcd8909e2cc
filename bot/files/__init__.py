"""Files that people send: what they are, and how they are read."""
