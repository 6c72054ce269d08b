/* +++
title = { zh = "案件回访不足", en = "Too few return visits" }
label = { zh = "回访不足", en = "No return visit" }
group = "accountability"
order = 33
kind = "share"
source = "D6 §3.1"
tables = ["cases"]
unit = { zh = "%", en = "%" }
decimals = 0
window = 4
why = { zh = "案子办完了，还要回到发案单位听一听：处理得公不公、误解消没消、漏洞补没补。不回访，办案就只有结果，没有效果。", en = "After a case is closed one goes back to where it arose and listens: was it handled fairly, are misunderstandings cleared, is the hole mended. Without that a case has an end and no effect." }
formula = { zh = "近四季已回访案件 ÷ 应回访案件；没有登记应回访数的，以结案数为分母。", en = "Cases revisited in four quarters, divided by those due a visit; by the cases closed where no due figure is kept." }
example = { zh = "结案 16 件，回访 2 件：13%，95% 区间 3–36%，全在 50% 以下：预警。回访 9 件（56%）：80% 区间到 71%，低于 80%：关注。", en = "2 of 16 closed cases revisited: 13 %, 95 % interval 3–36 %, all of it below 50 %: alert. 9 of 16 (56 %): the 80 % interval ends at 71 %, below 80 %: watch." }
exclusions = { zh = "应回访的少于 5 件不判断；只登记了两个数之一的行不算。", en = "No judgement on fewer than 5 due; rows that keep only one of the two figures." }
assumptions = { zh = "结案与回访可能隔季，四季合在一起看；补访以前的案件也算在内。", en = "A visit may fall into a later quarter than the case, so four are taken together; visits that catch up on earlier cases count." }
remedy = { zh = "对近一年已结案件补做回访，记录意见，按季通报。", en = "Make up for the visits to the year's closed cases, write down what was said, and report it each quarter." }

[thresholds.watch]
value = 80
most = 100
zh = "回访率低于此值（%）：关注"
en = "share revisited below this (%): watch"

[thresholds.alert]
value = 50
most = 100
zh = "回访率低于此值（%）：预警"
en = "share revisited below this (%): alert"

[thresholds.fewest]
value = 5
least = 1
zh = "至少应回访件数"
en = "fewest cases due a visit"

[evidence]
value = { zh = "回访率", en = "share revisited" }
revisited = { zh = "已回访（件）", en = "revisited" }
closed = { zh = "已结案件（件）", en = "cases closed" }
n = { zh = "应回访（件）", en = "cases due a visit" }

[sentence]
zh = "{name}：{period}应回访案件 {n} 件，已回访 {revisited} 件（{value}%，区间 {low}–{high}%；{line}线 {threshold}%）。"
en = "{name}: {revisited} of {n} cases due a return visit {period} had one ({value} %, interval {low}–{high} %; {line} line {threshold} %)."
+++ */
with visited as (
    -- visits that catch up on earlier cases can exceed those due
    select *, least(revisited, revisit_due) as met,
    from window_cases
    where length = 4 and department_id <> '*'
),

judged as (
    select *, level_below(met, revisit_due, $watch, $alert, $fewest) as level,
    from visited
)

select
    region_id,
    department_id,
    quarter,
    100.0 * revisited / nullif(revisit_due, 0) as value,
    if(level = 'alert', $alert, $watch)::double as threshold,
    revisit_due as n,
    level,
    if(level is null, 'few', null) as note,
    reported_quarters as covered_quarters,
    revisited,
    closed,
    wilson_low(met, nullif(revisit_due, 0), 1.959964) as low,
    wilson_high(met, nullif(revisit_due, 0), 1.959964) as high,
from judged
order by region_id, department_id, quarter
