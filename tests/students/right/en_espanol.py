# style: comentarios y nombres en español; tanh a partir de la sigmoide; funciones estables
# design: number, pairs of child and derivative / recursive, counts of missing parts in a dictionary
#   / += when a part comes, passed on with the last
"""Tarea 3: diferenciación automática en modo inverso.

La interfaz es la del enunciado (Value, data, grad, backward); lo de dentro está en español.
"""
import math


def número(x):
    return x if isinstance(x, Value) else Value(x)


def σ(x):
    """Sigmoide sin desbordamiento: el exponente nunca es positivo."""
    if x < 0:
        return math.exp(x) / (1 + math.exp(x))
    return 1 / (1 + math.exp(-x))


class Value:
    def __init__(self, data, hijos=()):
        self.data = data
        self.grad = 0.0
        self.hijos = hijos  # parejas (hijo, derivada local)

    def __str__(self):
        return f"Value(data={self.data}, grad={self.grad})"

    # Suma y resta: la resta es sumar el opuesto.
    def __add__(self, otro):
        otro = número(otro)
        return Value(self.data + otro.data, ((self, 1), (otro, 1)))

    def __neg__(self):
        return Value(-self.data, ((self, -1),))

    def __sub__(self, otro):
        return self + (-número(otro))

    # Producto y cociente: el cociente es multiplicar por el inverso.
    def __mul__(self, otro):
        otro = número(otro)
        return Value(self.data * otro.data, ((self, otro.data), (otro, self.data)))

    def inverso(self):
        return Value(1 / self.data, ((self, -1 / self.data / self.data),))

    def __truediv__(self, otro):
        return self * número(otro).inverso()

    def __pow__(self, n):
        if isinstance(n, Value):
            return (n * self.log()).exp()
        if n == 0:
            return Value(1, ((self, 0),))
        return Value(self.data ** n, ((self, n * self.data ** (n - 1)),))

    def __radd__(self, otro):
        return número(otro) + self

    def __rsub__(self, otro):
        return número(otro) - self

    def __rmul__(self, otro):
        return número(otro) * self

    def __rtruediv__(self, otro):
        return número(otro) / self

    def __rpow__(self, base):
        potencia = base ** self.data
        return Value(potencia, ((self, potencia * math.log(base)),))

    def __abs__(self):
        signo = -1 if self.data < 0 else 1
        return Value(signo * self.data, ((self, signo),))

    def sigmoid(self):
        return Value(σ(self.data), ((self, σ(self.data) * σ(-self.data)),))

    def tanh(self):
        # tanh(x) = 2 σ(2x) - 1
        return 2 * (2 * self).sigmoid() - 1

    def exp(self):
        e = math.exp(self.data)
        return Value(e, ((self, e),))

    def log(self):
        return Value(math.log(self.data), ((self, 1 / self.data),))

    def relu(self):
        return Value(max(0, self.data), ((self, 1 if self.data > 0 else 0),))

    def sin(self):
        return Value(math.sin(self.data), ((self, math.cos(self.data)),))

    def cos(self):
        return Value(math.cos(self.data), ((self, -math.sin(self.data)),))

    def sqrt(self):
        raíz = math.sqrt(self.data)
        return Value(raíz, ((self, 1 / (2 * raíz)),))

    def backward(self):
        # Orden topológico: primero los hijos, al final la raíz.
        faltan = {}  # cuántas partes le faltan a cada nodo

        def contar(nodo):
            faltan[nodo] = faltan.get(nodo, 0) + 1
            if faltan[nodo] == 1:
                for hijo, _ in nodo.hijos:
                    contar(hijo)

        def bajar(nodo, parte):
            nodo.grad += parte
            faltan[nodo] -= 1
            if not faltan[nodo]:
                for hijo, derivada in nodo.hijos:
                    bajar(hijo, derivada * nodo.grad)

        contar(self)
        bajar(self, 1.0)
