/* +++
answers = "Which lead sources, domains, stages and rank bands occur in a region's cases, in their words and order?"
needs = "words"
+++ */
with
occurring as (
    select 'source' as vocabulary, source as code, from cases where region_id = $region and basis <> 'ytd'
    union
    select 'domain', domain, from cases where region_id = $region and basis <> 'ytd'
    union
    select 'found_at', found_at, from cases where region_id = $region and basis <> 'ytd'
    union
    select 'rank_band', rank_band, from cases where region_id = $region and basis <> 'ytd'
)

select
    o.vocabulary,
    o.code,
    coalesce(v.zh, o.code) as zh,
    coalesce(v.en, v.zh, o.code) as en,
from occurring as o
left join vocabulary as v on v.vocabulary = o.vocabulary and v.code = o.code
order by o.vocabulary, v.sort nulls last, o.code
