-- Forward all, busy, no answer and unregistered, each with its calling search space; circles end with a tone.
local c     = cluster "dial-plan"
local staff = c:phone "SEP000000000001" -- 1001
local free  = c:phone "SEP000000000005" -- 3005
local busy  = c:phone "SEP000000000006" -- 3006
local guest = c:phone "SEP000000000004"

-- All: to 1001, which the line that forwards does not reach, whoever calls.
local m = mark()
free:call "3007"
expect(free, "StationStartTone", { tone = "ReorderTone" }, within "2s", from(m), clause "CAL-01")
free:hangup()
never(staff, "StationCallState", { state = "RingIn" }, within "500ms", from(m))

-- No answer: after the line's own ring duration, in the forward's own space.
m = mark()
free:call "3006"
expect(busy, "StationCallState", { state = "RingIn" }, within "2s", from(m))
expect(staff, "StationCallState", { state = "RingIn" }, within(scaled "6s"), from(m), clause "CAL-01")
expect(staff, "StationCallInfo", { calling_party = "3005", original_called_party = "3006",
	last_redirecting_party = "3006" }, within "1s", from(m), clause "CAL-01")
expect(busy, "StationCallState", { state = "OnHook" }, within "2s", from(m))
free:hangup()
expect(staff, "StationCallState", { state = "OnHook" }, within "2s", from(m))

-- Busy: 3006 takes one call only; internal calls go to 3005.
m = mark()
staff:call "3006"
expect(busy, "StationCallState", { state = "RingIn" }, within "2s", from(m))
busy:answer()
expect(staff, "StationCallState", { state = "Connected" }, within "2s", from(m))
guest:call "3006"
expect(free, "StationCallState", { state = "RingIn" }, within "2s", from(m), clause "DEV-13")
guest:hangup()
expect(free, "StationCallState", { state = "OnHook" }, within "2s", from(m))
staff:hangup()
expect(busy, "StationCallState", { state = "OnHook" }, within "2s", from(m))

-- Circles.
for _, number in ipairs { "3008", "3011" } do
	m = mark()
	staff:call(number)
	expect(staff, "StationStartTone", { tone = "ReorderTone" }, within "3s", from(m), clause "CAL-01")
	staff:hangup()
end

-- Unregistered: the only node of its group is dead.
m = mark()
c:kill "ccm3"
expect(c, "SDLLinkOOS", { NodeID = "ccm1", RemoteNodeID = "3", RemoteApplicationId = "100" }, within "5s", from(m))
m = mark()
staff:call "3012"
expect(free, "StationCallState", { state = "RingIn" }, within "2s", from(m), clause "CAL-01")
staff:hangup()
expect(free, "StationCallState", { state = "OnHook" }, within "2s", from(m))
