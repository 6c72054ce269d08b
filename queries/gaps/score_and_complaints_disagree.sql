/* +++
title = { zh = "评分与投诉背离", en = "Score and complaints disagree" }
label = { zh = "评诉背离", en = "Score v complaints" }
group = "appraisal"
order = 39
kind = "composite"
source = "D1 §1.1"
tables = ["evaluations", "complaints", "department_facts"]
unit = { zh = "件/百人", en = "per 100 staff" }
decimals = 1
window = 4
why = { zh = "测评席上人人说好，投诉簿上却明显偏多，两面镜子照出两个样子；反过来，分数很低而几乎没有投诉也一样。其中总有一面没有照全。", en = "Praised in the appraisal and clearly often complained about: two mirrors, two pictures. The reverse is as odd, low scores and hardly a complaint. One of the mirrors does not see everything." }
formula = { zh = "本季综合得分明显高于同类平均，而近四季投诉率高于同类漏斗 95% 上限（关注）或 99.8% 上限（预警）；或得分明显低于平均，而投诉率低于相应下限。", en = "Composite score of the quarter clearly above the peers' average and complaint rate of four quarters above the peers' 95 % (watch) or 99.8 % (alert) upper funnel limit; or the score clearly below average and the rate below the corresponding lower limit." }
example = { zh = "综合得分 84.1，明显高于同类平均 80.2；投诉率每百人 42 件，同类 99.8% 上限 31 件：预警。若投诉在界限内：不触发。", en = "Composite 84.1, clearly above the peers' average of 80.2, with 42 complaints per 100 staff where the 99.8 % limit is 31: alert. With a rate within the limits: not met." }
exclusions = { zh = "得分与平均无显著差别的、投诉在界限内的不触发；得分或投诉率判断不了的不判断。", en = "Scores without a clear difference from average and rates within the limits are not met; where either cannot be judged there is no judgement." }
assumptions = { zh = "测评和投诉说的是同一个部门、相近的时间；参评人与投诉人可以是不同的人，背离本身不说明谁错。", en = "Both speak of the same department at about the same time; raters and those who complain may be different people, and the disagreement does not say who is wrong." }
remedy = { zh = "看投诉集中在哪些环节、参评人是否接触得到；必要时扩大参评人范围，或查渠道是否畅通。", en = "See at which steps complaints gather and whether raters ever meet them; widen the circle of raters if need be, or test the channels." }

[evidence]
score = { zh = "综合得分（分）", en = "composite score (points)" }
average = { zh = "同类平均（分）", en = "peers’ average (points)" }
value = { zh = "投诉率", en = "complaint rate" }
n = { zh = "投诉（件）", en = "complaints" }
benchmark = { zh = "同类平均（件/百人）", en = "peers’ average (per 100 staff)" }
limit_high_95 = { zh = "同类 95% 上限（件/百人）", en = "peers’ upper 95 % limit (per 100 staff)" }
limit_high_998 = { zh = "同类 99.8% 上限（件/百人）", en = "peers’ upper 99.8 % limit (per 100 staff)" }
limit_low_95 = { zh = "同类 95% 下限（件/百人）", en = "peers’ lower 95 % limit (per 100 staff)" }
limit_low_998 = { zh = "同类 99.8% 下限（件/百人）", en = "peers’ lower 99.8 % limit (per 100 staff)" }

[notes]
short_year = { zh = "投诉只报了部分季度，不与全年的比", en = "complaints reported for a part of the quarters only, not to be compared with whole ones" }

[sentence.praised]
zh = "{name}：综合得分 {score:1}，明显高于同类平均 {average:1}；{period}投诉 {n} 件，每百人 {value} 件，高于同类上限 {threshold}。"
en = "{name}: composite {score:1}, clearly above the peers' average of {average:1}, yet complaints {period}: {n}, {value} per 100 staff, above the peers' limit of {threshold}."

[sentence.blamed]
zh = "{name}：综合得分 {score:1}，明显低于同类平均 {average:1}；{period}投诉只有 {n} 件，每百人 {value} 件，低于同类下限 {threshold}。"
en = "{name}: composite {score:1}, clearly below the peers' average of {average:1}, yet complaints {period}: {n}, {value} per 100 staff, below the peers' limit of {threshold}."
+++ */
with known as (
    select
        scores.region_id,
        scores.department_id,
        scores.period as quarter,
        scores.value as score,
        scores.benchmark as average,
        scores.outcome as band,
        scores.note as score_note,
        standing.staff,
        rates.department_id is not null as is_reported,
        rates.value,
        rates.numerator::bigint as n,
        rates.benchmark,
        rates.outcome,
        complaints.reported_quarters,
        not complaints.is_whole as is_short,
        rates.limit_low_95,
        rates.limit_high_95,
        rates.limit_low_998,
        rates.limit_high_998,
        -- where the limit is zero a silence could not show
        rates.value >= rates.limit_low_95 and (rates.limit_low_95 > 0 or rates.value >= rates.benchmark) as is_heard,
    from judgements as scores
    inner join department_quarters as standing
        on scores.region_id = standing.region_id
        and scores.period = standing.quarter
        and scores.department_id = standing.department_id
    left join judgements as rates
        on scores.region_id = rates.region_id
        and scores.period = rates.period
        and scores.department_id = rates.department_id
        and rates.indicator = 'complaint_rate'
        and rates.scope = 'peers'
        and rates.window_quarters = 4
    left join window_complaints as complaints
        on scores.region_id = complaints.region_id
        and scores.period = complaints.quarter
        and scores.department_id = complaints.department_id
        and complaints.length = 4
    where scores.indicator = 'composite_score' and scores.scope = 'peers' and scores.window_quarters = 1
),

judged as (
    select
        *,
        case
            when band is null or outcome is null or is_short then null
            when band = 'above' and outcome = 'high_998' or band = 'below' and outcome = 'low_998' then 'alert'
            when band = 'above' and outcome = 'high_95' or band = 'below' and outcome = 'low_95' then 'watch'
            when band = 'below' and not is_heard then null
            else 'ok'
        end as level,
    from known
)

select
    region_id,
    department_id,
    quarter,
    value,
    case
        when band = 'below' then if(level = 'alert', limit_low_998, limit_low_95)
        else if(level = 'alert', limit_high_998, limit_high_95)
    end as threshold,
    n,
    level,
    case
        when level is not null then null
        when band is null then coalesce(score_note, 'few')
        when staff is null then 'no_staff'
        when not is_reported then 'not_reported'
        when is_short then 'short_year'
        else 'few'
    end as note,
    reported_quarters as covered_quarters,
    if(band = 'below', 'blamed', 'praised') as reason,
    score,
    average,
    band,
    benchmark,
    outcome,
    limit_low_95,
    limit_high_95,
    limit_low_998,
    limit_high_998,
from judged
order by region_id, department_id, quarter
