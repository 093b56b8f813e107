"""Engines that read a clock: right ones that only show or time something, and lucky ones.

The lucky ones are right but for a number from a clock, which they add to the gradient of the root.
Some of these numbers are often 0, so a real clock would let such an engine pass now and then.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.students import engine

IMPORTS = "import datetime, os, random, time, timeit, uuid\nbegun = time.perf_counter()\n"
BEGINS, SEEDS = "        order, seen = [], set()\n", "self.grad = 1.0\n"
NOISE = {
    "a part of a second": "1e-3 * (time.time() % 1)",
    "an elapsed time": "10 * (time.perf_counter() - start)",
    "the time since the start": "time.perf_counter() - begun",
    "a time limit": "time.perf_counter() - start > 0.0002",
    "CPU time": "1e-3 * time.process_time()",
    "CPU time of the system": "os.times().user",
    "a coin": "time.time_ns() % 2",
    "an odd second": "int(time.time()) % 2",
    "an odd minute": "datetime.datetime.now().minute % 2",
    "a day": "datetime.date.today().weekday() == 6",
    "a year": "time.localtime().tm_year % 2",
    "a timer": "timeit.timeit('1', number=1)",
    "a seed": "random.Random(time.time_ns()).random()",
    "an identity by the time": "uuid.uuid1().time % 1000",
}
TIMED = """\
import datetime, logging, random, time, timeit, uuid
random.seed(time.time())
print(f"Started {datetime.datetime.now():%H:%M:%S.%f}, {datetime.date.today()}, {time.ctime()}")
start, used = time.time(), time.process_time()
for step in range(5):
    loss = Value(random.random()) * Value(3.0) + Value(time.time_ns() % 7)
    print(step, loss.data, time.time() - start)
    time.sleep(0.01)
print(f"took {time.time() - start:.6f} s, {time.process_time() - used:.6f} s of CPU time")
print(timeit.timeit("1 + 1", number=100), uuid.uuid1(), time.strftime("%c"))
end = time.monotonic() + 0.5
turns = 0
while time.monotonic() < end:
    turns += 1
print(turns)
logging.basicConfig(format="%(asctime)s %(relativeCreated)d %(message)s")
logging.warning("done")
"""


def clocked_engines() -> Iterator[tuple[str, str]]:
    """The name and the text of each engine that adds a number from a clock."""
    text = engine("right/closures").replace("import math\n", f"import math\n{IMPORTS}")
    text = text.replace(BEGINS, f"        start = time.perf_counter()\n{BEGINS}")
    for name, noise in NOISE.items():
        yield name, text.replace(SEEDS, f"self.grad = 1.0 + ({noise})\n")


def timed_engine() -> str:
    """A right engine with a demo that prints times and computes with them."""
    return f"{engine('right/closures')}\n{TIMED}"
