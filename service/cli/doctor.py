"""`chainrule doctor`: does the sandbox hold here?"""

from __future__ import annotations
