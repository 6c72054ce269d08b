/* +++
title = { zh = "不满意率", en = "Dissatisfied share" }
label = { zh = "不满意", en = "Dissatisfied" }
unit = { zh = "%", en = "%" }
why = { zh = "参评件中不满意的比例，分母是参评件数，不是受理件数。", en = "Of those who rated, those dissatisfied: the base is ratings, not complaints." }
source = "D1 §3.2.3"
group = "complaints"
order = 150
better = "lower"
kind = "share"
decimals = 1
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
