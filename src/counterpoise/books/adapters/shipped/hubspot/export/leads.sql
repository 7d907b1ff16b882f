SELECT
    "Record ID" AS lead_id,
    trim(split_part("Associated Company IDs", ';', 1)) AS account_id,
    "Source" AS source,
    "Score" AS score,
    "Create Date" AS created_at,
    "Became MQL" AS qualified_at,
    "Assigned" AS handed_over_at,
    "Contact owner" AS owner_id,
    "First engagement" AS first_response_at,
    CASE
        WHEN "Lead Status" ILIKE '%unqualified%' OR "Lead Status" ILIKE '%rejected%' THEN 'rejected'
        WHEN "Became SQL" IS NOT NULL OR "Associated Deal IDs" IS NOT NULL THEN 'accepted'
    END AS verdict,
    CASE WHEN verdict = 'accepted' THEN "Became SQL" END AS verdict_at,
    "Unqualified Reason" AS rejection_reason,
    trim(split_part("Associated Deal IDs", ';', 1)) AS deal_id,
    "Lifecycle Stage",
    "Lead Status",
    unnest(attributes),
    source_row
FROM contacts
