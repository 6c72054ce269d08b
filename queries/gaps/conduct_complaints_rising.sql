/* +++
title = { zh = "作风投诉上升", en = "Conduct complaints rising" }
label = { zh = "作风投诉", en = "Conduct rising" }
group = "appraisal"
order = 15
kind = "chart"
source = "D1 §3.2.3"
tables = ["complaints"]
unit = { zh = "件", en = "complaints" }
decimals = 0
window = 1
fine = ["value", "n"]
why = { zh = "门难进、脸难看、事难办，乱收费、乱罚款、吃拿卡要、推诿扯皮，是群众天天碰到的作风问题，要抓早抓小。升了要早知道，但忽高忽低的零星波动不该惊动谁。", en = "Doors that stay shut, arbitrary fees and fines, favours demanded, matters passed on: such conduct is what the public meets every day, and it is best caught early. A rise should be known soon; ups and downs of a few complaints should alarm nobody." }
formula = { zh = "带“作风”标记的投诉件数的控制图：本季有点超出上限为预警；没有而出现连续高于平均、连续上升或接近上限的向上信号为关注。按月报送的看月图，月图多数点件数太少的看季图。", en = "The control chart of complaints whose category is marked as conduct. A point of this quarter beyond the upper limit: alert. Else an upward signal of another kind (a run above the mean, a steady rise, near the limit): watch. Months are charted where they are reported; where most of them have too few complaints, quarters are." }
example = { zh = "三年里每季 1 至 2 件，本季 14 件，上限 9 件：预警。若本季 3 件，仍在界限内：不触发。", en = "One or two a quarter for three years, 14 this quarter, the limit is 9: alert. With 3, within the limits: not met." }
exclusions = { zh = "咨询不算；类别没有“作风”标记的不算；件数太少（不到 3 件，也预期不到 3 件）或不足 6 个点的，控制图不作判断；下降和改善不触发。", en = "Enquiries; categories without the mark of conduct. Where fewer than three complaints came and no more were to be expected, or there are fewer than 6 points, the chart does not judge. A fall is no gap." }
assumptions = { zh = "类别登记前后一致；口径变化在设置里登记为新起点。渠道新开通也会使件数上升。", en = "Categories are registered alike over time; a change of definition is entered as a new beginning in the settings. A newly opened channel raises counts, too." }
remedy = { zh = "查清集中在哪些环节、哪些人手上，整改并回访；件数回到控制图界限以内，向上信号消失。", en = "Find out at which step and in whose hands they gather, mend it and ask those who complained; the count comes back within the limits and the signal ends." }

[notes]
short = { zh = "数据点不足，控制图还没有界限", en = "too few points for the control chart to have limits" }

[evidence]
value = { zh = "作风投诉（件）", en = "conduct complaints" }
at = { zh = "所指的期间", en = "period meant" }
mean = { zh = "历期均值（件）", en = "mean so far" }
upper = { zh = "控制上限（件）", en = "upper control limit" }
n_points = { zh = "控制图点数", en = "points of the chart" }

[sentence.astronomical_month]
zh = "{name}：{at} 作风投诉 {value} 件，超出控制图上限 {threshold:1} 件（月均 {mean:1} 件）。"
en = "{name}: conduct complaints in {at}: {value}, beyond the control limit of {threshold:1} (monthly mean {mean:1})."

[sentence.astronomical_quarter]
zh = "{name}：本季作风投诉 {value} 件，超出控制图上限 {threshold:1} 件（季均 {mean:1} 件）。"
en = "{name}: conduct complaints this quarter: {value}, beyond the control limit of {threshold:1} (quarterly mean {mean:1})."

[sentence.shift_month]
zh = "{name}：作风投诉连续至少七个月高于平均（月均 {mean:1} 件），{at} 为 {value} 件。"
en = "{name}: conduct complaints above their monthly mean ({mean:1}) for at least seven months running; {value} in {at}."

[sentence.shift_quarter]
zh = "{name}：作风投诉连续至少七季高于平均（季均 {mean:1} 件），本季 {value} 件。"
en = "{name}: conduct complaints above their quarterly mean ({mean:1}) for at least seven quarters running; {value} this quarter."

[sentence.trend_month]
zh = "{name}：作风投诉连续至少七个月逐月上升，{at} 达 {value} 件（月均 {mean:1} 件）。"
en = "{name}: conduct complaints rising for at least seven months running; {value} in {at} (monthly mean {mean:1})."

[sentence.trend_quarter]
zh = "{name}：作风投诉连续至少七季逐季上升，本季 {value} 件（季均 {mean:1} 件）。"
en = "{name}: conduct complaints rising for at least seven quarters running; {value} this quarter (quarterly mean {mean:1})."

[sentence.two_of_three_month]
zh = "{name}：三个月中至少两个月作风投诉接近控制图上限 {upper:1} 件，{at} 为 {value} 件（月均 {mean:1} 件）。"
en = "{name}: conduct complaints near the control limit of {upper:1} in two of three months; {value} in {at} (monthly mean {mean:1})."

[sentence.two_of_three_quarter]
zh = "{name}：三季中至少两季作风投诉接近控制图上限 {upper:1} 件，本季 {value} 件（季均 {mean:1} 件）。"
en = "{name}: conduct complaints near the control limit of {upper:1} in two of three quarters; {value} this quarter (quarterly mean {mean:1})."
+++ */
select
    region_id,
    department_id,
    quarter,
    value,
    -- a run has no line of its own but the mean that it keeps above
    if(signal in ('shift', 'trend'), mean, upper) as threshold,
    received as n,
    case signal when 'astronomical' then 'alert' when 'none' then 'ok' else if(signal is null, null, 'watch') end as level,
    note,
    signal || '_' || grain as reason,
    grain,
    period as at,
    mean,
    upper,
    n_points,
    is_trial,
from complaint_signals
where indicator = 'conduct_complaints'
order by region_id, department_id, quarter
