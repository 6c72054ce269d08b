/* +++
answers = "which quarters does a trailing window of one, two, four or eight quarters hold, as far back as the figures go"
+++ */
create table windows as
with numbered as (
    select region_id, quarter, first_day, last_day, quarter[1:4]::int * 4 + quarter[6:6]::int as ordinal,
    from quarters
)

select
    shown.region_id,
    shown.quarter,
    lengths.length,
    shown.last_day,
    member.quarter as member,
    member.first_day as member_first_day,
    member.last_day as member_last_day,
from numbered as shown
cross join (values (1), (2), (4), (8)) as lengths (length)
inner join numbered as member
    on shown.region_id = member.region_id
    and member.ordinal between shown.ordinal - lengths.length + 1 and shown.ordinal
order by shown.region_id, shown.quarter, lengths.length, member.quarter
