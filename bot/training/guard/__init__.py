"""A small text classifier of our own, from public corpora and rows of ours."""
