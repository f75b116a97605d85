"""Locked workbooks: Excel's default key, which people never notice, and a password where one is given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO

from jixiao.reading.limits import LIMITS, Limits
from jixiao.reading.refusal import encrypted, unreadable

DEFAULT_KEY = "VelvetSweatshop"
"""With this Excel encrypts workbooks whose structure is protected; it opens them without asking."""

_SPINS = re.compile(rb"spinCount\s?=\s?[\"'](\d{1,20})[\"']")


def decrypted(data: bytes, passwords: Sequence[str], *, info: bytes = b"", limits: Limits = LIMITS) -> bytes:
    """The bytes of a locked workbook, opened with the default key or else one of the passwords.

    `info` is the description of the encryption, if the file has one. Raises `Refusal` where none opens it.
    """
    from msoffcrypto import OfficeFile

    if any(int(count) > limits.spins for count in _SPINS.findall(info)):
        raise unreadable("加密参数超出限度，出于安全不予读取")
    for key in dict.fromkeys((DEFAULT_KEY, *filter(None, passwords))):
        opened = BytesIO()
        try:
            locked = OfficeFile(BytesIO(data))
            locked.load_key(password=key)
            locked.decrypt(opened)
        except Exception:  # whatever goes wrong inside, the workbook stays locked
            continue
        return opened.getvalue()
    raise encrypted("设有打开密码，所给密码不符" if passwords else "设有打开密码")
