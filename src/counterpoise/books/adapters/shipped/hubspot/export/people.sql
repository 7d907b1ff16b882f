-- Exports have the names of owners alone: the name is the person.
SELECT name AS person_id, name, 'sales' AS side
FROM (
    SELECT "Deal owner" AS name FROM deals
    UNION
    SELECT "Contact owner" FROM contacts
)
WHERE name IS NOT NULL
ORDER BY name
