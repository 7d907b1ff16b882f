-- The source has the order of touches and no times: they stand a day apart before the day of closing.
-- What asks for their age (credit that decays with time) means nothing here.
SELECT
    source_row || '-' || numbered.number || '-' || placed.place AS touch_id,
    source_row || '-' || numbered.number AS lead_id,
    string_split(path, ' > ')[placed.place] AS channel,
    TIMESTAMP '2000-04-30' - to_days((len(string_split(path, ' > ')) - placed.place + 1)::INTEGER)
        AS touched_at,
    source_row
FROM paths
CROSS JOIN
    unnest(range((total_conversions::DOUBLE + total_null::DOUBLE)::BIGINT)) AS numbered (number)
CROSS JOIN unnest(range(1, len(string_split(path, ' > ')) + 1)) AS placed (place)
ORDER BY source_row, numbered.number, placed.place
