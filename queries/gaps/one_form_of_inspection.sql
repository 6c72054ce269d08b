/* +++
title = { zh = "督察方式单一", en = "One form of inspection" }
label = { zh = "方式单一", en = "One form" }
group = "balance"
order = 36
kind = "deterministic"
source = "D6 §1.3"
tables = ["supervision"]
unit = { zh = "种方式", en = "forms" }
decimals = 0
window = 4
why = { zh = "督察要明察与暗访结合，单项、专题、综合交替。总是一种方式，被督察的人很快就知道什么时候、怎样准备，看到的就是准备好的样子。", en = "Inspections should be open and covert, about a single matter, a topic or everything. Always the same form, and those inspected soon know when and how to prepare: what is seen is what was prepared." }
formula = { zh = "近四季方式为“督察”的活动，按形式（明察、暗访）× 范围（单项、专题、综合）分成六种，用过其中几种：不多于关注线为关注，不多于预警线为预警。", en = "Inspections of four quarters fall into six kinds, open or covert × single matter, topic or general: how many kinds were used. No more than the watch line is watch, no more than the alert line is alert." }
example = { zh = "督察 9 次，全部是明察单项：1 种，预警。若其中 3 次是明察专题：2 种，关注。再有 1 次暗访单项：3 种，不触发。", en = "9 inspections, all open and about a single matter: 1 form: alert. With 3 of them open and about a topic: 2 forms: watch. With 1 covert one as well: 3 forms: not met." }
exclusions = { zh = "督察不到最少次数的不判断；登记簿不满四季的，不说“只有”；抽查、审计、谈话等其他方式不算。", en = "No judgement on fewer inspections than the minimum; “only” is not said of a register that does not reach back four quarters; spot checks, audits, talks and other methods do not count." }
assumptions = { zh = "形式和范围如实登记；组织方式（定期、联合、突击）不在其内。", en = "Form and scope are registered truthfully; how it was arranged (regular, joint, surprise) is not looked at." }
remedy = { zh = "明察与暗访交替，单项、专题、综合搭配，列入督察计划。", en = "Alternate open and covert inspections, mix single matters, topics and general ones, and plan it so." }
vocabularies = { inspected_forms = "form", inspected_scopes = "scope" }

[thresholds.watch]
value = 2
least = 1
most = 6
zh = "督察方式不多于此数：关注"
en = "no more forms than this: watch"

[thresholds.alert]
value = 1
least = 1
most = 6
zh = "督察方式不多于此数：预警"
en = "no more forms than this: alert"

[thresholds.fewest]
value = 5
least = 1
zh = "至少督察次数"
en = "fewest inspections"

[notes]
short_register = { zh = "监督登记不满四季", en = "the supervision register does not cover four quarters" }

[evidence]
n = { zh = "检查（次）", en = "inspections" }
inspected_forms = { zh = "用过的形式", en = "forms used" }
inspected_scopes = { zh = "用过的范围", en = "scopes used" }
kept_quarters = { zh = "有监督登记的季度（个）", en = "quarters in which the register was kept" }

[sentence]
zh = "{name}：{period}督察 {n} 次，只用过 {value} 种方式（形式：{inspected_forms}；范围：{inspected_scopes}；{line}线 {threshold} 种）。"
en = "{name}: {n} inspections {period}, forms used: {value} (form: {inspected_forms}; scope: {inspected_scopes}; {line} line {threshold})."
+++ */
with judged as (
    select
        *,
        case
            when inspections < $fewest then 'few'
            when inspection_forms <= $watch and kept_quarters < 4 then 'short_register'
        end as note,
    from window_activities
    where length = 4 and department_id <> '*'
)

select
    region_id,
    department_id,
    quarter,
    if(inspections = 0, null, inspection_forms)::double as value,
    if(inspection_forms <= $alert, $alert, $watch)::double as threshold,
    inspections as n,
    case
        when note is not null then null
        when inspection_forms <= $alert then 'alert'
        when inspection_forms <= $watch then 'watch'
        else 'ok'
    end as level,
    note,
    kept_quarters as covered_quarters,
    inspected_forms,
    inspected_scopes,
    kept_quarters,
from judged
order by region_id, department_id, quarter
