"""Which models there are, fetching them, and what fits this machine."""
