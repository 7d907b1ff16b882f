SELECT
    Id AS lead_id,
    ConvertedAccountId AS account_id,
    LeadSource AS source,
    Score AS score,
    CreatedDate AS created_at,
    QualifiedDate AS qualified_at,
    HandedOverDate AS handed_over_at,
    coalesce(OwnerId, OwnerName) AS owner_id,
    FirstResponseDate AS first_response_at,
    CASE
        WHEN as_flag(IsConverted) THEN 'accepted'
        WHEN Status ILIKE '%unqualified%' OR Status ILIKE '%disqualified%' OR Status ILIKE '%reject%'
            THEN 'rejected'
    END AS verdict,
    CASE WHEN as_flag(IsConverted) THEN ConvertedDate END AS verdict_at,
    RejectionReason AS rejection_reason,
    ConvertedOpportunityId AS deal_id,
    Status AS "Status",
    IsDeleted AS "Deleted",
    unnest(attributes),
    source_row
FROM Lead
