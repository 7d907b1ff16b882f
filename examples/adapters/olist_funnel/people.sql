-- Sales development representatives call first, sales representatives close; both are only ids.
SELECT
    person_id,
    'sales' AS side,
    CASE WHEN bool_or(closes) THEN 'sales representative' ELSE 'sales development' END AS role
FROM (
    SELECT sr_id AS person_id, true AS closes FROM closed_deals
    UNION ALL
    SELECT sdr_id, false FROM closed_deals
)
WHERE person_id IS NOT NULL
GROUP BY person_id
ORDER BY person_id
