/* +++
title = { zh = "排名靠后未改进", en = "Low and not improving" }
label = { zh = "靠后未改进", en = "Low, no better" }
group = "appraisal"
order = 12
kind = "chart"
source = "D1 §3.3.4"
tables = ["evaluations"]
unit = { zh = "季", en = "quarters" }
decimals = 0
window = 4
why = { zh = "测评结果通报出去，是要各单位对照自己的位置查找问题、自行整改。连着几季都明显低于平均而看不到真实改进，说明通报没有起作用。", en = "Results of the appraisal are made known so that each office looks for its faults and mends them. Clearly below the average for quarters on end with no real improvement means that being told had no effect." }
formula = { zh = "综合得分连续明显低于同类平均（同时成立的 95% 判断）的季数，且控制图没有显示真实改善：3 季为关注，4 季为预警。", en = "Quarters running in which the composite score is clearly below the peers' average (the 95 % statement that holds for all at once), with no real improvement on its control chart: 3 watch, 4 alert." }
example = { zh = "连续四季明显低于同类平均，控制图为正常波动：预警。若本季控制图显示真实改善：不触发。", en = "Four quarters running clearly below the peers' average and a control chart that shows noise: alert. With a real improvement this quarter: not met." }
exclusions = { zh = "差别可能是偶然的（与平均无显著差别）不算；选票或维度不够、没有得分的季度中断连续。", en = "Differences that chance could explain; a quarter without a score (too few ballots or dimensions) breaks the run." }
assumptions = { zh = "参评人大体相同；测评反映的是服务对象和代表的看法。", en = "The raters are much the same; the appraisal tells what those served and the deputies think." }
remedy = { zh = "对照弱项维度制定整改方案；得分回到与平均无显著差别，或控制图显示真实改善。", en = "A plan for the weak dimensions; the score returns to no clear difference from average, or its chart shows a real improvement." }

[thresholds.watch]
value = 3
least = 1
zh = "连续季数达到此值：关注"
en = "quarters running: watch"

[thresholds.alert]
value = 4
least = 1
zh = "连续季数达到此值：预警"
en = "quarters running: alert"

[evidence]
value = { zh = "连续明显低于同类平均", en = "quarters running clearly below the peers' average" }
score = { zh = "本季综合得分（分）", en = "composite score this quarter (points)" }
score_low = { zh = "得分区间下端（分）", en = "lower end of its interval (points)" }
score_high = { zh = "得分区间上端（分）", en = "upper end of its interval (points)" }
benchmark = { zh = "同类平均（分）", en = "peers' average (points)" }
n = { zh = "测评份数", en = "ballots" }

[sentence]
zh = "{name}：测评连续 {value} 季明显低于同类平均，本季 {score} 分（同类平均 {benchmark}），没有真实改善。"
en = "{name}: clearly below the peers' average for {value} quarters running, {score} points this quarter (peers' average {benchmark}), with no real improvement."
+++ */
with scored as (
    select
        region_id,
        department_id,
        period as quarter,
        value as score,
        benchmark,
        low,
        high,
        n,
        note,
        variation,
        outcome,
        period[1:4]::int * 4 + period[6:6]::int as ordinal,
    from judgements
    where indicator = 'composite_score' and scope = 'peers' and window_quarters = 1
),

-- in a run of quarters without a break the calendar and the count of rows move together
runs as (
    select
        *,
        ordinal - row_number() over (
            partition by region_id, department_id, outcome
            order by ordinal
        ) as run,
    from scored
),

counted as (
    select
        *,
        if(
            outcome = 'below',
            row_number() over (partition by region_id, department_id, outcome, run order by ordinal),
            0
        ) as below_quarters,
    from runs
)

select
    region_id,
    department_id,
    quarter,
    if(outcome is null, null, below_quarters)::double as value,
    if(below_quarters >= $alert, $alert, $watch)::double as threshold,
    n,
    case
        when outcome is null then null
        when variation = 'improvement' then 'ok'
        when below_quarters >= $alert then 'alert'
        when below_quarters >= $watch then 'watch'
        else 'ok'
    end as level,
    if(outcome is null, coalesce(note, 'few'), null) as note,
    score,
    benchmark,
    low as score_low,
    high as score_high,
    variation,
from counted
order by region_id, department_id, quarter
