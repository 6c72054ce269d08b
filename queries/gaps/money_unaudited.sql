/* +++
title = { zh = "审计缺口", en = "Money unaudited" }
label = { zh = "审计缺口", en = "No audit" }
group = "coverage"
order = 19
kind = "deterministic"
source = "D1 §3.2.2, D4 §3, D5 §4.3"
tables = ["powers", "supervision"]
unit = { zh = "季", en = "quarters" }
decimals = 0
window = 8
why = { zh = "管钱的权力要靠账来管。离任审计、财务审计是看账的办法；有财务职权而一年、两年没有审计，钱怎样用就只有经手的人知道。", en = "Power over money is checked by the books, and audits are how books are read. Where money powers go a year or two without one, only those who handle the money know how it is used." }
formula = { zh = "季末有效的职权中有财务领域的（涉及各领域的也算），从本季往回数，连续没有方式为“审计”的监督活动的季数（最多数八季）：达到关注线为关注，达到预警线为预警。", en = "For who holds a power over money, or over all domains, at the end of the quarter: the quarters running, back from this one and eight at most, without an activity whose method is audit. As many as the watch line is watch, as many as the alert line is alert." }
example = { zh = "有 3 项财务职权，最近一次审计在 2025 年第二季度；到 2026 年第二季度连续 4 季没有审计，关注。若八季都没有：预警。", en = "A department holds 3 money powers and was last audited in 2025Q2: by 2026Q2 it has gone 4 quarters without an audit: watch. With none in eight: alert." }
exclusions = { zh = "没有财务职权的部门不触发；没有列出职权的部门不判断；没有财务职权而有的职权没有写明领域的，除非近期审计过，也不判断；登记簿中断的季度不算作“没有审计”。", en = "Not met without a power over money; no judgement without a catalogue, nor where no power is over money and some do not say their domain, unless it was audited of late; quarters in which the register was not kept do not count as unaudited." }
assumptions = { zh = "审计都登记在监督活动中，包括审计机关做的；不同审计同样看待。", en = "Every audit is in the register, also one by the audit office; audits of all kinds count the same." }
remedy = { zh = "安排一次财务收支或经济责任审计并登记；外部审计的结果也登记进来。", en = "Arrange an audit of the accounts or of the leader's economic responsibility, and register it; register audits by others, too." }

[thresholds.watch]
value = 4
least = 1
most = 8
zh = "连续无审计达到此季数：关注"
en = "quarters running without an audit: watch"

[thresholds.alert]
value = 8
least = 1
most = 8
zh = "连续无审计达到此季数（至多 8）：预警"
en = "quarters running without an audit (8 at most): alert"

[notes]
domain_unknown = { zh = "有的职权没有写明领域，不知道是否管钱", en = "some powers do not say their domain: unknown whether one is over money" }
no_catalogue = { zh = "本季没有列出职权", en = "no power listed for this quarter" }
short_register = { zh = "监督登记的季度不够", en = "the supervision register does not cover enough quarters" }

[evidence]
last_audited = { zh = "最近一次审计", en = "last audit" }

[sentence]
zh = "{name}：有财务职权 {n} 项，近 {value} 季没有审计（{line}线 {threshold} 季）。"
en = "{name}: holds powers over money ({n} in the catalogue) and had no audit in the last {value} quarters ({line} line {threshold})."
+++ */
with listed as (
    select
        region_id,
        quarter,
        department_id,
        -- a power over all domains is one over money, too
        count(*) filter (where domain in ('money', 'all')) as money_powers,
        count(*) filter (where domain = 'not_stated') as untold_powers,
        list(power_id order by power_id) filter (where domain in ('money', 'all')) as ids,
    from powers_in_force
    group by region_id, quarter, department_id
),

judged as (
    select
        audits.*,
        listed.money_powers,
        listed.untold_powers,
        listed.ids,
        case
            when listed.money_powers is null then 'no_catalogue'
            -- who holds no such power, or was audited of late, has no gap however short the register
            when listed.money_powers = 0 and listed.untold_powers = 0 or audits.since_last < $watch then null
            when listed.money_powers = 0 then 'domain_unknown'
            when audits.quiet < $watch then 'short_register'
        end as note,
    from quiet_quarters as audits
    left join listed using (region_id, quarter, department_id)
    where audits.kind = 'audit'
)

select
    region_id,
    department_id,
    quarter,
    quiet::double as value,
    if(quiet >= $alert, $alert, $watch)::double as threshold,
    money_powers as n,
    case
        when note is not null then null
        when money_powers = 0 then 'ok'
        when quiet >= $alert then 'alert'
        when quiet >= $watch then 'watch'
        else 'ok'
    end as level,
    note,
    last_quarter as last_audited,
    coalesce(ids, []) as ids,
from judged
order by region_id, department_id, quarter
