"""The register: laws and rows of the decision table as dated data with article and source.

A rule is one function; its row here says which law and article it carries out, since when, and
whether the text was checked. A row with `is_certain=False` is shown as "to be confirmed".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

AGRI, CAR, GOODS = "AGRI-2010", "CAR-2022", "GOODS-1995"
PHONE, COMPUTER, CONSUMER = "PHONE-2001", "PC-2002", "CPL-2013"
CIVIL_CODE = "Civil Code"
CIVIL_CODE_202, CIVIL_CODE_203 = "Civil Code 202", "Civil Code 203"


@dataclass(frozen=True, slots=True)
class Law:
    """A regulation; it judges sales from `since` on, and before `until` if it was replaced."""

    code: str
    title: str
    source: str
    since: date
    until: date | None = None

    def is_in_force(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


LAWS = {
    law.code: law
    for law in (
        Law(AGRI, "农业机械产品修理、更换、退货责任规定", "Order 126", date(2010, 6, 1)),
        Law(CAR, "家用汽车产品修理更换退货责任规定", "Order 43", date(2022, 1, 1)),
        Law(GOODS, "部分商品修理更换退货责任规定", "1995", date(1995, 8, 25)),
        Law(PHONE, "移动电话机商品修理更换退货责任规定", "2001", date(2001, 11, 15)),
        Law(COMPUTER, "微型计算机商品修理更换退货责任规定", "2002", date(2002, 9, 1)),
        Law(CONSUMER, "中华人民共和国消费者权益保护法", "2013 revision", date(2014, 3, 15)),
    )
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the decision table, by the name it has in the domain paper."""

    code: str
    law: str
    articles: tuple[str, ...]
    is_certain: bool = True
    since: date = date.min
    until: date = date.max

    def is_in_force(self, sale_date: date) -> bool:
        return self.since <= sale_date < self.until


CHECK = False  # the article's number, wording or figure is still to be checked

ROWS = {
    row.code: row
    for row in (
        # Farm machines.
        Row("R1", AGRI, ("37(1)",), CHECK),
        Row("R2", AGRI, ("24", "37(2)")),
        Row("R3", AGRI, ("38",), CHECK),
        Row("R4", AGRI, ("24", "26")),
        Row("R5", AGRI, ("27", "28")),
        Row("R6", AGRI, ("29",)),
        Row("R7", AGRI, ("29",)),
        Row("R8", AGRI, ("30",)),
        Row("R9", AGRI, ("30", "32"), CHECK),
        Row("R10", AGRI, ("32",), CHECK),
        Row("R11", AGRI, ("33",), CHECK),
        Row("R12", AGRI, ("25",)),
        Row("R13", AGRI, ("35",), CHECK),
        Row("R14", AGRI, ("34",), CHECK),
        Row("R15", AGRI, ("25",)),
        Row("R16", AGRI, ("31",), CHECK),
        # Cars.
        Row("CR1", CAR, ("19",), CHECK),
        Row("CR2", CAR, ("18", "19")),
        Row("CR3", CAR, ("32",)),
        Row("CR4", CAR, ("18", "19")),
        Row("C1", CAR, ("22",)),
        Row("C2", CAR, ("23",)),
        Row("C3", CAR, ("20",)),
        Row("C4", CAR, ("21", "40")),
        Row("C5.1", CAR, ("24(1)(1)",)),
        Row("C5.2", CAR, ("24(1)(2)",)),
        Row("C5.3", CAR, ("24(1)(3)",)),
        Row("C5.4", CAR, ("24(1)(4)", "40")),
        Row("C6", CAR, ("28",)),
        Row("C7", CAR, ("14",)),
        Row("C8", CAR, ("29",)),
        Row("C9", CAR, ("30",)),
        # Goods; the phone and computer rules have the same shape and their own figures.
        Row("GR1", GOODS, ("17",)),
        Row("GR2", GOODS, ("8",)),
        Row("GR3", GOODS, ("17",)),
        Row("GR4", PHONE, ("fault list",), CHECK),
        Row("G0", GOODS, ("8",)),
        Row("G1", GOODS, ("9",)),
        Row("G2", GOODS, ("10",)),
        Row("G3", GOODS, ("11",)),
        Row("G4", GOODS, ("13",), CHECK),
        Row("G5", PHONE, ("accessory rule",), CHECK),
        Row("G6", GOODS, ("12",)),
        Row("G7", GOODS, ("13",)),
        Row("G8", GOODS, ("14",)),
        Row("G9", COMPUTER, ("9",)),
        # Consumer law, where no other rule speaks.
        Row("L1", CONSUMER, ("24",)),
        Row("L2", CONSUMER, ("25",)),
        Row("L3", CONSUMER, ("24",), CHECK),
        Row("LR1", CONSUMER, ("24",), CHECK),
        Row("LR2", CONSUMER, ("24", "Civil Code 621"), CHECK),
        Row("LR3", CONSUMER, ("24",), CHECK),
        # A promise of the certificate or contract, better than the law.
        Row("T1", "", ("promise",)),
    )
}
# What stands under another number in the rule of these goods.
ARTICLES = {
    PHONE: {
        "G1": ("12",),
        "G2": ("12",),
        "G3": ("13",),
        "G6": ("16",),
    },
    COMPUTER: {"G1": ("7/15 days",), "G2": ("7/15 days",)},
}
