-- An administrator resets devices and lines: each registers anew as soon as no call is on it, and applications see it go and come.
local c   = cluster "three-nodes"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" } })
local a   = c:phone "SEP000000000001"
local b   = c:phone "SEP000000000002"

local function comes_back(device, line, m)
	expect(ivr, sequence {
		{ "LineOutOfService", device = device, dn = line, cause = "DEVICE_UNREGISTERED" },
		{ "DeviceOutOfService", device = device, cause = "DEVICE_UNREGISTERED" },
		{ "DeviceInService", device = device, node = "ccm1" },
		{ "LineInService", device = device, dn = line },
	}, within "10s", from(m), clause "CMF-06")
end

for _, device in ipairs { "CTIRP_5000", "CTIP_6001", "SEP000000000001" } do
	ivr:open(device)
	expect(ivr, "LineInService", { device = device }, within "5s")
end

-- Idle: at once. A route point, and then it takes calls again; a phone; a line.
local m = mark()
c:reset "CTIRP_5000"
comes_back("CTIRP_5000", "5000", m)
m = mark()
c:reset "SEP000000000001"
comes_back("SEP000000000001", "1001", m)
never(ivr, "DeviceOutOfService", { device = "CTIP_6001" }, within "1ms", from(m), clause "CMF-13")
m = mark()
c:reset { line = "6001" }
comes_back("CTIP_6001", "6001", m)
never(ivr, "DeviceOutOfService", { device = "CTIRP_5000" }, within "1ms", from(m), clause "CMF-13")

-- With a call: after it.
for _, device in ipairs { "CTIP_6001", "SEP000000000001" } do
	m = mark()
	b:call(device == "CTIP_6001" and "6001" or "1001")
	expect(ivr, "NewCall", { device = device }, within "3s", from(m))
	ivr:answer(device)
	expect(b, "StationCallState", { state = "Connected" }, within "3s", from(m))
	c:reset(device)
	never(ivr, "DeviceOutOfService", { device = device }, within "2s", from(m), clause "CMF-06")
	local over = mark()
	b:hangup()
	expect(ivr, "CallClosed", { device = device }, within "3s", from(over))
	comes_back(device, device == "CTIP_6001" and "6001" or "1001", over)
end
