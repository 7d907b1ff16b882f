-- Baskets added up by product, store and week of the year (they start on Mondays). The base price is
-- what would have been paid without the shop's own discounts; a manufacturer's coupon is none.
-- Weeks without a quantity have no price; what was paid and the full value stay beside them. Fuel
-- is counted in thousandths.
-- Displays and mailers are recorded for some stores only: elsewhere nobody knows.
SELECT
    sold.store_id AS account_id,
    sold.product_id,
    DATE '2016-12-26' + 7 * (sold.week - 1) AS week,
    sold.units,
    round(sold.paid / nullif(sold.units, 0), 4) AS net_price,
    round(sold.full_value / nullif(sold.units, 0), 4) AS base_price,
    CASE WHEN watched.store_id IS NOT NULL THEN coalesce(shown.featured, false) END AS featured,
    CASE WHEN watched.store_id IS NOT NULL THEN coalesce(shown.displayed, false) END AS displayed,
    sold.paid,
    sold.full_value
FROM (
    SELECT
        transactions.store_id,
        transactions.product_id,
        as_number(transactions.week)::INTEGER AS week,
        sum(
            as_number(quantity) / CASE WHEN products.product_type LIKE 'GASOLINE%' THEN 1000 ELSE 1 END
        ) AS units,
        sum(as_money(sales_value)) AS paid,
        sum(as_money(sales_value) + as_money(retail_disc) + as_money(coupon_match_disc)) AS full_value
    FROM transactions
    LEFT JOIN products ON products.product_id = transactions.product_id
    GROUP BY ALL
) AS sold
LEFT JOIN (SELECT DISTINCT store_id FROM promotions) AS watched ON watched.store_id = sold.store_id
LEFT JOIN (
    SELECT
        store_id,
        product_id,
        as_number(week)::INTEGER AS week,
        bool_or(mailer_location <> '0') AS featured,
        bool_or(display_location <> '0') AS displayed
    FROM promotions
    GROUP BY ALL
) AS shown
    ON shown.store_id = sold.store_id AND shown.product_id = sold.product_id AND shown.week = sold.week
ORDER BY sold.store_id, sold.product_id, sold.week
