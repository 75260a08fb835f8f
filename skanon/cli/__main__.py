"""Run the command as ``python -m skanon.cli``."""

from skanon.cli import main

if __name__ == "__main__":
    main()
