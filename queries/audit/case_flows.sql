/* +++
order = 70
title = { zh = "案件各环节之间", en = "From one step of a case to the next" }
tables = ["cases"]

[why]
zh = "每个数按发生的季度计，后一环节多于前一环节可能是上季结转，所以只列为留意，不算对不上。"
en = "Each count belongs to the quarter of its event, so a later step may exceed an earlier one because cases were carried over: worth a look, no disagreement."

[items.cases_sanctioned]
zh = "处分案件 ≤ 结案"
en = "cases sanctioned ≤ closed"

[items.leads]
zh = "了结 + 函询 + 初核 + 暂存 ≤ 线索"
en = "dismissed + inquired + in verification + pending ≤ leads"
+++ */
with added as (
    select
        region_id,
        department_id,
        quarter,
        basis,
        sum(cases_sanctioned) filter (closed is not null) as cases_sanctioned,
        sum(closed) filter (cases_sanctioned is not null) as closed,
        sum(leads_dismissed + leads_inquired + leads_in_verification + leads_pending) filter (leads is not null) as told,
        sum(leads) filter (leads_dismissed + leads_inquired + leads_in_verification + leads_pending is not null) as leads,
    from cases
    group by region_id, department_id, quarter, basis
),

pairs as (
    select region_id, department_id, quarter, 'cases_sanctioned' as item, cases_sanctioned as stated, closed as computed, from added
    union all
    select region_id, department_id, quarter, 'leads', told, leads, from added
)

select
    region_id,
    department_id,
    quarter,
    'cases' as "table",
    item,
    null::varchar as detail,
    '<=' as relation,
    stated::double as stated,
    computed::double as computed,
    0.0 as tolerance,
    'look' as severity,
from pairs
where stated is not null and computed is not null
order by region_id, department_id, quarter, item
