"""Who sends HL7 v2 messages over the network, and is each answered only once it is safe?"""

import asyncio
import contextlib
import logging
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from peeraudit.adapters.clock import now
from peeraudit.adapters.mllp.acknowledgements import (
    NOT_STORED,
    TOO_LONG,
    Verdict,
    answers,
    header_of,
    look_at,
)
from peeraudit.adapters.mllp.frames import Decoder, Received, Unframed, framed

_PIECE: Final = 1 << 16
_GRACE_SECONDS: Final = 5.0
_TURN_SECONDS: Final = 0.05
_HANDSHAKE_SECONDS: Final = 10.0

logger = logging.getLogger(__name__)

Keep = Callable[[Sequence[bytes]], Sequence[Verdict]]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one sender, and all of them together, may ask for.

    Attributes:
        frame: the most bytes of a message.
        connections: how many may be open at once; each may hold one frame in memory.
        together: how many are stored in one transaction.
        frame_seconds: how long a frame may take from its first byte to its last.
        idle_seconds: how long a connection may be silent between frames.
        write_seconds: how long a sender may take to read its answer.
    """

    frame: int = 16_000_000
    connections: int = 16
    together: int = 50
    frame_seconds: float = 60.0
    idle_seconds: float = 600.0
    write_seconds: float = 30.0


class Stores:
    """Stores messages of all connections, those that wait together in one go.

    Each connection waits for its own answer, so that nothing is acknowledged before it is safe;
    what arrives meanwhile on others shares the next transaction.
    """

    def __init__(self, keep: Keep, limits: Limits) -> None:
        self._keep = keep
        self._limits = limits
        self._queue: asyncio.Queue[tuple[bytes, asyncio.Future[Verdict]]] = asyncio.Queue()

    async def store(self, message: bytes) -> Verdict:
        """Return what became of a message, once it is known for good."""
        answer: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        await self._queue.put((message, answer))
        return await answer

    async def run(self) -> None:
        """Store what waits, until cancelled."""
        while True:
            batch = [await self._queue.get()]
            while len(batch) < self._limits.together and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            await self._store(batch)

    async def _store(self, batch: Sequence[tuple[bytes, asyncio.Future[Verdict]]]) -> None:
        verdicts: Sequence[Verdict] = [NOT_STORED] * len(batch)
        try:
            verdicts = await asyncio.to_thread(self._keep, [message for message, _ in batch])
        finally:
            for (_, answer), verdict in zip(batch, verdicts, strict=True):
                if not answer.done():
                    answer.set_result(verdict)


class Listener:
    """A server that answers each message with what became of it.

    Args:
        keep: stores messages for good and returns what became of each, in order; called in a
            thread of its own, never twice at once.
        limits: what senders may ask for.
    """

    def __init__(self, keep: Keep, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._stores = Stores(keep, self.limits)
        self._stopping = asyncio.Event()
        self._open: set[asyncio.Task[None]] = set()

    async def serve(
        self,
        host: str,
        port: int,
        *,
        tls: ssl.SSLContext | None = None,
        on_ready: Callable[[int], object] = lambda port: None,
    ) -> None:
        """Listen until `stop`, then answer what is in hand and leave.

        Args:
            host: the address to listen on.
            port: the port; 0 takes a free one.
            tls: what a sender must speak, plain when not given.
            on_ready: told the port once senders can come.
        """
        server = await asyncio.start_server(
            self._connected,
            host,
            port,
            limit=_PIECE,
            ssl=tls,
            ssl_handshake_timeout=_HANDSHAKE_SECONDS if tls else None,
        )
        storing = asyncio.create_task(self._stores.run())
        try:
            on_ready(server.sockets[0].getsockname()[1])
            # Where storing fails in a way that nobody foresaw, nothing could be answered again.
            asked = asyncio.create_task(self._stopping.wait())
            await asyncio.wait({asked, storing}, return_when=asyncio.FIRST_COMPLETED)
            asked.cancel()
        finally:
            server.close()
            self._stopping.set()
            # Who was let in just now is known only when its own task has begun.
            await asyncio.sleep(_TURN_SECONDS)
            await self._leave()
            storing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await storing

    def stop(self) -> None:
        """Ask the server to leave; to be called in its own loop."""
        self._stopping.set()

    async def _leave(self) -> None:
        if self._open:
            _, late = await asyncio.wait(self._open, timeout=_GRACE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            return
        is_welcome = len(self._open) < self.limits.connections and not self._stopping.is_set()
        self._open.add(task)
        logger.info("mllp: a sender came; %d are connected", len(self._open))
        try:
            if is_welcome:
                await self._converse(reader, writer)
        except (OSError, TimeoutError, ssl.SSLError, Unframed) as error:
            logger.warning("mllp: a connection ended early: %s", type(error).__name__)
        finally:
            self._open.discard(task)
            writer.close()
            try:
                with contextlib.suppress(OSError, TimeoutError, ssl.SSLError):
                    await asyncio.wait_for(writer.wait_closed(), _GRACE_SECONDS)
            finally:
                # A sender that reads nothing would keep its last answer, and the socket, open.
                writer.transport.abort()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        decoder = Decoder(self.limits.frame)
        loop = asyncio.get_running_loop()
        ends = loop.time() + self.limits.idle_seconds
        while not self._stopping.is_set():
            data = await self._heard(reader.read(_PIECE), ends - loop.time())
            if not data:
                return
            was_open = decoder.is_open
            count = 0
            for count, found in enumerate(decoder.feed(data), start=1):  # noqa: B007
                await self._answer(found, writer)
            # All of a frame has one deadline: a sender gains nothing by sending byte by byte.
            if count or (decoder.is_open and not was_open):
                patience = (
                    self.limits.frame_seconds if decoder.is_open else self.limits.idle_seconds
                )
                ends = loop.time() + patience

    async def _heard(self, read: Awaitable[bytes], seconds: float) -> bytes:
        """Return what was read; nothing when the server is asked to leave meanwhile.

        Raises:
            TimeoutError: nothing came in time.
        """
        reading = asyncio.ensure_future(read)
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            done, _ = await asyncio.wait(
                {reading, stopping}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
            )
            if reading in done:
                return reading.result()
            if stopping in done:
                return b""
            raise TimeoutError
        finally:
            for waiting in (reading, stopping):
                waiting.cancel()

    async def _answer(self, found: Received, writer: asyncio.StreamWriter) -> None:
        verdict = TOO_LONG if found.is_too_long else look_at(found.message)
        if verdict.code == "A":
            verdict = await self._stores.store(found.message)
        logger.info("mllp: %d bytes, %s %s", found.size, verdict.code, verdict.error)
        number = uuid4().hex[:18]
        for answer in answers(header_of(found.message), verdict, at=now(), number=number):
            writer.write(framed(answer))
        await asyncio.wait_for(writer.drain(), self.limits.write_seconds)
