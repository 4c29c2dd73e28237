"""The check table that a company starts with (warranty-claims §4), in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass, field

from warranty.rules.checks.rows import MANUAL, PASS, REJECT, RETURN


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: its sentence, its outcome, what an exception makes of it."""

    code: str
    question: str
    question_en: str
    outcome: str
    softened: str = ""
    reason: str = ""
    level: int = 1
    figures: dict[str, int] = field(default_factory=dict)


ROWS: tuple[Row, ...] = (
    Row(
        "K01",
        "设备已建档、机型一致，经销商合作有效",
        "The machine is on file with its model, and the dealer is active",
        RETURN,
        reason="not_on_file",
    ),
    Row(
        "K02",
        "三包回执卡按期登记；逾期的须经豁免",
        "The receipt card came in time; a late one is waived",
        RETURN,
        MANUAL,
        "no_card",
    ),
    Row(
        "K03",
        "仪表读数与前后维修相符",
        "The meter reading fits earlier and later repairs",
        RETURN,
        reason="by_rule",
    ),
    Row(
        "K04",
        "同一维修只索赔一次",
        "A repair is claimed once",
        RETURN,
        reason="claimed_before",
    ),
    Row(
        "K05",
        "同一设备同一零件或工时未曾赔付，或已注明重复维修",
        "The same part or operation was not paid before, or is marked a repeat repair",
        RETURN,
        reason="claimed_before",
    ),
    Row(
        "K06",
        "零件与工时适用于该机型",
        "Parts and operations belong to the model",
        RETURN,
        reason="wrong_part",
    ),
    Row(
        "K07",
        "数量不超过单机用量",
        "The quantity is within what the machine has",
        RETURN,
        reason="excess_quantity",
    ),
    Row(
        "K08",
        "零件有三包条款",
        "Every part has a term of coverage",
        RETURN,
        reason="not_covered",
    ),
    Row(
        "K09",
        "零件在三包期内，或已有预授权",
        "The part is in its term, or has a pre-authorisation",
        REJECT,
        MANUAL,
        "not_covered",
        level=2,
    ),
    Row(
        "K10",
        "需要预授权的项目已有预授权且在额度内",
        "What needs a pre-authorisation has one, and is within it",
        RETURN,
        reason="no_consent",
        figures={"part_cents": 0, "claim_cents": 0},
    ),
    Row(
        "K11",
        "在期限内申报，或说明了逾期原因",
        "Filed in time, or with the reason of the delay",
        REJECT,
        MANUAL,
        "late_filing",
    ),
    Row(
        "K12",
        "首保未曾使用",
        "The free service was not used before",
        REJECT,
        reason="service_used",
    ),
    Row(
        "K13",
        "经销商没有逾期未返的旧件",
        "The dealer holds no overdue old parts",
        RETURN,
        reason="old_part_missing",
        figures={"pieces": 0},
    ),
    Row(
        "K14",
        "经销商等级可做该工时项目",
        "The dealer's grade may do the operation",
        MANUAL,
        reason="by_rule",
    ),
    Row(
        "K15",
        "售前维修、要求人工审核、关注件或缺价格",
        "A repair before the sale, a review asked for, a watched part, or no price",
        MANUAL,
    ),
    Row(
        "K16",
        "金额、工时费、主要件数量与维修天数在本级权限内",
        "Amount, labour, number of main parts and repair days are within the level",
        MANUAL,
        figures={"labour_cents": 200_000, "main_parts": 2, "repair_days": 7},
    ),
    Row(
        "K17",
        "到达时间、里程与行程和服务记录相符",
        "Arrival, distance and trip fit the visit",
        MANUAL,
        figures={"hours": 24, "minutes": 60},
    ),
    Row(
        "K18",
        "照片未曾使用，有用户签字，新件序列号售给该经销商",
        "Photos are new, the user signed, new serials were sold to this dealer",
        MANUAL,
    ),
    Row(
        "K19",
        "工厂供件不再支付件款",
        "A part supplied by the factory is not paid again",
        PASS,
        reason="factory_part",
    ),
    Row(
        "K20",
        "关注批次未达到需复核的次数",
        "The watched batch has not reached its number of claims",
        MANUAL,
        level=2,
        figures={"claims": 3},
    ),
    Row(
        "K21",
        "向用户收费不超过路费加工时费，且事先告知",
        "What the user was charged is within travel and wages, and was told before",
        MANUAL,
    ),
    Row(
        "K22",
        "均在期内、未超经销商额度、等级受信且未被抽中：自动通过",
        "All in term, under the dealer's limit, trusted grade, not drawn: passes by itself",
        PASS,
        MANUAL,
        figures={"sample_percent": 5},
    ),
)
# Code, Chinese, English.
REASONS: tuple[tuple[str, str, str], ...] = (
    ("not_covered", "超出三包范围或期限", "Outside the term or scope of the guarantee"),
    ("not_on_file", "档案不符", "Does not agree with the records"),
    ("no_card", "三包回执卡缺失或逾期", "Receipt card missing or late"),
    ("late_filing", "逾期申报", "Filed too late"),
    ("claimed_before", "重复申报", "Claimed before"),
    ("service_used", "首保已使用", "Free service used before"),
    ("no_consent", "未经预授权或超出预授权", "Without a pre-authorisation, or above it"),
    ("above_rules", "超出标准价格、工时或里程", "Above the standard price, time or distance"),
    ("factory_part", "工厂供件", "Part supplied by the factory"),
    ("wrong_part", "零件或工时与机型、故障不符", "Part or operation does not fit"),
    ("excess_quantity", "数量过多", "Too many pieces"),
    ("excess_labour", "工时过高", "Too much labour"),
    ("excess_travel", "里程或差旅过高", "Too much travel"),
    ("no_evidence", "凭证不足或不实", "Evidence missing or not genuine"),
    ("not_quality", "非质量问题", "Not a fault of quality"),
    ("wrong_use", "使用、保养不当", "Misuse or lack of maintenance"),
    ("old_part_missing", "旧件未返还或未通过鉴定", "Old part missing or not accepted"),
    ("goodwill_share", "商务让步按比例分担", "Shared by goodwill"),
    ("by_rule", "不符合三包规定", "Against the rules of the guarantee"),
    ("see_words", "其他（见说明）", "Other, see the words"),
)
# Level, role that decides it, up to which cents.
LEVELS: tuple[tuple[int, str, int | None], ...] = (
    (1, "engineer", 500_000),
    (2, "technical_manager", 5_000_000),
    (3, "manager", None),
)
