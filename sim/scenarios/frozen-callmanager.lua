-- A CallManager falls silent with a request of an application in its hands: within the keepalive limit its links are
-- given up, the request is answered with an error, and the port moves.
local c   = cluster "two-groups"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" } })

ivr:open "CTIP_6001"
expect(ivr, "LineInService", { device = "CTIP_6001", node = "ccm1" }, within "2s", clause "CMF-01")
local m = mark()
c:freeze("ccm1", "callmanager")
ivr:call("CTIP_6001", "2001")
expect(c, "SDLLinkOOS", { NodeID = "ccm3", RemoteNodeID = 1 }, within "4s", from(m), clause "CMF-12")
expect(ivr, "Response", { result = "CLUSTER_LINK_FAILURE" }, within "4s", from(m), clause "CMF-04")
expect(ivr, "DeviceInService", { device = "CTIP_6001", node = "ccm2" }, within "5s", from(m), clause "CMF-01")

m = mark()
c:thaw("ccm1", "callmanager")
expect(ivr, "DeviceInService", { device = "CTIP_6001", node = "ccm1" }, within "10s", from(m), clause "CMF-07")
