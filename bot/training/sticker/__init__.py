"""A small text-to-image model of our own, from emoji with a free licence."""
