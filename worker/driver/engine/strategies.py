"""The ways in which an engine may be written, in the order in which the search tries them.

Each function yields small values that the search tries on `trials.PRODUCT`; the first one that
works is used. To recognise another way, write a file with such a function and add it here.
A usual name needs no function: `base/names.py` lists them, and `usual_names.py` tries them first.
"""

from __future__ import annotations

from worker.driver.engine import constructor, number_sources
from worker.driver.engine.backward_calls import (
    functions,
    local_steps,
    methods,
    node_objects,
    objects,
    properties,
    seeded,
)
from worker.driver.engine.gradient_sources import (
    asked,
    dictionaries,
    recorded,
    returned,
    returned_in_order,
    stored,
)

# How a leaf is made: a = Value(3).
CONSTRUCTORS = (constructor.find_plain, constructor.find_as_float, constructor.find_as_array)

# Where its number is: a.data.
NUMBER_SOURCES = (number_sources.find,)

# How backward is run: L.backward().
BACKWARD_CALLS = (
    methods.find_usual,
    functions.find,
    objects.find,
    node_objects.find,
    seeded.find,
    properties.find,
    methods.find_others,
    functions.find_others,
    seeded.find_others,
)

# Where a gradient is after backward: a.grad. If several stored ones work, one that also works with
# a reused leaf is preferred.
STORED_GRADIENTS = (stored.find, dictionaries.find)
RETURNED_GRADIENTS = (returned.find, returned_in_order.find)

# What is tried if the file has no backward of a usual name: calls for one gradient each, then
# closures that a caller runs.
ASKED_GRADIENTS = (asked.find, recorded.find)
LAST_BACKWARD_CALLS = (local_steps.find,)
