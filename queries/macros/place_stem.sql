/* +++
answers = "What is a place called without the word for its kind: 汀澜 for 汀澜县, Tinglan for Tinglan County"
+++ */
create macro place_stem(place) as
    trim(
        regexp_replace(
            place,
            '(特别行政区|自治区|自治州|自治县|自治旗|地区|新区|省|市|县|区|旗|盟|州| Province| City| County| District| Prefecture)$',
            ''
        )
    )
