"""What takes streams, and returns others, in Python."""

from componentize_py_async_support import spawn
from componentize_py_async_support.futures import FutureReader, FutureWriter
from componentize_py_async_support.streams import ByteStreamReader, StreamReader, StreamWriter

import wit_world
from wit_world import exports


async def pass_long(words: StreamReader[str], least: int, writer: StreamWriter[str]) -> None:
    with words, writer:
        while not words.writer_dropped:
            for word in await words.read(1):
                if len(word.encode()) >= least and await writer.write([word]) == 0:
                    return


async def tell(value: FutureReader[str], writer: FutureWriter[str]) -> None:
    with writer:
        await writer.write(f"{await value.read()}!")


class Filter(exports.Filter):
    async def long(self, words: StreamReader[str], least: int) -> StreamReader[str]:
        writer, reader = wit_world.string_stream()
        spawn(pass_long(words, least, writer))
        return reader

    async def sum(self, bytes: ByteStreamReader) -> int:
        total = 0
        with bytes:
            while not bytes.writer_dropped:
                total += sum(await bytes.read(4096))
        return total

    async def louder(self, value: FutureReader[str]) -> FutureReader[str]:
        writer, reader = wit_world.string_future(lambda: "nothing")
        spawn(tell(value, writer))
        return reader
