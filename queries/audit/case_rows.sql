/* +++
order = 60
title = { zh = "案件一行之内", en = "Within a row of cases" }
tables = ["cases"]

[why]
zh = "免予处分、撤案是结案的一部分。党纪、政务处分可以重叠，不能相加得人数；但各自不多于受处分人数，人数也不多于两者之和。"
en = "Exempted and withdrawn cases are some of the closed ones. Party and administrative sanctions overlap and never add up to people; but each is at most the people, and the people at most both together."

[items.exempted]
zh = "免予处分 ≤ 结案"
en = "exempted ≤ closed"

[items.withdrawn]
zh = "撤案 ≤ 结案"
en = "withdrawn ≤ closed"

[items.party_sanctions]
zh = "党纪处分 ≤ 受处分人数"
en = "party sanctions ≤ people sanctioned"

[items.administrative_sanctions]
zh = "政务处分 ≤ 受处分人数"
en = "administrative sanctions ≤ people sanctioned"

[items.people_sanctioned]
zh = "受处分人数 ≤ 党纪处分 + 政务处分"
en = "people sanctioned ≤ party + administrative sanctions"
+++ */
with pairs as (
    select cases.*, 'exempted' as item, exempted as stated, closed as computed, from cases
    union all
    select cases.*, 'withdrawn', withdrawn, closed, from cases
    union all
    select cases.*, 'party_sanctions', party_sanctions, people_sanctioned, from cases
    union all
    select cases.*, 'administrative_sanctions', administrative_sanctions, people_sanctioned, from cases
    union all
    select cases.*, 'people_sanctioned', people_sanctioned, party_sanctions + administrative_sanctions, from cases
)

select
    region_id,
    department_id,
    quarter,
    'cases' as "table",
    item,
    concat_ws(
        ' · ',
        'source:' || nullif(source, 'all'),
        'domain:' || nullif(domain, 'all'),
        'found_at:' || nullif(found_at, 'all'),
        'rank_band:' || nullif(rank_band, 'all')
    ) as detail,
    '<=' as relation,
    stated::double as stated,
    computed::double as computed,
    0.0 as tolerance,
    'disagrees' as severity,
from pairs
where stated is not null and computed is not null
order by region_id, department_id, quarter, item, detail
