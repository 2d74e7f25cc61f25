"""The files a backtest reads, and where it writes what it finds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from alerting.output import BadInput

_JSON = ".json"


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read."""

    path: Path
    below: PurePath
    """Its path below the folder that was named; its name where it was named itself."""
    named: bool
    """Whether it was named itself, rather than found in a folder."""

    @property
    def output(self) -> PurePath:
        """Where its CSV goes, below the folder for output."""
        is_json = self.below.suffix.lower() == _JSON
        return self.below.with_suffix(".csv") if is_json else self.below


def sources(inputs: Sequence[Path]) -> tuple[Source, ...]:
    """The files named, and all CSV files in and below the folders named; in a fixed order.

    What cannot be read, a folder without a CSV file included, is named like a file: that is found
    out when its turn comes, and does not stop the others.
    """
    return tuple(source for path in inputs for source in _sources(path))


def targets(sources: Sequence[Source], folder: Path) -> dict[Source, Path]:
    """Where the CSV of each source goes.

    Raises:
        BadInput: two go to one file, or one would overwrite an input.
    """
    found: dict[Source, Path] = {}
    taken: dict[Path, Source] = {}
    read = {source.path.resolve() for source in sources}
    for source in sources:
        target = folder / source.output
        if target.resolve() in read:
            raise BadInput(f"--out {folder}: {target} is an input and would be overwritten")
        other = taken.setdefault(target.resolve(), source)
        if other is not source:
            raise BadInput(
                f"--out {folder}: {other.path} and {source.path} would both be written to "
                f"{target}; give them folders of their own"
            )
        found[source] = target
    return found


def _sources(path: Path) -> Iterator[Source]:
    files = sorted(one for one in path.rglob("*") if one.suffix.lower() == ".csv" and one.is_file())
    if not files:
        yield Source(path, PurePath(path.name), named=True)
    for file in files:
        yield Source(file, file.relative_to(path), named=False)
