/* +++
title = { zh = "外部监督空白", en = "No outside eyes" }
label = { zh = "无外部", en = "No outside eyes" }
group = "coverage"
order = 35
kind = "composite"
source = "D6 §3"
tables = ["supervision"]
unit = { zh = "%", en = "%" }
decimals = 0
window = 4
why = { zh = "内部监督了解情况，也容易碍于情面；代表委员、服务对象、外单位看得到里面的人看不到的。走访、座谈、回访一年都没有，等于只照自己的镜子。", en = "Those inside know the matter and find it hard to speak up; deputies, those served and other bodies see what insiders do not. A year without a visit, a meeting or a return visit from outside is a look into one's own mirror only." }
formula = { zh = "近四季方向为“外部”的监督活动 ÷ 全部监督活动。占比和它的 80% 区间都低于关注线：关注。登记簿四季都在记而一次外部监督也没有：预警，不论活动多少。", en = "Activities of four quarters whose direction is external, divided by all activities. Watch where the share and its 80 % interval lie below the watch line. None at all in four quarters of a register that was kept is alert, however many activities there were." }
example = { zh = "50 次活动中 1 次来自外部：2%，80% 区间 0.6–6.4%，低于 10%，关注。20 次中 0 次：预警。20 次中 1 次：5%，80% 区间 1.5–15.3% 越过 10%，不触发。", en = "1 of 50 activities from outside: 2 %, the 80 % interval 0.6–6.4 % lies below 10 %: watch. 0 of 20: alert. 1 of 20: 5 %, the 80 % interval 1.5–15.3 % reaches past 10 %: not met." }
exclusions = { zh = "有外部监督而活动不到最少次数的，不判断占比；登记簿不满四季的，不说“没有”，至多为关注。", en = "Where some came from outside, the share is not judged on fewer activities than the minimum; “none” is not said of a register that does not reach back four quarters: there it is watch at most." }
assumptions = { zh = "方向由登记的人判断；登记簿上没有的监督视为没有开展。", en = "Whoever registers an activity judges its direction; supervision that is not in the register did not take place." }
remedy = { zh = "请人大代表、政协委员、特约监察员参加监督，每半年走访有关单位、听取意见，并按“外部”登记。", en = "Have deputies, members and invited supervisors take part, visit outside bodies every half year and hear what they say; and register it as external." }

[thresholds.watch]
value = 10
most = 100
zh = "占比低于此值（%）：关注"
en = "share below this (%): watch"

[thresholds.fewest]
value = 5
least = 1
zh = "至少活动次数"
en = "fewest activities"

[notes]
short_register = { zh = "监督登记不满四季", en = "the supervision register does not cover four quarters" }

[evidence]
external = { zh = "外部监督（次）", en = "activities from outside" }
n = { zh = "全部监督活动（次）", en = "all supervision activities" }
kept_quarters = { zh = "有监督登记的季度（个）", en = "quarters in which the register was kept" }

[sentence.share]
zh = "{name}：{period}监督活动 {n} 次，来自外部的 {external} 次（{value}%，95% 区间 {low}–{high}%；{line}线 {threshold}%）。"
en = "{name}: {external} of {n} supervision activities {period} came from outside ({value} %, 95 % interval {low}–{high} %; {line} line {threshold} %)."

[sentence.none]
zh = "{name}：{period}监督活动 {n} 次，没有一次来自外部。"
en = "{name}: none of the supervision activities {period} came from outside (activities: {n})."

[sentence.no_activity]
zh = "{name}：{period}没有任何监督活动，外部监督也没有。"
en = "{name}: no supervision activity at all {period}, so none from outside."
+++ */
with judged as (
    select
        *,
        external = 0 and kept_quarters >= 4 as is_none,
        -- no share lies below 0 %: short of none at all it is watch at most
        level_below(external, activities, $watch, 0, $fewest) as share_level,
    from window_activities
    where length = 4 and department_id <> '*'
)

select
    region_id,
    department_id,
    quarter,
    -- no activity at all is none from outside
    if(is_none, 0, 100.0 * external / nullif(activities, 0)) as value,
    if(is_none, 0, $watch)::double as threshold,
    activities as n,
    case
        when is_none then 'alert'
        -- nothing yet from outside is not said to be enough
        when external = 0 and share_level = 'ok' then null
        else share_level
    end as level,
    case
        when level is not null then null
        when external = 0 then 'short_register'
        else 'few'
    end as note,
    kept_quarters as covered_quarters,
    case
        when activities = 0 then 'no_activity'
        when is_none then 'none'
        else 'share'
    end as reason,
    external,
    wilson_low(external, nullif(activities, 0), 1.959964) as low,
    wilson_high(external, nullif(activities, 0), 1.959964) as high,
    kept_quarters,
from judged
order by region_id, department_id, quarter
