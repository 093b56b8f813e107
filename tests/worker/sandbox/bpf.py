"""An interpreter of the few BPF instructions that seccomp filters are made of."""

from __future__ import annotations

import struct
from collections.abc import Sequence

LOAD, AND = 0x20, 0x54
JUMP_EQUAL, JUMP_GREATER, JUMP_GREATER_OR_EQUAL, JUMP = 0x15, 0x25, 0x35, 0x05
RETURN = 0x06


def decide(program: bytes, architecture: int, number: int, arguments: Sequence[int] = ()) -> int:
    """What the filter answers to a system call: the action's value."""
    padded = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("<IIQ6Q", number, architecture, 0, *padded)
    code = list(struct.iter_unpack("<HBBI", program))
    position, register = 0, 0
    while True:
        operation, if_true, if_false, operand = code[position]
        position += 1
        if operation == RETURN:
            return int(operand)
        if operation == LOAD:
            (register,) = struct.unpack_from("<I", data, operand)
        elif operation == AND:
            register &= operand
        elif operation == JUMP:
            position += operand
        else:
            holds = {
                JUMP_EQUAL: register == operand,
                JUMP_GREATER: register > operand,
                JUMP_GREATER_OR_EQUAL: register >= operand,
            }[operation]
            position += if_true if holds else if_false
