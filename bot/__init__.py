"""The core of Hearthbot: knows no platform and no kind of post."""
