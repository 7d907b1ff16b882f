SELECT
    closed_deals.seller_id AS account_id,
    min(closed_deals.business_segment) AS industry,
    min(sellers.seller_state) AS region,
    min(sellers.seller_city) AS city
FROM closed_deals
LEFT JOIN sellers ON sellers.seller_id = closed_deals.seller_id
GROUP BY closed_deals.seller_id
ORDER BY account_id
