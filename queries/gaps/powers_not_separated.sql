/* +++
title = { zh = "决策执行监督未分离", en = "Powers not separated" }
label = { zh = "三权未分离", en = "Not separated" }
group = "powers"
order = 26
kind = "deterministic"
source = "D3 §3, D5 §3"
tables = ["powers"]
unit = { zh = "个环节", en = "links" }
decimals = 0
window = 1
why = { zh = "决策、执行、监督由不同的人担当，才谈得上互相制约。同一个岗位自己定、自己办、自己查，制约只在纸上。", en = "Only where deciding, executing and supervising are in different hands can one check the other. A post that decides, carries out and checks by itself has its checks on paper." }
formula = { zh = "同一领域（人、财、物、权）内同一岗位兼有的环节数：兼两个为关注，兼三个为预警。", en = "Links of one domain (people, money, assets, authority) that one post holds: two is watch, all three is alert." }
example = { zh = "财务领域的决策与执行都由“主要负责人”行使：2 个环节，关注；连监督也是：3 个，预警。", en = "Over money the same post decides and executes: 2 links, watch; it supervises as well: 3, alert." }
exclusions = { zh = "不同领域不合并计算；没有编职权目录的部门不判断。", en = "Domains are not added up; departments without a catalogue are not judged." }
assumptions = { zh = "岗位名称相同即视为同一岗位。", en = "Posts with the same name are the same post." }
remedy = { zh = "把环节分给不同岗位，更新职权目录。", en = "Give the links to different posts and update the catalogue." }

[thresholds.watch]
value = 2
least = 2
most = 3
zh = "兼有环节数达到此值：关注"
en = "links in one hand: watch"

[thresholds.alert]
value = 3
least = 2
most = 3
zh = "兼有环节数达到此值：预警"
en = "links in one hand: alert"

[vocabularies]
domains = "domain"

[evidence]
value = { zh = "一岗兼有环节（个）", en = "links in one hand" }
domains = { zh = "领域", en = "domain" }
posts = { zh = "岗位", en = "post" }
n_posts = { zh = "兼有环节的岗位（个）", en = "posts that hold several links" }
n = { zh = "有效职权（项）", en = "powers in force" }

[sentence]
zh = "{name}：在同一领域（{domains}）兼有决策、执行、监督多个环节的岗位 {n_posts} 个（{posts}），最多兼 {value} 个环节。"
en = "{name}: posts that hold several of the links decision, execution and supervision of one domain ({domains}): {n_posts} ({posts}); the most links in one hand: {value}."
+++ */
with posts as (
    select
        region_id,
        department_id,
        quarter,
        domain,
        holder,
        count(distinct link) as links,
        list(power_id order by power_id) as ids,
    from powers_in_force
    -- what is of no one domain is not of the same one
    where domain not in ('all', 'not_stated')
    group by region_id, department_id, quarter, domain, holder
),

most as (
    select *, max(links) over (partition by region_id, department_id, quarter) as most_links,
    from posts
),

found as (
    select
        region_id,
        department_id,
        quarter,
        any_value(most_links) as most_links,
        count(distinct (domain, holder)) filter (where links >= $watch) as n_posts,
        list(distinct domain order by domain) filter (where links = most_links and links >= $watch) as domains,
        list(distinct holder order by holder) filter (where links = most_links and links >= $watch) as posts,
        flatten(list(ids order by domain, holder) filter (where links >= $watch)) as ids,
    from most
    group by region_id, department_id, quarter
),

sizes as (
    select region_id, department_id, quarter, count(*) as n,
    from powers_in_force
    group by region_id, department_id, quarter
)

select
    found.region_id,
    found.department_id,
    found.quarter,
    found.most_links::double as value,
    if(found.most_links >= $alert, $alert, $watch)::double as threshold,
    sizes.n,
    case
        when found.most_links >= $alert then 'alert'
        when found.most_links >= $watch then 'watch'
        else 'ok'
    end as level,
    null::varchar as note,
    found.n_posts,
    coalesce(found.domains, []) as domains,
    coalesce(found.posts, []) as posts,
    coalesce(found.ids, []) as ids,
from found
inner join sizes using (region_id, department_id, quarter)
order by found.region_id, found.department_id, found.quarter
