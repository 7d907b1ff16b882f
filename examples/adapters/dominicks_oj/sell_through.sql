-- The file names no store and no week, but lies in their order: for each store the weeks of one
-- brand after those of the other. A brand's n-th stretch of rows is store n, a place in it a week.
-- Only the order of weeks is known; the first is put on a Monday. The price is the one paid: what it
-- was before a promotion is not recorded.
SELECT
    'store ' || lpad(placed.store::VARCHAR, 2, '0') AS account_id,
    weeks.brand AS product_id,
    DATE '2001-01-01'
        + 7 * (row_number() OVER (PARTITION BY weeks.brand, placed.store ORDER BY weeks.source_row) - 1)::INTEGER
        AS week,
    round(as_number(weeks.sales), 0) AS units,
    weeks.price AS net_price,
    as_flag(weeks.feat) AS featured,
    weeks.source_row
FROM weeks
JOIN (
    SELECT place, sum(starts) OVER (PARTITION BY brand ORDER BY place) AS store
    FROM (
        SELECT brand, place, (brand IS DISTINCT FROM lag(brand) OVER (ORDER BY place))::INTEGER AS starts
        FROM (SELECT brand, source_row AS place FROM weeks)
    )
) AS placed ON placed.place = weeks.source_row
ORDER BY weeks.source_row
