/* +++
title = { zh = "重形式、轻内容", en = "Form over substance" }
label = { zh = "重形式", en = "Finds nothing" }
group = "balance"
order = 5
kind = "share"
source = "D1 §1.2"
tables = ["supervision", "complaints", "complaints.substantiated"]
unit = { zh = "%", en = "%" }
decimals = 0
window = 4
axis = { position = 3, heavy = { zh = "没有发现", en = "found nothing" }, light = { zh = "有所发现", en = "found something" } }
why = { zh = "去了、看了、记了，次次没有发现，而群众投诉又屡经查实，说明监督看到的不是真实的内容。没有投诉查实时，一无所获也可能是确实没有什么可发现。", en = "Visits made and registered that never find anything, while complaints turn out to be true, did not look at the substance. Without substantiated complaints, to find nothing may simply mean that there was nothing to find." }
formula = { zh = "近四季发现数为 0 的监督活动 ÷ 全部监督活动，同期有投诉查实时才判断。占比和它的 80% 区间都高于关注线：关注；95% 区间全在预警线以上：预警。平衡图上画的是另一边，即有所发现的占比（100% 减去此值）。", en = "Activities of four quarters that found nothing, divided by all activities, judged only where complaints of the same time were substantiated. Watch where the share and its 80 % interval lie above the watch line; alert where the 95 % interval lies above the alert line. The balance chart draws the other side, the share that found something (100 % less this)." }
example = { zh = "84 次活动全无发现：100%，95% 区间 96–100%，全在 95% 以上，同期查实投诉 6 件，预警。20 次全无发现：80% 区间 92–100%，高于 80%，而 95% 区间 84–100% 没有全在 95% 以上，关注。20 次中 18 次无发现：90%，80% 区间 78–96% 越过 80%，不触发。", en = "84 activities all found nothing: 100 %, 95 % interval 96–100 %, all above 95 %, with 6 complaints substantiated: alert. 20 of 20: the 80 % interval 92–100 % lies above 80 %, the 95 % interval 84–100 % not all above 95 %: watch. 18 of 20: 90 %, the 80 % interval 78–96 % reaches below 80 %: not met." }
exclusions = { zh = "活动不到最少次数的不判断；同期没有投诉查实的不触发；投诉没有报全、查实件数不明，或监督登记与投诉的季度数不同的，不判断。", en = "No judgement on fewer activities than the minimum, nor where complaints were not fully reported, it is unknown how many were substantiated, or the register and the complaints cover different numbers of quarters; not met where none was." }
assumptions = { zh = "发现数如实登记；谈话、座谈等活动同样计入，不因方式而异。", en = "What was found is registered truthfully; talks and meetings count like any other activity." }
remedy = { zh = "对照查实的投诉调整监督的内容和方法，如暗访、抽查、联合督察，发现了就登记并发出督查通知书。", en = "Let the substantiated complaints say what to look at and how: covert visits, spot checks, joint inspection; register what is found and send a notice." }

[thresholds.watch]
value = 80
most = 100
zh = "没有发现的占比高于此值（%）：关注"
en = "share that found nothing above this (%): watch"

[thresholds.alert]
value = 95
most = 100
zh = "没有发现的占比高于此值（%）：预警"
en = "share that found nothing above this (%): alert"

[thresholds.fewest]
value = 5
least = 1
zh = "至少活动次数"
en = "fewest activities"

[thresholds.fewest_substantiated]
value = 1
least = 1
zh = "至少查实的投诉件数"
en = "fewest substantiated complaints"

[notes]
short_register = { zh = "监督登记的季度少于投诉的季度，不是同一时期", en = "the supervision register covers fewer quarters than the complaints: not the same time" }
short_year = { zh = "投诉的季度少于监督登记的季度，不是同一时期", en = "the complaints cover fewer quarters than the supervision register: not the same time" }
substantiated_unknown = { zh = "投诉查实件数不明", en = "unknown how many complaints were substantiated" }

[evidence]
value = { zh = "没有发现问题的占比", en = "share that found nothing" }
heavy = { zh = "没有发现问题（次）", en = "found nothing (activities)" }
light = { zh = "发现了问题（次）", en = "found something (activities)" }
n = { zh = "全部监督活动（次）", en = "all supervision activities" }
substantiated = { zh = "同期查实投诉（件）", en = "complaints substantiated meanwhile" }

[sentence]
zh = "{name}：{period}监督活动 {n} 次，没有发现的 {heavy} 次（{value}%，95% 区间 {low}–{high}%；{line}线 {threshold}%），同期查实投诉 {substantiated} 件。"
en = "{name}: {heavy} of {n} supervision activities {period} found nothing ({value} %, 95 % interval {low}–{high} %; {line} line {threshold} %); complaints substantiated: {substantiated}."
+++ */
with compared as (
    select
        activities.region_id,
        activities.department_id,
        activities.quarter,
        activities.activities,
        activities.without_findings as heavy,
        level_above(heavy, activities.activities, $watch, $alert, $fewest) as reached,
        -- who reported that there were no complaints had none substantiated
        coalesce(complaints.substantiated, if(complaints.received = 0, 0, null)) as substantiated,
        complaints.truth_unknown,
        activities.kept_quarters,
        complaints.reported_quarters,
        complaints.reported_quarters is not null as is_reported,
        coalesce(complaints.reported_quarters, 0) >= activities.kept_quarters as is_whole,
    from window_activities as activities
    left join window_complaints as complaints
        on activities.region_id = complaints.region_id
        and activities.department_id = complaints.department_id
        and activities.quarter = complaints.quarter
        and activities.length = complaints.length
    where activities.length = 4
),

judged as (
    select
        *,
        case
            when reached is null or reached = 'ok' then reached
            when substantiated >= $fewest_substantiated and kept_quarters = reported_quarters then reached
            -- of other quarters than the activities they say nothing of the same time
            when substantiated >= $fewest_substantiated then null
            when substantiated is null or truth_unknown > 0 or not is_whole then null
            else 'ok'
        end as level,
    from compared
)

select
    region_id,
    department_id,
    quarter,
    100.0 * heavy / nullif(activities, 0) as value,
    if(level = 'alert', $alert, $watch)::double as threshold,
    activities as n,
    level,
    case
        when level is not null then null
        when reached is null then 'few'
        when substantiated >= $fewest_substantiated and is_whole then 'short_register'
        when substantiated >= $fewest_substantiated then 'short_year'
        when is_reported and (substantiated is null or truth_unknown > 0) then 'substantiated_unknown'
        else 'not_reported'
    end as note,
    least(kept_quarters, reported_quarters) as covered_quarters,
    heavy,
    activities - heavy as light,
    substantiated,
    wilson_low(heavy, nullif(activities, 0), 1.959964) as low,
    wilson_high(heavy, nullif(activities, 0), 1.959964) as high,
    100 - value as light_share,
    100 - high as light_low,
    100 - low as light_high,
    100.0 - $watch as light_watch,
    100.0 - $alert as light_alert,
from judged
order by region_id, department_id, quarter
