"""Districts made of hand-made results, for tests of what is told of a whole district: plausible, random, of a fixed seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256

from jixiao.model.fact import HEADQUARTERS, SUMMARY, Facts
from jixiao.model.finding import Finding, Severity, identified
from jixiao.model.place import Place
from jixiao.model.result import District, Result
from jixiao.model.rule_outcome import RuleOutcome
from jixiao.model.score import Basis, Evidence, Score, Scorecard, ScoreStatus
from jixiao.model.submission import Identity, RosterEntry, Status
from jixiao.pack import Pack
from jixiao.pack.declarations.methods import Bands, PointsOver, PointsUnder
from jixiao.pack.declarations.rubric import Indicator
from tests.support.filings import filing

CENT = Decimal("0.01")
AREA = "某区"
SECTIONS = ("行政政法股", "教科文股", "农业农村股", "经济建设股", "社会保障股")
OFFICES = (
    "人民政府办公室", "委组织部", "委宣传部", "委统一战线工作部", "纪律检查委员会监察委员会机关", "发展和改革局", "教育局",
    "科学技术和工业信息化局", "公安分局", "民政局", "司法局", "财政局", "人力资源和社会保障局", "自然资源局", "住房和城乡建设局",
    "交通运输局", "水利局", "农业农村局", "商务粮食局", "文化旅游广电体育局", "卫生健康局", "退役军人事务局", "应急管理局", "审计局",
    "市场监督管理局", "统计局", "医疗保障局", "乡村振兴局", "城市管理和综合执法局", "行政审批服务局", "信访局", "机关事务服务中心",
    "总工会", "妇女联合会", "残疾人联合会", "工商业联合会", "科学技术协会", "文学艺术界联合会", "红十字会", "档案馆",
)  # fmt: skip
INSTITUTES = (
    "公路建设养护中心", "动物疫病预防控制中心", "不动产登记中心", "供销合作联社", "土地和房屋征收服务中心", "疾病预防控制中心",
    "妇幼保健计划生育服务中心", "人民医院", "第一中学", "特殊教育学校", "职业中等专业学校", "图书馆", "文化馆", "水旱灾害防御事务中心",
    "长江沿线生态环境保护和岸线港口综合整治修复工作事务中心", "国有资产经营管理服务中心", "融媒体中心", "公共资源交易中心",
    "大型水库移民后期扶持服务中心", "新型城镇化建设和老旧小区改造项目推进工作领导小组办公室（临时机构）",
)  # fmt: skip
TOWNS = tuple(
    f"{name}{kind}"
    for name, kind in zip(
        (
            "东",
            "西",
            "南",
            "北",
            "云",
            "松",
            "长",
            "路",
            "陆",
            "儒",
            "永",
            "文",
            "新",
            "道",
            "临",
            "青",
            "白",
            "洪",
            "石",
            "金",
        ),
        ("湖镇人民政府", "山街道办事处", "溪镇人民政府", "港街道办事处") * 5,
        strict=True,
    )
)
CONTACT, TELEPHONE = "测试员甲", "0730-5550101"
PLANTED = f"联系{CONTACT}（{TELEPHONE}）"


def district(pack: Pack, size: int = 80, seed: int = 1, *, roster: bool = True) -> District:
    """A district of `size` departments: most filed, a few in every other state; personal words planted in texts."""
    dice = random.Random(seed)
    names = [(office, "行政") for office in OFFICES] + [(each, "事业") for each in INSTITUTES]
    names += [(town, "乡镇街道") for town in TOWNS]
    chosen = names if size >= len(names) else [names[n * len(names) // size] for n in range(size)]
    entries = tuple(
        RosterEntry(
            budget_code=str(101001 + n * 1000),
            department=f"{AREA}{name}",
            kind=kind,
            section=SECTIONS[n % len(SECTIONS)],
            deadline="2023年4月30日",
            reports_within=f"{AREA}{names[0][0]}" if n and n % 29 == 0 else "",
        )
        for n, (name, kind) in enumerate(chosen)
    )
    results: list[Result] = []
    for n, entry in enumerate(entries):
        if entry.reports_within:
            continue
        results.extend(_results_of(pack, dice, n, entry if roster else None, entry))
    if size > 10:
        results.append(
            _other(_result("x1", "来历不明的表.xlsx", Status.WRONG_FORM), "不是本年度规定的表样：没有找到评分表")
        )
        results.append(_other(_result("x2", "~$101001.xlsx", Status.SKIPPED), "系统或编辑器的临时文件，未读取"))
        stranger = Identity(f"{AREA}石化产业园管理委员会（=2+3）", "999001", 2022)
        results.append(_scored(pack, dice, "x3", "第二次报送/999001_石化产业园管委会.xlsx", stranger, None))
    return District(tuple(results), entries if roster else (), roster, 2022, f"{AREA}财政局", "绩效股")


def _results_of(pack: Pack, dice: random.Random, n: int, known: RosterEntry | None, entry: RosterEntry) -> list[Result]:
    identity = Identity(entry.department, entry.budget_code, 2022)
    file = f"第一次报送/{entry.budget_code}_{entry.department}_{CONTACT}.xlsx"
    key = f"s{n:03d}"
    match n % 27:
        case 7 if known:
            missing = Identity(entry.department, entry.budget_code, None)
            return [_other(_result(key, "", Status.MISSING, missing, known), "名册内部门，截至目前未收到报送文件")]
        case 13:
            locked = _result(key, f"{entry.department}.xls", Status.UNREADABLE, identity, known)
            return [_other(locked, "文件设有打开密码，无法读取", "SUB-02")]
        case 19:
            second = _result(f"{key}b", file.replace("第一次", "补报"), Status.CONFLICT, identity, known)
            first = _result(key, file, Status.CONFLICT, identity, known)
            facts, reason = _facts(pack, dice, identity), "同一部门有两份报送，日期和文件名相同而内容不同"
            return [_with(_other(each, reason), facts=facts) for each in (first, second)]
        case 22:
            newer = _scored(pack, dice, key, file.replace("第一次", "第二次"), identity, known)
            older = _result(f"{key}a", file, Status.SUPERSEDED, identity, known)
            return [newer, _other(older, f"该部门另有更新的报送 {newer.file}", "SUB-07")]
    return [_scored(pack, dice, key, file, identity, known)]


def _result(
    key: str, file: str, status: Status, identity: Identity | None = None, roster: RosterEntry | None = None
) -> Result:
    sha = sha256(key.encode()).hexdigest() if file else ""
    return Result(key, file, sha, status, "", identity or Identity(None, None, None), roster=roster)


def _other(result: Result, reason: str, rule: str = "") -> Result:
    findings = (Finding(rule, Severity.ERROR, f"{reason}。", "请重新报送。"),) if rule else ()
    return _with(result, reason=reason, findings=identified(findings, result.submission_id))


def _with(result: Result, **changes: object) -> Result:
    return Result(**{**{name: getattr(result, name) for name in result.__dataclass_fields__}, **changes})  # type: ignore[arg-type]


def _scored(
    pack: Pack, dice: random.Random, key: str, file: str, identity: Identity, roster: RosterEntry | None
) -> Result:
    facts = _facts(pack, dice, identity)
    careful = dice.random()
    card = _scorecard(pack, dice, careful)
    findings = identified(_findings(pack, dice, card, careful), key)
    severities = {finding.severity for finding in findings}
    status, reason = Status.ACCEPTED, "审核通过"
    if Severity.ERROR in severities:
        errors = sum(finding.severity is Severity.ERROR for finding in findings)
        status, reason = Status.RETURNED, f"有 {errors} 项必改问题，退回修改"
    elif Severity.WARNING in severities:
        status, reason = Status.ACCEPTED_WITH_WARNINGS, "有需说明的事项，请补充说明"
    return _with(
        _result(key, file, status, identity, roster),
        reason=reason,
        findings=findings,
        outcomes=(RuleOutcome("BAL-01", passed=3), RuleOutcome("SCR-01", failed=1)),
        facts=facts,
        scorecard=card,
        output=f"departments/{identity.budget_code}_{identity.department}.xlsx",
    )


def _facts(pack: Pack, dice: random.Random, identity: Identity) -> Facts:
    staff = dice.randint(8, 160)
    figures: dict[str | tuple[str, str], object] = {
        "staff.quota": staff + dice.randint(-2, 8), "staff.actual": staff,
        "profile.contact": f"{CONTACT[:2]} {CONTACT[2:]}", "profile.telephone": TELEPHONE,
        "evaluators.1.name": "核查员乙", "evaluators.1.unit": identity.department,
        "narrative": f"本单位工作完成较好，{PLANTED}，由核查员乙核对。",
    }  # fmt: skip
    for table in pack.money_tables:
        parts = [table.concept_id(column) for column in table.inputs]
        total = Decimal(0)
        for part in parts[1:]:
            if dice.random() < 0.7:
                amount = (Decimal(staff) * Decimal(dice.randint(20, 400)) / 100).quantize(CENT)
                amount *= 30 if dice.random() < 0.01 else 1
                total += amount
                # Some departments fill in the headquarters' row alone.
                figures[(part, HEADQUARTERS)] = amount
                if identity.budget_code and int(identity.budget_code) % 5000 != 4001:
                    figures[(part, SUMMARY)] = amount
        where = SUMMARY if identity.budget_code and int(identity.budget_code) % 5000 != 4001 else HEADQUARTERS
        figures[(parts[0], where)] = total
        figures[(parts[0], HEADQUARTERS)] = total
    return filing(pack, figures).facts


def _scorecard(pack: Pack, dice: random.Random, careful: float) -> Scorecard:
    base_filled = careful > 0.25
    scores = tuple(
        _score(pack, each, dice, base_filled)._replace(dimension=pack.rubric.dimension_of(each).id)
        for each in pack.rubric.indicators
    )

    def total(marks: Sequence[Decimal | None]) -> Decimal:
        return sum((each for each in marks if each is not None), Decimal(0))

    final = total([score.final_marks for score in scores])
    own = total([score.self_marks for score in scores])
    slip = Decimal(dice.choice((0, 0, 0, 1, -2)))
    verified = total(
        [
            score.full_marks
            for score in scores
            if score.status is ScoreStatus.COMPUTED and score.evidence is Evidence.ACCOUNTS
        ]
    )
    declared = total(
        [
            score.full_marks
            for score in scores
            if score.status is ScoreStatus.COMPUTED and score.evidence is Evidence.DECLARED
        ]
    )
    return Scorecard(
        scores, own + slip, own, own, total([score.computed_marks for score in scores]), final, verified, declared,
        pack.rubric.grade(final),
    )  # fmt: skip


def _score(pack: Pack, indicator: Indicator, dice: random.Random, base_filled: bool) -> Score:
    full = indicator.full_marks
    half = Decimal("0.5")
    own = max(Decimal(0), full - half * dice.choice((0, 0, 0, 0, 0, 0, 1, 2)))
    computed = max(Decimal(0), full - half * dice.choice((0, 0, 0, 0, 1, 2, 5)))
    rate = None
    if isinstance(indicator.method, Bands | PointsOver | PointsUnder):
        rate = Decimal(dice.randint(90, 105) if dice.random() < 0.93 else dice.randint(150, 260)) / 100
    if indicator.evidence == "reported":
        return Score(
            indicator.id, indicator.label, full, own, None, own, Basis.SELF, ScoreStatus.REPORTED, Evidence.REPORTED
        )
    if not base_filled and dice.random() < 0.8:
        why = "缺少基础数据，以自评得分计列，未经复算。"
        return Score(
            indicator.id, indicator.label, full, own, None, own, Basis.SELF, ScoreStatus.NOT_COMPUTABLE,
            Evidence.REPORTED, explanation=why,
        )  # fmt: skip
    basis = Basis.COMPUTED if computed <= own else Basis.SELF
    told = f"{indicator.label}按填报数据测算，得 {computed} 分。"
    return Score(
        indicator.id, indicator.label, full, own, computed, min(own, computed), basis, ScoreStatus.COMPUTED,
        Evidence(indicator.evidence), measure=rate, explanation=told, accepted_marks=(computed,),
    )  # fmt: skip


class _Words(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "年度收入情况"


def _findings(pack: Pack, dice: random.Random, card: Scorecard, careful: float) -> list[Finding]:
    if careful > 0.9:
        return []
    made = []
    codes = [
        rule
        for rule in pack.rules
        if rule.family not in ("SUB",) and (careful < 0.7 or rule.severity is not Severity.ERROR)
    ]
    for _ in range(dice.randint(1, 4 + int(14 * (1 - careful)))):
        rule = codes[min(int(dice.expovariate(0.12)), len(codes) - 1)]
        concept = dice.choice(list(pack.concepts.values()))
        expected = (Decimal(dice.randint(100, 900000)) / 100).quantize(CENT, ROUND_HALF_UP)
        actual = expected + Decimal(dice.randint(1, 9000)) / 100
        words = _Words(
            where=pack.describe(concept.id), expected=expected, actual=actual, difference=actual - expected, label=concept.label,
            total_label=concept.label, parts_label="各分项", quote=PLANTED, reason="格式不符", block="年度收入情况",
        )  # fmt: skip
        made.append(
            Finding(
                rule.code, rule.severity, rule.message.format_map(words), rule.remedy.format_map(words),
                Place(pack.sheet_of(concept.block).name, dice.randint(3, 80), dice.randint(0, 7)), concept.id, None,
                str(expected), str(actual), actual - expected,
                suggestion=dice.choice(("", "", f"若改为 {expected}，相关等式全部成立。")),
                reply=dice.choice(("", "", "", f"=已核对，{PLANTED}")),
            )
        )  # fmt: skip
    return made
