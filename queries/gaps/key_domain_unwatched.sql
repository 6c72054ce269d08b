/* +++
title = { zh = "关键环节缺位", en = "Key domain unwatched" }
label = { zh = "关键缺位", en = "Key domain" }
group = "coverage"
order = 10
kind = "composite"
source = "D1 §1.4, D1 §3.2.2"
tables = ["powers", "supervision"]
unit = { zh = "个领域", en = "domains" }
decimals = 0
window = 4
why = { zh = "人、财、物、权是最容易出事的地方。职权目录自己把某项职权定为 A 级，监督却一年没有到过那个领域，就是最该看的地方没有人看。", en = "People, money, assets and authority are where things go wrong first. Where the catalogue itself grades a power A and supervision does not come near its domain for a year, nobody looks where looking matters most." }
formula = { zh = "季末有效的 A 级职权所在的领域中，近四季没有一次监督活动的领域数：达到关注线为关注，达到预警线为预警。", en = "Of the domains in which the department holds an A-grade power at the end of the quarter, those without any supervision activity in four quarters: as many as the watch line is watch, as many as the alert line is alert." }
example = { zh = "A 级职权分布在人、财、权三个领域，近四季监督 18 次，全部在物、权领域：人、财两个领域无监督，预警。若财的领域有 1 次：一个领域无监督，关注。", en = "A-grade powers over people, money and authority; 18 activities in four quarters, all over assets and authority: two domains, people and money, without any: alert. With one activity over money: one domain: watch." }
exclusions = { zh = "没有 A 级职权的部门不触发；没有列出职权的部门不判断；登记簿不满四季、或有监督活动未注明领域而可能正在所缺领域的，不判断。", en = "Not met without an A-grade power; no judgement without a catalogue, nor where the register does not reach back four quarters, nor where activities without a stated domain may lie in one that seems to lack them." }
assumptions = { zh = "登记为“全部”领域的活动视为各领域都看过；登记簿上没有的监督视为没有开展。", en = "An activity registered for all domains looked at each of them; supervision that is not in the register did not take place." }
remedy = { zh = "在所缺领域安排一次监督并登记：人的领域列席任免会议，财的领域审计，物的领域核查资产，权的领域抽查办件。", en = "Arrange supervision in the domain that lacks it, and register it: sit in on appointments, audit the money, check the assets, spot-check decisions on cases." }
vocabularies = { unwatched_domains = "domain", key_domains = "domain" }

[thresholds.watch]
value = 1
least = 1
zh = "无监督的关键领域达到此数：关注"
en = "key domains unwatched, this many: watch"

[thresholds.alert]
value = 2
least = 1
zh = "无监督的关键领域达到此数：预警"
en = "key domains unwatched, this many: alert"

[notes]
no_catalogue = { zh = "本季没有列出职权", en = "no power listed for this quarter" }
short_register = { zh = "监督登记不满四季", en = "the supervision register does not cover four quarters" }
domain_unknown = { zh = "有监督活动未注明领域", en = "activities whose domain is not stated" }

[evidence]
key_domains = { zh = "有 A 级职权的领域", en = "domains with an A-grade power" }
unwatched_domains = { zh = "其中没有监督的领域", en = "of these without supervision" }
activities = { zh = "监督活动（次）", en = "supervision activities" }
kept_quarters = { zh = "有监督登记的季度（个）", en = "quarters in which the register was kept" }

[sentence]
zh = "{name}：A 级职权所在的“{unwatched_domains}”领域{period}没有一次监督（缺 {value} 个领域，{line}线 {threshold} 个；同期监督共 {activities} 次）。"
en = "{name}: holds A-grade powers in domains without any supervision {period}: {unwatched_domains} (domains missing: {value}, {line} line {threshold}; activities elsewhere: {activities})."
+++ */
with listed as (
    select region_id, quarter, department_id, count(*) as powers,
    from powers_in_force
    group by region_id, quarter, department_id
),

held as (
    select
        powers_in_force.region_id,
        powers_in_force.quarter,
        powers_in_force.department_id,
        powers_in_force.domain,
        min(words.sort) as sort,
        list(powers_in_force.power_id order by powers_in_force.power_id) as power_ids,
    from powers_in_force
    left join vocabulary as words
        on words.vocabulary = 'domain'
        and powers_in_force.domain = words.code
    where powers_in_force.risk_level = 'A' and powers_in_force.domain not in ('all', 'not_stated')
    group by
        powers_in_force.region_id,
        powers_in_force.quarter,
        powers_in_force.department_id,
        powers_in_force.domain
),

watched as (
    select
        activities.region_id,
        activities.quarter,
        activities.department_id,
        activities.kept_quarters,
        activities.activities,
        coalesce(listed.powers, 0) as powers,
        list_contains(activities.domains, 'not_stated') as has_unstated,
        -- what looked at all domains looked at each
        not (list_contains(activities.domains, held.domain) or list_contains(activities.domains, 'all')) as is_unwatched,
        held.domain,
        held.sort,
        held.power_ids,
    from window_activities as activities
    left join listed
        on activities.region_id = listed.region_id
        and activities.quarter = listed.quarter
        and activities.department_id = listed.department_id
    left join held
        on activities.region_id = held.region_id
        and activities.quarter = held.quarter
        and activities.department_id = held.department_id
    where activities.length = 4 and activities.department_id <> '*'
),

counted as (
    select
        region_id,
        quarter,
        department_id,
        kept_quarters,
        activities,
        powers,
        has_unstated,
        coalesce(sum(len(power_ids)), 0) as key_powers,
        coalesce(list(domain order by sort, domain) filter (where domain is not null), []) as key_domains,
        coalesce(list(domain order by sort, domain) filter (where is_unwatched), []) as unwatched_domains,
        coalesce(flatten(list(power_ids order by sort, domain) filter (where is_unwatched)), []) as ids,
    from watched
    group by region_id, quarter, department_id, kept_quarters, activities, powers, has_unstated
),

judged as (
    select
        *,
        len(unwatched_domains) as unwatched,
        case
            when powers = 0 then 'no_catalogue'
            when unwatched < $watch then null
            when kept_quarters < 4 then 'short_register'
            when has_unstated then 'domain_unknown'
        end as note,
    from counted
)

select
    region_id,
    department_id,
    quarter,
    if(powers = 0, null, unwatched)::double as value,
    if(unwatched >= $alert, $alert, $watch)::double as threshold,
    key_powers as n,
    case
        when note is not null then null
        when unwatched >= $alert then 'alert'
        when unwatched >= $watch then 'watch'
        else 'ok'
    end as level,
    note,
    kept_quarters as covered_quarters,
    activities,
    key_domains,
    unwatched_domains,
    kept_quarters,
    ids,
from judged
order by region_id, department_id, quarter
