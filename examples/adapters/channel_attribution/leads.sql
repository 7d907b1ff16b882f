-- Whoever went a path is a lead, so that the touches of each path have somebody to belong to.
SELECT
    source_row || '-' || numbered.number AS lead_id,
    source_row || '-' || numbered.number AS deal_id,
    TIMESTAMP '2000-01-01' AS created_at,
    source_row
FROM paths
CROSS JOIN
    unnest(range((total_conversions::DOUBLE + total_null::DOUBLE)::BIGINT)) AS numbered (number)
ORDER BY source_row, numbered.number
