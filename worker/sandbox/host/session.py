"""A session: one child runs one submission. We send graphs and read numbers.

Whatever the student's code does, each call here returns a value. Time, memory and the end of the
child are measured from outside. All that we accept from the child is checked.
"""

from __future__ import annotations

import contextlib
import marshal
import math
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from typing import Self, TypeVar

from worker.graph import Graph, Question
from worker.report.model import Cost, Problem, Quantity, Verdict
from worker.sandbox.errors import LayerNotHeldError, SandboxError
from worker.sandbox.host.answers import (
    Malformed,
    read_differing,
    read_loaded,
    read_observation,
)
from worker.sandbox.host.exit_reasons import explain
from worker.sandbox.host.frames import decode, encode, frame, number_question, to_body
from worker.sandbox.host.outcome import Failure, Limits, Loaded, Observation, Submission
from worker.sandbox.host.pipes import Pipes
from worker.sandbox.host.requests import cut, encode_submission
from worker.sandbox.host.time_limit import Allowance, measure_cpu, measure_peak_memory
from worker.sandbox.host.zygote_process import Exit, Zygote
from worker.sandbox.policy.layer_catalogue import GUARANTEES, advise

SETUP_CPU_SECONDS = 10  # for our own code
WROTE_TOO_MUCH = "The program wrote more than {} KiB {}, and was stopped."
BURST_SECONDS = 0.0005  # a child answers several questions in this time
Answer = TypeVar("Answer", bound=Loaded | Problem | Observation | Failure)


class Session:
    """A child with a student's source. Close the session to end the child."""

    def __init__(
        self, zygote: Zygote, submission: Submission, limits: Limits, required: frozenset[str]
    ) -> None:
        self._zygote, self._submission, self._limits = zygote, submission, limits
        self._required = required
        self._child = zygote.take_child()
        self._pipes = Pipes(self._child, limits)
        self.asked = 0  # requests so far; it is the number of the last one
        self._together = 1  # questions that were sent at once
        self._end: Exit | None = None
        self._open = True
        self.alive = True
        # Sent now, so that the child puts on its layers while the caller prepares.
        self._pipes.send(
            encode(
                {
                    "cpu_seconds": math.ceil(limits.grading_cpu_seconds) + 1,
                    "memory_bytes": limits.memory_bytes,
                }
            )
        )

    @property
    def stdout(self) -> str:
        """What the student's code has printed so far."""
        return self._pipes.stdout.text

    @property
    def stderr(self) -> str:
        """What the student's code has written to stderr so far."""
        return self._pipes.stderr.text

    @property
    def cpu_seconds(self) -> float:
        """The CPU seconds that the child has used."""
        return measure_cpu(self._child.pid) if self._end is None else self._end.cpu_seconds

    def secure(self) -> dict[str, str]:
        """Waits until the child has put on its layers. Returns the name and a detail of each.

        Raises SandboxError if a required layer is missing.
        """
        body = self._await_answer(SETUP_CPU_SECONDS)
        message = decode(body) if isinstance(body, bytes) else None
        if message is None:
            self._stop()
            raise SandboxError(
                "A child of the sandbox ended before it was locked, so no submission is run. "
                "Run `chainrule doctor` for details."
            )
        layers: dict[str, str] = message["layers"]
        if "layer" in message:
            layer, reason = message["layer"], message["reason"]
            what = f"The sandbox's layer {layer} cannot be put on ({reason})"
            raise self._stop_without(what, [layer], held=layers, missing={layer})
        if lacking := sorted(self._required - layers.keys()):
            what = f"The sandbox's layer {', '.join(lacking)} is required and not there"
            missing = GUARANTEES.keys() - layers.keys()
            raise self._stop_without(what, lacking, held=layers, missing=missing)
        return layers

    def load(self) -> Loaded | Problem | Failure:
        """Loads the student's file and finds the class to test."""
        self.secure()
        self._send(to_body(encode_submission(self._submission)))
        answer = self._await_next(self._limits.load_cpu_seconds)
        if isinstance(answer, Failure):
            return answer
        return self._accept(read_loaded(answer, self.asked))

    def run(self, graph: Graph, reads: Sequence[tuple[int, Quantity]]) -> Observation | Failure:
        """Builds a graph with the student's class and reads numbers of its nodes."""
        return next(self.run_all([Question(graph=graph, reads=reads)]))

    def run_all(
        self, questions: Iterable[Question], *, together: bool = True
    ) -> Iterator[Observation | Failure]:
        """Sends questions and yields the results in order.

        Ends after the first failure that ends the session. Several questions are sent at once, so
        that neither side waits for the other, unless `together` is false. To stop early, close the
        session.
        """
        for batch in cut(questions, together=together):
            # Measured before sending, because the child may finish first.
            before = measure_cpu(self._child.pid) if batch[0].measure else 0.0
            self._send(
                *(
                    number_question(self.asked + position, question.body)
                    for position, question in enumerate(batch, start=1)
                )
            )
            for question in batch:
                if self._pipes.reader.due > 1 and not self._pipes.reader.is_complete():
                    time.sleep(BURST_SECONDS)  # to wake up once for several answers
                yield self._observe(question, before)
                if not self.alive:
                    return

    def repeat(self, counts: Mapping[int, int]) -> dict[int, Observation] | None:
        """Answers questions again while sets are reversed, and returns the results that differ.

        Keys are numbers of questions, and `counts` how many numbers each of them asked for. None if
        the child can't tell. It need not be alive afterwards.
        """
        body = marshal.dumps({"again": frozenset(counts)})
        self._send(number_question(self.asked + 1, body))
        answer = self._await_next(self._limits.repeat_cpu_seconds)
        if isinstance(answer, Failure):
            return None
        differing = read_differing(answer, self.asked, counts)
        if isinstance(differing, Malformed):
            self._stop()
            return None
        return differing

    def _observe(self, question: Question, before: float) -> Observation | Failure:
        """Reads the answer to the next question. `before` is the CPU time before it was sent."""
        answer = self._await_next(self._limits.of(question))
        if isinstance(answer, Failure):
            return answer
        observation = read_observation(
            answer, self.asked, len(question.reads), has_calls=question.measure and question.counts
        )
        if not question.measure or not isinstance(observation, Observation):
            return self._accept(observation)
        after, memory = measure_cpu(self._child.pid), measure_peak_memory(self._child.pid)
        if after <= before or not memory:  # the child has ended
            return replace(observation, calls=None)
        cost = Cost(
            cpu_seconds=after - before,
            memory_bytes=memory,
            calls=observation.calls,
            nodes=len(question.graph.nodes),
        )
        return replace(observation, cost=cost, calls=None)

    def close(self) -> None:
        """Ends the child and waits for its end."""
        if not self._open:
            return
        self._open = False
        self._stop()
        with contextlib.suppress(SandboxError):  # without its zygote, the child has ended too
            self._await_end()
        self._child.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _stop_without(
        self, what: str, layers: list[str], *, held: dict[str, str], missing: Set[str]
    ) -> LayerNotHeldError:
        self._stop()
        advice = f"{advise(layers)} Run `chainrule doctor` for details."
        message = f"{what}, so no submission is run. {advice}"
        return LayerNotHeldError(message, held, frozenset(missing))

    def _send(self, *bodies: bytes) -> None:
        """Sends requests and expects one answer to each."""
        if not self.alive:
            raise SandboxError("This session has ended. Open another one.")
        self._pipes.drain()  # reads answers that weren't asked for
        self._pipes.allow_output()
        self._together = len(bodies)
        self._pipes.reader.expect(len(bodies))
        self._pipes.send(b"".join(map(frame, bodies)))

    def _await_next(self, cpu_seconds: float) -> bytes | Failure:
        self.asked += 1
        answer = self._await_answer(cpu_seconds)
        if isinstance(answer, Failure):
            self._stop()
        return answer

    def _await_answer(self, cpu_seconds: float) -> bytes | Failure:
        reader = self._pipes.reader
        if reader.is_complete():
            return reader.take()
        allowance = Allowance(
            self._child.pid,
            cpu_seconds=cpu_seconds,
            cpu_end=self._limits.grading_cpu_seconds,
            waiting_seconds=self._limits.waiting_seconds,
        )
        self._pipes.idle = False
        while True:
            if reader.is_complete() and not self._pipes.overflowed:
                return reader.take()
            if failure := self._find_failure(allowance):
                return failure
            self._pipes.pump(allowance.patience())

    def _find_failure(self, allowance: Allowance) -> Failure | None:
        """Returns why there will be no answer; None while there can be one."""
        reader = self._pipes.reader
        if stream := self._pipes.overflowed:
            return flooded(f"to {stream.name}", stream.cap, shared=self._together > 1)
        if reader.flooded:
            return flooded("where its answers belong", self._limits.frame_bytes)
        if self._pipes.ended:
            end = self._await_end()
            return invalid(reader.malformed) if reader.malformed else explain(end, self._limits)
        exceeded = allowance.exceeded(idle=self._pipes.idle)
        if reader.malformed or self._pipes.answers_closed:
            # A driver that still reads requests ends now. A flood goes on until it is too large.
            self._pipes.end_requests()
            return invalid(reader.malformed or "its pipe was closed") if exceeded else None
        return exceeded

    def _accept(self, answer: Answer | Malformed) -> Answer | Failure:
        """Returns the answer. Ends the child if it can't be trusted or has run out of memory."""
        if isinstance(answer, Malformed):
            self._stop()
            return invalid(answer.reason)
        if isinstance(answer, Failure) and answer.verdict is Verdict.MEMORY_LIMIT:
            self._stop()
        return answer

    def _stop(self) -> None:
        self.alive = False
        self._child.kill()

    def _await_end(self) -> Exit:
        if self._end is None:
            self._end = self._zygote.exit_of(self._child)
        return self._end


def flooded(where: str, cap: int, shared: bool = False) -> Failure:
    """Returns the failure of code that wrote too much."""
    message = WROTE_TOO_MUCH.format(f"{cap / 1024:g}", where)
    return Failure(verdict=Verdict.OUTPUT_LIMIT, message=message, shared=shared)


def invalid(reason: str) -> Failure:
    """Returns the failure of code whose answer is invalid."""
    message = f"The program's answer cannot be read: {reason}."
    return Failure(verdict=Verdict.INVALID_OUTPUT, message=message)
