-- A phone at one node calls a phone at another: dialled digit by digit, held and taken back by either side, given
-- up by the called one. The application at the caller's line sees each state once and in order.
local c    = cluster "two-groups"
local west = c:phone "SEP000000000001" -- at ccm1
local east = c:phone "SEP000000000011" -- at ccm2
local ivr  = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" } })

ivr:open "SEP000000000001"
expect(ivr, "LineInService", { device = "SEP000000000001", node = "ccm1" }, within "3s", clause "CMF-02")

local m = mark()
west:offhook()
expect(ivr, "NewCall", { device = "SEP000000000001", state = "DIALTONE" }, within "2s", from(m), clause "CAL-01")
west:dial "2"
expect(ivr, "CallStateChanged", { device = "SEP000000000001", state = "DIALING" }, within "2s", from(m), clause "DEV-04")
west:dial "001"
expect(east, "StationCallState", { state = "RingIn" }, within "2s", from(m), clause "CAL-01")
expect(ivr, sequence {
	{ "CallStateChanged", device = "SEP000000000001", state = "DIALING" },
	{ "CallStateChanged", device = "SEP000000000001", state = "PROCEEDING" },
	{ "CallStateChanged", device = "SEP000000000001", state = "RINGBACK" },
}, within "2s", from(m), clause "DEV-08")
east:answer()
for _, phone in ipairs { west, east } do
	expect(phone, "StationCallState", { state = "Connected" }, within "2s", from(m), clause "CAL-01")
	expect(phone, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
end

-- While either holds, nobody hears anything; the held party stays connected.
for _, pair in ipairs { { west, east }, { east, west } } do
	local holder, held = pair[1], pair[2]
	m = mark()
	holder:hold()
	expect(holder, "StationCallState", { state = "Hold" }, within "2s", from(m), clause "CAL-01")
	for _, phone in ipairs(pair) do
		expect(phone, "StationStopMediaTransmission", within "2s", from(m), clause "CAL-01")
		expect(phone, "StationCloseReceiveChannel", within "2s", from(m), clause "CAL-01")
	end
	never(held, "StationCallState", within "500ms", from(m), clause "CAL-01")
	m = mark()
	holder:resume()
	expect(holder, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
	expect(held, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
end

m = mark()
east:hangup()
expect(west, "StationCallState", { state = "OnHook" }, within "2s", from(m), clause "CAL-01")
expect(ivr, sequence {
	{ "CallStateChanged", device = "SEP000000000001", state = "DISCONNECTED", cause = "NORMALCALLCLEARING" },
	{ "CallClosed",       device = "SEP000000000001" },
}, within "2s", from(m), clause "CAL-01")
