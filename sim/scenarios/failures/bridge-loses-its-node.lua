-- A conference, and the CallManager of who made it dies, to which its bridge is registered. All three go on talking. Of
-- the call of Anna and Dora only the end is left; Cleo's phone registers nowhere until he hangs up.
local c    = cluster "park-and-pickup"
local anna = c:phone "SEP000000000001" -- 1001, at ccm1
local cleo = c:phone "SEP000000000011" -- 2001, at ccm2
local dora = c:phone "SEP000000000021" -- 3001, at ccm3
local ivr  = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" } })

local m = mark()
ivr:open "SEP000000000001"
expect(ivr, "LineInService", { device = "SEP000000000001", node = "ccm1" }, within "2s", from(m))
anna:call "2001"
expect(cleo, "StationCallState", { state = "RingIn" }, within "3s", from(m))
cleo:answer()
expect(anna, "MediaStreamStarted", within "3s", from(m))
cleo:conference "3001"
expect(dora, "StationCallState", { state = "RingIn" }, within "3s", from(m))
dora:answer()
expect(dora, "MediaStreamStarted", within "3s", from(m))
m = mark()
cleo:conference()
expect(anna, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
expect(cleo, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
expect(dora, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")

m = mark()
c:kill("ccm2", "callmanager")
never(anna, "MediaStreamStopped", within "4s", from(m), clause "CAL-02")
never(dora, "MediaStreamStopped", within "500ms", from(m), clause "CAL-02")
never(cleo, "StationRegisterAck", within "500ms", from(m), clause "CMF-14")
never(ivr, "CallClosed", within "500ms", from(m), clause "CAL-05")
ivr:hold "SEP000000000001"
expect(ivr, "Response", { result = "OPERATION_NOT_AVAILABLE_IN_CURRENT_STATE" }, within "2s", from(m), clause "CAL-04")
cleo:hangup()
expect(cleo, "StationRegisterAck", { node = "ccm3" }, within "5s", from(m), clause "CMF-14")
anna:hangup()
expect(ivr, "CallClosed", { device = "SEP000000000001" }, within "3s", from(m), clause "CAL-04")
dora:hangup()
expect(dora, "StationCallState", { state = "OnHook" }, within "3s", from(m), clause "CAL-04")
