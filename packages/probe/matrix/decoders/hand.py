"""Python: what asyncio has, and what tutorials show. `python3 hand.py <which>`."""

import asyncio
import struct
import sys


async def readexactly(reader, limit, give):
    while True:
        try:
            header = await reader.readexactly(4)
        except asyncio.IncompleteReadError as error:
            if error.partial:
                raise
            return
        (length,) = struct.unpack(">I", header)
        if length > limit:
            raise ValueError(f"a payload of {length} bytes")
        give(await reader.readexactly(length))


async def readline(reader, limit, give):
    while line := await reader.readline():
        give(line.rstrip(b"\n"))


async def readuntil(reader, limit, give):
    while True:
        try:
            give((await reader.readuntil(b"\n"))[:-1])
        except asyncio.IncompleteReadError as error:
            if error.partial:
                raise
            return


async def struct_by_hand(reader, limit, give):
    """One recv for the header, one for the payload: `recv(n)` returns at most n bytes, not n."""
    while header := await reader.read(4):
        (length,) = struct.unpack(">I", header)
        give(await reader.read(length) if length else b"")


async def one_recv_a_message(reader, limit, give):
    while message := await reader.read(1024):
        give(message[4:])


async def main(decode):
    lines = asyncio.StreamReader(limit=2**24)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    reader = task = None
    while line := (await lines.readline()).decode():
        word, _, value = line.strip().partition(" ")
        answers = []
        if word == "new":
            if task is not None:
                task.cancel()
            reader = asyncio.StreamReader(limit=int(value))
            task = asyncio.ensure_future(decode(reader, int(value), lambda payload: answers_now.append(payload)))
        if word == "chunk":
            reader.feed_data(bytes.fromhex(value))
        if word == "end":
            reader.feed_eof()
        global answers_now
        answers_now = answers
        # A task comes to rest in some turns: one for each payload at most, which are as long as what was fed.
        for _ in range(8):
            await asyncio.sleep(0)
        text = "".join(f"payload {payload.hex()}\n" for payload in answers)
        if task.done() and not task.cancelled() and task.exception() is not None:
            text += f"error {task.exception()!r}\n"
        sys.stdout.write(text + "ok\n")
        sys.stdout.flush()


answers_now = []
asyncio.run(main(globals()[sys.argv[1].replace("-", "_")]))
