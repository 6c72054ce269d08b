/* +++
title = { zh = "突破率低、惩戒偏轻", en = "Weak deterrence" }
label = { zh = "惩戒偏轻", en = "Weak deterrence" }
group = "accountability"
order = 23
kind = "funnel"
source = "D2 §1.4"
tables = ["cases"]
unit = { zh = "%", en = "%" }
decimals = 0
window = 4
why = { zh = "线索来了很少立案，立了案又大多从轻，违规的代价就低，心存侥幸的人就多。比同类明显低、明显轻，值得问一问为什么。", en = "Where leads seldom become cases and cases mostly end lightly, breaking rules costs little and invites more of it. Clearly fewer or clearly lighter than among peers is worth a question." }
formula = { zh = "近四季立案数 ÷ 线索数低于同类漏斗下限，或第一、二种形态占四种形态的比例高于同类漏斗上限：越过 95% 界限为关注，越过 99.8% 界限为预警。", en = "Filed cases divided by leads of four quarters below the peers' lower funnel limit, or the share of the first two of the four forms above the upper one: past the 95 % limit watch, past the 99.8 % limit alert." }
example = { zh = "40 件线索立案 2 件（5%），同类平均 36%，99.8% 下限约 13%：预警。若立案 6 件（15%），在 95% 下限（约 20%）与 99.8% 下限之间：关注。", en = "2 of 40 leads filed (5 %) where peers file 36 % and the 99.8 % limit is about 13 %: alert. 6 of 40 (15 %), between the 95 % limit of about 20 % and the 99.8 % limit: watch." }
exclusions = { zh = "件数太少、漏斗判断不了的一项不算；两项都判断不了的不判断，只有一项能判断而它没有越线的，也不说“未触发”。没有线索就没有转立案率。", en = "A share on too few events for the funnel is left out; where both are, there is no judgement, and who is within the limits by the only one that can be judged is not cleared. No leads means no share." }
assumptions = { zh = "立案与线索是同期流量之比，不是同一批线索的去向；线索质量各部门大体相近。四种形态按人次计。", en = "Filed and leads are flows of the same time, not the fate of one cohort; the quality of leads is much the same among peers. Forms are counted in person-times." }
remedy = { zh = "复核未立案线索的处置理由和从轻处理的依据；确有道理的写明，处置不当的纠正。", en = "Review why leads were not filed and on what ground cases ended lightly; write down good reasons, put right what was wrong." }

[notes]
partial = { zh = "两项中只有一项能判断，这一项没有越线", en = "only one of the two shares can be judged; that one is within its limits" }

[evidence]
events = { zh = "件数", en = "number" }
n = { zh = "总数", en = "of" }
benchmark = { zh = "同类平均（%）", en = "peers’ average (%)" }
limit_95 = { zh = "95% 界限（%）", en = "95 % limit (%)" }
limit_998 = { zh = "99.8% 界限（%）", en = "99.8 % limit (%)" }
filing_share = { zh = "线索转立案率（%）", en = "leads filed (%)" }
light_share = { zh = "第一、二种形态占比（%）", en = "first and second form (%)" }

[sentence.filing]
zh = "{name}：{period}线索 {n} 件，立案 {events} 件（{value}%），低于同类下限 {threshold}%（同类平均 {benchmark}%）。"
en = "{name}: {events} of {n} leads {period} became a case ({value} %), below the peers' lower limit of {threshold} % (peers' average {benchmark} %)."

[sentence.light]
zh = "{name}：{period}四种形态处理 {n} 人次，前两种 {events} 人次（{value}%），高于同类上限 {threshold}%（同类平均 {benchmark}%）。"
en = "{name}: {events} of {n} person-times {period} dealt with by the first two forms ({value} %), above the peers' upper limit of {threshold} % (peers' average {benchmark} %)."
+++ */
with shares as (
    select
        region_id,
        department_id,
        period as quarter,
        if(indicator = 'filing_share', 'filing', 'light') as reason,
        value,
        numerator::bigint as events,
        denominator::bigint as n,
        benchmark,
        low,
        high,
        case
            when outcome is null then null
            when outcome = if(indicator = 'filing_share', 'low_998', 'high_998') then 'alert'
            when outcome = if(indicator = 'filing_share', 'low_95', 'high_95') then 'watch'
            else 'ok'
        end as level,
        if(indicator = 'filing_share', limit_low_95, limit_high_95) as limit_95,
        if(indicator = 'filing_share', limit_low_998, limit_high_998) as limit_998,
    from judgements
    where
        indicator in ('filing_share', 'light_share')
        and scope = 'peers'
        and window_quarters = 4
        and department_id <> '*'
),

-- the one that is spoken of: the worse, and of equals the filing of leads
spoken as (
    select *,
    from shares
    qualify row_number() over (
        partition by region_id, department_id, quarter
        order by coalesce(list_position(['alert', 'watch', 'ok'], level), 4), reason
    ) = 1
),

side_by_side as (
    select
        region_id,
        department_id,
        quarter,
        max(value) filter (where reason = 'filing') as filing_share,
        max(value) filter (where reason = 'light') as light_share,
        count(level) < 2 as is_partial,
    from shares
    group by region_id, department_id, quarter
)

select
    spoken.region_id,
    spoken.department_id,
    spoken.quarter,
    spoken.value,
    if(spoken.level = 'alert', spoken.limit_998, spoken.limit_95) as threshold,
    spoken.n,
    if(spoken.level = 'ok' and side_by_side.is_partial, null, spoken.level) as level,
    case when spoken.level is null then 'few' when spoken.level = 'ok' and side_by_side.is_partial then 'partial' end as note,
    reporting.reported_quarters as covered_quarters,
    spoken.reason,
    spoken.events,
    spoken.benchmark,
    spoken.low,
    spoken.high,
    spoken.limit_95,
    spoken.limit_998,
    side_by_side.filing_share,
    side_by_side.light_share,
from spoken
inner join side_by_side using (region_id, department_id, quarter)
left join window_cases as reporting
    on spoken.region_id = reporting.region_id
    and spoken.department_id = reporting.department_id
    and spoken.quarter = reporting.quarter
    and reporting.length = 4
order by spoken.region_id, spoken.department_id, spoken.quarter
