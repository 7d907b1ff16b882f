-- A conversion is a deal that was won; a path that ended without one, a deal that was lost. The value
-- of a path's conversions is divided between them in ten-thousandths, so that nothing is lost.
SELECT
    source_row || '-' || numbered.number AS deal_id,
    source_row || '-' || numbered.number AS lead_id,
    'new' AS kind,
    CASE WHEN numbered.number < total_conversions::DOUBLE THEN 'won' ELSE 'lost' END AS outcome,
    TIMESTAMP '2000-01-01' AS created_at,
    TIMESTAMP '2000-04-30' AS closed_at,
    CASE WHEN numbered.number < total_conversions::DOUBLE THEN
        (
            round(total_conversion_value::DOUBLE * 10000)::BIGINT // total_conversions::DOUBLE::BIGINT
            + (
                numbered.number
                < round(total_conversion_value::DOUBLE * 10000)::BIGINT
                % total_conversions::DOUBLE::BIGINT
            )::BIGINT
        )::DECIMAL(14, 0) * 0.0001
    END AS net_amount,
    source_row
FROM paths
CROSS JOIN
    unnest(range((total_conversions::DOUBLE + total_null::DOUBLE)::BIGINT)) AS numbered (number)
ORDER BY source_row, numbered.number
