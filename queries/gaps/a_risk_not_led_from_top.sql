/* +++
title = { zh = "高风险未由主要领导管理", en = "A-grade risk not led from the top" }
label = { zh = "高风险不在上", en = "Not led from top" }
group = "powers"
order = 29
kind = "deterministic"
source = "D5 §4.2"
tables = ["powers"]
unit = { zh = "项", en = "powers" }
decimals = 0
window = 1
why = { zh = "风险分级，就是要分级管理：最高一级由主要领导亲自管。交给副职或科室，等于把最要紧的放在够不着的地方。", en = "Risks are graded so that each grade is managed at its level: the highest by the head in person. Left to a deputy or a division, what matters most lies where nobody of weight looks." }
formula = { zh = "季末有效的 A 级风险点中，管理层级不是主要领导的项数：1 项为关注，2 项及以上为预警。", en = "A-grade points in force at the end of the quarter that the head does not manage: one is watch, two or more are alert." }
example = { zh = "5 个 A 级风险点中 1 个由副职管理：关注；3 个由股室管理：预警。", en = "Of 5 A-grade points a deputy manages 1: watch; divisions manage 3: alert." }
exclusions = { zh = "B、C 级不算；没有编职权目录的部门不判断。", en = "Grades B and C; departments without a catalogue are not judged." }
assumptions = { zh = "管理层级如实登记；亲自管理不等于管好。", en = "The level is registered truthfully; in person is not yet well." }
remedy = { zh = "明确由主要领导管理，更新目录。", en = "Put them under the head and update the catalogue." }

[thresholds.watch]
value = 1
least = 1
zh = "项数达到此值：关注"
en = "points: watch"

[thresholds.alert]
value = 2
least = 1
zh = "项数达到此值：预警"
en = "points: alert"

[evidence]
value = { zh = "不由主要领导管理（项）", en = "not managed by the head" }
n = { zh = "A 级风险点（项）", en = "A-grade risk points" }

[sentence]
zh = "{name}：{n} 个 A 级风险点中 {value} 个不由主要领导管理。"
en = "{name}: A-grade risk points not managed by the head {value} of {n}."
+++ */
with counted as (
    select
        region_id,
        department_id,
        quarter,
        count(*) filter (where risk_level = 'A') as n,
        count(*) filter (where risk_level = 'A' and managed_by_level <> 'top') as below_top,
        list(power_id order by power_id) filter (where risk_level = 'A' and managed_by_level <> 'top') as ids,
    from powers_in_force
    group by region_id, department_id, quarter
)

select
    region_id,
    department_id,
    quarter,
    below_top::double as value,
    if(below_top >= $alert, $alert, $watch)::double as threshold,
    n,
    case when below_top >= $alert then 'alert' when below_top >= $watch then 'watch' else 'ok' end as level,
    null::varchar as note,
    coalesce(ids, []) as ids,
from counted
order by region_id, department_id, quarter
