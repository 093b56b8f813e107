# style: as short as possible, with tabs, lambdas and a star import
# design: number, pairs as arguments / recursive in one expression, set of nodes, reversed / += in a
#   nested loop
from math import *

class V:
	def __init__(s, v, *k): s.v, s.g, s.k = v, 0, k
	def __add__(s, o): o = w(o); return V(s.v + o.v, (s, 1), (o, 1))
	def __mul__(s, o): o = w(o); return V(s.v * o.v, (s, o.v), (o, s.v))
	def __pow__(s, n): return (s.log() * n).exp() if isinstance(n, V) else V(s.v ** n, (s, n and n * s.v ** (n - 1)))
	def __rpow__(s, c): return (s * log(c)).exp()
	def __neg__(s): return s * -1
	def __sub__(s, o): return s + -o
	def __rsub__(s, o): return -s + o
	def __truediv__(s, o): return s * o ** -1
	def __rtruediv__(s, o): return s ** -1 * o
	def __abs__(s): return V(fabs(s.v), (s, copysign(1, s.v)))
	def tanh(s): t = tanh(s.v); return V(t, (s, 1 - t * t))
	def exp(s): e = exp(s.v); return V(e, (s, e))
	def log(s): return V(log(s.v), (s, 1 / s.v))
	def relu(s): return V(s.v * (s.v > 0), (s, s.v > 0))
	def sigmoid(s): y = 1 / (1 + exp(-s.v)); return V(y, (s, y - y * y))
	def sin(s): return V(sin(s.v), (s, cos(s.v)))
	def cos(s): return V(cos(s.v), (s, -sin(s.v)))
	def sqrt(s): return s ** .5
	__radd__, __rmul__ = __add__, __mul__
	def backward(s):
		t, d = [], set()
		def f(n): n in d or (d.add(n), [f(c) for c, _ in n.k], t.append(n))
		f(s); s.g = 1
		for n in t[::-1]:
			for c, p in n.k: c.g += p * n.g

w = lambda x: x if isinstance(x, V) else V(x)
