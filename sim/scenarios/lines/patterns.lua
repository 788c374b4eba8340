-- Translation and route patterns: digits discarded, masked and prefixed; overlapping ones, of which the closest wins;
-- urgent ones; blocked ones; a circle. A route point whose number is a pattern gets what was dialled.
local c     = cluster "dial-plan"
local staff = c:phone "SEP000000000001"
local two_s = c:phone "SEP000000000002"
local guest = c:phone "SEP000000000004"
local free  = c:phone "SEP000000000005"

local function rings(who, number, whom, fields)
	local m = mark()
	who:call(number)
	expect(whom, "StationCallState", { state = "RingIn" }, within "2s", from(m), clause "CAL-01")
	if fields then
		expect(whom, "StationCallInfo", fields, within "2s", from(m), clause "CAL-01")
	end
	who:hangup()
	expect(who, "StationCallState", { state = "OnHook" }, within "2s", from(m))
	expect(whom, "StationCallState", { state = "OnHook" }, within "2s", from(m))
end

local function fails(who, number)
	local m = mark()
	who:call(number)
	expect(who, "StationStartTone", { tone = "ReorderTone" }, within "2s", from(m), clause "CAL-01")
	who:hangup()
	expect(who, "StationCallState", { state = "OnHook" }, within "2s", from(m))
end

rings(staff, "92001", two_s, { called_party = "2001", calling_party = "1001" })
rings(guest, "311", staff, { called_party = "1001", calling_party = "552004" })
rings(staff, "03005#", free, { called_party = "3005" })
fails(staff, "09003#") -- blocked, and closer than 0.!
fails(guest, "92001") -- the pattern is the staff's
fails(staff, "01#") -- nothing is left but what nobody has
fails(staff, "77#")

-- 311 is urgent: the third digit is the last. After 0 more may always come, until T302 expires or # is pressed.
local m = mark()
guest:offhook()
guest:dial "311"
expect(staff, "StationCallState", { state = "RingIn" }, within "1s", from(m), clause "CAL-01")
guest:hangup()
expect(staff, "StationCallState", { state = "OnHook" }, within "2s", from(m))
m = mark()
staff:offhook()
staff:dial "03005"
never(free, "StationCallState", { state = "RingIn" }, within "1s", from(m))
staff:dial "#"
expect(free, "StationCallState", { state = "RingIn" }, within "2s", from(m), clause "CAL-01")
staff:hangup()
expect(free, "StationCallState", { state = "OnHook" }, within "2s", from(m))

m = mark()
staff:offhook()
staff:dial "03005"
expect(free, "StationCallState", { state = "RingIn" }, within(scaled "17s"), from(m), clause "CAL-01") -- T302, 15 s
staff:hangup()
expect(free, "StationCallState", { state = "OnHook" }, within "2s", from(m))

local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm1" } })
ivr:open "CTIRP_50"
expect(ivr, "LineInService", { device = "CTIRP_50" }, within "3s")
m = mark()
staff:call "5012"
expect(ivr, "NewCall", { device = "CTIRP_50", dn = "50XX", called = "5012" }, within "2s", from(m), clause "RTP-01")
staff:hangup()
expect(ivr, "CallClosed", { device = "CTIRP_50" }, within "2s", from(m))
