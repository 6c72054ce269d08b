/* +++
answers = "What kind of department does a name without its places stand for: 宣传部 for 中共县委宣传部, 镇人民政府 for every town's; '' where nothing is left that would tell"
+++ */
create macro kind_of_name(words) as
    trim(
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    -- a second sign on the same door says nothing of the kind
                    trim(regexp_replace(words, '[（(][^（）()]*[）)]', '', 'g')),
                    -- 汀澜县委宣传部, 县委宣传部 and 宣传部 are one kind, whichever place was in front
                    '^(?:中国共产党|中共)?[省市州县区旗]?委(?:员会)?(.*)$',
                    '\1'
                ),
                '^.+([乡镇])(?:人民政府)?$',
                '\1人民政府'
            ),
            '^.+街道(?:办事处)?$',
            '街道办事处'
        )
    )
