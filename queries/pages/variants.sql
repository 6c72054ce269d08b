/* +++
answers = "Which variants of each indicator occur in a region, with their words."
needs = "words"
+++ */
with
occurring as (
    select distinct j.indicator, j.variant,
    from judgements as j
    where j.region_id = $region and j.department_id <> '*'
),

words as (
    -- a code may stand in several vocabularies; a dimension's own word comes first
    select v.code, v.zh, v.en, v.sort, row_number() over (partition by v.code order by v.vocabulary <> 'dimension', v.vocabulary) as nth,
    from vocabulary as v
)

select
    o.indicator,
    o.variant,
    coalesce(w.zh, o.variant) as zh,
    coalesce(w.en, w.zh, o.variant) as en,
from occurring as o
left join words as w on w.code = o.variant and w.nth = 1
order by o.indicator, w.sort nulls last, o.variant
