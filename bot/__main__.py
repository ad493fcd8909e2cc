"""`python -m bot` is `hearthbot`."""

from bot.cli import main

__all__: list[str] = []

if __name__ == "__main__":
    main()
