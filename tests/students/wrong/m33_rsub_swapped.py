# misconception: 33
# title: __rsub__ returns self - other
# wrong_value: values/number-subtract@1 numbers/number-subtract@* numbers/zero-number-subtract@1
# wrong_value: numbers/one-number-subtract@1 numbers/chain-number-subtract@1
# wrong_value: numbers/twice-number-subtract numbers/again-number-subtract@1
# wrong_value: numbers/before-and-after-number-subtract@1 numbers/result-again-number-subtract@1
# blocked: composite/gated-unit composite/hinge composite/entropy composite/reciprocals
# blocked: composite/odds composite/potential gradient-check/numbers

import math


class Nombre:
    def __init__(self, valeur, _children=()):
        self.valeur = valeur
        self.pente = 0.0
        self._backward = lambda: None
        self._prev = _children

    def __repr__(self):
        return f"Nombre(valeur={self.valeur}, pente={self.pente})"

    def __add__(self, other):
        other = other if isinstance(other, Nombre) else Nombre(other)
        out = Nombre(self.valeur + other.valeur, (self, other))

        def _backward():
            self.pente += out.pente
            other.pente += out.pente

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Nombre) else Nombre(other)
        out = Nombre(self.valeur * other.valeur, (self, other))

        def _backward():
            self.pente += other.valeur * out.pente
            other.pente += self.valeur * out.pente

        out._backward = _backward
        return out

    def __pow__(self, other):
        assert isinstance(other, (int, float)), "only int and float powers"
        out = Nombre(self.valeur**other, (self,))

        def _backward():
            self.pente += other * self.valeur ** (other - 1) * out.pente

        out._backward = _backward
        return out

    def __rpow__(self, other):
        out = Nombre(other**self.valeur, (self,))

        def _backward():
            self.pente += math.log(other) * out.valeur * out.pente

        out._backward = _backward
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * other**-1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return self - other

    def __rtruediv__(self, other):
        return other * self**-1

    def tanh(self):
        t = math.tanh(self.valeur)
        out = Nombre(t, (self,))

        def _backward():
            self.pente += (1 - t**2) * out.pente

        out._backward = _backward
        return out

    def exp(self):
        out = Nombre(math.exp(self.valeur), (self,))

        def _backward():
            self.pente += out.valeur * out.pente

        out._backward = _backward
        return out

    def log(self):
        out = Nombre(math.log(self.valeur), (self,))

        def _backward():
            self.pente += out.pente / self.valeur

        out._backward = _backward
        return out

    def relu(self):
        out = Nombre(self.valeur if self.valeur > 0 else 0.0, (self,))

        def _backward():
            self.pente += (out.valeur > 0) * out.pente

        out._backward = _backward
        return out

    def sigmoid(self):
        s = (1 + math.tanh(self.valeur / 2)) / 2
        out = Nombre(s, (self,))

        def _backward():
            self.pente += s * (1 - s) * out.pente

        out._backward = _backward
        return out

    def sin(self):
        out = Nombre(math.sin(self.valeur), (self,))

        def _backward():
            self.pente += math.cos(self.valeur) * out.pente

        out._backward = _backward
        return out

    def cos(self):
        out = Nombre(math.cos(self.valeur), (self,))

        def _backward():
            self.pente -= math.sin(self.valeur) * out.pente

        out._backward = _backward
        return out

    def sqrt(self):
        return self**0.5

    def __abs__(self):
        out = Nombre(abs(self.valeur), (self,))

        def _backward():
            self.pente += (1 if self.valeur > 0 else -1) * out.pente

        out._backward = _backward
        return out

    def retropropager(self):
        topo = []
        visited = set()

        def build_topo(v):
            if v not in visited:
                visited.add(v)
                for child in v._prev:
                    build_topo(child)
                topo.append(v)

        build_topo(self)
        self.pente = 1.0
        for v in reversed(topo):
            v._backward()
