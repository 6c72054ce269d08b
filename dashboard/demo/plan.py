# ruff: noqa: E501 (the plan is a table: a line is as long as its sentences)
"""The gaps planted in the county: rule, department, first quarter, level, and what a reader will find.

The generator asks this plan and nothing else who is to be conspicuous; whatever is not in it stays quiet.

`since` is the first quarter in which the gap is complete, that is, its whole window (four quarters, as a
rule) lies in the planted period. While the window fills, the rule may already fire, depending on the seed.
`level` is the level in the last quarter.
"""

from dataclasses import dataclass

from dashboard.demo import quarters


@dataclass(frozen=True)
class Plant:
    rule: str
    department: str
    since: str
    level: str
    evidence_zh: str
    evidence_en: str

    def start(self, window: int = 4) -> int:
        """Position of the quarter from which rows must show the gap, for it to be complete at `since`."""
        return max(0, quarters.index(self.since) - window + 1)


# Each block: the rule, then a line a department: name | since | level | evidence zh | evidence en
_PLAN = """
supervision_vacuum
档案局|2026Q2|alert|9 人的小单位，四季投诉 14 件，监督为零，不在重点名单|9 staff, 14 complaints in four quarters, no supervision, not listed
自来水公司|2025Q3|alert|投诉率数倍于同类，监督少于同类下四分位，不在重点名单|several times the peers' complaint rate, supervision below their lower quartile, not listed
枫林乡|2025Q3|watch|投诉率在 95% 与 99.8% 上限之间，监督少于同类下四分位|complaint rate between the 95 % and 99.8 % limits, supervision below the lower quartile
weak_self_awareness
交通运输局|2025Q4|alert|年度自评比考核得分高 25 分|self score 25 points above the assessed score
科技局|2025Q4|watch|年度自评比考核得分高 14 分|self score 14 points above the assessed score
统计局|2025Q3|watch|近半选票六项打同一个分|almost half of the ballots give the same score on all six dimensions
top_down_only
公安局|2025Q2|alert|80 余项活动无一自下而上|none of more than 80 activities came from below
商务局|2025Q4|watch|近四季活动无一自下而上|no activity in four quarters came from below
leaders_unsupervised
水利局|2025Q1|alert|44 项活动无一针对领导行为|none of 44 activities looked at leaders' conduct
工信局|2025Q3|watch|近四季活动无一针对领导行为|no activity in four quarters looked at leaders' conduct
form_over_substance
交警大队|2025Q3|alert|80 余项活动一无所获，而投诉屡经查实|more than 80 activities found nothing while complaints were substantiated
东溪镇|2025Q4|watch|近四季活动一无所获，而投诉有查实|activities of four quarters found nothing while complaints were substantiated
micro_over_macro
公安局|2025Q2|alert|80 余项活动均为微观监督|all of more than 80 activities were on a micro level
司法局|2025Q3|watch|近四季活动均为微观监督|all activities of four quarters were on a micro level
individual_over_organisation
教育局|2025Q1|alert|44 项活动全部针对个人|all of 44 activities were about individuals
文旅局|2025Q4|watch|近四季活动全部针对个人|all activities of four quarters were about individuals
reactive_over_proactive
应急管理局|2025Q2|alert|近四季活动仅一项主动发起|one activity of four quarters was started on the office's own initiative
信访局|2025Q3|watch|主动发起的活动约三分之一|about a third of the activities were proactive
after_the_fact
城关镇|2025Q1|alert|近四季活动仅一项在事前或事中|one activity of four quarters came before or during the use of power
农业农村局|2025Q4|watch|事前、事中活动约三分之一|about a third of the activities came before or during
key_domain_unwatched
人社局|2025Q3|alert|人、财两个领域有 A 级职权而无监督|A-grade powers over people and money, neither supervised
县医院|2025Q4|watch|资产领域有 A 级职权而无监督|an A-grade power over assets, unsupervised
燃气公司|2026Q3|watch|财务领域有 A 级职权而无监督|an A-grade power over money, unsupervised
below_standard_two_years
石门镇|2025Q4|alert|考核连续多年低于 60 分|assessed below 60 for years running
公交公司|2026Q3|watch|本年考核低于 60 分|assessed below 60 this year
low_and_not_improving
住建局|2024Q3|alert|测评各季均明显低于平均|clearly below average in every quarter
城管局|2024Q3|alert|测评各季均明显低于平均|clearly below average in every quarter
自然资源局|2024Q3|alert|测评各季均明显低于平均|clearly below average in every quarter
大坪乡|2026Q3|watch|测评连续三季明显低于平均|clearly below average for three quarters running
tasks_overdue
住建局|2026Q2|alert|一项督办逾期超过 90 天|a task overdue by more than 90 days
梅溪镇|2026Q3|alert|未结事项一半以上已逾期|more than half of the open tasks are overdue
交通运输局|2026Q3|watch|一项督办逾期 12 天|a task overdue by 12 days
findings_not_rectified
城管局|2025Q2|alert|六件督查通知书五件未按期整改|five notices of six not rectified on time
卫健局|2025Q3|watch|六件督查通知书两件未按期整改|two notices of six not rectified on time
民政局|2026Q2|watch|同类问题整改后四季内再次出现|a finding of the same type came back within four quarters of its rectification
conduct_complaints_rising
城管局|2026Q3|alert|本季作风投诉骤增，超出控制上限|conduct complaints jumped beyond the limit this quarter
住建局|2026Q3|watch|作风投诉连续七季高于均值|conduct complaints above the mean seven quarters running
档案局|2026Q2|alert|复印收费投诉连续走高，本季超出控制上限|complaints about copying fees rose and are beyond the limit this quarter
leaders_not_accountable
农业农村局|2025Q3|alert|八季处分案件多于 6 件，无领导被追责|more than six sanctioned cases in eight quarters, no leader held to account
龙湾镇|2025Q3|watch|八季处分案件 3 至 5 件，无领导被追责|three to five sanctioned cases in eight quarters, no leader held to account
powers_not_published
白沙镇|2023Q4|alert|三成职权未公开|three powers in ten are not published
编办|2023Q4|watch|一项职权未公开|one power is not published
decisions_unattended
住建局|2025Q2|alert|重大决策仅两成有人列席|two decisions in ten were attended
水利局|2025Q4|watch|重大决策六成有人列席|six decisions in ten were attended
money_unaudited
大坪乡|2025Q3|alert|有财务职权，八季无审计|holds a money power, no audit in eight quarters
供电公司|2026Q3|watch|有财务职权，四季无审计|holds a money power, no audit in four quarters
档案局|2025Q3|alert|有收费职权，八季无审计|holds a power over fees, no audit in eight quarters
燃气公司|2026Q3|watch|有财务职权，四季无审计|holds a money power, no audit in four quarters
power_without_responsibility
自然资源局|2025Q3|alert|职权居前，监督、发现、追责均居末位|among the most powerful, among the least supervised and held to account
医保局|2025Q3|watch|职权靠前，监督与追责靠后|much power, little supervision and accountability
one_pen
机关事务中心|2025Q2|alert|一半事项一人签批|half of the decisions signed by one person
龙湾镇|2025Q4|watch|两成多事项一人签批|more than two decisions in ten signed by one person
power_without_basis
城管局|2023Q4|alert|A 级职权无法定依据|an A-grade power has no legal basis
人社局|2023Q4|watch|一项 C 级职权无法定依据|a C-grade power has no legal basis
weak_deterrence
市场监管局|2025Q3|alert|四十件线索仅立案一两件|one or two cases filed out of forty leads
商务局|2025Q4|watch|三十余件线索立案五件左右|some five cases filed out of some thirty leads
教育局|2025Q2|watch|处理全部为第一、二种形态|every person dealt with by the first or second form
stage_unwatched
退役军人局|2025Q3|alert|授权与结果阶段均无监督|neither the grant nor the result of power is supervised
宣传部|2025Q4|watch|授权阶段无监督|the grant of power is not supervised
档案局|2026Q1|alert|近四季没有任何监督活动|no supervision activity in four quarters
燃气公司|2026Q3|alert|近四季没有任何监督活动|no supervision activity in four quarters
single_source_of_leads
公安局|2025Q2|alert|八十件线索全部来自信访举报|all of eighty leads came from petitions and reports
林业局|2025Q4|watch|近四季线索全部来自上级交办|all leads of four quarters were assigned from above
powers_not_separated
烟草专卖局|2023Q4|alert|同一岗位兼有财务领域决策、执行、监督|one post decides, executes and supervises over money
工信局|2023Q4|watch|同一岗位兼有财务领域决策与执行|one post decides and executes over money
decisions_not_collective
大坪乡|2025Q2|alert|仅两成多事项经票决|little more than two decisions in ten were voted
商务局|2025Q4|watch|八成多事项集体研究|some eight decisions in ten were collective
a_risk_without_measure
住建局|2023Q4|alert|A 级风险点无防范措施|an A-grade risk point has no measure
林业局|2023Q4|watch|B 级风险点无防范措施|a B-grade risk point has no measure
a_risk_not_led_from_top
自然资源局|2023Q4|alert|三个 A 级风险点由股室管理|three A-grade points are managed by divisions
邮政管理站|2023Q4|watch|一个 A 级风险点由副职管理|an A-grade point is managed by a deputy
flow_without_check
交通运输局|2023Q4|alert|A 级职权流程无制约环节|the flow of an A-grade power has no checking step
气象局|2023Q4|watch|B 级职权无投诉渠道|a B-grade power has no complaint route
rotation_overdue
财政局|2026Q2|alert|A 级岗位轮岗逾期|rotation of an A-grade post is overdue
统战部|2026Q2|watch|C 级岗位轮岗逾期|rotation of a C-grade post is overdue
no_power_catalogue
妇联|2023Q4|alert|未编职权目录|no powers listed
机关工委|2023Q4|watch|只列出两项职权|only two powers listed
no_return_visit
法院|2025Q2|alert|已结案件几乎没有回访|hardly any closed case was revisited
卫健局|2025Q4|watch|已结案件约一半回访|about half of the closed cases were revisited
early_signs_without_talk
城管局|2026Q3|alert|作风投诉骤增且多有查实，两季未谈话|conduct complaints jumped and were substantiated, no talk in two quarters
档案局|2026Q2|alert|投诉上升且多有查实，两季未谈话|complaints rose and were substantiated, no talk in two quarters
燃气公司|2026Q1|watch|两季查实投诉三件以上，未谈话|three or more complaints substantiated in two quarters, no talk
no_outside_eyes
政法委|2025Q2|alert|近四季无外部监督|no outside supervision in four quarters
检察院|2025Q4|watch|近五十项活动仅一项为外部监督|one activity of about fifty came from outside
档案局|2026Q1|alert|近四季没有任何监督活动|no supervision activity in four quarters
燃气公司|2026Q3|alert|近四季没有任何监督活动|no supervision activity in four quarters
one_form_of_inspection
金融监管支局|2025Q2|alert|督察均为公开单项|every inspection open and about a single matter
总工会|2025Q4|watch|督察只有公开单项、公开专题两种|inspections open only, about a single matter or a topic
point_line_area
国调队|2025Q2|alert|只监督流程，个人与社会两面均无|only processes supervised, neither individuals nor society
政府办公室|2025Q4|watch|社会面无监督|nothing on the side of society
档案局|2026Q1|alert|近四季没有任何监督活动|no supervision activity in four quarters
燃气公司|2026Q3|alert|近四季没有任何监督活动|no supervision activity in four quarters
silent_power
发改局|2025Q3|alert|职权居前四分之一，四季几乎没有投诉|power in the top quarter, hardly a complaint in four quarters
税务局|2025Q3|watch|职权居前四分之一，投诉低于 95% 下限|power in the top quarter, complaints below the lower 95 % limit
score_and_complaints_disagree
财政局|2025Q3|alert|测评明显高于平均，投诉高于 99.8% 上限|scores clearly above average, complaints above the 99.8 % limit
审计局|2025Q3|watch|测评明显高于平均，投诉高于 95% 上限|scores clearly above average, complaints above the 95 % limit
listed_but_unsupervised
燃气公司|2026Q1|alert|在重点名单，四季无监督|listed, no supervision in four quarters
林业局|2026Q3|watch|在重点名单，两季无监督|listed, no supervision in two quarters
not_reported
生态环境局|2026Q2|alert|三重一大数据连续两季未报|decisions not reported for two quarters
邮政管理站|2026Q3|watch|本季案件数据未报|cases not reported this quarter
"""


def _read() -> list[Plant]:
    plants, rule = [], ""
    for line in _PLAN.strip().splitlines():
        if "|" in line:
            plants.append(Plant(rule, *line.split("|")))
        else:
            rule = line
    return plants


PLANTS = _read()
_BY_KEY = {(plant.rule, plant.department): plant for plant in PLANTS}


def planted(rule: str, department: str) -> Plant | None:
    return _BY_KEY.get((rule, department))


def level(rule: str, department: str) -> str | None:
    plant = _BY_KEY.get((rule, department))
    return plant.level if plant else None
