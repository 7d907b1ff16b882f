-- The file names no week, but has the retailers' weeks in order; the first is put on a Monday. DISP
-- is the share of a retailer's stores (by volume) with a display: kept as the attribute that
-- measures read in place of the flag. The price before a promotion is not recorded.
SELECT
    RETAILER AS account_id,
    'sliced cheese' AS product_id,
    DATE '2001-01-01' + 7 * (row_number() OVER (PARTITION BY RETAILER ORDER BY source_row) - 1)::INTEGER
        AS week,
    VOLUME AS units,
    PRICE AS net_price,
    as_number(DISP) > 0 AS displayed,
    DISP AS display_share,
    source_row
FROM weeks
ORDER BY source_row
