"""Who there is in the demonstration county: its region, its departments, its raters.

The county, its city and its province are invented; the departments are those that most counties have.
"""

from dataclasses import dataclass

REGION = "tinglan"
REGIONS = [
    # region_id, name, name_en, parent_id
    ("lanjiang", "岚江省", "Lanjiang Province", ""),
    ("yanchuan", "砚川市", "Yanchuan City", "lanjiang"),
    (REGION, "汀澜县", "Tinglan County", "yanchuan"),
]

DIMENSIONS = ("lawfulness", "service", "efficiency", "conduct", "policy_delivery", "integrity")
ASSESSMENT_DIMENSIONS = ("duty", "service", "management", "integrity", "development")

RATER_GROUPS = {
    # rater_group: how many of the 112 raters belong to it
    "leaders": 14,
    "peers": 32,
    "townships": 12,
    "deputies_members": 18,
    "supervisors": 10,
    "enterprises": 12,
    "public": 14,
}


@dataclass(frozen=True)
class Department:
    """One of the 64 departments.

    power: 0 to 1, how much it decides over; drives its catalogue of powers and, in a county where
        answerability follows power, how often it is looked at.
    visible: 0 to 1, how well the raters know it; strict raters skip those they do not know.
    listed: on the list of key supervision.
    """

    department_id: str
    short_name: str
    name: str
    name_en: str
    category: str
    staff: int
    power: float
    visible: float
    listed: bool


# short_name | full name ("" = county + short name) | English | staff | power | visible | listed
_PARTY = """
组织部|中共汀澜县委组织部|Organisation Dept|52|.62|.7|
县委办公室|中共汀澜县委办公室|Party Committee Office|58|.50|.7|
宣传部|中共汀澜县委宣传部|Publicity Department|44|.30|.6|
统战部|中共汀澜县委统战部|United Front Department|24|.16|.3|
机关工委|中共汀澜县委直属机关工作委员会|County Offices Committee|14|.06|.1|
妇联|汀澜县妇女联合会|Women's Federation|13|.05|.4|
总工会|汀澜县总工会|Trade Union Federation|22|.20|.3|
编办|中共汀澜县委机构编制委员会办公室|Staffing Commission|18|.34|.1|
档案局||Archives Office|9|.04|.1|
"""
_GOVERNMENT = """
政府办公室|汀澜县人民政府办公室|Government Office|64|.58|.8|
审计局||Audit Office|46|.48|.5|
财政局||Finance Bureau|112|.96|.8|1
数据局||Data Bureau|26|.24|.2|
市场监管局||Market Regulation|196|.82|.9|
退役军人局|汀澜县退役军人事务局|Veterans Affairs|34|.26|.4|
文旅局|汀澜县文化和旅游局|Culture and Tourism|82|.36|.7|
民政局||Civil Affairs Bureau|61|.54|.8|
统计局||Statistics Bureau|31|.14|.1|
工信局|汀澜县工业和信息化局|Industry and IT Bureau|48|.44|.4|
商务局||Commerce Bureau|38|.33|.3|
科技局||Science and Technology|21|.22|.1|
林业局||Forestry Bureau|118|.56|.5|1
水利局||Water Resources Bureau|124|.78|.6|1
农业农村局||Agriculture Bureau|168|.84|.8|1
教育局||Education Bureau|142|.90|.9|1
人社局|汀澜县人力资源和社会保障局|Human Resources Bureau|128|.80|.9|1
卫健局|汀澜县卫生健康局|Health Bureau|96|.86|.8|1
医保局|汀澜县医疗保障局|Healthcare Security|47|.70|.6|
发改局|汀澜县发展和改革局|Development and Reform|122|.94|.6|1
交通运输局||Transport Bureau|151|.88|.8|1
城管局|汀澜县城市管理局|Urban Management|214|.76|1|1
住建局|汀澜县住房和城乡建设局|Housing and Construction|176|.98|.9|1
"""
_JUSTICE = """
政法委|中共汀澜县委政法委员会|Political-Legal Comm.|28|.32|.3|
公安局||Public Security Bureau|486|.92|1|1
检察院|汀澜县人民检察院|Procuratorate|84|.60|.5|
法院|汀澜县人民法院|Court|122|.74|.6|
司法局||Justice Bureau|72|.38|.5|
交警大队|汀澜县公安局交通警察大队|Traffic Police|148|.64|.9|
信访局||Petitions Office|27|.28|.6|
应急管理局||Emergency Management|68|.52|.6|
"""
_VERTICAL = """
税务局|国家税务总局汀澜县税务局|Tax Bureau|212|.93|.9|
气象局||Meteorological Office|19|.10|.3|
金融监管支局|国家金融监督管理总局汀澜监管支局|Financial Regulation|16|.31|.1|
国调队|国家统计局汀澜调查队|Survey Office|12|.03|.1|
烟草专卖局||Tobacco Monopoly|78|.55|.4|
生态环境局|砚川市汀澜生态环境局|Ecology Bureau|74|.68|.7|
自然资源局||Natural Resources|156|.97|.8|1
消防救援大队|汀澜县消防救援大队|Fire and Rescue Brigade|92|.46|.8|
"""
_UTILITY = """
自来水公司||Water Supply Company|164|.25|.9|
燃气公司||Gas Company|96|.27|.8|1
公交公司||Bus Company|186|.23|.9|
供电公司||Power Supply Company|242|.42|.9|
县医院|汀澜县医院|County Hospital|612|.72|1|1
政务服务中心||Service Centre|56|.29|.9|
机关事务中心|汀澜县机关事务服务中心|Office Affairs Centre|36|.35|.2|
邮政管理站||Postal Service Station|23|.15|.5|
"""
_TOWNSHIP = """
城关镇|城关镇人民政府|Chengguan Town|104|.66|.9|
梅溪镇|梅溪镇人民政府|Meixi Town|78|.45|.6|
枫林乡|枫林乡人民政府|Fenglin Township|54|.21|.3|
东溪镇|东溪镇人民政府|Dongxi Town|72|.40|.5|
白沙镇|白沙镇人民政府|Baisha Town|76|.43|.5|
龙湾镇|龙湾镇人民政府|Longwan Town|81|.47|.5|
石门镇|石门镇人民政府|Shimen Town|69|.39|.4|
大坪乡|大坪乡人民政府|Daping Township|57|.37|.3|
"""


def _read() -> list[Department]:
    blocks = {
        "party": _PARTY,
        "government": _GOVERNMENT,
        "justice": _JUSTICE,
        "vertical": _VERTICAL,
        "utility": _UTILITY,
        "township": _TOWNSHIP,
    }
    departments = []
    for category, block in blocks.items():
        for line in block.strip().splitlines():
            short, name, english, staff, power, visible, listed = line.split("|")
            departments.append(
                Department(
                    department_id=f"D{len(departments) + 1:02}",
                    short_name=short,
                    name=name or f"汀澜县{short}",
                    name_en=english,
                    category=category,
                    staff=int(staff),
                    power=float(power),
                    visible=float(visible),
                    listed=bool(listed),
                )
            )
    return departments


DEPARTMENTS = _read()
BY_NAME = {department.short_name: department for department in DEPARTMENTS}
POSITION = {department.short_name: i for i, department in enumerate(DEPARTMENTS)}

# The Data Bureau took over the Big Data Centre, under a new id, at the start of 2025.
RENAMED = BY_NAME["数据局"].department_id
RENAMED_ON = "2025-01-01"
BEFORE_RENAMING = "D65"

# (department_id, short_name, name, name_en, category, valid_to, successor): no longer valid today
FORMER = [
    (BEFORE_RENAMING, "大数据中心", "汀澜县大数据中心", "Big Data Centre", "government", "2024-12-31", RENAMED),
    (
        "D66",
        "粮食局",
        "汀澜县粮食局",
        "Grain Bureau",
        "government",
        "2023-09-30",  # merged on the eve of the first quarter: it has no figures
        BY_NAME["发改局"].department_id,
    ),
]
