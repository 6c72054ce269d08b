/* +++
order = 30
title = { zh = "全地区的数与各部门之和", en = "The region's own figure and the sum of its departments" }
tables = ["complaints", "cases", "decisions"]

[why]
zh = "各部门之和大于全地区的数，有重复统计；小于时可能有部门未报，或有的件不属于任何部门，列为留意。"
en = "Departments that add up to more than the region's own figure were counted twice. Where they add up to less, a department may be missing or cases may belong to none: worth a look."
+++ */
with every as (
    select 'complaints' as "table", region_id, quarter, department_id, basis, "column", amount,
    from (unpivot complaints on received, closed, substantiated, handled_on_time, dissatisfied, rated, consultations into name "column" value amount)
    union all by name
    select 'cases' as "table", region_id, quarter, department_id, basis, "column", amount,
    from (
        unpivot cases on
            leads, leads_dismissed, leads_inquired, leads_in_verification, leads_pending, filed, open_overdue, closed, exempted,
            withdrawn, cases_sanctioned, people_sanctioned, party_sanctions, administrative_sanctions, first_form, second_form,
            third_form, fourth_form, transferred, leaders_accountable, revisit_due, revisited
        into name "column" value amount
    )
    union all by name
    select 'decisions' as "table", region_id, quarter, department_id, 'period' as basis, "column", amount,
    from (
        unpivot decisions on
            total, collective, voted, single_signature, attended, asked_in_writing, open_tender, risk_assessed, published
        into name "column" value amount
    )
),

added as (
    select
        region_id,
        quarter,
        "table",
        "column",
        sum(amount) filter (department_id = '*')::double as stated,
        sum(amount) filter (department_id <> '*')::double as computed,
        bool_or(basis = 'ytd') as is_cumulative,
    from every
    group by region_id, quarter, "table", "column"
)

select
    region_id,
    '*' as department_id,
    quarter,
    "table",
    "column" as item,
    null::varchar as detail,
    '=' as relation,
    stated,
    computed,
    0.0 as tolerance,
    case when computed > stated then 'disagrees' else 'look' end as severity,
from added
where stated is not null and computed is not null and not is_cumulative
order by region_id, quarter, "table", "column"
