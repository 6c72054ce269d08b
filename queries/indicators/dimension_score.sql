/* +++
title = { zh = "各维度得分", en = "Score by dimension" }
label = { zh = "维度得分", en = "By dimension" }
unit = { zh = "分", en = "points" }
why = { zh = "看清综合得分从哪里来：同样的总分，弱项可能不同。", en = "Where the composite comes from: the same total may hide different weak spots." }
source = "D1 §3.3.4"
group = "appraisal"
order = 20
better = "higher"
kind = "mean"
decimals = 1
tables = ["evaluations"]
+++ */
select
    region_id,
    department_id,
    quarter,
    dimension as variant,
    mean as value,
    total as numerator,
    n_scores::double as denominator,
    n_ballots as n,
    null::varchar as note,
from scores
where quarter <> 'all' and dimension <> 'pooled'
