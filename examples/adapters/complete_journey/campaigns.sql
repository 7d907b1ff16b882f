SELECT
    campaign_id,
    'campaign ' || campaign_id AS name,
    'coupon mailing' AS channel,
    'promotion' AS kind,
    start_date AS started_at,
    end_date AS ended_at,
    campaign_type,
    source_row
FROM campaign_descriptions
