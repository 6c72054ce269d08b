/* +++
title = { zh = "权力缺规则", en = "Power without basis" }
label = { zh = "缺法定依据", en = "No legal basis" }
group = "powers"
order = 22
kind = "deterministic"
source = "D2 §1.2"
tables = ["powers", "powers.basis"]
unit = { zh = "项", en = "powers" }
decimals = 0
window = 1
why = { zh = "没有写明依据的权力，边界由行使的人自己画：用多用少、用来做什么，都无从对照，也无从监督。", en = "A power whose basis nobody wrote down has the bounds that its holder gives it: how far it goes and what for cannot be compared with anything, nor supervised." }
formula = { zh = "季末有效职权中没有登记法定依据的：有一项即为关注；超过 10%，或其中有 A 级，为预警。", en = "Powers in force at the end of the quarter without a legal basis: any is watch; more than 10 %, or one of grade A, is alert." }
example = { zh = "14 项职权中 1 项 C 级没有依据（7%）：关注。若有 2 项（14%），或那一项是 A 级：预警。", en = "Of 14 powers one of grade C has no basis (7 %): watch. Were it 2 (14 %), or of grade A: alert." }
exclusions = { zh = "没有编职权目录的部门不判断。", en = "Departments without a catalogue are not judged." }
assumptions = { zh = "依据一栏空着就是没有依据；填了不等于有效。", en = "An empty cell means that there is none; one that is filled need not be valid." }
remedy = { zh = "补充依据，或停止行使并从目录中删去。", en = "State the basis, or stop using the power and take it from the catalogue." }

[thresholds.share]
value = 10
most = 100
zh = "占比超过此值（%）：预警"
en = "share above this (%): alert"

[evidence]
value = { zh = "没有法定依据（项）", en = "powers without a legal basis" }
a_grade = { zh = "其中 A 级（项）", en = "of grade A" }
bare_share = { zh = "占比（%）", en = "share (%)" }
n = { zh = "有效职权（项）", en = "powers in force" }

[sentence]
zh = "{name}：{n} 项职权中 {value} 项没有法定依据，其中 A 级 {a_grade} 项。"
en = "{name}: powers without a legal basis {value} of {n}, of grade A {a_grade}."
+++ */
with counted as (
    select
        region_id,
        department_id,
        quarter,
        count(*) as n,
        count(*) filter (where coalesce(basis, '') = '') as bare,
        count(*) filter (where coalesce(basis, '') = '' and risk_level = 'A') as a_grade,
        list(power_id order by risk_level, power_id) filter (where coalesce(basis, '') = '') as ids,
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
    case
        when a_grade > 0 or 100.0 * bare / n > $share then 'alert'
        when bare > 0 then 'watch'
        else 'ok'
    end as level,
    null::varchar as note,
    a_grade,
    100.0 * bare / n as bare_share,
    coalesce(ids, []) as ids,
from counted
order by region_id, department_id, quarter
