/* +++
answers = "What is left of a department's name without the name of a place: in full where it stands there, else without its 县, 市 and the like"
+++ */
create macro without_place(words, place) as
    case
        when length(coalesce(place, '')) < 2 then words
        when contains(words::varchar, place::varchar) then replace(words::varchar, place::varchar, '')
        -- one character would be found in any name
        when length(place_stem(place)) >= 2 then replace(words, place_stem(place), '')
        else words
    end
