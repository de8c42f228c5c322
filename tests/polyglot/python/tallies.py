"""The exported resource. componentize-py looks for it in a module named after the interface."""

from typing import Self

from wit_world.imports import tallies as next_tallies


class Tally:
    """A tally around one of the next guest."""

    def __init__(self, name: str) -> None:
        self.inner = next_tallies.Tally(f"python {name}")

    def name(self) -> str:
        return self.inner.name()

    def add(self, word: str) -> int:
        return self.inner.add(word)

    def words(self) -> list[str]:
        return self.inner.words()

    @classmethod
    def join(cls, a: Self, b: Self) -> Self:
        a.inner = next_tallies.Tally.join(a.inner, b.inner)
        return a
