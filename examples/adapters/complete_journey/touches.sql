-- Who was sent a campaign's coupons is not dated: it is put on the campaign's first day.
SELECT
    'sent ' || campaigns.campaign_id || ' ' || campaigns.household_id AS touch_id,
    as_day(campaign_descriptions.start_date) AS touched_at,
    'coupon sent' AS channel,
    campaigns.campaign_id,
    campaigns.household_id AS visitor_id
FROM campaigns
LEFT JOIN campaign_descriptions ON campaign_descriptions.campaign_id = campaigns.campaign_id
UNION ALL
SELECT
    concat_ws(
        ' ',
        'redeemed',
        campaign_id,
        household_id,
        coupon_upc,
        redemption_date,
        row_number() OVER (PARTITION BY campaign_id, household_id, coupon_upc, redemption_date)
    ) AS touch_id,
    as_day(redemption_date) AS touched_at,
    'coupon redeemed' AS channel,
    campaign_id,
    household_id AS visitor_id
FROM coupon_redemptions
ORDER BY touch_id
