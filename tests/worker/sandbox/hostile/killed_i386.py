# what: finds an i386 system call in the code that is there, and jumps to it
# expect: killed
# machine: x86_64
import struct

EXECUTABLE, LOADED = 1, 1


class Library(ctypes.Structure):
    pass


Library._fields_ = [
    ("base", ctypes.c_ulong),
    ("name", ctypes.c_char_p),
    ("dynamic", ctypes.c_void_p),
    ("next", ctypes.POINTER(Library)),
]


def list_code(library):
    """Where the code of a library lies: its loaded segments that may be executed."""
    header = ctypes.string_at(library.base, 64)
    (table,) = struct.unpack_from("<Q", header, 32)
    size, count = struct.unpack_from("<HH", header, 54)
    for number in range(count):
        segment = ctypes.string_at(library.base + table + number * size, 56)
        kind, flags, _, address, _, length = struct.unpack_from("<IIQQQQ", segment)
        if kind == LOADED and flags & EXECUTABLE:
            yield library.base + address, length


def find_gate():
    library = Library.from_address(ctypes.CDLL(None)._handle)
    while True:
        if library.base:  # a program that does not move has no base
            for start, length in list_code(library):
                place = ctypes.string_at(start, length).find(b"\xcd\x80")
                if place >= 0:
                    return start + place
        library = library.next.contents  # a NULL where no gate was found: this is told as an error


ctypes.CFUNCTYPE(None)(find_gate())()
print("ESCAPED")
