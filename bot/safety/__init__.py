"""One path that judges what comes in and what goes out."""
