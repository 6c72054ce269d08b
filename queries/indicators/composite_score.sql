/* +++
title = { zh = "综合得分", en = "Composite score" }
label = { zh = "综合得分", en = "Composite" }
unit = { zh = "分", en = "points" }
why = { zh = "六个维度加权平均，是排名的依据；缺的维度不填补。", en = "The weighted mean of the dimensions, on which departments are ranked; a missing dimension is never filled in." }
source = "D1 §3.3.4"
group = "appraisal"
order = 10
better = "higher"
kind = "mean"
decimals = 1
tables = ["evaluations"]
+++ */
select
    region_id,
    department_id,
    quarter,
    'composite' as variant,
    mean as value,
    null::double as numerator,
    null::double as denominator,
    n_ballots as n,
    if(is_covered, null, 'coverage') as note,
from composites
where quarter <> 'all'
