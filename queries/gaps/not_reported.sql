/* +++
title = { zh = "数据缺报", en = "Not reported" }
label = { zh = "数据缺报", en = "Not reported" }
group = "appraisal"
order = 41
kind = "deterministic"
source = "D1 §1.3"
tables = ["departments"]
unit = { zh = "张报表", en = "tables" }
decimals = 0
window = 2
why = { zh = "不报数的单位，别的规则都看不见它，正好藏进监督真空。别人报了它没报，这本身就是要先问的一件事。", en = "A department that reports nothing is invisible to every other rule and slips into the vacuum. That others report and it does not is itself the first question." }
formula = { zh = "同类其他部门至少一半已报、而该部门本季没有报的报表：有一张为关注；同一张上一季也没有报为预警。", en = "Tables that at least half of the other departments among its peers reported for the quarter and it did not: any is watch; the same one missing in the quarter before, too, is alert." }
example = { zh = "同类 8 个部门中另外 7 个都报了案件表，只有它没有报：关注；上一季也没有报：预警。7 个里只有 3 个报了：这张表不算。", en = "All 7 others among 8 peers reported their cases and it did not: watch; nor in the quarter before: alert. Had only 3 of the 7 reported, the table would not count." }
exclusions = { zh = "本季中途设立或撤销的部门不算；同类多数都没有报的报表不算；监督、通知书、测评等不由部门按季报的表，只在报送登记里有时才算。", en = "Departments set up or closed within the quarter; tables that most peers did not report either. Tables that departments do not send by the quarter, such as supervision, notices and the appraisal, count only where the register of submissions has them." }
assumptions = { zh = "有任何一行或者报送登记里有收到日期的，就算已报。没有报送登记的，没有发生与没有报送分不开，请零报送。", en = "Any row, or a day of receipt in the register of submissions, counts as reported. Without that register nothing to report cannot be told from not reported: send zeros." }
remedy = { zh = "补报；确实没有发生的，作零报送并在报送登记中注明。", en = "Report it; where nothing happened, report zeros and enter that in the register of submissions." }

[thresholds.share]
value = 50
most = 100
zh = "同类其他部门至少有此比例已报（%）"
en = "share of the other peers that reported, at least (%)"

[notes]
nobody = { zh = "同类多数也没有报送任何报表", en = "most of its peers reported no table either" }

[vocabularies]
tables = "table"
running = "table"

[evidence]
tables = { zh = "本季缺报", en = "missing this quarter" }
running = { zh = "其中连续两季缺报", en = "of these missing two quarters running" }
peers_reported = { zh = "同类中已报（个）", en = "peers that reported" }
peers = { zh = "同类部门（个）", en = "peers" }

[sentence.once]
zh = "{name}：本季缺报 {value} 张报表：{tables}（同类其他 {peers} 个部门中至少 {peers_reported} 个已报）。"
en = "{name}: missing this quarter: {tables} (reported by at least {peers_reported} of the {peers} others among its peers)."

[sentence.twice]
zh = "{name}：本季缺报 {value} 张报表：{tables}；其中连续两季缺报：{running}（同类其他 {peers} 个部门中至少 {peers_reported} 个已报）。"
en = "{name}: missing this quarter: {tables}; two quarters running: {running} (reported by at least {peers_reported} of the {peers} others among its peers)."
+++ */
with expected as (
    select
        standing.region_id,
        standing.quarter,
        standing.department_id,
        peer_sets.peer_set,
        quarters.quarter[1:4]::int * 4 + quarters.quarter[6:6]::int as ordinal,
    from department_quarters as standing
    inner join quarters on standing.region_id = quarters.region_id and standing.quarter = quarters.quarter
    inner join peer_sets
        on standing.region_id = peer_sets.region_id
        and standing.quarter = peer_sets.quarter
        and standing.department_id = peer_sets.department_id
    inner join departments
        on standing.region_id = departments.region_id
        and standing.department_id = departments.department_id
    where
        coalesce(departments.valid_from, date '0001-01-01') <= quarters.first_day
        and coalesce(departments.valid_to, date '9999-12-31') >= quarters.last_day
),

came_in as (
    select region_id, quarter, reported_table, department_id,
    from reported
    union
    select region_id, quarter, 'department_facts', department_id,
    from department_facts
),

kinds as (
    select distinct region_id, quarter, reported_table,
    from came_in
),

counted as (
    select
        expected.*,
        kinds.reported_table,
        came_in.department_id is not null as is_reported,
        count(came_in.department_id) over peers - (came_in.department_id is not null)::int as peers_reported,
        count(*) over peers - 1 as peers,
    from expected
    inner join kinds on expected.region_id = kinds.region_id and expected.quarter = kinds.quarter
    left join came_in
        on expected.region_id = came_in.region_id
        and expected.quarter = came_in.quarter
        and expected.department_id = came_in.department_id
        and kinds.reported_table = came_in.reported_table
    window peers as (
        partition by expected.region_id, expected.quarter, expected.peer_set, kinds.reported_table
    )
),

asked as (
    select *, not is_reported as is_missing,
    from counted
    where peers > 0 and 100.0 * peers_reported / peers >= $share
),

followed as (
    select
        asked.*,
        asked.is_missing and coalesce(before.is_missing, false) as is_running,
    from asked
    left join asked as before
        on asked.region_id = before.region_id
        and asked.department_id = before.department_id
        and asked.reported_table = before.reported_table
        and asked.ordinal = before.ordinal + 1
),

judged as (
    select
        expected.region_id,
        expected.department_id,
        expected.quarter,
        count(followed.reported_table) as n,
        count(*) filter (where followed.is_missing) as missing,
        count(*) filter (where followed.is_running) as missing_twice,
        coalesce(
            list(followed.reported_table order by followed.reported_table) filter (where followed.is_missing),
            []
        ) as tables,
        coalesce(
            list(followed.reported_table order by followed.reported_table) filter (where followed.is_running),
            []
        ) as running,
        min(followed.peers_reported) filter (where followed.is_missing) as peers_reported,
        any_value(followed.peers) as peers,
    from expected
    left join followed using (region_id, department_id, quarter)
    group by expected.region_id, expected.department_id, expected.quarter
)

select
    region_id,
    department_id,
    quarter,
    missing::double as value,
    0.0 as threshold,
    n,
    case
        when n = 0 then null
        when missing_twice > 0 then 'alert'
        when missing > 0 then 'watch'
        else 'ok'
    end as level,
    if(n = 0, 'nobody', null) as note,
    if(missing_twice > 0, 'twice', 'once') as reason,
    tables,
    running,
    peers_reported,
    peers,
from judged
order by region_id, department_id, quarter
