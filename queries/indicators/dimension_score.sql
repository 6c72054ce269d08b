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
    scores.region_id,
    scores.department_id,
    scores.quarter,
    scores.dimension as variant,
    -- a handful of scores would show what the handful said, and rank the department by it
    if(scores.n_ballots >= coverage.fewest_ballots, scores.mean, null) as value,
    if(scores.n_ballots >= coverage.fewest_ballots, scores.total, null) as numerator,
    if(scores.n_ballots >= coverage.fewest_ballots, scores.n_scores, null)::double as denominator,
    scores.n_ballots as n,
    if(scores.n_ballots >= coverage.fewest_ballots, null, 'coverage') as note,
from scores
cross join coverage
where scores.quarter <> 'all' and scores.dimension <> 'pooled'
