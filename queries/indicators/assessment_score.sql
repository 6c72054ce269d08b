/* +++
title = { zh = "年度考核得分", en = "Annual assessment" }
label = { zh = "年度考核", en = "Assessment" }
unit = { zh = "分", en = "points" }
why = { zh = "年度考核各维度平均；列在当年最后一个有数据的季度。", en = "The mean of the annual assessment; it stands in the last quarter of its year that has figures." }
source = "D1 §3.1.3"
group = "appraisal"
order = 30
better = "higher"
kind = "mean"
decimals = 1
tables = ["assessments"]
+++ */
with last_quarters as (
    select region_id, quarter[1:4]::bigint as year, max(quarter) as quarter,
    from quarters
    group by region_id, quarter[1:4]::bigint
)

select
    assessments.region_id,
    assessments.department_id,
    -- the assessment of a year that is not over stands in the quarter that is shown
    coalesce(any_value(last_quarters.quarter), assessments.year || 'Q4') as quarter,
    '' as variant,
    avg(assessments.score) as value,
    sum(assessments.score) as numerator,
    count(assessments.score)::double as denominator,
    count(assessments.score) as n,
    null::varchar as note,
from assessments
left join last_quarters
    on assessments.region_id = last_quarters.region_id
    and assessments.year = last_quarters.year
where assessments.kind = 'comprehensive'
group by assessments.region_id, assessments.department_id, assessments.year
having count(assessments.score) > 0
