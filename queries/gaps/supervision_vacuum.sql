/* +++
title = { zh = "监督真空", en = "Supervision vacuum" }
label = { zh = "监督真空", en = "Vacuum" }
group = "coverage"
order = 1
kind = "funnel"
source = "D1 §1.3"
tables = ["complaints", "supervision", "department_facts", "department_facts.key_supervision"]
unit = { zh = "件/百人", en = "per 100 staff" }
decimals = 1
window = 4
why = { zh = "监督力量有限，名单总是列大单位。不起眼的小单位天天同群众打交道，却谁的名单上都没有；投诉一再发生，也没有人去看一眼。这条规则把三件事放在一起看：不在名单、少有监督、投诉明显偏多。", en = "Supervision is scarce and lists name the large offices. A small office that deals with the public every day may be on nobody's list: complaints come again and again and nobody goes to look. The rule puts three things together: not listed, little supervision, clearly many complaints." }
formula = { zh = "不在重点监督名单，且近四季监督次数少于同类下四分位（下四分位为 0 时，指一次也没有），且近四季投诉率高于同类漏斗的 95% 上限（关注）或 99.8% 上限（预警），且至少两个季度有投诉。", en = "Not on the key list; fewer activities in four quarters than the peers' lower quartile, or none at all where that quartile is 0; complaint rate of four quarters above the peers' 95 % (watch) or 99.8 % (alert) funnel limit; complaints in at least two quarters." }
example = { zh = "9 人的小单位，四季收到 14 件投诉（每百人 156 件，同类 99.8% 上限约 45 件），同期没有任何监督活动（同类下四分位 4 次），不在名单：预警。", en = "An office of 9 people has 14 complaints in four quarters (156 per 100 staff; the peers' 99.8 % limit is about 45), no activity at all (the peers' lower quartile is 4) and is not listed: alert." }
exclusions = { zh = "在重点监督名单上的部门不算；咨询不算投诉；人员数不明的部门没有投诉率，不判断；少于 3 件且预期也少于 3 件的不判断；监督登记或投诉不满四季的，不触发也不下结论。", en = "Departments on the key list; enquiries are no complaints; without a staff figure there is no rate and no judgement; nor on fewer than three complaints where no more were to be expected; nor is it met where the register or the complaints do not cover four quarters." }
assumptions = { zh = "人员数代表接触群众的规模；登记簿上没有的监督视为没有开展；同类有四分之一一次监督也没有时，没有人比零更少，零次就算少有监督，靠投诉一项区分。", en = "Staff stands for how much the office has to do with the public; supervision that is not in the register did not take place. Where a quarter of the peers have none, nobody can have fewer: none is then little, and the complaints tell departments apart." }
remedy = { zh = "列入重点监督名单，或安排一次检查并登记；投诉率回到同类上限以内。", en = "Put it on the key list, or inspect it and register that; or its complaint rate comes back within the peers' limit." }

[thresholds.fewest_quarters]
value = 2
least = 1
most = 4
zh = "至少有投诉的季度数"
en = "fewest quarters with complaints"

[thresholds.quartile]
value = 25
most = 100
zh = "监督次数低于同类的这一百分位"
en = "activities below this percentile of the peers"

[notes]
short_year = { zh = "投诉只报了部分季度，不与全年的比", en = "complaints reported for a part of the quarters only, not to be compared with whole ones" }
short_register = { zh = "监督登记不满四季", en = "the supervision register does not cover four quarters" }
not_listed_or_not = { zh = "不知道是否在重点监督名单", en = "unknown whether it is on the key list" }

[evidence]
value = { zh = "投诉率", en = "complaint rate" }
received = { zh = "投诉（件）", en = "complaints" }
quarters_with_complaints = { zh = "有投诉的季度（个）", en = "quarters with complaints" }
limit_high_95 = { zh = "同类 95% 上限（件/百人）", en = "peers' 95 % limit (per 100 staff)" }
limit_high_998 = { zh = "同类 99.8% 上限（件/百人）", en = "peers' 99.8 % limit (per 100 staff)" }
activities = { zh = "监督活动（次）", en = "supervision activities" }
peer_activities = { zh = "同类下四分位（次）", en = "peers' lower quartile (activities)" }
key_supervision = { zh = "在重点监督名单", en = "on the key list" }

[sentence]
zh = "{name}：{period}投诉 {received} 件，每百名工作人员 {value} 件（同类上限 {threshold}）；监督 {activities} 次（同类下四分位 {peer_activities:1}），不在重点监督名单。"
en = "{name}: {received} complaints {period}, {value} per 100 staff (peers' upper limit {threshold}); {activities} supervision activities (peers' lower quartile {peer_activities:1}), not on the key list."
+++ */
with supervised as (
    select
        activities.region_id,
        activities.quarter,
        activities.department_id,
        activities.activities,
        activities.kept_quarters,
        quantile_cont(activities.activities, $quartile / 100.0) over peers as peer_activities,
    from window_activities as activities
    inner join peer_sets
        on activities.region_id = peer_sets.region_id
        and activities.quarter = peer_sets.quarter
        and activities.department_id = peer_sets.department_id
    where activities.length = 4
    window peers as (partition by activities.region_id, activities.quarter, peer_sets.peer_set)
),

known as (
    select
        supervised.*,
        standing.key_supervision,
        standing.staff,
        complaints.received,
        complaints.reported_quarters,
        complaints.quarters_with_complaints,
        rates.value,
        rates.is_few,
        not complaints.is_whole as is_short,
        rates.outcome,
        rates.limit_high_95,
        rates.limit_high_998,
    from supervised
    inner join department_quarters as standing using (region_id, quarter, department_id)
    left join window_complaints as complaints
        on supervised.region_id = complaints.region_id
        and supervised.quarter = complaints.quarter
        and supervised.department_id = complaints.department_id
        and complaints.length = 4
    left join judgements as rates
        on supervised.region_id = rates.region_id
        and supervised.quarter = rates.period
        and supervised.department_id = rates.department_id
        and rates.indicator = 'complaint_rate'
        and rates.scope = 'peers'
        and rates.window_quarters = 4
),

judged as (
    select
        *,
        case
            -- where a quarter of the peers have none, none at all is as little as can be
            when key_supervision or activities > 0 and activities >= peer_activities then 'ok'
            when is_short or key_supervision is null or outcome is null or quarters_with_complaints is null then null
            when outcome not like 'high%' or quarters_with_complaints < $fewest_quarters then 'ok'
            -- what was not registered, or not reported, cannot be counted as little, or set beside a whole year
            when kept_quarters < 4 or reported_quarters < 4 then null
            else if(outcome = 'high_998', 'alert', 'watch')
        end as level,
    from known
)

select
    region_id,
    department_id,
    quarter,
    value,
    if(level = 'alert', limit_high_998, limit_high_95) as threshold,
    received as n,
    level,
    case
        when level is not null then null
        when key_supervision is null then 'not_listed_or_not'
        when staff is null then 'no_staff'
        when received is null then 'not_reported'
        when is_short then 'short_year'
        when is_few then 'few'
        when kept_quarters < 4 then 'short_register'
        when reported_quarters < 4 then 'short_year'
    end as note,
    least(kept_quarters, reported_quarters) as covered_quarters,
    received,
    quarters_with_complaints,
    activities,
    peer_activities,
    key_supervision,
    limit_high_95,
    limit_high_998,
from judged
order by region_id, department_id, quarter
