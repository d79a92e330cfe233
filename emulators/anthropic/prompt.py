"""Owns the reading of a prompt: its option lines, its documents, its tagged passages, the rest."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

_OPENING = re.compile(r"<([A-Za-z][\w.-]*)((?:\s+[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*>")
_ATTRIBUTE = re.compile(r"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_LINE_KEY = re.compile(r"\s*[|:\t]\s*|\s+[-–—]\s+")
_INSTRUCTING = ("ask", "task", "instruction", "question", "request")
_LIST_MARK = " \t-*•"
_QUOTES = "`\"'"


@dataclass(frozen=True, slots=True)
class Passage:
    """The text between a tag and its end, with the tag's attributes. With an id: a document."""

    tag: str
    attributes: Mapping[str, str]
    text: str

    @property
    def id(self) -> str | None:
        """The id attribute, where there is one."""
        return self.attributes.get("id")

    @property
    def instructs(self) -> bool:
        """Whether it says what is wanted, rather than what is given."""
        return self.tag.lower().startswith(_INSTRUCTING)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A request's text, sorted by the part it plays.

    `options` are the lines of candidates or choices by what they begin with. `asked` is the
    users' untagged text; `instructions` is that, the system's text and passages such as `<ask>`.
    """

    instructions: str
    asked: str
    passages: tuple[Passage, ...] = ()
    documents: Mapping[str, Passage] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)


def read(system: str, user: str, known: Collection[str]) -> Prompt:
    """Sorts the prompt's text; `known` are the options of the schema's enums.

    Documents are data: nothing in them counts as an option line, a passage or an instruction.
    """
    passages: list[Passage] = []
    documents: dict[str, Passage] = {}
    options: dict[str, str] = {}
    untagged: list[str] = []
    system_text = _take_options(system, known, options)
    for piece in _pieces(user):
        if isinstance(piece, str):
            untagged.append(_take_options(piece, known, options))
        elif piece.id is not None:
            documents.setdefault(piece.id, piece)
        elif inner := _wrapped(piece):
            for one in inner:
                documents.setdefault(one.id or "", one)
        else:
            text = _take_options(piece.text, known, options)
            passages.append(Passage(piece.tag, piece.attributes, text))
    asked = "\n".join(untagged)
    instructing = [one.text for one in passages if one.instructs]
    instructions = "\n".join([asked, *instructing, system_text])
    return Prompt(instructions, asked, tuple(passages), documents, options)


def _pieces(text: str) -> Iterator[str | Passage]:
    """The text's passages and what stands between them, in order."""
    start = at = 0
    unclosed: set[str] = set()
    while opening := _OPENING.search(text, at):
        tag, at = opening[1], opening.end()
        end = -1 if tag in unclosed else text.find(f"</{tag}>", at)
        if end < 0:
            unclosed.add(tag)
            continue
        yield text[start : opening.start()]
        yield Passage(tag, _attributes(opening[2]), text[at:end].strip("\n"))
        start = at = end + len(f"</{tag}>")
    yield text[start:]


def _attributes(text: str) -> dict[str, str]:
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(text)}


def _wrapped(passage: Passage) -> list[Passage]:
    """The documents of a passage that holds nothing else, such as `<posts>`; else none."""
    inner = list(_pieces(passage.text))
    documents = [one for one in inner if isinstance(one, Passage)]
    bare = all(one.strip() == "" for one in inner if isinstance(one, str))
    return documents if bare and all(one.id is not None for one in documents) else []


def _take_options(text: str, known: Collection[str], options: dict[str, str]) -> str:
    """Moves the lines that begin with a known option into `options`; returns the other lines."""
    if not known:
        return text
    rest: list[str] = []
    for line in text.split("\n"):
        option, described = _option_line(line, known)
        if option is None or option in options:
            rest.append(line)
        else:
            options[option] = described
    return "\n".join(rest)


def _option_line(line: str, known: Collection[str]) -> tuple[str | None, str]:
    bare = line.lstrip(_LIST_MARK)
    parts = _LINE_KEY.split(bare, maxsplit=1)
    key = parts[0].strip(_QUOTES + " ")
    if key in known and (len(parts) == 2 or key == bare.strip(_QUOTES + " ")):
        return key, parts[1] if len(parts) == 2 else ""
    first, _, rest = bare.partition(" ")
    if first in known and any(letter.isdigit() for letter in first):
        return first, rest
    return None, ""
