"""Mistakes in the order in which backward visits nodes, and in how it starts."""

from __future__ import annotations

from worker.grading.diagnosis.catalogue.entries import Misconception, dials, rule
from worker.suites.rules import CHAIN, GRAPHS, SEED, SHARED

TRAVERSAL = (
    Misconception(
        key="every-path",
        number=3,
        title="A shared node passes its gradient on once for every path",
        explanation=(
            "backward() reaches a node again for each path that leads to it. A node with two uses "
            "passes its whole gradient on twice, so what is below it gets too much."
        ),
        hint="How often should a node pass on its gradient, and what must have happened before?",
        rule=SHARED,
        everywhere=dials("every-path", "traversal", "every path", "stack finished twice"),
    ),
    Misconception(
        key="order",
        number=4,
        title="A node passes its gradient on too early",
        explanation=(
            "A node passes its gradient on before all of its uses have added their shares. A share "
            "that comes later never reaches the nodes below."
        ),
        hint="When is the gradient of a node complete?",
        rule=SHARED,
        everywhere=dials(
            "order",
            "traversal",
            "not reversed",
            "pre-order",
            "pre-order, sorted",
            "youngest last",
            "by number",
            "seen when pushed",
            "users counted once",
            "users counted once, last first",
        ),
    ),
    Misconception(
        key="breadth-once",
        number=5,
        title="Level by level is the wrong order",
        explanation=(
            "backward() visits nodes level by level, and each node once. A node that is used near "
            "the output and again farther down passes its gradient on before the longer path has "
            "added its share."
        ),
        hint="If one path to a node is short and the other long, when has the long one arrived?",
        rule=SHARED,
        everywhere=dials("breadth-once", "traversal", "breadth once"),
    ),
    Misconception(
        key="breadth-again",
        number=6,
        title="A queue visits shared nodes again",
        explanation=(
            "backward() puts a node into its queue once for every use. At each visit the node "
            "passes on all that it has so far, so the first share is passed on again."
        ),
        hint="What does a node pass on at its second visit that it passed on already?",
        rule=SHARED,
        everywhere=dials("breadth-again", "traversal", "breadth again"),
    ),
    Misconception(
        key="append-outside",
        number=7,
        title="A shared node is in the sorted list more than once",
        explanation=(
            "Your sorted list contains a node once for each use, though its operands are followed "
            "only once. So a shared node passes its gradient on several times."
        ),
        hint="For which visits of a node should it be added to the sorted list?",
        rule=SHARED,
        everywhere=dials("append-outside", "traversal", "append outside"),
    ),
    Misconception(
        key="stack-twice",
        number=8,
        title="A node can be pushed on the stack twice",
        explanation=(
            "Your search pushes a node for each of its uses before it is marked as seen. The node "
            "ends up in the order twice, and passes its gradient on twice."
        ),
        hint="Between pushing a node and popping it, what can happen to the same node?",
        rule=SHARED,
        everywhere=dials("stack-twice", "traversal", "stack twice", "stack left open"),
    ),
    Misconception(
        key="sum-passed-on",
        number=10,
        title="Each new share passes on the whole sum",
        explanation=(
            "When a share arrives, your node adds it and passes on the sum so far. The first share "
            "is in that sum again, so the nodes below count it twice."
        ),
        hint="Which part of the sum is new when the second share arrives?",
        rule=SHARED,
        everywhere=dials("sum-passed-on", "traversal", "sum passed on"),
    ),
    Misconception(
        key="used-up",
        number=11,
        title="Only the first share of a shared node is passed on",
        explanation=(
            "After its first visit a node forgets its operands. The share of the second path is "
            "added to the node, but it goes no farther."
        ),
        hint="Where does the share of the second path go?",
        rule=SHARED,
        everywhere=dials("used-up", "traversal", "used up"),
    ),
    Misconception(
        key="nothing-passed-on",
        number=20,
        title="No node passes a gradient on",
        explanation=(
            "The output's gradient is 1, and all others stay 0. The step of each node is lost, or "
            "backward() never runs it."
        ),
        hint="Which function does backward() call for each node, and what does it do there?",
        rule=CHAIN,
        everywhere=dials("nothing-passed-on", "traversal", "nothing"),
    ),
    Misconception(
        key="seed",
        number=12,
        title="backward() starts from the wrong gradient",
        explanation=(
            "The gradient of the output by itself isn't 1 when your pass begins. Every other "
            "gradient is computed from that one, so they are all wrong, and 0 if it is 0."
        ),
        hint="What is the derivative of L with respect to L?",
        rule=SEED,
        everywhere=dials(
            "seed",
            "traversal",
            "unseeded",
            "seeded with data",
            "seeded with -1",
            "seeded after",
        ),
    ),
    Misconception(
        key="seeds-every-node",
        number=12,
        title="Not only the output begins with the gradient 1",
        explanation=(
            "Only the output has the gradient 1 before anything is passed on. In your engine other "
            "nodes get a 1 too, where they should begin with 0."
        ),
        hint="Before backward() passes anything on, which gradients are 1 and which are 0?",
        rule=SEED,
        everywhere=dials("seeds-every-node", "traversal", "seeded where zero", "ones"),
    ),
    Misconception(
        key="single-parent",
        number=13,
        title="A node knows only the last of its uses",
        explanation=(
            "Each node remembers one result that was made from it, the last one. The shares of its "
            "other uses are lost."
        ),
        hint="If x is used in two places, how many gradients come back to it?",
        rule=SHARED,
        everywhere=dials("single-parent", "traversal", "single parent"),
    ),
    Misconception(
        key="shadowed",
        number=15,
        title="The step of an operation replaces backward()",
        explanation=(
            "A result has an attribute with the name of your public backward method. Calling it on "
            "the output runs only the last step, before any gradient has been set to 1."
        ),
        hint="When you call backward on the output, which function does Python find there?",
        rule=SEED,
        everywhere=dials("shadowed", "traversal", "shadowed"),
    ),
    Misconception(
        key="partial-traversal",
        number=62,
        title="backward() visits only a part of the graph",
        explanation=(
            "Gradients are right near the output, but backward() doesn't reach the rest of the "
            "graph, or runs some of its nodes in a second way."
        ),
        hint="Which nodes does backward() visit, and which of them have operands of their own?",
        rule=CHAIN,
        everywhere=dials(
            "partial-traversal",
            "traversal",
            "one step",
            "two steps",
            "three levels",
            "left only",
            "youngest only",
            "deepest only",
        ),
        in_form=rule("partial-traversal", "effect", "recurses"),
    ),
    Misconception(
        key="counts-uses",
        number=63,
        title="Uses are counted that the output doesn't need",
        explanation=(
            "A node waits for all results that were ever made from it. If the output doesn't "
            "depend on one of them, no share comes from there and the node waits for ever."
        ),
        hint="Which of the results made from x does the output depend on?",
        rule=SHARED,
        everywhere=dials("counts-uses", "traversal", "counted forward", "waits for users"),
    ),
    Misconception(
        key="kept-order",
        number=51,
        title="A graph still knows the graph before",
        explanation=(
            "backward() still has nodes of an earlier graph in its list or tape, and runs their "
            "steps again. What they share with the new graph gets too much."
        ),
        hint="What should backward() know about graphs that were made before?",
        rule=GRAPHS,
        everywhere=dials("kept-order", "traversal", "order kept", "tape kept"),
    ),
)
