import re
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest

from os_events.console.app import SAID as SAID_OF_ERRORS
from os_events.console.words import text, texts

CONSOLE = Path(str(files("os_events.console")))
SAID = re.compile(r"""\b(?:t|text)\(["']([a-z_]+\.[a-z_]+)["']""")

COMPUTED = {  # tables whose keys are put together from codes, fields and kinds of error
    "board",
    "glance",
    "deadline",
    "sign_in",
    "posting",
    *(problem for _, problem in SAID_OF_ERRORS.values()),
}


def sources() -> str:
    pages = [one.read_text("utf-8") for one in CONSOLE.glob("**/*.html")]
    modules = [one.read_text("utf-8") for one in CONSOLE.glob("*.py")]
    return "\n".join(pages + modules)


def placeholders(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name}


@pytest.mark.parametrize("key", sorted(texts()))
def test_every_text_is_there_in_both_languages_and_tells_the_same(key: str) -> None:
    told = texts()[key]

    fields = [placeholders(words) for words in told]

    assert all(words.strip() == words != "" for words in told)
    assert fields[0] == fields[1]


def test_what_pages_say_is_what_there_is_to_say() -> None:
    said = set(SAID.findall(sources()))

    known = set(texts())

    assert said - known == set()
    assert {key for key in known - said if key.partition(".")[0] not in COMPUTED} == set()


def test_a_text_takes_the_values_that_it_names() -> None:
    words = text("board.waits_for", "pt", whom="peças")

    assert words == "aguarda peças"
