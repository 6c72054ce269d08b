/* +++
title = { zh = "综合得分", en = "Composite score" }
label = { zh = "综合得分", en = "Composite" }
unit = { zh = "分", en = "points" }
why = { zh = "六个维度加权平均，是排名的依据；缺的维度不填补。", en = "The weighted mean of the dimensions, on which departments are ranked; a missing dimension is never filled in." }
numerator = { zh = "部门在各维度的得分（已校正评分宽严）", en = "the department's score in each dimension, freed of raters' severity" }
formula = { zh = "各维度得分 × 权重，相加，再除以权重之和", en = "each dimension's score times its weight, added up, divided by the sum of the weights" }
caveats = { zh = "只有两端分得清，中间不分先后。换一组权重，名次会动。各维度若高度相关，六个分数可能只是一个总印象。全体均分逐季升降，也可能是测评人换了或打分松紧变了，不一定是部门变了。", en = "Only the two ends can be told apart; the middle is in no order. Other weights move the ranks. Where the dimensions go together, the scores may be one impression. A rise or fall of the mean of all may come from other raters or a stricter mood, not from the departments." }
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
    variant,
    value,
    null::double as numerator,
    null::double as denominator,
    n_ballots as n,
    note,
from standings
where scope = 'region' and quarter <> 'all' and variant = 'composite'
