-- A phone calls another one; both hear that they are connected; the caller hangs up.
local c = cluster "three-nodes"
local a = c:phone "SEP000000000001"
local b = c:phone "SEP000000000002"

expect(a, "StationRegisterAck", { node = "ccm1" }, within "5s")
expect(b, "StationRegisterAck", { node = "ccm1" }, within "5s")

a:call "1002"
expect(b, "StationCallState", { state = "RingIn" }, within "2s", clause "CAL-01")
expect(a, "StationCallState", { state = "RingOut" }, within "2s", clause "CAL-01")

b:answer()
expect(a, "StationCallState", { state = "Connected" }, within "2s", clause "CAL-01")
expect(b, "StationCallState", { state = "Connected" }, within "2s", clause "CAL-01")
expect(a, "MediaStreamStarted", within "3s", clause "CAL-01")
expect(b, "MediaStreamStarted", within "3s", clause "CAL-01")

a:hangup()
expect(b, "StationCallState", { state = "OnHook" }, within "2s", clause "CAL-01")
