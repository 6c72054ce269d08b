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
zh = "无监督的关键领域达到此数：关注"
en = "key domains unwatched, this many: watch"

[thresholds.alert]
value = 2
zh = "无监督的关键领域达到此数：预警"
en = "key domains unwatched, this many: alert"

[notes]
no_catalogue = { zh = "本季没有列出职权", en = "no power listed for this quarter" }
short_register = { zh = "监督登记不满四季", en = "the supervision register does not cover four quarters" }
domain_unknown = { zh = "有监督活动未注明领域", en = "activities whose domain is not stated" }

[sentence]
zh = "{name}：{period}监督 {activities} 次，而 A 级职权所在的“{unwatched_domains}”领域一次也没有（缺 {value} 个领域，{line}线 {threshold} 个）。"
en = "{name}: holds A-grade powers in domains without any supervision {period}: {unwatched_domains} (domains missing: {value}, {line} line {threshold}; activities elsewhere: {activities})."
+++ */
with placed as (
    select
        activities.region_id,
        activities.quarter,
        activities.department_id,
        activities.kept_quarters,
        activities.activities,
        list_contains(activities.domains, 'not_stated') as has_unstated,
        powers.power_id,
        powers.domain,
        powers.risk_level = 'A' and powers.domain not in ('all', 'not_stated') as is_key,
        not (list_contains(activities.domains, powers.domain) or list_contains(activities.domains, 'all')) as is_unwatched,
    from window_activities as activities
    left join powers_in_force as powers
        on activities.region_id = powers.region_id
        and activities.quarter = powers.quarter
        and activities.department_id = powers.department_id
    where activities.length = 4 and activities.department_id <> '*'
),

counted as (
    select
        region_id,
        quarter,
        department_id,
        any_value(kept_quarters) as kept_quarters,
        any_value(activities) as activities,
        any_value(has_unstated) as has_unstated,
        count(power_id) as powers,
        count(power_id) filter (where is_key) as key_powers,
        count(distinct domain) filter (where is_key and is_unwatched) as unwatched,
        list(distinct domain order by domain) filter (where is_key) as key_domains,
        list(distinct domain order by domain) filter (where is_key and is_unwatched) as unwatched_domains,
        list(power_id order by power_id) filter (where is_key and is_unwatched) as ids,
    from placed
    group by region_id, quarter, department_id
),

judged as (
    select
        *,
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
    activities,
    coalesce(key_domains, []) as key_domains,
    coalesce(unwatched_domains, []) as unwatched_domains,
    kept_quarters,
    coalesce(ids, []) as ids,
from judged
order by region_id, department_id, quarter
