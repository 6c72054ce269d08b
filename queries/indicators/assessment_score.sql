/* +++
title = { zh = "年度考核得分", en = "Annual assessment" }
label = { zh = "年度考核", en = "Assessment" }
unit = { zh = "分", en = "points" }
why = { zh = "年度考核各维度平均；列在当年最后一个有数据的季度。", en = "The mean of the annual assessment; it stands in the last quarter of its year that has figures." }
numerator = { zh = "当年综合考核中该部门各维度的得分", en = "the department's scores in the dimensions of the year's comprehensive assessment" }
caveats = { zh = "一年只有一次，看不出季度变化。没有抽样误差可算，所以没有区间，也不判断高低；相近的分数不分先后。自评分不在内。", en = "Once a year: it shows no change between quarters. There is no sampling error to reckon with, so it has no interval and nobody is judged by it; close scores are in no order. Self-assessments are left out." }
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
