-- A campaign's coupons are for any of its goods and every store.
SELECT
    'coupons ' || campaign_id AS promotion_id,
    campaign_id,
    start_date AS starts_on,
    end_date AS ends_on,
    'coupon' AS kind,
    source_row
FROM campaign_descriptions
