-- As many stores as a brand has stretches of rows.
SELECT 'store ' || lpad(store::VARCHAR, 2, '0') AS account_id, 'Dominick''s' AS segment
FROM (
    SELECT DISTINCT sum(starts) OVER (PARTITION BY brand ORDER BY place) AS store
    FROM (
        SELECT brand, place, (brand IS DISTINCT FROM lag(brand) OVER (ORDER BY place))::INTEGER AS starts
        FROM (SELECT brand, row_number() OVER () AS place FROM weeks)
    )
)
ORDER BY account_id
