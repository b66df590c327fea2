"""The parts of README.md that are made from the code; run as ``python -m tests.readme``."""

from __future__ import annotations

import re
from pathlib import Path

from smarttag_nb import tables

README = Path(__file__).parent.parent / "README.md"


def table_of_tables() -> str:
    """The contract tables with their columns."""
    rows = [
        f"| `{table.name}` | {table.row} | "
        + ", ".join(
            column.name for column in table.columns if not column.name.startswith("result_")
        )
        + " |"
        for table in tables.TABLES.values()
    ]
    return "\n".join(["| table | a row is | columns |", "|---|---|---|", *rows])


def table_of_codes() -> str:
    """The codes of problems."""
    rows = [
        f"| `{code}` | {known.severity} | {known.meaning} |"
        for code, known in tables.PROBLEM_CODES.items()
    ]
    return "\n".join(["| code | severity | meaning |", "|---|---|---|", *rows])


def filled(text: str) -> str:
    """The README with those parts as they should be."""
    for name, made in (("tables", table_of_tables()), ("codes", table_of_codes())):
        text = re.sub(
            rf"<!-- {name} -->\n.*?<!-- /{name} -->",
            lambda _, name=name, made=made: f"<!-- {name} -->\n{made}\n<!-- /{name} -->",
            text,
            flags=re.DOTALL,
        )
    return text


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")
