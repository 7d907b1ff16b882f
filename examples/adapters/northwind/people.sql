SELECT
    employeeID AS person_id,
    firstName || ' ' || lastName AS name,
    'sales' AS side,
    title AS role,
    country AS team,
    reportsTo AS manager_id,
    country AS region,
    source_row
FROM employees
