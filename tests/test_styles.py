"""Of Bootstrap a browser gets what something on a page is drawn by, and nothing of the rest."""

from dashboard.styles import style_sheet, taken

SHEET = """:root{--a:1}.btn{x:1}.card,.form-select{x:2}.h1,h1{x:3}.btn .form-control{x:4}
.form-control:not(.btn):focus{x:5}@media print{.btn{x:6}.form-check{x:7}}@media screen{.btn{x:8}}"""


def test_rules_of_other_classes_are_left_out_and_all_others_stay_in_their_order():
    assert taken(SHEET).replace("\n", "") == (
        ":root{--a:1}.card,.form-select{x:2}.h1,h1{x:3}.form-control:not(.btn):focus{x:5}@media print{.form-check{x:7}}"
    )


def test_the_sheet_has_what_pages_are_drawn_by_and_the_licence():
    sheet = style_sheet()
    assert sheet.startswith('@charset "UTF-8";/*!') and "Licensed under MIT" in sheet[:300]
    for rule in (
        "\n:root {",
        ".form-select{",
        "[data-bs-theme=dark]{",
        ".visually-hidden",
        "[hidden]{",
        "unicode-range",
    ):
        assert rule in sheet
    assert ".btn" not in sheet and ".carousel" not in sheet
