/* +++
title = { zh = "未编职权目录", en = "No power catalogue" }
label = { zh = "无职权目录", en = "No catalogue" }
group = "powers"
order = 32
kind = "deterministic"
source = "D5 §4.1.2"
tables = ["powers", "departments"]
unit = { zh = "项", en = "powers" }
decimals = 0
window = 1
why = { zh = "清权确权是第一步：有哪些权、依据什么、谁来行使，先要列出来。没有目录，后面的风险排查、公开、制约都无从谈起。", en = "To list what powers there are, on what basis and in whose hands comes first. Without the catalogue there is nothing to grade, publish or check." }
formula = { zh = "季末有效的职权项数：少于 3 项为关注，没有为预警。", en = "Powers in force at the end of the quarter: fewer than 3 is watch, none is alert." }
example = { zh = "某部门只列出 2 项职权：关注；一项也没有：预警。", en = "A department lists 2 powers: watch; none: alert." }
exclusions = { zh = "整个地区都没有职权表时不判断；没有历史的目录只判断最近一季。", en = "No judgement where the whole region has no catalogue; one without dates tells of the last quarter only." }
assumptions = { zh = "每个部门都有几项应当列出的职权。", en = "Every department has some powers that ought to be listed." }
remedy = { zh = "编制职权目录和流程图并报送。", en = "Draw up the catalogue with its flow charts and hand it in." }

[thresholds.fewest]
value = 3
least = 1
zh = "少于此项数：关注"
en = "fewer powers than this: watch"

[evidence]
value = { zh = "目录所列职权（项）", en = "powers listed" }

[sentence]
zh = "{name}：职权目录列出 {value} 项（至少应有 {threshold} 项）。"
en = "{name}: powers listed in the catalogue {value} (at least {threshold} would be expected)."
+++ */
with counted as (
    select region_id, department_id, quarter, count(*) as n,
    from powers_in_force
    group by region_id, department_id, quarter
)

select
    standing.region_id,
    standing.department_id,
    standing.quarter,
    coalesce(counted.n, 0)::double as value,
    $fewest::double as threshold,
    coalesce(counted.n, 0) as n,
    case when coalesce(counted.n, 0) = 0 then 'alert' when counted.n < $fewest then 'watch' else 'ok' end as level,
    null::varchar as note,
from department_quarters as standing
inner join catalogue_kept using (region_id, quarter)
-- the catalogue is that of the last day: who was closed before it has none any more
inner join departments
    on standing.region_id = departments.region_id
    and standing.department_id = departments.department_id
    and coalesce(departments.valid_to, date '9999-12-31') >= standing.last_day
left join counted
    on standing.region_id = counted.region_id
    and standing.department_id = counted.department_id
    and standing.quarter = counted.quarter
order by standing.region_id, standing.department_id, standing.quarter
