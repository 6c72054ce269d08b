/* +++
title = { zh = "集体决策不足", en = "Decisions not collective" }
label = { zh = "集体决策少", en = "Not collective" }
group = "decisions"
order = 27
kind = "share"
source = "D4 §1, D5 §3.1"
tables = ["decisions"]
unit = { zh = "%", en = "%" }
decimals = 0
window = 4
why = { zh = "重大事项要先论证、再讨论、后表决。集体研究少，或者讨论了不表决，决策就还是少数人说了算。", en = "A major matter is to be argued, discussed and then voted on. Little of it decided together, or discussed and never voted, leaves the say with a few." }
formula = { zh = "近四季“三重一大”事项的集体决策率和票决率，取较重的一项：集体决策率低于 95% / 80%，票决率低于 80% / 50%。", en = "Collective share and voted share of the major matters of four quarters, whichever is worse: collective below 95 / 80 %, voted below 80 / 50 %." }
example = { zh = "60 项中票决 16 项（27%，95% 区间 17–39%），区间整段低于 50%：预警；集体决策 59 项（98%）不触发。", en = "16 of 60 were voted (27 %, 95 % interval 17–39 %): the whole interval lies below 50 %: alert; 59 decided together (98 %) is not met." }
exclusions = { zh = "事项少于 8 项不判断；没有报送的季度不算。", en = "No judgement on fewer than 8 matters; quarters that were not reported are left out." }
assumptions = { zh = "所有“三重一大”事项都应集体决策；不要求票决的事项多的，可在设置中放宽票决线。", en = "Every major matter ought to be decided together; where many need no vote, the office can loosen the lines of the vote in its settings." }
remedy = { zh = "按议事规则集体研究、逐项票决并登记；占比的区间回到线以上。", en = "Decide together, vote on each, and register it; the intervals come back above their lines." }

[thresholds.collective_watch]
value = 95
most = 100
zh = "集体决策率低于此值（%）：关注"
en = "collective share below this (%): watch"

[thresholds.collective_alert]
value = 80
most = 100
zh = "集体决策率低于此值（%）：预警"
en = "collective share below this (%): alert"

[thresholds.voted_watch]
value = 80
most = 100
zh = "票决率低于此值（%）：关注"
en = "voted share below this (%): watch"

[thresholds.voted_alert]
value = 50
most = 100
zh = "票决率低于此值（%）：预警"
en = "voted share below this (%): alert"

[thresholds.fewest]
value = 8
least = 1
zh = "至少事项数"
en = "fewest matters"

[evidence]
collective = { zh = "集体决策（项）", en = "decided together" }
collective_share = { zh = "集体决策率（%）", en = "collective share (%)" }
voted = { zh = "票决（项）", en = "voted on" }
voted_share = { zh = "票决率（%）", en = "voted share (%)" }
n = { zh = "全部事项（项）", en = "all major matters" }

[sentence.collective]
zh = "{name}：{period}“三重一大”事项 {n} 项，集体决策 {collective} 项（{value}%，区间 {low}–{high}%；{line}线 {threshold}%）。"
en = "{name}: {collective} of {n} major matters {period} were decided together ({value} %, interval {low}–{high} %; {line} line {threshold} %)."

[sentence.voted]
zh = "{name}：{period}“三重一大”事项 {n} 项，票决 {voted} 项（{value}%，区间 {low}–{high}%；{line}线 {threshold}%）。"
en = "{name}: {voted} of {n} major matters {period} were voted on ({value} %, interval {low}–{high} %; {line} line {threshold} %)."

[sentence.both]
zh = "{name}：{period}“三重一大”事项 {n} 项，集体决策 {collective} 项（{value}%，{line}线 {threshold}%），票决 {voted} 项（{voted_share}%）。"
en = "{name}: of {n} major matters {period}, {collective} were decided together ({value} %, {line} line {threshold} %) and {voted} voted on ({voted_share} %)."
+++ */
with judged as (
    select
        *,
        level_below(collective, total, $collective_watch, $collective_alert, $fewest) as collective_level,
        level_below(voted, total, $voted_watch, $voted_alert, $fewest) as voted_level,
    from window_decisions
    where length = 4
),

joined as (
    select
        *,
        worse_level(collective_level, voted_level) as level,
        -- what is told is what reached the level; where both did, both
        case
            when collective_level = voted_level and collective_level <> 'ok' then 'both'
            when worse_level(collective_level, voted_level) = voted_level and collective_level is distinct from voted_level
                then 'voted'
            else 'collective'
        end as reason,
    from judged
)

select
    region_id,
    department_id,
    quarter,
    100.0 * if(reason = 'voted', voted, collective) / nullif(total, 0) as value,
    case
        when reason = 'voted' then if(level = 'alert', $voted_alert, $voted_watch)
        else if(level = 'alert', $collective_alert, $collective_watch)
    end::double as threshold,
    total as n,
    level,
    if(level is null, 'few', null) as note,
    reported_quarters as covered_quarters,
    reason,
    collective,
    voted,
    100.0 * collective / nullif(total, 0) as collective_share,
    100.0 * voted / nullif(total, 0) as voted_share,
    wilson_low(if(reason = 'voted', voted, collective), nullif(total, 0), 1.959964) as low,
    wilson_high(if(reason = 'voted', voted, collective), nullif(total, 0), 1.959964) as high,
from joined
order by region_id, department_id, quarter
