-- As many calls as the number allows: the next one is busy, or goes where the busy forward says.
local c   = cluster "devices"
local a   = c:phone "SEP000000000001"
local b   = c:phone "SEP000000000002"
local d   = c:phone "SEP000000000011"
local cfb = c:phone "SEP000000000004"
local ivr = c:app("ivr", { ctimanagers = { "ccm1" } })

ivr:open "CTIRP_5100"
ivr:open "CTIRP_5200"
expect(ivr, "LineInService", { device = "CTIRP_5100" }, within "2s")
expect(ivr, "LineInService", { device = "CTIRP_5200" }, within "2s")

for _, number in ipairs { "5100", "5200" } do
	local device = "CTIRP_" .. number
	local m = mark()
	a:call(number)
	b:call(number)
	expect(ivr, "NewCall", { device = device, calling = "1001" }, within "3s", from(m), clause "RTP-01")
	expect(ivr, "NewCall", { device = device, calling = "1002" }, within "3s", from(m), clause "RTP-01")
	ivr:answer(device, { party = "1001" })
	ivr:answer(device, { party = "1002" })
	expect(a, "StationCallState", { state = "Connected" }, within "3s", from(m))
	expect(b, "StationCallState", { state = "Connected" }, within "3s", from(m))
	m = mark()
	d:call(number)
	if number == "5100" then
		expect(cfb, "StationCallState", { state = "RingIn" }, within "3s", from(m), clause "RTP-10")
	else
		expect(d, "StationCallState", { state = "Busy" }, within "3s", from(m), clause "RTP-10")
	end
	never(ivr, "NewCall", within "500ms", from(m), clause "RTP-10")

	say "When one of them has hung up there is room again."
	d:hangup()
	m = mark()
	a:hangup()
	expect(ivr, "CallClosed", { device = device }, within "3s", from(m))
	expect(d, "StationCallState", { state = "OnHook" }, within "3s")
	m = mark()
	d:call(number)
	expect(ivr, "NewCall", { device = device, calling = "2001" }, within "3s", from(m), clause "RTP-10")
	d:hangup()
	b:hangup()
	expect(d, "StationCallState", { state = "OnHook" }, within "3s", from(m))
	expect(b, "StationCallState", { state = "OnHook" }, within "3s", from(m))
end
