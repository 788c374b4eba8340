-- A line shared by a phone and a CTI port: both have the call; what the application does not accept in time it loses, and the
-- phone rings on; its redirect takes the call from both; when it dies the phone keeps the call.
local c    = cluster "dial-plan"
local free = c:phone "SEP000000000005" -- 3005
local desk = c:phone "SEP000000000023" -- 3021, and CTIP_61

local function calls_both(app)
	local m = mark()
	free:call "3021"
	expect(desk, "StationCallState", { state = "RingIn" }, within "2s", from(m), clause "CAL-01")
	expect(app, "NewCall", { device = "CTIP_61" }, within "2s", from(m), clause "CAL-01")
	return mark()
end

local function over(from_mark)
	free:hangup()
	expect(free, "StationCallState", { state = "OnHook" }, within "2s", from(from_mark))
	expect(desk, "StationCallState", { state = "OnHook" }, within "2s", from(from_mark))
end

local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm1" } })
ivr:open "CTIP_61"
expect(ivr, "LineInService", { device = "CTIP_61" }, within "3s")

-- The port answers.
local m = calls_both(ivr)
ivr:answer "CTIP_61"
expect(ivr, "CallStateChanged", { device = "CTIP_61", state = "CONNECTED" }, within "2s", from(m), clause "CAL-01")
expect(free, "StationCallState", { state = "Connected" }, within "2s", from(m), clause "CAL-01")
expect(desk, "StationCallState", { state = "CallRemoteMultiline" }, within "2s", from(m), clause "CAL-01")
over(m)

-- The phone answers.
m = calls_both(ivr)
desk:answer()
expect(free, "StationCallState", { state = "Connected" }, within "2s", from(m))
expect(ivr, "CallClosed", { device = "CTIP_61" }, within "2s", from(m), clause "CAL-01")
over(m)

-- Nobody accepts at the port: its offer ends after the accept timer.
m = calls_both(ivr)
expect(ivr, "CallClosed", { device = "CTIP_61" }, within(scaled "6s"), from(m), clause "RTP-09")
desk:answer()
expect(free, "StationCallState", { state = "Connected" }, within "2s", from(m), clause "CAL-01")
over(m)

-- Redirected by the application: the phone stops, too.
m = calls_both(ivr)
ivr:redirect("CTIP_61", "3013")
expect(c:phone "SEP000000000013", "StationCallState", { state = "RingIn" }, within "2s", from(m), clause "CAL-01")
over(m)

-- The application dies: the phone rings on.
m = calls_both(ivr)
c:kill "app:ivr"
settle "3s"
desk:answer()
expect(free, "StationCallState", { state = "Connected" }, within "2s", from(m), clause "APF-03")
over(m)
