/* +++
answers = "every word of every vocabulary in both languages, for codes inside a sentence"
needs = "words"
+++ */
select vocabulary, code, zh, en,
from vocabulary
order by vocabulary, sort, code
