/* +++
title = { zh = "年度考核得分", en = "Annual assessment" }
label = { zh = "年度考核", en = "Assessment" }
unit = { zh = "分", en = "points" }
why = { zh = "年度考核各维度平均；只在第四季度列出。", en = "The mean of the annual assessment; it stands in the fourth quarter of its year." }
source = "D1 §3.1.3"
group = "appraisal"
order = 30
better = "higher"
kind = "mean"
decimals = 1
tables = ["assessments"]
+++ */
select
    region_id,
    department_id,
    year || 'Q4' as quarter,
    '' as variant,
    avg(score) as value,
    sum(score) as numerator,
    count(score)::double as denominator,
    count(score) as n,
    null::varchar as note,
from assessments
where kind = 'comprehensive'
group by region_id, department_id, year
having count(score) > 0
