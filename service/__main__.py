"""`python -m service` and the `service-manual` command."""

from __future__ import annotations

from service.cli.main import run


def main() -> None:
    run()


if __name__ == "__main__":
    main()
