/* +++
answers = "one row = one word that the office added to a vocabulary"
+++ */
create table office_words as
select
    vocabulary,
    code,
    zh,
    en,
    aliases,
    mark,
from read_parquet($files, union_by_name = true)
order by vocabulary, code
