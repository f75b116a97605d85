"""Form packs: a form declared as data (layout, equations, rubric, rule book), read, validated and resolved.

Nothing about a form is known anywhere else. `load_pack` returns a `Pack`; everything downstream asks it.
"""

from jixiao.pack.load import PackError, installed_packs, load_pack
from jixiao.pack.pack import Pack

__all__ = ["Pack", "PackError", "installed_packs", "load_pack"]
