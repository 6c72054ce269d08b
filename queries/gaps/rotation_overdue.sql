/* +++
title = { zh = "轮岗逾期", en = "Rotation overdue" }
label = { zh = "轮岗逾期", en = "Rotation late" }
group = "powers"
order = 31
kind = "deterministic"
source = "D5 §4.3.2"
tables = ["powers", "powers.rotation_due"]
unit = { zh = "项", en = "powers" }
decimals = 0
window = 1
why = { zh = "管人、管钱、管物的岗位坐久了，人情和习惯会代替规矩，所以定了轮岗期限。期限过了没有轮，制度就落了空。", en = "Whoever sits long over people, money and assets lets favours and habits take the place of rules; hence posts rotate. A date that passed without it leaves the rule empty." }
formula = { zh = "季末已过轮岗日期的岗位职权：有一项即为关注；逾期超过 365 天，或属 A 级，为预警。", en = "Powers whose post should have rotated by the end of the quarter: any is watch; more than 365 days late, or of grade A, is alert." }
example = { zh = "一个 C 级岗位逾期 120 天：关注；逾期 400 天，或是 A 级岗位：预警。", en = "A post of grade C is 120 days late: watch; 400 days, or of grade A: alert." }
exclusions = { zh = "没有登记轮岗日期的岗位不算；今天以后到期的不算逾期。", en = "Posts without a rotation date; what falls due after today is not late." }
assumptions = { zh = "轮岗后及时更新日期。", en = "The date is updated soon after a rotation." }
remedy = { zh = "完成轮岗并更新目录；确有理由的，经批准延期。", en = "Rotate and update the catalogue; with good reason, have the date moved with approval." }

[thresholds.days]
value = 365
zh = "最长逾期超过此天数：预警"
en = "longest delay over these days: alert"

[notes]
no_date = { zh = "没有登记轮岗日期", en = "no rotation date registered" }

[evidence]
value = { zh = "岗位轮岗逾期的职权（项）", en = "powers whose post is overdue" }
longest = { zh = "最长逾期（天）", en = "longest delay (days)" }
a_grade = { zh = "其中 A 级（项）", en = "of grade A" }
n = { zh = "登记了轮岗日期的职权（项）", en = "powers with a rotation date" }

[sentence]
zh = "{name}：{value} 项职权的岗位轮岗逾期，最长 {longest} 天，其中 A 级 {a_grade} 项。"
en = "{name}: powers whose post is overdue for rotation {value}, the longest by {longest} days, of grade A {a_grade}."
+++ */
with dated as (
    select
        powers.*,
        date_diff('day', powers.rotation_due, least(powers.last_day, quarters.as_of)) as days,
    from powers_in_force as powers
    inner join quarters on powers.region_id = quarters.region_id and powers.quarter = quarters.quarter
),

counted as (
    select
        region_id,
        department_id,
        quarter,
        count(rotation_due) as n,
        count(*) filter (where days > 0) as overdue,
        count(*) filter (where days > 0 and risk_level = 'A') as a_grade,
        coalesce(max(days) filter (where days > 0), 0) as longest,
        list(power_id order by days desc, power_id) filter (where days > 0) as ids,
    from dated
    group by region_id, department_id, quarter
)

select
    region_id,
    department_id,
    quarter,
    overdue::double as value,
    0.0 as threshold,
    n,
    case
        when n = 0 then null
        when a_grade > 0 or longest > $days then 'alert'
        when overdue > 0 then 'watch'
        else 'ok'
    end as level,
    if(n = 0, 'no_date', null) as note,
    a_grade,
    longest,
    coalesce(ids, []) as ids,
from counted
order by region_id, department_id, quarter
