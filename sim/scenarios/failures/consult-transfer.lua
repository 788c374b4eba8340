-- Cleo asks Dora whether she takes the call from Anna, and Cleo's CallManager dies: nobody is left who could connect
-- Anna and Dora, so both calls end. The phone of Cleo, which talks to Dora, has a transfer under way, too.
local c    = cluster "park-and-pickup"
local anna = c:phone "SEP000000000001" -- 1001, at ccm1
local cleo = c:phone "SEP000000000011" -- 2001, at ccm2
local dora = c:phone "SEP000000000021" -- 3001, at ccm3
local ivr  = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" } })

local m = mark()
ivr:open "SEP000000000011"
expect(ivr, "LineInService", { device = "SEP000000000011", node = "ccm2" }, within "2s", from(m))
anna:call "2001"
expect(cleo, "StationCallState", { state = "RingIn" }, within "3s", from(m))
cleo:answer()
expect(anna, "MediaStreamStarted", within "3s", from(m))
cleo:transfer "3001"
expect(dora, "StationCallState", { state = "RingIn" }, within "3s", from(m))
dora:answer()
expect(dora, "MediaStreamStarted", within "3s", from(m))

m = mark()
c:kill("ccm2", "callmanager")
expect(anna, "StationCallState", { state = "OnHook" }, within "3s", from(m), clause "CAL-03")
expect(dora, "StationCallState", { state = "OnHook" }, within "3s", from(m), clause "CAL-03")
expect(cleo, "StationRegisterAck", { node = "ccm3" }, within "5s", from(m), clause "CMF-02")
expect(ivr, "CallClosed", { cause = "CALLMANAGER_FAILURE" }, times(2), within "3s", from(m), clause "CMF-04")
expect(ivr, "DeviceInService", { device = "SEP000000000011", node = "ccm3" }, within "5s", from(m), clause "CMF-06")
