/* +++
title = { zh = "列入名单而无监督", en = "Listed but unsupervised" }
label = { zh = "在册无监督", en = "Listed, not seen" }
group = "coverage"
order = 40
kind = "deterministic"
source = "D1 §1.4"
tables = ["department_facts", "department_facts.key_supervision", "supervision"]
unit = { zh = "季", en = "quarters" }
decimals = 0
window = 4
why = { zh = "列入重点监督名单，是说这里要常去。名单上有、半年一年没有人去，名单就只是一张纸，比没有名单更让人放心不该放的心。", en = "To be on the key list means that somebody should come often. On the list and not visited for half a year or a year, the list is only paper, and reassures where it should not." }
formula = { zh = "本季在重点监督名单上的部门，从本季往回数，连续没有任何监督活动的季数（最多数四季）：达到关注线为关注，达到预警线为预警。", en = "For a department on the key list this quarter: the quarters running, back from this one and four at most, without any supervision activity. As many as the watch line is watch, as many as the alert line is alert." }
example = { zh = "在名单上，最近一次监督在 2026 年第一季度；到第三季度连续 2 季没有监督，关注。若连续 4 季没有：预警。", en = "A listed department was last supervised in 2026Q1: by 2026Q3 it has gone 2 quarters without: watch. With 4 running: alert." }
exclusions = { zh = "不在名单上的部门不触发（见“监督真空”）；是否在名单不明的不判断；登记簿中断的季度不算作“没有监督”。", en = "Not met by who is not listed (see “Supervision vacuum”); no judgement where that is unknown; quarters in which the register was not kept do not count." }
assumptions = { zh = "登记簿上没有的监督视为没有开展；列入名单之前的季度也数在内。", en = "Supervision that is not in the register did not take place; quarters before it was listed count, too." }
remedy = { zh = "按名单安排一次监督并登记；确实不需要的，经研究移出名单。", en = "Arrange supervision by the list and register it; or take the department off the list by a decision." }

[thresholds.watch]
value = 2
least = 1
most = 4
zh = "连续无监督达到此季数：关注"
en = "quarters running without supervision: watch"

[thresholds.alert]
value = 4
least = 1
most = 4
zh = "连续无监督达到此季数（至多 4）：预警"
en = "quarters running without supervision (4 at most): alert"

[notes]
not_listed_or_not = { zh = "不知道是否在重点监督名单", en = "unknown whether it is on the key list" }
short_register = { zh = "监督登记的季度不够", en = "the supervision register does not cover enough quarters" }

[evidence]
key_supervision = { zh = "在重点监督名单", en = "on the key list" }
last_supervised = { zh = "最近一次监督", en = "last supervised" }

[sentence]
zh = "{name}：列入重点监督名单，近 {value} 季没有任何监督活动（{line}线 {threshold} 季）。"
en = "{name}: on the key list, but without any supervision activity in the last {value} quarters ({line} line {threshold})."
+++ */
with judged as (
    select
        activity.*,
        least(activity.quiet, 4) as unsupervised,
        standing.key_supervision,
        case
            when standing.key_supervision is null then 'not_listed_or_not'
            when not standing.key_supervision or activity.quiet >= $watch or activity.since_last < $watch then null
            else 'short_register'
        end as note,
    from quiet_quarters as activity
    inner join department_quarters as standing using (region_id, quarter, department_id)
    where activity.kind = 'activity'
)

select
    region_id,
    department_id,
    quarter,
    unsupervised::double as value,
    if(unsupervised >= $alert, $alert, $watch)::double as threshold,
    null::bigint as n,
    case
        when note is not null then null
        when not key_supervision then 'ok'
        when unsupervised >= $alert then 'alert'
        when unsupervised >= $watch then 'watch'
        else 'ok'
    end as level,
    note,
    key_supervision,
    last_quarter as last_supervised,
from judged
order by region_id, department_id, quarter
