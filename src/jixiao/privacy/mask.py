"""Personal words (names and telephones) of a filing, and texts with them masked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from jixiao.values.text import MASK

ALONE = "\0"
"""What a personal word begins with that is an ordinary word too: it is masked only where it stands by itself."""

NO_NAMES = frozenset({
    "无", "没有", "暂无", "不详", "姓名", "姓名略", "略", "同上", "同前", "电话略", "电话", "手机", "联系人", "联络人", "经办人",
    "负责人", "填表人", "签字", "签名", "签章", "盖章", "职务", "单位", "待定", "空白", "未填", "保密", "评价组", "本单位", "各股室",
})  # fmt: skip
"""What stands in a name's or telephone's cell without being one."""

_TITLE = (
    r"(?:党组|党委|常务)?(?:副|代)?(?:局长|主任|科长|股长|部长|处长|所长|站长|镇长|乡长|区长|书记|主席|院长|校长|队长|组长|会计师?|出纳|科员|干事"
    r"|专干|干部|科员|主管|经理|同志|先生|女士|老师|工程师|调研员|主任科员|负责人|经办人|联系人|联络员)"
)
"""Posts and forms of address: they stand beside a name and are none."""

_TITLES_BEHIND = re.compile(rf"(?:{_TITLE})+$")
_OFFICE = re.compile(r".(?:.局|.股|.室|委|.处|.部|.站|.队|.院|.校|中心|委员会|财务科|人事科|综合科|政府|街道)")
"""An office where a person should stand: not personal, and too common a word to mask."""

_BESIDE_NAMES = "由经请向与和及跟同对让报局股室科处部委办站队院校"
"""Characters that a name stands behind: what joins or leads to people, and the end of an office's name."""

_BEFORE_NAMES = ("主任", "局长", "科长", "股长", "部长", "处长", "所长", "站长", "书记", "主席", "院长", "校长", "队长", "组长", "会计",
    "出纳", "经理", "同志", "老师", "主管", "联系", "姓名", "签字", "签名", "审核", "复核", "经办", "电话", "手机", "制表", "填表", "组员",
    "成员", "联系人", "联络人", "经办人", "负责人", "填表人", "审核人", "制表人", "评价人", "联络员", "联系电话")  # fmt: skip
"""Words that a name stands behind."""

_BEHIND_NAMES = rf"(?:{_TITLE}|等|和|与|及|跟|同|任|牵头|负责|参加|参与|签|审|复核|主持|组织|带队|联系|电话|手机|兼|担任|提出|认为|表示|说|自评|填报)"
"""What stands right behind a name."""

_WORD_GOES_ON = "期时段季性化率值量型级类额款费区域产业线点面度"
"""Characters that make one word of a two-character name and themselves: 高峰期 is nobody."""

_BETWEEN_NAMES = re.compile(r"[、，,；;／/|\n\r：:\d+]+")
_ASIDE = re.compile(r"[（(【\[].*?[）)】\]]")
_BLANK = re.compile(r"\s+")
_LONGEST_SPACED_NAME = 4
"""How many characters a Chinese name may have that is written with blanks between them."""

_SHORTEST_TELEPHONE = 7
"""How many digits a run must have to be a telephone: local numbers have seven or eight."""

_TELEPHONE = re.compile(r"1[3-9]\d{9}|0\d{9,11}|[2-9]\d{6,7}|[48]00\d{7}")
_EXTENSION = re.compile(r"(?:转|分机|内线|ext\.?|#)\s*\d+", re.IGNORECASE)
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_IN_NAMES = rf"[\s{_INVISIBLE}·•．.]{{0,3}}"
# Figures and the low line of file names are no part of a word.
_BEHIND_A_BREAK, _AT_A_BREAK = r"(?<![^\W\d_])", r"(?![^\W\d_])"
_SHORTEST_NAME = 2
_IN_TELEPHONES = rf"[\s{_INVISIBLE}\-—－‐–()（）]{{0,3}}"


def personal_words(names: Iterable[str], telephones: Iterable[str], public: Iterable[str] = ()) -> frozenset[str]:
    """The names and telephones in these cells' texts; words that stand in a `public` text (a department's name) are none.

    Either kind of cell is asked for both: people write a name and a number into one. Blank marks, single characters,
    posts and offices are no names: masking them would eat the text.
    """
    published = [_plain(text) for text in public if text]
    texts = (*names, *telephones)
    words = {word for text in texts for word in (*_names(text), *_telephones(text))}
    return frozenset(word for word in words if not any(word in text for text in published))


def ordinary_apart(words: Iterable[str], ordinary: str, characters: frozenset[str] | None = None) -> frozenset[str]:
    """The words, those that occur in an `ordinary` text marked as `ALONE`: a name 安全 must not eat 资金安全.

    `characters` are those of the text, where they are at hand: few names are made of them alone.
    """
    common = frozenset(ordinary) if characters is None else characters
    return frozenset(ALONE + word if common.issuperset(word) and word in ordinary else word for word in words)


def mask(text: str, secrets: frozenset[str]) -> str:
    """The text with every personal word masked, also where blanks, hyphens or full-width digits dress it."""
    if not text or not secrets:
        return text
    return _pattern(secrets).sub(MASK, text)


def may_hold(texts: Iterable[str], secrets: frozenset[str]) -> bool:
    """Whether `mask` may change any of these texts; False is certain. It looks at all at once, and at nothing beside words."""
    return bool(secrets) and _cores(secrets).search("\0".join(texts)) is not None


def _plain(text: str) -> str:
    return _BLANK.sub("", unicodedata.normalize("NFKC", text))


def _names(text: str) -> Iterator[str]:
    for piece in _BETWEEN_NAMES.split(_ASIDE.sub("、", unicodedata.normalize("NFKC", text))):
        for name in _people(piece.strip()):
            bare = _TITLES_BEHIND.sub("", name)
            if (
                len(bare) > 1
                and bare not in NO_NAMES
                and not _OFFICE.fullmatch(bare)
                and re.search(r"[^\W\d_]{2}", bare)
            ):
                yield bare


def _people(piece: str) -> Iterable[str]:
    """The names in a piece of text: blanks stand between people or, where single characters do, within a name."""
    parts = _BLANK.split(piece)
    together = "".join(parts)
    if together.isascii() or (len(together) <= _LONGEST_SPACED_NAME and any(len(part) == 1 for part in parts)):
        return (together,)
    return parts


def _telephones(text: str) -> Iterator[str]:
    plain = re.sub(r"[\-—‐–()]+", "", _EXTENSION.sub(" ", unicodedata.normalize("NFKC", text)))
    for run in re.findall(r"\d[\d\s]*\d", plain):
        pieces = run.split()
        while pieces:
            taken, number = _first_number(pieces)
            del pieces[:taken]
            if len(number) < _SHORTEST_TELEPHONE:
                continue
            yield number
            # A number with its area code is often repeated without it.
            local = number[3 if number[1] in "12" else 4 :] if number.startswith("0") else ""
            if len(local) >= _SHORTEST_TELEPHONE:
                yield local


def _first_number(pieces: list[str]) -> tuple[int, str]:
    """How many of the pieces make the first number, and it: the most that look like a telephone, else one piece."""
    for count in range(len(pieces), 0, -1):
        number = re.sub(r"^(?:00)?86(?=1[3-9]\d{9}$)", "", "".join(pieces[:count]))
        if _TELEPHONE.fullmatch(number):
            return count, number
    return 1, pieces[0]


@lru_cache(maxsize=256)
def _pattern(secrets: frozenset[str]) -> re.Pattern[str]:
    ordered = sorted(secrets, key=lambda word: (-len(word), word))
    return re.compile("|".join(_dressed(word) for word in ordered), re.IGNORECASE)


@lru_cache(maxsize=256)
def _cores(secrets: frozenset[str]) -> re.Pattern[str]:
    """What finds these words wherever they stand: patterns that begin with a character are looked for fast."""
    return re.compile("|".join(sorted(core for word in secrets for core in _core(word))), re.IGNORECASE)


def _core(word: str) -> Iterable[str]:
    if not word.isdigit():
        return (_dressed_name(word),)
    rest = "".join(f"{_IN_TELEPHONES}{_either_width(digit)}" for digit in word[1:])
    return (f"{word[0]}{rest}", f"{_full_width(word[0])}{rest}")


def _dressed_name(word: str) -> str:
    return _IN_NAMES.join(re.escape(char) for char in word.removeprefix(ALONE))


def _full_width(digit: str) -> str:
    return chr(ord("０") + int(digit))


def _either_width(digit: str) -> str:
    return f"[{digit}{_full_width(digit)}]"


def _behind(words: Iterable[str]) -> str:
    """A pattern for standing behind one of these words."""
    return "|".join(f"(?<={word})" for word in words)


def _dressed(word: str) -> str:
    if word.isdigit():
        # Not within a longer number, which is an amount; a prefix of country or area belongs to it.
        digits = _IN_TELEPHONES.join(map(_either_width, word))
        country, area = rf"(?:(?:\+|00)?86{_IN_TELEPHONES})?", rf"(?:0\d{{0,3}}{_IN_TELEPHONES})?"
        return rf"(?<!\d)(?<!\d\.){country}{area}{digits}(?![.]?\d)"
    dressed = _dressed_name(word)
    if word.startswith(ALONE):
        return rf"{_BEHIND_A_BREAK}{dressed}(?:{_AT_A_BREAK}|(?={_TITLE}))|(?:{_behind(_BEFORE_NAMES)}){dressed}{_AT_A_BREAK}"
    if len(word) == _SHORTEST_NAME and not word.isascii():
        # Short names are ordinary words too (高峰, 王国): masked where either side is a name's, and no word goes on behind it.
        before = rf"(?:{_BEHIND_A_BREAK}|(?<=[{_BESIDE_NAMES}])|{_behind(_BEFORE_NAMES)})"
        return rf"{before}{dressed}(?![{_WORD_GOES_ON}])|{dressed}(?:{_AT_A_BREAK}|(?={_BEHIND_NAMES}))"
    return rf"(?<![A-Za-z]){dressed}(?![A-Za-z])" if word.isascii() else dressed
