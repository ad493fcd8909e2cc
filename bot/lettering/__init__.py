"""Letters in pictures: fonts for all scripts, lines that break well, and a pen."""
