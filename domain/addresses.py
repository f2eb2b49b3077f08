"""An address in plain words, so that two ways of writing one are the same."""

import re
import unicodedata

_WORDS = re.compile(r"[a-z0-9]+")
_PARTS = re.compile(r"[,;\n]")
_REPEATS = {"bis", "ter", "quater"}  # codespell:ignore quater
_POSTCODE = re.compile(r"[0-9]{5}")


def plain_words(text: str) -> tuple[str, ...]:
    """Without accents, however it is capitalised and punctuated."""
    split = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(c for c in split if not unicodedata.combining(c))
    return tuple(_WORDS.findall(plain.replace("œ", "oe").replace("æ", "ae")))


def plain(text: str) -> str:
    return " ".join(plain_words(text))


def street_key(text: str) -> str:
    """The number and the street alone, as files of closures name an address in words: without the
    building, the floor, the postcode and the town."""
    parts = [words for part in _PARTS.split(text) if (words := plain_words(part))]
    first = next((n for n, words in enumerate(parts) if _is_number(words[0])), 0)
    if not parts:
        return ""
    words = parts[first]
    if all(_belongs_to_a_number(word) for word in words):
        words = (*words, *(parts[first + 1] if first + 1 < len(parts) else ()))
    ends = next((n for n, word in enumerate(words) if n and _POSTCODE.fullmatch(word)), len(words))
    return " ".join(words[:ends])


def _is_number(word: str) -> bool:
    return word.isdigit() and not _POSTCODE.fullmatch(word)


def _belongs_to_a_number(word: str) -> bool:
    return word.isdigit() or word in _REPEATS or len(word) == 1
