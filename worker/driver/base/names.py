"""The names that students give to the parts of an engine, the usual one first."""

from __future__ import annotations

import re

from worker.driver.base.protocol import MOST_NAME


def words(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


CLASS_NAMES = words("Value Scalar Variable Var Tensor Node Number Num")
DATA_NAMES = words("data value val v number num scalar item x _data _value _val primal")
GRAD_NAMES = words(
    """
    grad gradient grads gradients g _grad _gradient derivative deriv adjoint adj dv diff partial
    delta
    """
)
BACKWARD_NAMES = words(
    """
    backward backwards back_ward backprop back_prop backProp backpropagate back_propagate
    backpropagation back_propagation propagate_back backward_pass run_backward do_backward
    full_backward backwardpropagation
    compute_gradients compute_gradient compute_grads compute_grad calc_grad calc_gradients
    calculate_gradients calculate_gradient get_gradients gradients autograd differentiate propagate
    """
)
OPERATION_NAMES = {
    "+": words("add plus addition sum_ v_add"),
    "-": words("sub subtract minus subtraction v_sub"),
    "*": words("mul multiply times mult product multiplication v_mul"),
    "/": words("div divide truediv division v_div"),
    "**": words("pow power pow_ v_pow"),
}
# Parts of the names of methods that show something, which the search never calls, and of methods
# that set something back.
SHOWING = words("plot draw show print render display visual viz save write export dump")
SETTING_BACK = words("zero reset clear train")
MAKERS = words(  # functions that make a leaf
    """
    value var variable scalar tensor node leaf number num const constant param parameter
    make_value make_var make_node make_leaf new_value new_var new_node new_leaf value_of input_
    create_value create_node create_leaf from_value from_number from_float from_data from_scalar
    as_leaf as_value input of make create new
    """
)
CALLER = "caller"  # `seed=caller`: the caller sets the output's gradient before backward
PARTS = ("class", "data", "grad", "backward", "seed")

_DECLARATION = re.compile(r"^[ \t]*#[ \t]*chainrule:(?P<pairs>.*)$", re.MULTILINE)
_PAIR = re.compile(r"(\w+)\s*=\s*(\w+)")


def find_declared(text: str) -> dict[str, str]:
    """The names in the file's own comment: `# chainrule: class=Scalar, data=value`.

    Example: `{"class": "Scalar", "data": "value"}`.
    """
    names = {}
    for line in _DECLARATION.finditer(text):
        for part, name in _PAIR.findall(line["pairs"]):
            if part in PARTS:
                names[part] = name[:MOST_NAME]
    return names
