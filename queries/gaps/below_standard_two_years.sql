/* +++
title = { zh = "连续两年不达标", en = "Below standard two years running" }
label = { zh = "两年不达标", en = "Below standard" }
group = "appraisal"
order = 11
kind = "deterministic"
source = "D1 §3.1.3"
tables = ["assessments"]
unit = { zh = "分", en = "points" }
decimals = 1
window = 4
why = { zh = "年度考核把职责、服务、管理、廉政和自身建设量化成分。一年不达标要改，连续两年不达标就要有后果，考核才不是一张纸。", en = "The annual assessment puts duty, service, management, integrity and development into points. Below the mark once calls for change; twice running must have consequences, or the assessment is only paper." }
formula = { zh = "年度综合考核各维度平均分低于合格线：本年低于为关注，本年和上一年都低于为预警。", en = "The mean over the dimensions of the annual comprehensive assessment below the pass mark: this year watch; this year and the year before alert." }
example = { zh = "今年 54.2 分、去年 56.0 分，合格线 60 分：预警。去年 71 分：关注。今年正好 60 分：不触发。", en = "54.2 points this year and 56.0 last year where the mark is 60: alert. With 71 last year: watch. Exactly 60 this year: not met." }
exclusions = { zh = "只看综合考核，专项、抽查、窗口评星和申报不算；没有得分的维度不算；本年度考核还没有时看上一年度，再早的不看；上一年没有考核的，最多为关注。", en = "Only the comprehensive assessment: no focused or spot checks, star ratings or declarations. Dimensions without a score. Where this year's is not there yet, last year's is taken, and none before it. Without a year before it is watch at most." }
assumptions = { zh = "各维度同等看待；表里没有合格线的用设置的合格线；考核从考核日期所在的季度起算已知；没有日期的，从当年第四季度起。", en = "Dimensions count alike. Where the table has no pass mark, the one of the settings holds. An assessment is known from the quarter of its date on; without a date, from the fourth quarter of its year." }
remedy = { zh = "对失分维度制定整改计划，按制度落实连续不达标的后果；下一年度考核达到合格线。", en = "A plan for the dimensions that lost points, and the consequences that the rules provide; the next assessment reaches the mark." }

[thresholds.pass_mark]
value = 60
most = 100
zh = "合格线（考核表里没有时用）"
en = "pass mark where the assessment has none"

[evidence]
value = { zh = "本年得分（分）", en = "score this year (points)" }
year = { zh = "考核年度", en = "assessment of the year" }
threshold = { zh = "合格线（分）", en = "pass mark (points)" }
previous_score = { zh = "上年得分（分）", en = "score last year (points)" }
previous_mark = { zh = "上年合格线（分）", en = "pass mark last year (points)" }

[sentence.once]
zh = "{name}：{year} 年度考核 {value} 分，低于合格线 {threshold} 分（上一年度 {previous_score} 分）。"
en = "{name}: {value} points in the assessment of {year}, below the pass mark of {threshold} (the year before: {previous_score})."

[sentence.first]
zh = "{name}：{year} 年度考核 {value} 分，低于合格线 {threshold} 分；上一年度没有考核得分。"
en = "{name}: {value} points in the assessment of {year}, below the pass mark of {threshold}; the year before has no score."

[sentence.twice]
zh = "{name}：连续两年低于合格线：{year} 年度 {value} 分（线 {threshold} 分），{previous_year} 年度 {previous_score} 分（线 {previous_mark} 分）。"
en = "{name}: below the pass mark two years running: {value} points in {year} (mark {threshold}), {previous_score} in {previous_year} (mark {previous_mark})."
+++ */
with of_year as (
    select
        known.region_id,
        known.quarter,
        known.department_id,
        known.year,
        -- sums of tenths must not miss a mark that they meet
        round(avg(assessments.score), 6) as score,
        round(avg(coalesce(assessments.pass_mark, $pass_mark)), 6) as mark,
        count(*) as dimensions,
    from known_assessments as known
    inner join assessments
        on known.region_id = assessments.region_id
        and known.former_id = assessments.department_id
        and known.year = assessments.year
    where assessments.kind = 'comprehensive' and assessments.score is not null
    group by all
),

latest as (
    select now.*, before.year as previous_year, before.score as previous_score, before.mark as previous_mark,
    from of_year as now
    left join of_year as before
        on now.region_id = before.region_id
        and now.quarter = before.quarter
        and now.department_id = before.department_id
        and now.year = before.year + 1
    where now.year >= now.quarter[1:4]::int - 1
    qualify row_number() over (
        partition by now.region_id, now.quarter, now.department_id
        order by now.year desc
    ) = 1
)

select
    region_id,
    department_id,
    quarter,
    score as value,
    mark as threshold,
    dimensions as n,
    case when score >= mark then 'ok' when previous_score < previous_mark then 'alert' else 'watch' end as level,
    null::varchar as note,
    case when previous_score is null then 'first' when previous_score < previous_mark then 'twice' else 'once' end as reason,
    year::varchar as year,
    previous_year::varchar as previous_year,
    previous_score,
    previous_mark,
from latest
order by region_id, department_id, quarter
