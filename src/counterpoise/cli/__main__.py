"""Run the command where its script is not on the path: `python -m counterpoise.cli`."""

from counterpoise.cli.main import main

if __name__ == "__main__":
    main()
