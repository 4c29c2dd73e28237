"""丰禾农机: combines, maize harvesters, tractors, planters, sprayers; balers are bought in."""

from __future__ import annotations

from portal.demo.companies import Bump, Company, Line, Trouble

MINOR, GENERAL, GRAVE = "minor", "general", "grave"

COMBINE = Line(
    "COMBINE",
    "谷物联合收割机",
    "Combine harvester",
    0.34,
    (
        ("4LZ-6.0", "小麦收割机 自走式", 12),
        ("4LZ-8.0E", "谷物联合收割机 履带式", 12),
        ("4LZ-9.0A", "谷物联合收割机 轮式", 12),
    ),
    (
        Trouble(
            "割台堵塞", "Header blocked", MINOR, "作物过湿、割幅偏大", "清理割台，调整搅龙间隙"
        ),
        Trouble(
            "脱粒不净", "Poor threshing", GENERAL, "滚筒转速偏低、凹板间隙大", "调整凹板间隙并试割"
        ),
        Trouble("籽粒破碎多", "Cracked grain", GENERAL, "滚筒转速过高", "降低滚筒转速，更换纹杆"),
        Trouble("发动机无法启动", "Engine does not start", GRAVE, "电磁阀损坏", "更换熄火电磁阀"),
        Trouble(
            "发动机过热", "Engine overheats", GENERAL, "散热器被麦糠堵塞", "清洗散热器、更换皮带"
        ),
        Trouble(
            "液压升降失灵", "Header lift fails", GENERAL, "多路阀卡滞", "清洗多路阀，更换液压油"
        ),
        Trouble("行走无力", "Weak ground drive", GRAVE, "静液压泵内泄", "更换行走泵总成"),
        Trouble(
            "输送链断裂", "Feeder chain broken", GENERAL, "链条疲劳", "更换过桥链条，张紧度调至标准"
        ),
        Trouble("卸粮筒漏粮", "Unloading auger leaks", MINOR, "密封条老化", "更换密封条"),
        Trouble("仪表报警不消除", "Alarm stays on", MINOR, "传感器插头松动", "重新插接并固定线束"),
        Trouble("车架开裂", "Frame cracked", GRAVE, "焊缝疲劳开裂", "技术部现场补强焊接", True),
    ),
    (Bump(160, 13, 11.0), Bump(285, 14, 2.5)),
)
MAIZE = Line(
    "MAIZE",
    "玉米收获机",
    "Maize harvester",
    0.2,
    (("4YZ-4", "四行玉米收获机", 12), ("4YZ-6B", "六行茎穗兼收型", 12)),
    (
        Trouble(
            "摘穗辊堵塞", "Snapping rolls blocked", MINOR, "行距不对、杂草多", "清理并调整辊间隙"
        ),
        Trouble("剥皮不净", "Poor husking", GENERAL, "剥皮辊磨损", "更换剥皮辊橡胶套"),
        Trouble("果穗升运器断链", "Ear elevator chain broken", GENERAL, "链节磨损", "更换升运链"),
        Trouble("还田机振动大", "Shredder vibrates", GENERAL, "刀片缺损不平衡", "成组更换刀片"),
        Trouble("离合器打滑", "Clutch slips", GENERAL, "摩擦片磨损", "更换离合器片"),
        Trouble("发动机冒黑烟", "Black smoke", GENERAL, "空气滤清器堵塞", "更换空滤，检查喷油器"),
        Trouble("变速箱漏油", "Gearbox leaks", MINOR, "油封老化", "更换油封"),
        Trouble("驱动桥异响", "Axle noise", GRAVE, "轴承损坏", "更换驱动桥轴承", True),
    ),
    (Bump(273, 15, 13.0),),
)
TRACTOR = Line(
    "TRACTOR",
    "轮式拖拉机",
    "Wheeled tractor",
    0.24,
    (
        ("FH704", "70马力四驱", 24),
        ("FH1204-C", "120马力动力换挡", 24),
        ("FH2204", "220马力重型", 24),
    ),
    (
        Trouble("启动困难", "Hard to start", GENERAL, "蓄电池亏电", "更换蓄电池，检查充电"),
        Trouble("悬挂提升无力", "Weak hitch", GENERAL, "液压泵磨损", "更换齿轮泵"),
        Trouble("挂挡困难", "Hard shifting", GENERAL, "离合器分离不彻底", "调整离合器自由行程"),
        Trouble("转向沉重", "Heavy steering", GENERAL, "转向油不足", "补油排气，更换油管"),
        Trouble("制动跑偏", "Brakes pull", GRAVE, "左右制动间隙不一", "调整制动器"),
        Trouble("机油压力低", "Low oil pressure", GRAVE, "机油泵磨损", "更换机油泵"),
        Trouble("空调不制冷", "No cooling", MINOR, "制冷剂泄漏", "检漏后补充制冷剂"),
        Trouble("动力输出轴不转", "PTO dead", GENERAL, "拨叉变形", "更换拨叉"),
        Trouble("前桥漏油", "Front axle leaks", MINOR, "油封损坏", "更换油封"),
        Trouble("变速箱内异响", "Gearbox noise", GRAVE, "齿轮打齿", "返厂检修变速箱", True),
    ),
    (Bump(92, 22, 3.5), Bump(283, 18, 3.0)),
)
PLANTER = Line(
    "PLANTER",
    "免耕播种机",
    "No-till planter",
    0.1,
    (("2BYF-4", "四行免耕施肥播种机", 12), ("2BMYF-6", "六行气吸式", 12)),
    (
        Trouble("漏播断条", "Skipped rows", GENERAL, "排种器堵塞", "清理排种盘，调整风压"),
        Trouble("播深不一致", "Uneven depth", MINOR, "限深轮磨损", "更换限深轮"),
        Trouble("施肥不均", "Uneven fertiliser", MINOR, "排肥轮卡滞", "清理排肥盒"),
        Trouble("监控器不显示", "Monitor dark", MINOR, "线束断路", "更换线束"),
        Trouble("地轮打滑", "Drive wheel slips", MINOR, "弹簧压力不足", "调整弹簧"),
    ),
    (Bump(118, 15, 6.0), Bump(165, 9, 5.0), Bump(283, 12, 4.0)),
)
SPRAYER = Line(
    "SPRAYER",
    "自走式喷杆喷雾机",
    "Self-propelled sprayer",
    0.06,
    (("3WPZ-700", "700升高地隙", 12),),
    (
        Trouble("喷头堵塞", "Nozzles blocked", MINOR, "药液杂质", "清洗滤网和喷头"),
        Trouble("隔膜泵压力不足", "Low pump pressure", GENERAL, "膜片破裂", "更换膜片"),
        Trouble("喷杆不能折叠", "Boom does not fold", GENERAL, "油缸内泄", "更换油缸密封"),
        Trouble("四轮转向不同步", "Wheels out of step", GENERAL, "传感器漂移", "重新标定传感器"),
    ),
    (Bump(110, 15, 4.0), Bump(205, 20, 5.0)),
)
BALER = Line(
    "BALER",
    "打捆机（外购）",
    "Baler (bought in)",
    0.06,
    (("9YFQ-2.2", "方草捆打捆机", 12),),
    (
        Trouble("打结器不打结", "Knotter fails", GENERAL, "打结嘴磨损", "供应商更换打结器"),
        Trouble("捡拾器断齿", "Pick-up teeth broken", MINOR, "碰石块", "更换弹齿"),
        Trouble("草捆松散", "Loose bales", MINOR, "密度调节松动", "重新调整压力"),
    ),
    (Bump(170, 14, 6.0), Bump(290, 18, 6.0)),
    is_bought_in=True,
)

FENGHE = Company(
    slug="fenghe",
    domain="fenghe.example",
    name="丰禾农机股份有限公司",
    name_en="Fenghe Agricultural Machinery",
    hotline="400-810-6688",
    address="山东省潍坊市坊子区丰禾路1号",
    lines=(COMBINE, MAIZE, TRACTOR, PLANTER, SPRAYER, BALER),
    provinces=("37", "41", "13", "34", "32", "23", "22", "61"),
    cities_per_dealer=1.15,
    customers=3_200,
    machines=4_600,
    tickets=12_000,
    cooperative="农机专业合作社",
    cooperative_share=0.2,
    dealer_kinds=("农机", "农机", "机电", "农业装备"),
)
