/* +++
title = { zh = "按期办结率", en = "On-time closure share" }
label = { zh = "按期办结", en = "On time" }
unit = { zh = "%", en = "%" }
why = { zh = "办结件中按期办结的比例。", en = "Of the complaints closed, those closed in time." }
numerator = { zh = "在规定期限内办结的件数", en = "complaints closed within the time allowed" }
denominator = { zh = "本季办结的件数", en = "complaints closed in the quarter" }
caveats = { zh = "还没有办结的超期件不在内，所以积压多的部门也可能很高。按期不等于办好：同时看不满意率。", en = "Overdue complaints still open are not in it, so a department with a backlog may look good. In time is not well done: see the dissatisfied share as well." }
source = "D1 §3.2.3"
group = "complaints"
order = 130
better = "higher"
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
        sum(handled_on_time)::double as numerator,
        sum(closed)::double as denominator,
    from complaints
    -- a row that keeps only one of the two says nothing of the share
    where basis <> 'ytd' and handled_on_time is not null and closed is not null
    group by region_id, department_id, quarter
) as counted
