-- Calls between two nodes, and one of the nodes dies. The connected call is kept, by the phone that has lost its
-- CallManager and by the port that has not; the ringing one is cleared. Of the kept one, only the end is left.
local c    = cluster "two-groups"
local anna = c:phone "SEP000000000001" -- at ccm1
local bert = c:phone "SEP000000000002" -- at ccm1
local cleo = c:phone "SEP000000000011" -- at ccm2
local ivr  = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" } })

local m = mark()
ivr:open "CTIP_7001"
expect(ivr, "LineInService", { device = "CTIP_7001", node = "ccm2" }, within "2s", clause "CMF-01")
anna:call "7001"
expect(ivr, "NewCall", { device = "CTIP_7001" }, within "3s", from(m))
ivr:answer "CTIP_7001"
expect(anna, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
expect(ivr, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
bert:call "2001"
expect(cleo, "StationCallState", { state = "RingIn" }, within "3s", from(m), clause "CAL-01")

m = mark()
c:kill("ccm1", "callmanager")
expect(cleo, "StationCallState", { state = "OnHook" }, within "3s", from(m), clause "CAL-03")
expect(bert, "StationRegisterAck", { node = "ccm2" }, within "5s", from(m), clause "CMF-02")
never(ivr, "CallClosed", within "2s", from(m), clause "CAL-02")
never(anna, "StationRegisterAck", within "500ms", from(m), clause "CMF-14")
never(anna, "MediaStreamStopped", within "500ms", from(m), clause "CAL-02")
ivr:hold "CTIP_7001"
expect(ivr, "Response", { result = "OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE" }, within "2s", from(m), clause "CAL-04")

m = mark()
anna:hangup()
expect(anna, "StationRegisterAck", { node = "ccm2" }, within "5s", from(m), clause "CMF-14")
ivr:drop "CTIP_7001"
expect(ivr, "CallClosed", { device = "CTIP_7001" }, within "5s", from(m), clause "CAL-04")

-- Idle phones return by themselves.
m = mark()
c:start("ccm1", "callmanager")
expect(anna, "StationRegisterAck", { node = "ccm1" }, within "60s", from(m), clause "CMF-15")
expect(bert, "StationRegisterAck", { node = "ccm1" }, within "60s", from(m), clause "CMF-15")
