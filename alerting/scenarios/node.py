"""YAML with positions: a scenario file read strictly, so that every mistake has its line."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from alerting.scenarios.mistakes import Mistake, Place, ScenarioError, did_you_mean

_TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a YAML document and where it stands."""

    file: Path
    _node: Any

    @classmethod
    def load(cls, file: Path) -> "Node":
        """The document in a file (YAML 1.2, as stack files are).

        Raises:
            ScenarioError: the file is not there, empty, or no YAML.
        """
        top = Place(file, 1)
        try:
            text = file.read_text(encoding="utf-8-sig")
            node = YAML(typ="safe", pure=True).compose(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = Place(file, mark.line + 1) if mark else top
            raise ScenarioError(
                Mistake(place, f"not YAML: {error.problem or error.context}")
            ) from None
        except OSError as error:
            raise ScenarioError(Mistake(top, f"cannot be read: {error.strerror}")) from None
        except (YAMLError, UnicodeDecodeError) as error:
            raise ScenarioError(Mistake(top, f"not YAML: {error}")) from None
        if node is None or (isinstance(node, ScalarNode) and node.tag == f"{_TAG}null"):
            raise ScenarioError(Mistake(top, "is empty: a scenario has a stack, series and expect"))
        return cls(file, node)

    @property
    def place(self) -> Place:
        """File and line."""
        return Place(self.file, self._node.start_mark.line + 1)

    def wrong(self, message: str) -> ScenarioError:
        """An error at this place, to be raised."""
        return ScenarioError(Mistake(self.place, message))

    def must_be(self, what: str) -> ScenarioError:
        """The house form of a refusal."""
        got = repr(self._node.value) if isinstance(self._node, ScalarNode) else self._sort()
        return self.wrong(f"must be {what}, got {got}")

    def fields(self, what: str, known: Collection[str] | None = None) -> dict[str, "Node"]:
        """The values of a map by key.

        Args:
            what: How an error calls the map.
            known: The keys there may be; None: any.

        Raises:
            ScenarioError: not a map, a key twice, or (all of them at once) unknown keys.
        """
        if not isinstance(self._node, MappingNode):
            raise self.wrong(f"{what} must be a map, got {self._sort()}")
        found: dict[str, Node] = {}
        mistakes: list[Mistake] = []
        for key, value in self._node.value:
            place = Place(self.file, key.start_mark.line + 1)
            name = key.value if isinstance(key, ScalarNode) else "?"
            if known is not None and name not in known:
                hint = did_you_mean(name, known)
                mistakes.append(Mistake(place, f"{what} has no key {name!r}{hint}"))
            elif name in found:
                mistakes.append(Mistake(place, f"{what} has the key {name!r} twice"))
            found[name] = Node(self.file, value)
        if mistakes:
            raise ScenarioError(*mistakes)
        return found

    def items(self, what: str) -> list["Node"]:
        """The elements of a list.

        Raises:
            ScenarioError: not a list.
        """
        if not isinstance(self._node, SequenceNode):
            raise self.wrong(f"{what} must be a list, got {self._sort()}")
        return [Node(self.file, one) for one in self._node.value]

    def text(self, what: str) -> str:
        """A scalar as it is written.

        Raises:
            ScenarioError: a map, a list or nothing.
        """
        if not isinstance(self._node, ScalarNode) or self._node.tag == f"{_TAG}null":
            raise self.wrong(f"{what} must be a text, got {self._sort()}")
        return self._node.value.strip()

    def flag(self, what: str) -> bool:
        """A truth value.

        Raises:
            ScenarioError: neither true nor false.
        """
        if not isinstance(self._node, ScalarNode) or self._node.tag != f"{_TAG}bool":
            raise self.wrong(f"{what} must be true or false, got {self._sort()}")
        return self._node.value.lower() == "true"

    def count(self, what: str) -> int:
        """A whole number from 0 on.

        Raises:
            ScenarioError: something else.
        """
        text = self.text(what)
        if not text.isdecimal():
            raise self.wrong(f"{what} must be a whole number from 0 on, got {text!r}")
        return int(text)

    def value(self) -> Any:
        """As YAML has it: maps, lists, text, numbers, truth values, None."""
        if isinstance(self._node, MappingNode):
            return {name: node.value() for name, node in self.fields("the map").items()}
        if isinstance(self._node, SequenceNode):
            return [node.value() for node in self.items("the list")]
        return _plain(self._node.tag, self._node.value)

    def _sort(self) -> str:
        match self._node:
            case MappingNode():
                return "a map"
            case SequenceNode():
                return "a list"
            case ScalarNode(tag=tag) if tag == f"{_TAG}null":
                return "nothing"
            case node:
                return repr(node.value)


def _plain(tag: str, text: str) -> Any:
    match tag.removeprefix(_TAG):
        case "int":
            return int(text.replace("_", ""), 0)
        case "float":
            return float(text)
        case "bool":
            return text.lower() == "true"
        case "null":
            return None
        case _:
            return text
