/* +++
title = { zh = "整改不到位", en = "Findings not rectified" }
label = { zh = "整改不到位", en = "Not rectified" }
group = "accountability"
order = 14
kind = "share"
source = "D1 §3.2.3"
tables = ["notices", "notices.rectified_on"]
unit = { zh = "%", en = "%" }
decimals = 0
window = 4
why = { zh = "监督查出问题，发了督查通知书，是要限期改掉的。到期没有改，或者改了不久同样的问题又冒出来，前面的监督就白做了。", en = "What supervision finds is put into a notice with a date. Where the date passes, or the same finding is back soon after it was mended, the supervision came to nothing." }
formula = { zh = "近四季到期的督查通知书中按期整改的比例：低于关注线、预警线分别触发；另外，同一类问题在整改后的期限内再次被发现，为关注。", en = "Of the notices due in four quarters, the share rectified on time: below the lines it is watch or alert. Besides, the same type of finding again within the given months of its rectification is watch." }
example = { zh = "6 件到期，按期整改 1 件：17%，95% 区间 3–56%，全在 70% 以下：预警。6 件都按期，但其中一类问题整改后三个月又发现：关注。", en = "6 notices due, 1 rectified on time: 17 %, 95 % interval 3–56 %, all of it below 70 %: alert. All 6 on time but one finding back three months after it was mended: watch." }
exclusions = { zh = "还没到期的不算；到期不足 5 件不判断比例；只有比例能判断、没有触发线，而且没有一件逾期未改（不论多久以前到期）时，才说“未触发”；两次发现之间没有整改的不算“再次出现”。", en = "Notices not yet due. On fewer than 5 due the share is not judged. Who is cleared is cleared by the share alone, and not while any notice, however old, is past its date and still open. A finding that was never mended in between is not “again”." }
assumptions = { zh = "整改日期如实登记；问题类型前后用词一致。", en = "The date of rectification is registered truthfully; types of findings are named alike over time." }
remedy = { zh = "逐件整改销号；对反复出现的问题改制度、改流程，而不是再改一次。", en = "Rectify and close each notice; where a finding returns, change the rule or the process instead of mending it once more." }

[thresholds.watch]
value = 90
most = 100
zh = "按期整改率低于此值（%）：关注"
en = "rectified on time below this (%): watch"

[thresholds.alert]
value = 70
most = 100
zh = "按期整改率低于此值（%）：预警"
en = "rectified on time below this (%): alert"

[thresholds.fewest]
value = 5
least = 1
zh = "至少到期件数"
en = "fewest notices due"

[thresholds.months]
value = 12
least = 1
zh = "整改后几个月内再次出现：关注"
en = "the same finding within these months of its rectification: watch"

[notes]
still_open = { zh = "有到期的督查通知书还没有整改，不能说“未触发”", en = "a notice past its date is still open, so that nothing can be said to be met" }

[vocabularies]
finding_types = "finding_type"

[evidence]
on_time = { zh = "按期整改（件）", en = "rectified on time" }
n = { zh = "到期通知书（件）", en = "notices due" }
still_open = { zh = "逾期仍未整改（件，不论何时到期）", en = "past their date and still open, whenever due" }
again = { zh = "整改后再次出现的问题（件）", en = "findings that came back" }
finding_types = { zh = "再次出现的问题类型", en = "types that came back" }

[sentence.late]
zh = "{name}：{period}到期的督查通知书 {n} 件，按期整改 {on_time} 件（{value}%，区间 {low}–{high}%；{line}线 {threshold}%）。"
en = "{name}: {on_time} of {n} notices due {period} rectified on time ({value} %, interval {low}–{high} %; {line} line {threshold} %)."

[sentence.again]
zh = "{name}：“{finding_types}”整改后 {within_months} 个月内再次出现（{period}共 {again} 件）。"
en = "{name}: “{finding_types}” found again within {within_months} months of being rectified (such notices {period}: {again})."

[sentence.late_and_again]
zh = "{name}：{period}到期的督查通知书 {n} 件，按期整改 {on_time} 件（{value}%，{line}线 {threshold}%）；“{finding_types}”整改后再次出现。"
en = "{name}: {on_time} of {n} notices due {period} rectified on time ({value} %; {line} line {threshold} %); “{finding_types}” found again after being rectified."
+++ */
with addressed as (
    select lineage.quarter, lineage.department_id as answers_for, notices.*,
    from lineage
    inner join notices on lineage.region_id = notices.region_id and lineage.former_id = notices.department_id
),

-- as the quarter ended: what was mended later was open then
still_open as (
    select
        addressed.region_id,
        addressed.quarter,
        addressed.answers_for as department_id,
        count(*) as still_open,
        list(addressed.notice_id order by addressed.notice_id) as open_ids,
    from addressed
    inner join quarters on addressed.region_id = quarters.region_id and addressed.quarter = quarters.quarter
    where
        addressed.due_on < least(quarters.last_day, quarters.as_of)
        and coalesce(addressed.rectified_on, date '9999-12-31') > quarters.last_day
    group by addressed.region_id, addressed.quarter, addressed.answers_for
),

due as (
    select
        addressed.region_id,
        addressed.quarter,
        addressed.answers_for as department_id,
        count(*) as n,
        count(*) filter (where addressed.rectified_on <= addressed.due_on) as on_time,
        list(addressed.notice_id order by addressed.notice_id) filter (
            where coalesce(addressed.rectified_on > addressed.due_on, true)
        ) as late_ids,
    from addressed
    inner join windows on addressed.region_id = windows.region_id and addressed.quarter = windows.quarter
    inner join quarters on addressed.region_id = quarters.region_id and addressed.quarter = quarters.quarter
    where
        windows.length = 4
        and addressed.due_on between windows.member_first_day and windows.member_last_day
        and (addressed.due_on < quarters.as_of or addressed.rectified_on <= addressed.due_on)
    group by addressed.region_id, addressed.quarter, addressed.answers_for
),

issued as (
    select
        addressed.*,
        exists (
            select 1,
            from addressed as earlier
            where
                earlier.region_id = addressed.region_id
                and earlier.quarter = addressed.quarter
                and earlier.answers_for = addressed.answers_for
                and earlier.finding_type = addressed.finding_type
                and earlier.rectified_on < addressed.issued_on
                and addressed.issued_on <= earlier.rectified_on + to_months($months::int)
        ) as is_again,
    from addressed
    inner join windows on addressed.region_id = windows.region_id and addressed.quarter = windows.quarter
    where
        windows.length = 4
        and addressed.issued_on between windows.member_first_day and windows.member_last_day
),

returned as (
    select
        region_id,
        quarter,
        answers_for as department_id,
        count(*) as issued,
        count(*) filter (where is_again) as again,
        list(distinct finding_type order by finding_type) filter (where is_again) as finding_types,
        list(notice_id order by notice_id) filter (where is_again) as again_ids,
    from issued
    group by region_id, quarter, answers_for
),

judged as (
    select
        region_id,
        quarter,
        department_id,
        coalesce(due.n, 0) as n,
        coalesce(still_open.still_open, 0) as still_open,
        coalesce(still_open.open_ids, []) as open_ids,
        due.on_time,
        coalesce(due.late_ids, []) as late_ids,
        coalesce(returned.issued, 0) as issued,
        coalesce(returned.again, 0) as again,
        coalesce(returned.finding_types, []) as finding_types,
        coalesce(returned.again_ids, []) as again_ids,
        level_below(due.on_time, due.n, $watch, $alert, $fewest) as share_level,
        if(returned.again > 0, 'watch', null) as again_level,
    from due
    full join returned using (region_id, quarter, department_id)
    full join still_open using (region_id, quarter, department_id)
),

reached as (
    select
        *,
        case
            when worse_level(share_level, again_level) = 'ok' and still_open > 0 then null
            else worse_level(share_level, again_level)
        end as level,
    from judged
)

select
    region_id,
    department_id,
    quarter,
    100.0 * on_time / nullif(n, 0) as value,
    if(share_level = 'alert', $alert, $watch)::double as threshold,
    n,
    level,
    case when level is not null then null when still_open > 0 then 'still_open' else 'few' end as note,
    case
        when share_level in ('watch', 'alert') then if(again > 0, 'late_and_again', 'late')
        else 'again'
    end as reason,
    on_time,
    wilson_low(on_time, nullif(n, 0), 1.959964) as low,
    wilson_high(on_time, nullif(n, 0), 1.959964) as high,
    issued,
    still_open,
    again,
    finding_types,
    $months::int as within_months,
    list_sort(list_distinct(late_ids || again_ids || open_ids)) as ids,
from reached
order by region_id, department_id, quarter
