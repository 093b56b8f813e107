"""What both ends of the sandbox's pipes agree on. This module imports only what the zygote has.

A frame is a length of four bytes, big-endian, then that many bytes of JSON. The body of a question
is its number, in four bytes, and then the marshalled question. The student's end answers a source
with an `interface`, a `problem` or a `failure`, and a question with `numbers` or a `failure`. The
numbers come with `calls` if the question says `count`, and an `interface` comes with the counted
`work` of loading. Any answer may have `may_vary: true`: the order of sets, or chance, may have
mattered so far.

Most answers are numbers alone, all of them floats. Those aren't JSON but packed: see `packed`.

The last question of all may be `again`: the numbers of questions to answer once more, while sets
are reversed. Its answer says which numbers `differ`, or null if it can't say.
"""

from __future__ import annotations

from functools import lru_cache
from struct import Struct
from typing import Any

Answer = dict[str, Any]  # one answer before it is written as JSON

LENGTH = Struct(">I")  # of a frame; a question's number is written in the same way
PACKED = b"#"  # the first byte of packed numbers; JSON has another one
EXIT_OUT_OF_MEMORY = 77  # the exit status where no memory is left for an answer

# The verdicts that the student's end may give. The host measures all others itself.
ERROR = "error"
UNSUPPORTED = "unsupported"
TIMEOUT = "timeout"  # of counted work
MEMORY_LIMIT = "memory_limit"
INVALID_OUTPUT = "invalid_output"
VERDICTS = frozenset({ERROR, UNSUPPORTED, TIMEOUT, MEMORY_LIMIT, INVALID_OUTPUT})

# Why a whole file can't be used.
SYNTAX_ERROR = "syntax_error"
LOAD_ERROR = "load_error"
MISSING_MODULE = "missing_module"  # perhaps another file of the student
NO_CLASS = "no_class"
NO_LEAF = "no_leaf"
AMBIGUOUS_CLASS = "ambiguous_class"
PROBLEMS = frozenset({SYNTAX_ERROR, LOAD_ERROR, MISSING_MODULE, NO_CLASS, NO_LEAF, AMBIGUOUS_CLASS})

# Calls of the engine's functions, where growth is measured. A graph of few steps may make fewer.
MOST_CALLS, FEW_CALLS, SMALL_STEPS = 1_000_000, 250_000, 250

# Counted work of loading: calls and turns of loops. An ordinary machine needs up to a second for so
# many, because each takes 0.3 to 1 microseconds.
WORK_PER_SECOND, MOST_WORK = 1_000_000, 10_000_000

# The largest sizes, in characters; a longer text makes the whole answer malformed.
MOST_TEXT = 500  # a message, or a line of the student's source
MOST_NAME = 100  # the name of a class or of one of its parts
MOST_NOTE = 300  # a sentence about what was found or left out
MOST_NOTES = 20  # the number of such sentences


@lru_cache(maxsize=1000)
def packed(count: int) -> Struct:
    """The form of so many packed numbers: `PACKED`, the question's number, `may_vary`, the floats.

    `struct` takes any eight bytes for a float, so that nothing in them has to be checked.
    """
    return Struct(f"=cI?{count}d")
