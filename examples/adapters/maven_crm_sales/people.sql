SELECT
    sales_agent AS person_id,
    sales_agent AS name,
    'sales' AS side,
    'rep' AS role,
    manager AS manager_id,
    regional_office AS team,
    regional_office AS region
FROM sales_teams
UNION ALL
SELECT manager, manager, 'sales', 'manager', NULL, min(regional_office), min(regional_office)
FROM sales_teams
WHERE manager NOT IN (SELECT sales_agent FROM sales_teams)
GROUP BY manager
ORDER BY role DESC, person_id
