WITH deals AS (
    SELECT contact_id, min(deal_id) AS deal_id
    FROM deal_contact
    GROUP BY contact_id
)

SELECT
    contact.id AS lead_id,
    contact.property_associatedcompanyid AS account_id,
    contact.property_hs_analytics_source AS source,
    contact.property_hubspotscore AS score,
    contact.property_createdate AS created_at,
    contact.property_hs_lifecyclestage_marketingqualifiedlead_date AS qualified_at,
    contact.property_hubspot_owner_assigneddate AS handed_over_at,
    contact.property_hubspot_owner_id AS owner_id,
    contact.property_hs_first_engagement_date AS first_response_at,
    CASE
        WHEN contact.property_hs_lead_status ILIKE '%unqualified%' THEN 'rejected'
        WHEN contact.property_hs_lifecyclestage_salesqualifiedlead_date IS NOT NULL THEN 'accepted'
        WHEN deals.deal_id IS NOT NULL THEN 'accepted'
    END AS verdict,
    CASE WHEN verdict = 'accepted' THEN contact.property_hs_lifecyclestage_salesqualifiedlead_date END
        AS verdict_at,
    deals.deal_id AS deal_id,
    contact.property_lifecyclestage AS "Lifecycle Stage",
    contact.property_hs_lead_status AS "Lead Status",
    contact.source_row
FROM contact
LEFT JOIN deals ON deals.contact_id = contact.id
ORDER BY contact.source_row
