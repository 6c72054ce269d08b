/* +++
title = { zh = "A 级风险无防范措施", en = "A-grade risk without a measure" }
label = { zh = "无措施", en = "No measure" }
group = "powers"
order = 28
kind = "deterministic"
source = "D5 §4.2"
tables = ["powers", "powers.measure"]
unit = { zh = "项", en = "powers" }
decimals = 0
window = 1
why = { zh = "排查出风险点而没有防范措施，等于只写下了担心。等级越高，越不能空着。", en = "A risk point that was found and has no measure against it is a worry written down and no more. The higher the grade, the less it may stay so." }
formula = { zh = "季末有效的 A、B 级职权中没有登记防范措施的项数：有 B 级为关注，有 A 级为预警。", en = "Powers in force at the end of the quarter, graded A or B, without a measure: any B is watch, any A is alert." }
example = { zh = "12 项职权中 1 项 A 级没有措施：预警。若那一项是 B 级：关注；是 C 级：不触发。", en = "Of 12 powers one of grade A has no measure: alert. Of grade B: watch; of grade C: not met." }
exclusions = { zh = "C 级职权不算；没有编职权目录的部门不判断（另见“未编职权目录”）。", en = "Powers of grade C; departments without a catalogue are not judged (see “No power catalogue”)." }
assumptions = { zh = "措施一栏空着就是没有措施；写了不等于有用。", en = "An empty cell means that there is none; one that is filled need not be of use." }
remedy = { zh = "逐项制定防范措施，写入目录，明确责任人。", en = "Set a measure for each, enter it in the catalogue, and name who answers for it." }

[evidence]
value = { zh = "没有措施的 A、B 级职权", en = "powers of grade A or B without a measure" }
a_grade = { zh = "其中 A 级（项）", en = "of these, grade A" }
n = { zh = "目录中的职权（项）", en = "powers in the catalogue" }

[sentence]
zh = "{name}：{value} 项 A、B 级职权没有防范措施，其中 A 级 {a_grade} 项（目录共 {n} 项）。"
en = "{name}: powers of grade A or B without a measure {value}, of grade A {a_grade} ({n} in the catalogue)."
+++ */
with counted as (
    select
        region_id,
        department_id,
        quarter,
        count(*) as n,
        count(*) filter (where coalesce(measure, '') = '' and risk_level in ('A', 'B')) as bare,
        count(*) filter (where coalesce(measure, '') = '' and risk_level = 'A') as a_grade,
        list(power_id order by risk_level, power_id) filter (
            where coalesce(measure, '') = '' and risk_level in ('A', 'B')
        ) as ids,
    from powers_in_force
    group by region_id, department_id, quarter
)

select
    region_id,
    department_id,
    quarter,
    bare::double as value,
    0.0 as threshold,
    n,
    case when a_grade > 0 then 'alert' when bare > 0 then 'watch' else 'ok' end as level,
    null::varchar as note,
    a_grade,
    coalesce(ids, []) as ids,
from counted
order by region_id, department_id, quarter
