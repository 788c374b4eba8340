-- What a call at one phone of a shared line means to the others: in use remotely, then held, and resumed by another one.
-- With the node of the phone that is in use goes what the others show of it.
local c    = cluster "dial-plan"
local free = c:phone "SEP000000000005"
local a    = c:phone "SEP000000000020"
local b    = c:phone "SEP000000000021"
local d    = c:phone "SEP000000000022"

local m = mark()
free:call "3020"
expect(a, "StationCallState", { state = "RingIn" }, within "2s", from(m))
a:answer()
expect(a, "StationCallState", { state = "Connected" }, within "2s", from(m))
expect(b, "StationCallState", { state = "CallRemoteMultiline" }, within "2s", from(m), clause "CAL-01")
expect(d, "StationCallState", { state = "CallRemoteMultiline" }, within "2s", from(m), clause "CAL-01")

-- The others may take and make calls meanwhile.
m = mark()
b:call "3013"
expect(c:phone "SEP000000000013", "StationCallState", { state = "RingIn" }, within "2s", from(m), clause "CAL-01")
b:hangup()
expect(c:phone "SEP000000000013", "StationCallState", { state = "OnHook" }, within "2s", from(m))

m = mark()
a:hold()
expect(b, "StationCallState", { state = "Hold" }, within "2s", from(m), clause "CAL-01")
expect(d, "StationCallState", { state = "Hold" }, within "2s", from(m), clause "CAL-01")
m = mark()
b:resume()
expect(b, "StationCallState", { state = "Connected" }, within "2s", from(m), clause "CAL-01")
expect(free, "StationCallState", { state = "Connected" }, within "2s", from(m), clause "CAL-01")
expect(b, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
expect(free, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
expect(a, "StationCallState", { state = "OnHook" }, within "2s", from(m), clause "CAL-01")
expect(a, "StationCallState", { state = "CallRemoteMultiline" }, within "2s", from(m), clause "CAL-01")
expect(d, "StationCallState", { state = "CallRemoteMultiline" }, within "2s", from(m), clause "CAL-01")

-- A phone that registers anew is told what is up.
m = mark()
c:kill "ccm1"
expect(a, "StationRegisterAck", { node = "ccm2" }, within "10s", from(m), clause "CMF-14")
expect(a, "StationCallState", { state = "CallRemoteMultiline" }, within "3s", from(m), clause "CAL-01")
c:start "ccm1"
expect(a, "StationRegisterAck", { node = "ccm1" }, within "30s", from(m), clause "CMF-15")
expect(a, "StationCallState", { state = "CallRemoteMultiline" }, times(2), within "3s", from(m), clause "CAL-01")
settle "5s"

-- The call is b's now; with ccm2 its control ends, and the others see nothing of it any more.
m = mark()
c:kill "ccm2"
expect(a, "StationCallState", { state = "OnHook" }, within "5s", from(m), clause "CAL-05")
expect(d, "StationCallState", { state = "OnHook" }, within "5s", from(m), clause "CAL-05")
never(free, "StationCallState", { state = "OnHook" }, within "1s", from(m))
free:hangup()
expect(b, "StationRegisterAck", { node = "ccm1" }, within "10s", from(m), clause "CMF-14")
