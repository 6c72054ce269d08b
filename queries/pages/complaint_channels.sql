/* +++
answers = "By which channels did the complaints of a window of quarters come?"
needs = "small_counts"
+++ */
with
shown as (
    select channel, sum(received) as received,
    from complaints
    where
        region_id = $region
        and basis <> 'ytd'
        and list_contains($departments::varchar[], department_id)
        -- quarters are counted through, so that a window may begin in another year
        and substr($quarter, 1, 4)::int * 4 + substr($quarter, 6, 1)::int
        - (substr(quarter, 1, 4)::int * 4 + substr(quarter, 6, 1)::int)
        between 0 and $window - 1
    group by channel
)

select
    s.channel,
    coalesce(v.zh, s.channel) as zh,
    coalesce(v.en, v.zh, s.channel) as en,
    s.received::double as received,
from shown as s
left join vocabulary as v on v.vocabulary = 'channel' and v.code = s.channel
order by s.received desc, v.sort nulls last, s.channel
