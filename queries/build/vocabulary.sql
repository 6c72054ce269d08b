/* +++
answers = "every word of every vocabulary, the office's own words on top of the project's"
+++ */
create table vocabulary as
with words as (
    select vocabulary, code, zh, en, mark, position, 0 as own,
    from default_words
    union all
    select vocabulary, code, zh, en, mark, 100000 + row_number() over (order by vocabulary, code) as position, 1 as own,
    from office_words
)

select
    vocabulary,
    code,
    max_by(zh, own) as zh,
    coalesce(max_by(nullif(en, ''), own), max_by(zh, own)) as en,
    max_by(mark, own) as mark,
    min(position) as sort,
from words
group by vocabulary, code
order by vocabulary, sort, code
