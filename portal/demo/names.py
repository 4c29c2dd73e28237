"""Invented people, companies, places and numbers that look like real ones."""

from __future__ import annotations

from random import Random

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
# The first ones are as frequent as they are in the country.
WEIGHTS = [max(2, 40 - 2 * place) for place in range(len(SURNAMES))]
GIVEN_MEN = "伟强磊军勇杰涛明超刚平辉鹏华飞建国志文海东波斌浩宇峰振亮春生福德宝山庆林"
GIVEN_WOMEN = "芳娜敏静丽秀英霞玲燕红梅兰凤萍娟莉雪慧琴云莲珍倩婷淑桂花翠晓"
VILLAGES = "王庄 李家屯 张集 刘楼 陈桥 赵庄 东关 西河 大杨树 三里店 石桥 前进 红旗 小营 沙河 柳林"
TOWNS = "城关镇 新集镇 双桥镇 柳河镇 太平镇 兴隆镇 石门镇 龙泉镇 永丰乡 和平乡 清水镇 马店镇"
TRADE = "丰收 金穗 惠农 兴农 绿野 天禾 富民 沃野 宏远 万家 鑫源 顺达 众合 永盛 长城 五洲 瑞丰 盛泰"
PREFIXES = "130 131 135 136 138 139 150 151 152 158 159 176 177 180 182 186 187 188 189"
PLATE_OF = {"37": "鲁", "41": "豫", "51": "川", "43": "湘", "42": "鄂", "36": "赣"}
PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"

_VILLAGES, _TOWNS, _TRADE = VILLAGES.split(), TOWNS.split(), TRADE.split()
_PREFIXES = PREFIXES.split()


def person(chance: Random, *, woman: bool | None = None) -> str:
    """A Chinese name of two or three characters."""
    if woman is None:
        woman = chance.random() < 0.25
    surname = chance.choices(SURNAMES, WEIGHTS)[0]
    given = GIVEN_WOMEN if woman else GIVEN_MEN
    return surname + "".join(chance.choices(given, k=1 if chance.random() < 0.3 else 2))


def mobile(chance: Random) -> str:
    """A Chinese mobile number as it is stored."""
    return f"+86{chance.choice(_PREFIXES)}{chance.randrange(10**8):08d}"


def company(chance: Random, place: str, kind: str) -> str:
    """河间惠农农机专业合作社"""
    return f"{short(place)}{chance.choice(_TRADE)}{chance.choice(_TRADE)}{kind}"


def short(place: str) -> str:
    """禹城市 is 禹城 in a company's name; 肥东县 is 肥东; 莘县 stays 莘县."""
    return place[:-1] if len(place) > 2 and place[-1] in "市县区" else place


def address(chance: Random, region: str) -> str:
    """A village below a county."""
    village = f"{chance.choice(_TOWNS)}{chance.choice(_VILLAGES)}村"
    return f"{region}{village}{chance.randrange(1, 300)}号"


def plate(chance: Random, region_code: str) -> str:
    """A plate of a tricycle, without look-alikes of digits."""
    letters = "".join(chance.choices(PLATE_LETTERS, k=2))
    province = PLATE_OF.get(region_code[:2], "鲁")
    return f"{province}{letters[0]}{letters[1]}{chance.randrange(10_000):04d}"
