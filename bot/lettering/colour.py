"""A colour, as pictures have it."""

__all__ = ["RGB"]

RGB = tuple[int, int, int]
"""Red, green and blue, 0 to 255, in sRGB."""
