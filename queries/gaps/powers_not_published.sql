/* +++
title = { zh = "公开不足", en = "Powers not published" }
label = { zh = "公开不足", en = "Unpublished" }
group = "decisions"
order = 17
kind = "deterministic"
source = "D1 §3.3.1, D5 §4.1.3"
tables = ["powers"]
unit = { zh = "%", en = "%" }
decimals = 0
window = 1
why = { zh = "职责、依据、程序、结果都公开，群众才能监督。不公开的权力，外面的人不知道它存在，更谈不上监督。", en = "Only what is published, duty, basis, procedure and result, can be watched from outside. Of a power that is not, nobody outside even knows." }
formula = { zh = "季末有效职权中已公开的比例：低于 95% 为关注，低于 80% 为预警。", en = "Published share of the powers in force at the end of the quarter: below 95 % watch, below 80 % alert." }
example = { zh = "14 项公开 13 项（93%）：关注；10 项公开 7 项（70%）：预警。", en = "13 of 14 published (93 %): watch; 7 of 10 (70 %): alert." }
exclusions = { zh = "没有编职权目录的部门不判断。依法不公开的职权也在分母里，核查时剔除。", en = "Departments without a catalogue are not judged. Powers that may lawfully stay unpublished are in the base; leave them out when checking." }
assumptions = { zh = "登记为公开就是公开；找不找得到另说。", en = "Registered as published is published; whether it can be found is another matter." }
remedy = { zh = "公开其余职权，或注明依法不公开的理由。", en = "Publish the rest, or state why the law keeps them unpublished." }

[thresholds.watch]
value = 95
most = 100
zh = "公开率低于此值（%）：关注"
en = "published share below this (%): watch"

[thresholds.alert]
value = 80
most = 100
zh = "公开率低于此值（%）：预警"
en = "published share below this (%): alert"

[evidence]
value = { zh = "公开率", en = "published share" }
published = { zh = "已公开（项）", en = "published" }
n = { zh = "有效职权（项）", en = "powers in force" }

[sentence]
zh = "{name}：{n} 项职权公开 {published} 项（{value}%，{line}线 {threshold}%）。"
en = "{name}: powers published {published} of {n} ({value} %, {line} line {threshold} %)."
+++ */
with counted as (
    select
        region_id,
        department_id,
        quarter,
        count(*) as n,
        count(*) filter (where published) as published,
        list(power_id order by risk_level, power_id) filter (where not published) as ids,
    from powers_in_force
    group by region_id, department_id, quarter
)

select
    region_id,
    department_id,
    quarter,
    100.0 * published / n as value,
    if(100.0 * published / n < $alert, $alert, $watch)::double as threshold,
    n,
    case
        when 100.0 * published / n < $alert then 'alert'
        when 100.0 * published / n < $watch then 'watch'
        else 'ok'
    end as level,
    null::varchar as note,
    published,
    coalesce(ids, []) as ids,
from counted
order by region_id, department_id, quarter
