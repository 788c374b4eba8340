-- What is not given per call is given when the device is opened: all of it (static), the port, or the address. At a route
-- point nothing can be given beforehand: address and port are the call's.
local c   = cluster "devices"
local a   = c:phone "SEP000000000001"
local ivr = c:app("ivr", { ctimanagers = { "ccm2" } })

local function call(device, number, ...)
	local m = mark()
	a:call(number)
	expect(ivr, "NewCall", { device = device }, within "3s", from(m))
	ivr:answer(device)
	local started = expect(ivr, "StartReception", { device = device }, within "3s", from(m), ...)
	expect(a, "MediaStreamStarted", within "3s", from(m), ...)
	a:hangup()
	expect(ivr, "CallClosed", { device = device }, within "3s", from(m))
	settle "3s"
	return started
end

ivr:open("CTIP_6001", { media = "static" })
ivr:open("CTIP_6002", { media = "dynamic", fixed = "port" })
ivr:open("CTIP_6200", { media = "dynamic", fixed = "address" })
ivr:open("CTIRP_5000", { fixed = "port" })
for _, device in ipairs { "CTIP_6001", "CTIP_6002", "CTIP_6200", "CTIRP_5000" } do
	expect(ivr, "LineInService", { device = device }, within "2s")
end

local first, again = call("CTIP_6001", "6001", clause "MED-01"), call("CTIP_6001", "6001", clause "MED-01")
assert(first.port == again.port, "static media are where they were")
never(ivr, "DeviceCallOpenLogicalChannel", { device = "CTIP_6001" }, within "100ms", clause "MED-01")
first, again = call("CTIP_6002", "6002", clause "MED-04"), call("CTIP_6002", "6002", clause "MED-04")
assert(first.port == again.port, "the port was given at open")
first, again = call("CTIP_6200", "6200", clause "MED-04"), call("CTIP_6200", "6200", clause "MED-04")
assert(first.ip == again.ip, "the address was given at open, the port per call")

local m = mark()
a:call "5000"
expect(ivr, "NewCall", { device = "CTIRP_5000" }, within "3s", from(m))
ivr:answer "CTIRP_5000"
expect(ivr, "Response", { result = "INVALID_PARAMETER" }, within "3s", from(m), clause "MED-06")
never(ivr, "StartReception", within "300ms", from(m), clause "MED-06")
