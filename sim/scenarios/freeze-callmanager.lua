-- A CallManager that is frozen says nothing: the others notice its silence within the keepalive limit, and the route
-- point moves on. Thawed, it delivers nothing that was meant for its former session, and the route point comes home.
local c = cluster "three-nodes"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm2", "ccm1" } })

ivr:open "CTIRP_5000"
expect(ivr, "LineInService", { device = "CTIRP_5000", node = "ccm1" }, within "2s")

local m = mark()
c:freeze("ccm1", "callmanager")
expect(c, "SDLLinkOOS", { NodeID = "ccm2", RemoteNodeID = 1 }, within "4s", from(m), clause "CMF-12")
expect(ivr, sequence { { "DeviceOutOfService", device = "CTIRP_5000", cause = "CALLMANAGER_FAILURE" },
                       { "DeviceInService", device = "CTIRP_5000", node = "ccm2" } },
       within "4s", from(m), clause "CMF-06")
never(ivr, "ProviderOutOfService", within "1s", from(m), clause "CMF-04")

m = mark()
c:thaw("ccm1", "callmanager")
expect(ivr, sequence { { "DeviceOutOfService", device = "CTIRP_5000", cause = "REHOME_TO_HIGHER_PRIORITY_CM" },
                       { "DeviceInService", device = "CTIRP_5000", node = "ccm1" },
                       { "LineInService", dn = "5000", node = "ccm1" } },
       within "10s", from(m), clause "CMF-07 CMF-17")
