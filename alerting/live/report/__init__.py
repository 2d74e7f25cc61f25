"""What a verification shows: on a terminal, as data, as Markdown."""
