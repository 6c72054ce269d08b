/* +++
answers = "Which appraisal dimensions occur, with the office's weight of each, in the vocabulary's order."
needs = "words"
+++ */
select
    w.dimension,
    coalesce(v.zh, w.dimension) as zh,
    coalesce(v.en, v.zh, w.dimension) as en,
    w.weight,
from (select distinct dimension, weight, from weights) as w
left join vocabulary as v on v.vocabulary = 'dimension' and v.code = w.dimension
order by v.sort nulls last, w.dimension
