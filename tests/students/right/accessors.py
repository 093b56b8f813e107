# style: written by a Java programmer: private fields, getters and setters, a name for every variable
# design: value by name, private fields, list of dependencies added later / visitor object,
#   recursive, inserts at the front / setter of the operand's gradient
"""Every field is private and every variable has a name, because that is how one should program."""

import math
from typing import List, Tuple


class Variable:

    def __init__(self, name: str, value: float):
        self.__name = name
        self.__value = value
        self.__gradient = 0.0
        self.__dependencies: List[Tuple["Variable", float]] = []

    # getters and setters

    def getName(self) -> str:
        return self.__name

    def getValue(self) -> float:
        return self.__value

    def getGradient(self) -> float:
        return self.__gradient

    def setGradient(self, gradient: float) -> None:
        self.__gradient = gradient

    def getDependencies(self) -> List[Tuple["Variable", float]]:
        return self.__dependencies

    def addDependency(self, variable: "Variable", derivative: float) -> "Variable":
        self.__dependencies.append((variable, derivative))
        return self

    # operators

    @staticmethod
    def toVariable(x) -> "Variable":
        return x if isinstance(x, Variable) else Variable("constant", x)

    def __add__(self, other):
        other = Variable.toVariable(other)
        result = Variable("sum", self.__value + other.__value)
        return result.addDependency(self, 1.0).addDependency(other, 1.0)

    def __sub__(self, other):
        other = Variable.toVariable(other)
        result = Variable("difference", self.__value - other.__value)
        return result.addDependency(self, 1.0).addDependency(other, -1.0)

    def __mul__(self, other):
        other = Variable.toVariable(other)
        result = Variable("product", self.__value * other.__value)
        return result.addDependency(self, other.__value).addDependency(other, self.__value)

    def __truediv__(self, other):
        other = Variable.toVariable(other)
        result = Variable("quotient", self.__value / other.__value)
        result.addDependency(self, 1.0 / other.__value)
        return result.addDependency(other, -self.__value / (other.__value * other.__value))

    def __pow__(self, exponent):
        if isinstance(exponent, Variable):
            return exponent.times(self.log()).exp()
        result = Variable("power", self.__value ** exponent)
        derivative = 0.0 if exponent == 0 else exponent * self.__value ** (exponent - 1)
        return result.addDependency(self, derivative)

    def times(self, other):
        return self * other

    def __neg__(self):
        return Variable("negative", -self.__value).addDependency(self, -1.0)

    def __radd__(self, other):
        return Variable.toVariable(other) + self

    def __rsub__(self, other):
        return Variable.toVariable(other) - self

    def __rmul__(self, other):
        return Variable.toVariable(other) * self

    def __rtruediv__(self, other):
        return Variable.toVariable(other) / self

    def __rpow__(self, base):
        value = base ** self.__value
        return Variable("power", value).addDependency(self, value * math.log(base))

    # functions

    def __function(self, name: str, value: float, derivative: float) -> "Variable":
        return Variable(name, value).addDependency(self, derivative)

    def abs(self):
        return self.__function("abs", abs(self.__value), 1.0 if self.__value > 0 else -1.0)

    def tanh(self):
        value = math.tanh(self.__value)
        return self.__function("tanh", value, 1.0 - value * value)

    def exp(self):
        value = math.exp(self.__value)
        return self.__function("exp", value, value)

    def log(self):
        return self.__function("log", math.log(self.__value), 1.0 / self.__value)

    def relu(self):
        return self.__function("relu", max(self.__value, 0.0), 1.0 if self.__value > 0 else 0.0)

    def sigmoid(self):
        value = 1.0 / (1.0 + math.exp(-self.__value))
        return self.__function("sigmoid", value, value * (1.0 - value))

    def sin(self):
        return self.__function("sin", math.sin(self.__value), math.cos(self.__value))

    def cos(self):
        return self.__function("cos", math.cos(self.__value), -math.sin(self.__value))

    def sqrt(self):
        value = math.sqrt(self.__value)
        return self.__function("sqrt", value, 1.0 / (2.0 * value))

    # back propagation

    def backPropagate(self) -> None:
        self.setGradient(1.0)
        visitor = TopologicalVisitor()
        visitor.visit(self)
        for variable in visitor.getResult():
            for dependency, derivative in variable.getDependencies():
                gradient = dependency.getGradient() + derivative * variable.getGradient()
                dependency.setGradient(gradient)


class TopologicalVisitor:

    def __init__(self):
        self.__visited = set()
        self.__result: List[Variable] = []

    def visit(self, variable: Variable) -> None:
        if variable in self.__visited:
            return
        self.__visited.add(variable)
        for dependency, _ in variable.getDependencies():
            self.visit(dependency)
        self.__result.insert(0, variable)

    def getResult(self) -> List[Variable]:
        return self.__result
