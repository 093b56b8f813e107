"""A connection of uvicorn's that ends when its client is too slow."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from service.web.front.places import PLACES, Places

HEADER_SECONDS = 10.0  # from the connection, or a header's first byte, to its last
REST_SECONDS = 10.0  # for the rest of a body after its answer: most clients read it only then
WRITE_SECONDS = 30.0  # in which a client reads at least WRITE_BYTES of an answer
WRITE_BYTES = 32 * 1024
STOPPING = "stopping"  # in the application's state: what to call when the server stops
REFUSE = "refuse"  # in the application's state: the application if there is no place


class Connection(H11Protocol):
    """Bounds the time for a header, for a body that nobody reads, and for reading an answer.

    uvicorn itself bounds only the time between two requests. The application bounds the body.
    """

    _deadline: asyncio.TimerHandle | None = None
    _write_deadline: asyncio.TimerHandle | None = None
    _due: object = None  # what the deadline is for
    _places: Places

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a header: a browser's spare connection may never send one."""
        super().connection_made(transport)
        # An answer is written in two parts. asyncio sets this only on some sockets, and without it
        # the second part waits 40 ms for the client to acknowledge the first.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._places = self.app_state[PLACES]
        if not self._places.make_room(len(self.connections)):
            self.app = self.app_state[REFUSE]
        self._set_deadline()

    def data_received(self, data: bytes) -> None:
        """Read on."""
        super().data_received(data)
        self._set_deadline()

    def on_response_complete(self) -> None:
        """Wait for the next request, or until the client has read the last answer."""
        super().on_response_complete()
        if self.transport.is_closing() and self._write_deadline is None:
            self._expect_progress()
        self._set_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all timers."""
        super().connection_lost(exc)
        self._places.note(self, owes=False)
        for timer in (self._deadline, self._write_deadline):
            if timer is not None:
                timer.cancel()

    def pause_writing(self) -> None:
        """The client reads slower than we write."""
        super().pause_writing()
        self._expect_progress()
        self._note_what_is_owed()

    def resume_writing(self) -> None:
        """The client has read enough to go on."""
        super().resume_writing()
        if self._write_deadline is not None and not self.transport.is_closing():
            self._write_deadline.cancel()
            self._write_deadline = None
        self._note_what_is_owed()

    def timeout_keep_alive_handler(self) -> None:
        """End an idle connection, even if its client never read the last answer."""
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            super().timeout_keep_alive_handler()

    def shutdown(self) -> None:
        """End when the answer is sent. A waiting request is answered now."""
        stopping: Callable[[], None] = self.app_state[STOPPING]
        stopping()
        with contextlib.suppress(h11.LocalProtocolError):  # it has failed, and is closing already
            super().shutdown()

    def _expect_progress(self) -> None:
        before = self.transport.get_write_buffer_size()

        def check() -> None:
            if self.transport.get_write_buffer_size() > before - WRITE_BYTES:
                self.transport.abort()
            else:
                self._expect_progress()

        self._write_deadline = self.loop.call_later(WRITE_SECONDS, check)

    def give_up(self) -> None:
        """End at once: another client gets the place of this one."""
        self.transport.abort()

    def _set_deadline(self) -> None:
        self._note_what_is_owed()
        due = self._find_due()
        if due == self._due:
            return  # a byte more doesn't move it
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        self._due = due
        if due == "header":
            self._deadline = self.loop.call_later(HEADER_SECONDS, self._close)
        elif due == "rest":
            self._deadline = self.loop.call_later(REST_SECONDS, self._close)

    def _note_what_is_owed(self) -> None:
        is_silent = self.conn.their_state in {h11.IDLE, h11.SEND_BODY}
        reads_slowly = self.flow.write_paused or self.transport.is_closing()
        self._places.note(self, owes=is_silent or reads_slowly)

    def _find_due(self) -> str | None:
        if self.conn.their_state is h11.IDLE:
            # Between two requests uvicorn's own timer runs, until the first byte.
            idle = self.timeout_keep_alive_task is not None
            return None if idle else "header"
        answered = self.conn.our_state is h11.DONE
        return "rest" if answered and self.conn.their_state is h11.SEND_BODY else None

    def _close(self) -> None:
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        elif not self.transport.is_closing():
            self.transport.close()
