SELECT
    RETAILER AS account_id,
    regexp_extract(RETAILER, '^.* - (.*)$', 1) AS name,
    regexp_extract(RETAILER, '^(.*) - ', 1) AS region
FROM weeks
GROUP BY RETAILER
ORDER BY RETAILER
