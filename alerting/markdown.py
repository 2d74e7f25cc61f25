"""Text and tables in Markdown, the same on every page that a command writes."""

import re

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&!$])")


def plain(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def table_row(*cells: str) -> str:
    """A row of a table; a cell may hold Markdown, of which a `|` is kept from ending it."""
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
