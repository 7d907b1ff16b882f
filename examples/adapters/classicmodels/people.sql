SELECT
    employees.employeeNumber AS person_id,
    employees.firstName || ' ' || employees.lastName AS name,
    employees.email,
    CASE employees.jobTitle WHEN 'VP Marketing' THEN 'marketing' WHEN 'President' THEN 'both' ELSE 'sales' END
        AS side,
    employees.jobTitle AS role,
    offices.city AS team,
    employees.reportsTo AS manager_id,
    offices.territory AS region,
    employees.source_row
FROM employees
LEFT JOIN offices ON offices.officeCode = employees.officeCode
ORDER BY employees.source_row
