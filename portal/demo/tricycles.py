"""骏驰电动三轮车: cargo, courier, passenger and street-cleaning tricycles; batteries bought in."""

from __future__ import annotations

from portal.demo.companies import Bump, Company, Line, Trouble

MINOR, GENERAL, GRAVE = "minor", "general", "grave"

CARGO = Line(
    "CARGO",
    "货运电动三轮车",
    "Cargo tricycle",
    0.36,
    (("JC150-H", "1.5米货厢", 12), ("JC180-H", "1.8米货厢 加重型", 12)),
    (
        Trouble("电机不转", "Motor dead", GRAVE, "霍尔元件损坏", "更换电机霍尔组件"),
        Trouble("后桥异响", "Rear axle noise", GENERAL, "齿轮油不足", "加注齿轮油，更换轴承"),
        Trouble("爬坡无力", "Weak uphill", GENERAL, "控制器限流", "更换控制器并匹配"),
        Trouble("刹车失灵", "Brakes fail", GRAVE, "制动蹄磨损、油管漏油", "更换制动蹄和油管"),
        Trouble("转把无反应", "Throttle dead", GENERAL, "转把霍尔损坏", "更换转把"),
        Trouble("前减震漏油", "Front damper leaks", MINOR, "油封损坏", "更换前减震"),
        Trouble("货厢锁扣脱落", "Bed latch loose", MINOR, "铆钉松脱", "更换锁扣"),
        Trouble("差速器打齿", "Differential broken", GRAVE, "长期超载", "更换差速器总成"),
        Trouble("车架断裂", "Frame broken", GRAVE, "焊接缺陷", "质量部确认后换车架", True),
    ),
    (Bump(20, 18, 0.6), Bump(265, 30, 0.8)),
)
COURIER = Line(
    "COURIER",
    "快递电动三轮车",
    "Courier tricycle",
    0.24,
    (("JC120-K", "封闭式快递箱", 12), ("JC130-K", "加长快递箱 双电池", 12)),
    (
        Trouble("续航明显缩短", "Short range", GENERAL, "电池单体压差大", "更换电池组并均衡"),
        Trouble("遥控锁失灵", "Remote lock fails", MINOR, "接收器进水", "更换接收器"),
        Trouble("仪表不亮", "Display dark", MINOR, "转换器损坏", "更换直流转换器"),
        Trouble("箱门漏雨", "Box leaks", MINOR, "密封条脱胶", "重新打胶更换密封条"),
        Trouble("转向抖动", "Steering shakes", GENERAL, "前轮轴承松旷", "更换轴承并校正"),
        Trouble("控制器冒烟", "Controller smokes", GRAVE, "线路短路", "更换控制器和线束", True),
    ),
    (Bump(315, 14, 2.2), Bump(168, 10, 1.0)),
)
PASSENGER = Line(
    "PASSENGER",
    "休闲电动三轮车",
    "Passenger tricycle",
    0.2,
    (("JC90-Z", "老年代步 休闲型", 12), ("JC110-Z", "全封闭篷车", 12)),
    (
        Trouble("倒车不工作", "No reverse", GENERAL, "倒车开关损坏", "更换倒车开关"),
        Trouble("座椅松动", "Loose seat", MINOR, "螺栓松动", "紧固并加防松垫"),
        Trouble("大灯不亮", "Headlight dark", MINOR, "灯泡烧毁", "更换LED大灯"),
        Trouble("雨刮不动", "Wiper stuck", MINOR, "雨刮电机卡死", "更换雨刮电机"),
        Trouble("手刹拉不住", "Handbrake slips", GENERAL, "拉线过长", "调整拉线"),
        Trouble("充电时发烫", "Hot while charging", GRAVE, "充电口接触不良", "更换充电口"),
    ),
    (Bump(105, 35, 0.9), Bump(280, 30, 0.6)),
)
CLEANING = Line(
    "CLEANING",
    "环卫电动三轮车",
    "Street-cleaning tricycle",
    0.1,
    (("JC160-B", "保洁自卸型", 12),),
    (
        Trouble(
            "自卸油缸不升", "Tipper does not rise", GENERAL, "液压站电机烧毁", "更换液压站电机"
        ),
        Trouble("水泵不出水", "No water", MINOR, "滤网堵塞", "清洗滤网"),
        Trouble("翻桶机构卡滞", "Bin lift stuck", GENERAL, "导轨变形", "校正导轨"),
    ),
    (Bump(200, 40, 0.5),),
)
BATTERY = Line(
    "BATTERY",
    "动力电池（外购）",
    "Traction battery (bought in)",
    0.1,
    (("LFP-7245", "72V45Ah磷酸铁锂", 24), ("GEL-6032", "60V32Ah铅酸", 12)),
    (
        Trouble("电池充不满", "Does not charge fully", GENERAL, "保护板故障", "供应商更换保护板"),
        Trouble("电池鼓包", "Battery swollen", GRAVE, "过充", "供应商整组更换"),
        Trouble(
            "冬季续航下降", "Short range in winter", MINOR, "低温容量下降", "解释使用方法，建议保温"
        ),
    ),
    (Bump(10, 30, 1.6), Bump(350, 30, 1.6)),
    is_bought_in=True,
)

JUNCHI = Company(
    slug="junchi",
    domain="junchi.example",
    name="骏驰电动三轮车有限公司",
    name_en="Junchi Electric Tricycles",
    hotline="400-820-5566",
    address="河南省洛阳市伊川县产业集聚区骏驰大道8号",
    lines=(CARGO, COURIER, PASSENGER, CLEANING, BATTERY),
    provinces=("37", "41", "51", "43", "42", "36"),
    cities_per_dealer=1.7,
    customers=3_000,
    machines=3_600,
    tickets=8_000,
    cooperative="配送服务有限公司",
    cooperative_share=0.12,
    dealer_kinds=("车业", "车业", "商贸", "机电"),
    has_plates=True,
)
