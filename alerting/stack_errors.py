"""What goes wrong between a stack file and its program, said to the person who wrote them."""

import traceback
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from alerting.output import BadInput
from alerting.problems import Problem


@contextmanager
def stack_errors(stack: str, folder: Path | str = ".") -> Generator[None]:
    """Turn the errors of reading and running a stack into bad input, with file and line.

    Args:
        stack: The stack's name.
        folder: The project's.

    Raises:
        BadInput: the stack is not there, its config has mistakes, or its program fails.
    """
    from alerting.settings import SettingsError
    from alerting.stackfile import StackFileError

    try:
        yield
    except (BadInput, KeyboardInterrupt):
        raise
    except StackFileError as error:
        raise BadInput(str(error)) from None
    except Exception as error:
        mistakes = _cause(error, SettingsError)
        if isinstance(mistakes, SettingsError):
            raise BadInput(_with_lines(stack, folder, mistakes.problems)) from None
        raise BadInput(_failure(error)) from error


def _cause(error: BaseException, kind: type[Exception]) -> BaseException | None:
    """The error itself or the one it came from; the engine's SDK wraps what a program raises."""
    link: BaseException | None = error
    seen: set[int] = set()
    while link is not None and not isinstance(link, kind):
        if id(link) in seen:
            return None  # an SDK that raises an error from one that it caused makes a ring
        seen.add(id(link))
        link = link.__cause__ or link.__context__
    return link


def _with_lines(stack: str, folder: Path | str, problems: tuple[Problem, ...]) -> str:
    from alerting.stackfile import read_stack

    file = read_stack(stack, folder)
    found = sorted((file.line_of(problem.path) or 1, str(problem)) for problem in problems)
    lines = [f"{file.path.name}:{line}: {problem}" for line, problem in found]
    count = f"{len(lines)} mistakes" if len(lines) > 1 else "a mistake"
    return "\n  ".join((f"the config of stack {stack} has {count}", *lines))


def _failure(error: Exception) -> str:
    """The program's own error, and where in the program it was raised."""
    here = Path.cwd()
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(here) and ".venv" not in frame.filename
    ]
    where = (
        f" ({Path(frames[-1].filename).relative_to(here)}:{frames[-1].lineno})" if frames else ""
    )
    return f"the program fails: {type(error).__name__}: {error}{where}"
