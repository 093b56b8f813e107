"""The names of modules that a student's file imports: whose they are, and the files they are in."""

from __future__ import annotations

import sys

from worker.driver.base.names import words

STANDARD = sys.stdlib_module_names
FAMOUS = words(  # packages that many people install, so they are no student's own file
    """
    torch torchvision torchaudio torchviz tensorflow tensorboard tensorboardX keras jax jaxlib
    flax optax numpy scipy pandas polars sklearn skimage statsmodels xgboost lightgbm theano
    mxnet chainer aesara pytensor mlx onnx transformers tokenizers tiktoken gym gymnasium
    matplotlib mpl_toolkits seaborn plotly bokeh altair pylab graphviz pydot pygraphviz networkx
    tqdm sympy mpmath gmpy2 IPython ipywidgets jupyter notebook pydantic attr attrs typeguard
    beartype jaxtyping typing_extensions typeshed requests PIL cv2 imageio numba cupy cython
    micrograd tinygrad minitorch fastcore fastai wandb einops joblib cloudpickle dill h5py
    pytest hypothesis nose rich colorama termcolor click fire yaml toml tabulate loguru icecream
    line_profiler memory_profiler psutil setuptools pkg_resources google
    """
)
# A relative import looks in the package of the file. This one has no module and enough parents.
_PARENT = "_handed_in"
PACKAGE = ".".join([_PARENT] * 6)


def plain_name(module: str) -> str:
    """The name of a module without the package that relative imports begin with."""
    parts = module.split(".")
    while parts and parts[0] == _PARENT:
        del parts[0]
    return ".".join(parts)


def is_neighbour(module: str) -> bool:
    """Whether it is likely another file of the student, which wasn't handed in."""
    root = module.partition(".")[0]
    return root == _PARENT or (root not in FAMOUS and root not in STANDARD)


def file_of(module: str) -> str:
    """The file that a neighbouring module is in, as "lib/functions.py"."""
    return f"{plain_name(module).replace('.', '/')}.py"
