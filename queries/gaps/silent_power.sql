/* +++
title = { zh = "高权力零投诉", en = "Silent power" }
label = { zh = "高权零诉", en = "Silent power" }
group = "appraisal"
order = 38
kind = "funnel"
source = "D2 §1.4, D3 §4"
tables = ["powers", "complaints", "department_facts"]
unit = { zh = "件/百人", en = "per 100 staff" }
decimals = 1
window = 4
why = { zh = "管的事多、管的钱多，打交道的人就多，总会有人有意见。权力大而几乎听不到投诉，可能真的办得好，也可能是没有人知道往哪里投、不敢投。", en = "Much power over matters and money means many people to deal with, and some of them will disagree. Great power and hardly a complaint may be good work; or nobody knows where to complain, or dares to." }
formula = { zh = "职权指数高于本地区大多数部门（达到百分位线），而近四季投诉率低于同类漏斗的 95% 下限（关注）或 99.8% 下限（预警），下限须大于零。", en = "A power index above that of most departments of the region (at or above the percentile), and the complaint rate of four quarters below the peers' lower 95 % (watch) or 99.8 % (alert) funnel limit, which must lie above zero." }
example = { zh = "122 人的单位，按同类水平应有 17 件投诉，四季只有 1 件；99.8% 下限约 5 件：预警。若应有 3 件而一件没有：下限是零，不判断。", en = "An office of 122 people, 17 complaints to be expected, 1 in four quarters where the 99.8 % limit is about 5: alert. Were 3 to be expected and none came, the limit is zero: no judgement." }
exclusions = { zh = "职权不在高位的不触发；预期不到 5 件的，零投诉也可能是偶然，不判断；没有编职权目录的、目录填得不全的部门不判断；人员数不明的没有投诉率。", en = "Departments whose power is not at the top are not met. Where fewer than 5 complaints are to be expected, none may be chance: no judgement. Nor without a catalogue of powers, or one filled in by halves, nor a rate without a staff figure." }
assumptions = { zh = "职权指数综合职权项数与等级、年涉及金额、年行使次数的百分位；人员数代表接触群众的规模。投诉少不等于有问题，只问渠道通不通。", en = "The power index is made of the percentiles of powers by grade, yearly amount and yearly uses; staff stands for how much the office deals with the public. Few complaints are no fault: the question is whether the channels are open." }
remedy = { zh = "查一查投诉渠道：电话有没有人接、窗口有没有公示、匿名的收不收；向服务对象做一次回访。", en = "Test the channels: is the telephone answered, is the route shown at the window, are anonymous ones taken; ask those served." }

[thresholds.percentile]
value = 75
most = 100
zh = "职权指数至少高于本地区其他部门的这一比例（%）"
en = "power index above that of at least this share of the other departments (%)"

[evidence]
value = { zh = "投诉率", en = "complaint rate" }
received = { zh = "投诉（件）", en = "complaints" }
benchmark = { zh = "同类平均（件/百人）", en = "peers’ average (per 100 staff)" }
limit_low_95 = { zh = "同类 95% 下限（件/百人）", en = "peers’ lower 95 % limit (per 100 staff)" }
limit_low_998 = { zh = "同类 99.8% 下限（件/百人）", en = "peers’ lower 99.8 % limit (per 100 staff)" }
power_index = { zh = "权力指数", en = "power index" }
weighted_powers = { zh = "职权加权数（A 3、B 2、C 1）", en = "powers weighted (A 3, B 2, C 1)" }
annual_amount_10k = { zh = "年涉及金额（万元）", en = "annual amount (10,000 yuan)" }
annual_uses = { zh = "年行使次数（次）", en = "uses a year" }

[notes]
power_incomplete = { zh = "职权目录中有的职权缺年涉及金额、年行使次数或风险等级，权力指数算不全", en = "some of its powers lack the annual amount, the uses or the grade, so its power index would be understated" }
short_year = { zh = "投诉只报了部分季度，不与全年的比", en = "complaints reported for a part of the quarters only, not to be compared with whole ones" }

[sentence]
zh = "{name}：职权指数 {power_index:0}（高于本地区 {above:0}% 的部门），{period}投诉 {received} 件，每百人 {value} 件，低于同类下限 {threshold}，渠道是否畅通？"
en = "{name}: power index {power_index:0} (above that of {above:0} % of the departments); complaints {period}: {received}, {value} per 100 staff, below the peers' lower limit of {threshold}: are the channels open?"
+++ */
with held as (
    select
        region_id,
        quarter,
        department_id,
        power_index,
        -- how many of the others have less: those with equal indexes do not lift each other
        if(
            power_index is null,
            null,
            100 * percent_rank() over (partition by region_id, quarter, power_index is null order by power_index)
        ) as above,
        weighted_powers,
        annual_amount_10k,
        annual_uses,
    from power_indexes
    where power_index is not null or is_partial
),

known as (
    select
        held.*,
        held.above >= $percentile as is_top,
        standing.staff,
        rates.department_id is not null as is_reported,
        rates.value,
        rates.numerator::bigint as received,
        rates.benchmark,
        rates.outcome,
        complaints.reported_quarters,
        not complaints.is_whole as is_short,
        rates.limit_low_95,
        rates.limit_low_998,
        -- below a limit of zero nobody can be; few expected bear no flag by the limit either
        rates.value >= rates.limit_low_95 and (rates.limit_low_95 > 0 or rates.value >= rates.benchmark) as is_heard,
    from held
    inner join department_quarters as standing using (region_id, quarter, department_id)
    left join judgements as rates
        on held.region_id = rates.region_id
        and held.quarter = rates.period
        and held.department_id = rates.department_id
        and rates.indicator = 'complaint_rate'
        and rates.scope = 'peers'
        and rates.window_quarters = 4
    left join window_complaints as complaints
        on held.region_id = complaints.region_id
        and held.quarter = complaints.quarter
        and held.department_id = complaints.department_id
        and complaints.length = 4
),

judged as (
    select
        *,
        case
            when is_top is null then null
            when not is_top then 'ok'
            when is_short then null
            when outcome = 'low_998' and limit_low_998 > 0 then 'alert'
            when outcome like 'low%' and limit_low_95 > 0 then 'watch'
            when outcome is not null and is_heard then 'ok'
        end as level,
    from known
)

select
    region_id,
    department_id,
    quarter,
    value,
    if(level = 'alert', limit_low_998, limit_low_95) as threshold,
    received as n,
    level,
    case
        when level is not null then null
        when is_top is null then 'power_incomplete'
        when staff is null then 'no_staff'
        when not is_reported then 'not_reported'
        when is_short then 'short_year'
        else 'few'
    end as note,
    reported_quarters as covered_quarters,
    power_index,
    above,
    received,
    benchmark,
    limit_low_95,
    limit_low_998,
    weighted_powers,
    annual_amount_10k,
    annual_uses,
from judged
order by region_id, department_id, quarter
