/* +++
title = { zh = "苗头未谈话", en = "Early signs without a talk" }
label = { zh = "苗头未谈话", en = "No early talk" }
group = "accountability"
order = 34
kind = "chart"
source = "D6 §1.2"
tables = ["complaints", "supervision"]
unit = { zh = "项苗头", en = "signs" }
decimals = 0
window = 2
fine = ["conduct"]
why = { zh = "有了苗头先谈话：提醒、警示、诫勉，说清楚、听解释，小事就不会拖成大事。投诉在升、查实在增，而半年里没有谈过一次，等于看着它长大。", en = "On early signs one talks first: a reminder, a warning, an admonition, with a chance to explain. Where complaints rise or turn out true and half a year passes without one talk, the matter is left to grow." }
formula = { zh = "近两季没有任何提醒、警示或诫勉谈话，而出现苗头：一是投诉（全部或作风类）的控制图显示上升，二是查实投诉达到件数线。一项为关注，两项都有为预警。", en = "No reminder, warning or admonition talk in two quarters, and a sign: the control chart of complaints (all, or those about conduct) shows a rise; or substantiated complaints reach the line. One sign: watch; both: alert." }
example = { zh = "近两季投诉超出控制图上限，查实 5 件，没有谈话：预警。投诉平稳而查实 3 件：关注。谈过一次：不触发。", en = "Complaints beyond the control limit, 5 substantiated and no talk in two quarters: alert. No rise and 3 substantiated: watch. One talk: not met." }
exclusions = { zh = "监督登记簿两季中有一季没有登记任何活动的，不知道有没有谈话，不判断；两季投诉没有报全的，不判断；两项苗头都看不清的不判断，只看得清一项而它没有出现的也不判断。", en = "Where the register of supervision holds nothing at all for one of the two quarters it is unknown whether there was a talk: no judgement. Nor where complaints of one of the two were not reported, nor where a sign cannot be judged and the other is absent." }
assumptions = { zh = "谈话都登记在监督活动里；谈话对象是该部门的人，不论哪一级。", en = "Every talk is registered as an activity; it was held with somebody of the department, at whatever level." }
remedy = { zh = "由纪检监察机构同该部门谈话并登记；投诉回落或查实减少。", en = "The supervising body talks with the department and registers it; complaints fall back or fewer turn out true." }

[thresholds.substantiated]
value = 3
least = 1
zh = "近两季查实投诉达到此值：一项苗头"
en = "substantiated complaints in two quarters: a sign"

[notes]
register_not_kept = { zh = "两季中有一季没有监督登记", en = "no register of supervision for one of the two quarters" }
short = { zh = "数据点不足，控制图还没有界限", en = "too few points for the control chart to have limits" }
truth_unknown = { zh = "没有查实件数", en = "it is not recorded how many complaints were true" }

[evidence]
substantiated = { zh = "两季查实投诉（件）", en = "complaints substantiated in two quarters" }
received = { zh = "两季投诉（件）", en = "complaints in two quarters" }
conduct = { zh = "其中作风投诉（件）", en = "of these about conduct" }
is_rising = { zh = "控制图显示上升", en = "control chart shows a rise" }
is_conduct_only = { zh = "上升的只是作风投诉", en = "the rise is of conduct complaints only" }
talks = { zh = "两季谈话（次）", en = "talks in two quarters" }
activities = { zh = "两季监督活动（次）", en = "supervision activities in two quarters" }

[sentence.both]
zh = "{name}：{period}投诉 {received} 件，控制图显示上升，查实 {substantiated} 件，没有一次谈话（监督 {activities} 次）。"
en = "{name}: complaints {period}: {received}, rising by the control chart; found true: {substantiated}; talks: none (supervision activities: {activities})."

[sentence.both_conduct]
zh = "{name}：{period}作风投诉 {conduct} 件（投诉共 {received} 件），作风投诉的控制图显示上升，查实投诉 {substantiated} 件，没有一次谈话（监督 {activities} 次）。"
en = "{name}: complaints about conduct {period}: {conduct} of {received}, these rising by their control chart; complaints found true: {substantiated}; talks: none (supervision activities: {activities})."

[sentence.rising_conduct]
zh = "{name}：{period}作风投诉 {conduct} 件（投诉共 {received} 件），作风投诉的控制图显示上升，没有一次谈话（监督 {activities} 次）。"
en = "{name}: complaints about conduct {period}: {conduct} of {received}, these rising by their control chart; talks: none (supervision activities: {activities})."

[sentence.rising]
zh = "{name}：{period}投诉 {received} 件，控制图显示上升，没有一次谈话（监督 {activities} 次）。"
en = "{name}: complaints {period}: {received}, rising by the control chart; talks: none (supervision activities: {activities})."

[sentence.substantiated]
zh = "{name}：{period}投诉查实 {substantiated} 件（{line}线 {least} 件），没有一次谈话（监督 {activities} 次）。"
en = "{name}: complaints found true {period}: {substantiated} ({line} line {least}); talks: none (supervision activities: {activities})."
+++ */
with signs as (
    select
        windows.region_id,
        windows.quarter,
        signals.department_id,
        coalesce(bool_or(signals.signal <> 'none'), false) as is_rising,
        coalesce(bool_or(signals.signal <> 'none' and signals.indicator = 'complaints_received'), false) as is_rising_in_all,
        -- the chart of all complaints says whether a rise would have been seen
        bool_or(signals.indicator = 'complaints_received' and signals.quarter = windows.quarter and signals.signal is not null)
            as is_charted,
        max(signals.note) filter (
            where signals.indicator = 'complaints_received' and signals.quarter = windows.quarter
        ) as note,
    from windows
    inner join complaint_signals as signals
        on windows.region_id = signals.region_id
        and windows.member = signals.quarter
    where windows.length = 2
    group by windows.region_id, windows.quarter, signals.department_id
),

known as (
    select
        activities.region_id,
        activities.department_id,
        activities.quarter,
        activities.kept_quarters,
        activities.activities,
        activities.talks,
        complaints.received,
        complaints.conduct,
        complaints.substantiated,
        coalesce(signs.is_rising, false) as is_rising,
        coalesce(signs.is_rising and not signs.is_rising_in_all, false) as is_conduct_only,
        coalesce(signs.is_charted, false) as is_charted,
        signs.note as chart_note,
        complaints.reported_quarters,
        -- at least so many is certain; that there were fewer only where every row tells
        case
            when complaints.substantiated >= $substantiated then true
            when complaints.received = 0 or complaints.truth_unknown = 0 then complaints.substantiated >= $substantiated
        end as is_true,
    from window_activities as activities
    left join window_complaints as complaints
        on activities.region_id = complaints.region_id
        and activities.quarter = complaints.quarter
        and activities.department_id = complaints.department_id
        and activities.length = complaints.length
    left join signs
        on activities.region_id = signs.region_id
        and activities.quarter = signs.quarter
        and activities.department_id = signs.department_id
    where activities.length = 2 and activities.department_id <> '*'
),

judged as (
    select
        *,
        is_rising::int + coalesce(is_true, false)::int as signs,
        case
            when talks > 0 then 'ok'
            when kept_quarters < 2 or received is null or reported_quarters < 2 then null
            when is_rising and is_true then 'alert'
            when is_rising or is_true then 'watch'
            when is_charted and is_true is not null then 'ok'
        end as level,
    from known
)

select
    region_id,
    department_id,
    quarter,
    signs::double as value,
    if(level = 'alert', 2, 1)::double as threshold,
    received as n,
    level,
    case
        when level is not null then null
        when kept_quarters < 2 then 'register_not_kept'
        when received is null or reported_quarters < 2 then 'not_reported'
        when is_true is null then 'truth_unknown'
        else coalesce(chart_note, 'few')
    end as note,
    least(kept_quarters, reported_quarters) as covered_quarters,
    case when is_rising and is_true then 'both' when is_rising then 'rising' else 'substantiated' end
        || if(is_conduct_only, '_conduct', '') as reason,
    received,
    conduct,
    substantiated,
    $substantiated::int as least,
    is_rising,
    is_conduct_only,
    activities,
    talks,
from judged
order by region_id, department_id, quarter
