"""One of a chain, in Python: it does a little, and the next one the rest."""

from componentize_py_types import Err
from wit_world import exports
from wit_world.imports import words as next_words
from wit_world.imports.words import Note, Note_Number, Note_Text, Order, Traits, Word


class Words(exports.Words):
    def languages(self) -> list[str]:
        return ["python", *next_words.languages()]

    def shout(self, text: str) -> str:
        return next_words.shout(f"{text}, says Python")

    def count(self, text: str, order: Order) -> list[Word]:
        return next_words.count(f"{text} python", order)

    def longest(self, words: list[str]) -> tuple[int, str] | None:
        return next_words.longest([word.strip() for word in words])

    def look(self, text: str) -> Traits:
        return next_words.look(text) ^ Traits.LONG

    def revise(self, note: Note) -> Note:
        match note:
            case Note_Number(number):
                note = Note_Number(number + 1.0)
            case Note_Text(text):
                note = Note_Text(text + "-python")
        try:
            return next_words.revise(note)
        except Err as error:
            raise Err(f"python: {error.value}")

    def sum(self, numbers: list[float]) -> float:
        return next_words.sum(numbers) + 1.0

    def turn(self, bytes: bytes) -> bytes:
        return next_words.turn(bytes[::-1])
