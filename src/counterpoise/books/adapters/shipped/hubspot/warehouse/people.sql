WITH teams AS (
    SELECT owner_team.owner_id, min(team.name) AS team
    FROM owner_team
    JOIN team ON team.id = owner_team.team_id
    WHERE coalesce(as_flag(owner_team.is_team_primary), true)
    GROUP BY owner_team.owner_id
)

SELECT
    owner.owner_id AS person_id,
    concat_ws(' ', owner.first_name, owner.last_name) AS name,
    owner.email AS email,
    'sales' AS side,
    teams.team AS team,
    as_flag(owner.is_active) AS active,
    owner.source_row
FROM owner
LEFT JOIN teams ON teams.owner_id = owner.owner_id
ORDER BY owner.source_row
