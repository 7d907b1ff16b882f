SELECT
    CampaignMember.Id AS touch_id,
    coalesce(CampaignMember.FirstRespondedDate, CampaignMember.CreatedDate) AS touched_at,
    coalesce(Campaign.Type, 'campaign') AS channel,
    CampaignMember.CampaignId AS campaign_id,
    CampaignMember.LeadId AS lead_id,
    CampaignMember.Status AS "Status",
    CampaignMember.source_row
FROM CampaignMember
LEFT JOIN Campaign ON Campaign.Id = CampaignMember.CampaignId
WHERE NOT coalesce(as_flag(CampaignMember.IsDeleted), false)
ORDER BY CampaignMember.source_row
