/* +++
title = { zh = "办结率", en = "Closure share" }
label = { zh = "办结率", en = "Closed" }
unit = { zh = "%", en = "%" }
why = { zh = "本季办结与本季受理之比；办结积压时可以超过 100%。", en = "Closed in the quarter against received in the quarter; above 100 % when a backlog is worked off." }
numerator = { zh = "本季办结的件数（可能是以前受理的）", en = "complaints closed in the quarter, some of them received before" }
denominator = { zh = "本季受理的件数", en = "complaints received in the quarter" }
caveats = { zh = "是流量之比，不是同一批投诉的去向。清理积压时会超过 100%，照实显示；超过 100% 的不算比例，没有区间，也不判断。", en = "A ratio of two flows, not the fate of one batch. Working off a backlog takes it above 100 %, which is shown as it is; beyond 100 % it is no share, has no interval and is not judged." }
source = "D1 §3.2.3"
group = "complaints"
order = 140
better = "higher"
kind = "share"
decimals = 1
tables = ["complaints"]
+++ */
with known as (
    select
        region_id,
        department_id,
        quarter,
        received,
        closed,
        -- some offices know what was closed by department only, in rows of their own
        bool_or(received > 0 and closed is not null) over (partition by region_id, department_id, quarter) as is_paired,
    from complaints
    where basis <> 'ytd'
),

counted as (
    select
        region_id,
        department_id,
        quarter,
        sum(closed)::double as numerator,
        sum(received)::double as denominator,
    from known
    -- elsewhere a row that keeps only one of the two says nothing of the share
    where not is_paired or closed is not null
    group by region_id, department_id, quarter
    having count(closed) > 0 and count(received) > 0
)

select
    region_id,
    department_id,
    quarter,
    '' as variant,
    100.0 * numerator / nullif(denominator, 0) as value,
    numerator,
    denominator,
    denominator::bigint as n,
    null::varchar as note,
from counted
