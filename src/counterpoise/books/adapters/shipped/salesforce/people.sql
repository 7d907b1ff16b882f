-- A report has the owner's name alone: there the name is the person.
SELECT
    "User".Id AS person_id,
    "User".Name AS name,
    "User".Email AS email,
    CASE
        WHEN "User".Department ILIKE '%marketing%' THEN 'marketing'
        WHEN "User".Department ILIKE '%sales%' THEN 'sales'
    END AS side,
    coalesce(UserRole.Name, "User".UserRoleName, "User".Title) AS role,
    coalesce("User".Division, "User".Department) AS team,
    "User".ManagerId AS manager_id,
    as_flag("User".IsActive) AS active,
    "User".Title AS "Title"
FROM "User"
LEFT JOIN UserRole ON UserRole.Id = "User".UserRoleId
UNION ALL
SELECT OwnerName, OwnerName, NULL, 'sales', NULL, NULL, NULL, NULL, NULL
FROM Opportunity
WHERE OwnerId IS NULL AND OwnerName IS NOT NULL
GROUP BY OwnerName
ORDER BY person_id
