-- Busy trigger and maximum number of calls count per line: of a phone with two lines, of a port, of a route point. A
-- line that answers by itself does so while its phone is idle.
local c     = cluster "dial-plan"
local staff = c:phone "SEP000000000001"
local a     = c:phone "SEP000000000002"
local guest = c:phone "SEP000000000004"
local free  = c:phone "SEP000000000005"
local two   = c:phone "SEP000000000013" -- 3013 takes two calls, 3113 one, and then forwards to 3005
local auto  = c:phone "SEP000000000014"

local function busy(who, number)
	local m = mark()
	who:call(number)
	expect(who, "StationStartTone", { tone = "LineBusyTone" }, within "2s", from(m), clause "DEV-13")
	who:hangup()
	expect(who, "StationCallState", { state = "OnHook" }, within "2s", from(m))
end

-- Two calls on the first line: the third is busy. The second line does not mind.
local m = mark()
staff:call "3013"
expect(two, "StationCallState", { state = "RingIn", line = 1 }, within "2s", from(m))
two:answer()
expect(staff, "StationCallState", { state = "Connected" }, within "2s", from(m))
a:call "3013"
expect(a, "StationCallState", { state = "RingOut" }, within "2s", from(m), clause "DEV-13")
busy(guest, "3013")
m = mark()
guest:call "3113"
expect(two, "StationCallState", { state = "RingIn", line = 2 }, within "2s", from(m), clause "DEV-13")
expect(guest, "StationCallState", { state = "RingOut" }, within "2s", from(m))
m = mark()
auto:call "3113"
expect(free, "StationCallState", { state = "RingIn" }, within "2s", from(m), clause "DEV-13")
auto:hangup()
expect(free, "StationCallState", { state = "OnHook" }, within "2s", from(m))
-- The first line is full for its own user, too; the second has room for one more.
m = mark()
two:hold()
expect(two, "StationCallState", { state = "Hold" }, within "2s", from(m))
m = mark()
two:call("3005", { line = 1 })
expect(two, "StationCallState", { state = "OnHook", call_reference = 0 }, within "2s", from(m), clause "DEV-13")
m = mark()
two:call("3005", { line = 2 })
expect(free, "StationCallInfo", { calling_party = "3113" }, within "2s", from(m), clause "DEV-13")
two:hangup()
expect(free, "StationCallState", { state = "OnHook" }, within "2s", from(m))
for _, who in ipairs { staff, a, guest } do
	who:hangup()
end
settle "3s"

-- It answers by itself; while it is in a call, it rings.
m = mark()
a:call "3014"
expect(a, "StationCallState", { state = "Connected" }, within "2s", from(m), clause "DEV-13")
expect(auto, "StationSetSpeakerMode", { on = true }, within "1s", from(m), clause "DEV-13")
expect(auto, "MediaStreamStarted", within "2s", from(m))
m = mark()
staff:call "3014"
expect(staff, "StationCallState", { state = "RingOut" }, within "2s", from(m), clause "DEV-13")
never(staff, "StationCallState", { state = "Connected" }, within "2s", from(m))
staff:hangup()
a:hangup()
expect(auto, "StationCallState", { state = "OnHook" }, times(2), within "2s", from(m))

-- A port with two lines has a call on each; a route point's first line is busy and forwards to its second.
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm1" } })
ivr:open "CTIP_60"
ivr:open "CTIRP_51"
expect(ivr, "LineInService", { device = "CTIP_60" }, times(2), within "3s")
expect(ivr, "LineInService", { device = "CTIRP_51" }, times(2), within "3s")
m = mark()
a:call "6001"
expect(ivr, "NewCall", { device = "CTIP_60", dn = "6001" }, within "2s", from(m))
ivr:answer "CTIP_60"
expect(a, "StationCallState", { state = "Connected" }, within "2s", from(m), clause "PRT-03")
m = mark()
staff:call "6002"
expect(ivr, "NewCall", { device = "CTIP_60", dn = "6002" }, within "2s", from(m), clause "PRT-03")
ivr:answer "CTIP_60"
expect(staff, "StationCallState", { state = "Connected" }, within "2s", from(m), clause "PRT-03")
busy(guest, "6001")
m = mark()
guest:call "5101"
expect(ivr, "NewCall", { device = "CTIRP_51", dn = "5101" }, within "2s", from(m))
ivr:accept "CTIRP_51"
expect(guest, "StationCallState", { state = "RingOut" }, within "2s", from(m))
m = mark()
free:call "5101"
expect(ivr, "NewCall", { device = "CTIRP_51", dn = "5102", original_called = "5101" }, within "2s", from(m), clause "RTP-10")
for _, who in ipairs { a, staff, guest, free } do
	who:hangup()
end
expect(ivr, "CallClosed", { device = "CTIRP_51" }, times(2), within "2s", from(m))
expect(ivr, "CallClosed", { device = "CTIP_60" }, times(2), within "2s", from(m))
