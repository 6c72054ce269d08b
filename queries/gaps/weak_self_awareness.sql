/* +++
title = { zh = "自我监督弱化", en = "Weak self-awareness" }
label = { zh = "自评偏高", en = "Self-regard" }
group = "appraisal"
order = 2
kind = "share"
source = "D1 §1.1"
tables = ["assessments", "evaluations"]
unit = { zh = "分或 %", en = "points or %" }
decimals = 0
window = 1
why = { zh = "监督先要自己肯看自己。自评远高于外评，是看不见自己的问题；测评时六项打同一个分，是把评价当成走过场。两样都说明监督意识在变弱。", en = "Supervision begins with looking at oneself. A self score far above what others give is blindness to one's own faults; ballots with one score for everything make the appraisal an empty form. Both tell of a weakening will to supervise." }
formula = { zh = "年度综合考核的自评平均分减去考核平均分，超过分差线；或本季该部门的选票中，各维度打同一个分的占比超过占比线（区间一并越线）。", en = "The mean self score of the annual comprehensive assessment minus the mean score given, above the line in points; or, of this quarter's ballots on the department, the share with one score for every dimension above the line in per cent, its interval too." }
example = { zh = "自评 97 分、考核 72 分，高 25 分：预警。自评只高 2 分，但 100 张选票中 42 张打同一个分（42%，80% 区间从 36% 起，95% 区间从 33% 起）：关注。", en = "97 by its own account and 72 as assessed, 25 points higher: alert. Only 2 points, but 42 of 100 ballots with one score (42 %, 80 % interval from 36 %, 95 % interval from 33 %): watch." }
exclusions = { zh = "自评与考核只有一个的维度不算；没有本年度考核时用上一年度的，再早的不用；选票不足 20 张不判断占比；不足三个维度的选票不算打同一个分。一项判断不了，按另一项。", en = "Dimensions with only one of the two scores. Where this year's assessment is not there yet, last year's is taken, and none before it. No share on fewer than 20 ballots; a ballot of fewer than three scores is no straight line. Where one half cannot be judged, the other counts." }
assumptions = { zh = "打同一个分多半是没有细看，也可能真的认为都一样。只看本季的选票：同一批参评人各季重复出现，几季相加并不增加独立的意见。考核从考核日期所在的季度起算已知；没有日期的，从当年第四季度起。", en = "One score for everything mostly means not looking closely, though a rater may mean it. Only this quarter's ballots count: the same raters come again each quarter, so adding quarters adds no independent opinion. An assessment is known from the quarter of its date on; without a date, from the fourth quarter of its year." }
remedy = { zh = "对照考核结果开展自查，说明差距；向参评人讲清各维度的含义，请其分项打分。", en = "Set the self-examination against the assessment and explain the difference; tell raters what each dimension means and ask for a score on each." }

[thresholds.watch_points]
value = 10
most = 100
zh = "自评高出考核超过此分数：关注"
en = "self score above the outside score by more than these points: watch"

[thresholds.alert_points]
value = 20
most = 100
zh = "自评高出考核超过此分数：预警"
en = "self score above the outside score by more than these points: alert"

[thresholds.watch_share]
value = 30
most = 100
zh = "打同一个分的选票占比高于此值（%）：关注"
en = "share of ballots with one score above this (%): watch"

[thresholds.alert_share]
value = 50
most = 100
zh = "打同一个分的选票占比高于此值（%）：预警"
en = "share of ballots with one score above this (%): alert"

[thresholds.fewest]
value = 20
least = 1
zh = "至少选票张数"
en = "fewest ballots"

[evidence]
year = { zh = "考核年度", en = "assessment of the year" }
self_score = { zh = "自评（分）", en = "self score (points)" }
outside_score = { zh = "考核得分（分）", en = "assessed score (points)" }
points = { zh = "自评高出（分）", en = "self above assessed (points)" }
straight = { zh = "各项同分的选票（张）", en = "straight-lined ballots" }
ballots = { zh = "选票（张）", en = "ballots" }

[sentence.self]
zh = "{name}：{year} 年自评 {self_score:1} 分，考核 {outside_score:1} 分，高出 {value:1} 分（{line}线 {threshold} 分）。"
en = "{name}: {self_score:1} points by its own account in {year}, {outside_score:1} as assessed: {value:1} points more ({line} line {threshold})."

[sentence.ballots]
zh = "{name}：{period}选票 {n} 张，{straight} 张各项打同一个分（{value}%，区间 {low}–{high}%；{line}线 {threshold}%）。"
en = "{name}: {straight} of {n} ballots {period} give one score for everything ({value} %, interval {low}–{high} %; {line} line {threshold} %)."
+++ */
with compared as (
    select
        known.region_id,
        known.quarter,
        known.department_id,
        known.year,
        avg(assessments.self_score) as self_score,
        avg(assessments.score) as outside_score,
        -- differences of tenths must not pass a line that they only meet
        round(avg(assessments.self_score) - avg(assessments.score), 6) as points,
        count(*) as dimensions,
    from known_assessments as known
    inner join assessments
        on known.region_id = assessments.region_id
        and known.former_id = assessments.department_id
        and known.year = assessments.year
    where
        assessments.kind = 'comprehensive'
        and assessments.self_score is not null
        and assessments.score is not null
        and known.year >= known.quarter[1:4]::int - 1
    group by all
),

latest as (
    select *,
    from compared
    qualify row_number() over (partition by region_id, quarter, department_id order by year desc) = 1
),

judged as (
    select
        region_id,
        quarter,
        department_id,
        latest.year,
        latest.self_score,
        latest.outside_score,
        latest.points,
        latest.dimensions,
        ballots.n_cast,
        ballots.n_straight,
        case
            when latest.points > $alert_points then 'alert'
            when latest.points > $watch_points then 'watch'
            when latest.points is not null then 'ok'
        end as self_level,
        level_above(ballots.n_straight, ballots.n_cast, $watch_share, $alert_share, $fewest) as ballot_level,
    from latest
    full join straight_lines as ballots using (region_id, quarter, department_id)
),

spoken as (
    select
        *,
        worse_level(self_level, ballot_level) as level,
        -- of equals the self score is spoken of
        if(
            self_level is not null and self_level = worse_level(self_level, ballot_level),
            'self',
            'ballots'
        ) as reason,
    from judged
)

select
    region_id,
    department_id,
    quarter,
    if(reason = 'self', points, 100.0 * n_straight / nullif(n_cast, 0)) as value,
    case
        when reason = 'self' then if(level = 'alert', $alert_points, $watch_points)
        else if(level = 'alert', $alert_share, $watch_share)
    end::double as threshold,
    if(reason = 'self', dimensions, n_cast) as n,
    level,
    if(level is null, 'few', null) as note,
    reason,
    year::varchar as year,
    self_score,
    outside_score,
    points,
    n_cast as ballots,
    n_straight as straight,
    if(reason = 'ballots', wilson_low(n_straight, nullif(n_cast, 0), 1.959964), null) as low,
    if(reason = 'ballots', wilson_high(n_straight, nullif(n_cast, 0), 1.959964), null) as high,
from spoken
order by region_id, department_id, quarter
