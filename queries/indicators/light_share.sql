/* +++
title = { zh = "前两种形态占比", en = "Share of the first two forms" }
label = { zh = "前两种形态", en = "First two forms" }
unit = { zh = "%", en = "%" }
why = { zh = "四种形态中第一、第二种所占人次比例。", en = "Of all handled under the four forms, those under the first and second." }
numerator = { zh = "第一、第二种形态处理的人次", en = "person-times handled under the first and second form" }
denominator = { zh = "四种形态处理的总人次", en = "person-times handled under all four forms" }
caveats = { zh = "单位是人次，不是人，也不是件。高可能是抓早抓小，也可能是处理偏轻，比例本身分不开，所以不判断好坏。", en = "The unit is person-times, neither people nor cases. High may mean caught early or let off lightly; the share cannot tell, so neither is better." }
source = "D2 §1.4"
group = "cases"
order = 230
better = "neither"
kind = "share"
decimals = 1
tables = ["cases"]
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
        sum(first_form + second_form) filter (where third_form + fourth_form is not null)::double as numerator,
        sum(first_form + second_form + third_form + fourth_form)::double as denominator,
    from cases
    where basis <> 'ytd'
    group by region_id, department_id, quarter
    having count(first_form + second_form + third_form + fourth_form) > 0
) as counted
