/* +++
title = { zh = "投诉率（每百名工作人员）", en = "Complaints per 100 staff" }
label = { zh = "投诉率", en = "Rate" }
unit = { zh = "件/百人", en = "per 100 staff" }
why = { zh = "按人员规模折算后才可比较；人员不明的部门没有投诉率。", en = "Comparable only after size is taken into account; a department whose staff is unknown has no rate." }
numerator = { zh = "本季受理的投诉举报件数（不含咨询）", en = "complaints received in the quarter, enquiries left out" }
denominator = { zh = "工作人员数（本季没有报送时沿用最近一次，并注明）", en = "staff; where the quarter has no figure, the last one known, and this is said" }
caveats = { zh = "投诉多不等于问题多：渠道畅通、与群众接触多的部门自然多。人员数只是规模，不是业务量。查实与否另看查实率。件数很少的部门，多一件少一件就变很多，不排名。", en = "More complaints is not more wrong: open channels and much contact with the public bring them. Staff is size, not workload. Whether they were true is another indicator. On very few complaints one more or less changes much; such rates are not ranked." }
source = "D1 §1.3"
group = "complaints"
order = 100
better = "lower"
kind = "rate"
decimals = 1
across = true
tables = ["complaints", "department_facts"]
+++ */
-- a region that reports by month may have published only some months of a quarter
with months as (
    select region_id, quarter, count(distinct month) as n_months,
    from complaints
    where month is not null
    group by region_id, quarter
),

counted as (
    select
        region_id,
        department_id,
        quarter,
        sum(received) as received,
        bool_or(basis = 'ytd') as is_cumulative,
    from complaints
    group by region_id, department_id, quarter
)

select
    departments.region_id,
    departments.department_id,
    departments.quarter,
    '' as variant,
    100.0 * coalesce(counted.received, 0) / nullif(departments.staff, 0) as value,
    coalesce(counted.received, 0)::double as numerator,
    departments.staff::double as denominator,
    coalesce(counted.received, 0)::bigint as n,
    case
        when departments.staff is null then 'no_staff'
        when months.n_months < 3 then 'partial_quarter'
        when departments.facts_quarter < departments.quarter then 'staff_carried'
    end as note,
from department_quarters as departments
inner join reported
    on departments.region_id = reported.region_id
    and departments.department_id = reported.department_id
    and departments.quarter = reported.quarter
    and reported.reported_table = 'complaints'
left join counted
    on departments.region_id = counted.region_id
    and departments.department_id = counted.department_id
    and departments.quarter = counted.quarter
left join months on departments.region_id = months.region_id and departments.quarter = months.quarter
where not coalesce(counted.is_cumulative, false)
