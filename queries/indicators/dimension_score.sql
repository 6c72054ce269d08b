/* +++
title = { zh = "各维度得分", en = "Score by dimension" }
label = { zh = "维度得分", en = "By dimension" }
unit = { zh = "分", en = "points" }
why = { zh = "看清综合得分从哪里来：同样的总分，弱项可能不同。", en = "Where the composite comes from: the same total may hide different weak spots." }
numerator = { zh = "测评人在这一维度给该部门的每个有效分数", en = "every valid score that raters gave the department in this dimension" }
formula = { zh = "有效分数的平均，再扣除测评人打分偏宽或偏严的部分", en = "the mean of the valid scores, less what lenient or strict raters put in" }
caveats = { zh = "“不了解”不算分数。票少的部门区间宽。一个维度单看时，要记得测评人往往对各维度给相近的分。全体均分逐季升降，也可能是测评人换了。", en = "“Don't know” is no score. Few ballots make a wide interval. Raters tend to give all dimensions much the same score, so one of them alone says little. The mean of all may move because the raters did." }
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
    variant,
    value,
    null::double as numerator,
    null::double as denominator,
    n_ballots as n,
    note,
from standings
where
    scope = 'region'
    and quarter <> 'all'
    and variant not in ('composite', 'pooled')
    and n_scores is not null
