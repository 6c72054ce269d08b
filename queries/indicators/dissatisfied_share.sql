/* +++
title = { zh = "不满意率", en = "Dissatisfied share" }
label = { zh = "不满意", en = "Dissatisfied" }
unit = { zh = "%", en = "%" }
why = { zh = "参评件中不满意的比例，分母是参评件数，不是受理件数。", en = "Of those who rated, those dissatisfied: the base is ratings, not complaints." }
numerator = { zh = "评价为不满意的件数", en = "ratings that were dissatisfied" }
denominator = { zh = "参加评价的件数（不是受理件数）", en = "complaints that were rated, not those received" }
caveats = { zh = "愿意评价的人不代表所有投诉人；参评少时尤其如此。不满意的可能是结果，不一定是办理。", en = "Those who rate do not stand for all who complained, least of all where few rate. Dissatisfaction may be with the outcome and not with the handling." }
source = "D1 §3.2.3"
group = "complaints"
order = 150
better = "lower"
kind = "share"
decimals = 1
across = true
tables = ["complaints"]
+++ */
select
    region_id,
    department_id,
    quarter,
    '' as variant,
    100.0 * numerator / nullif(denominator, 0) as value,
    numerator,
    denominator,
    denominator::bigint as n,
    null::varchar as note,
from (
    select
        region_id,
        department_id,
        quarter,
        sum(dissatisfied)::double as numerator,
        sum(rated)::double as denominator,
    from complaints
    -- a row that keeps only one of the two says nothing of the share
    where basis <> 'ytd' and dissatisfied is not null and rated is not null
    group by region_id, department_id, quarter
) as counted
