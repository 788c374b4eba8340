-- A route point with two lines: calls come on both at once, and the application does with each of them what it likes:
-- answer, hold, take back, send on to a phone, a port or another number, drop, and call out itself.
local c    = cluster "devices"
local a    = c:phone "SEP000000000001"
local b    = c:phone "SEP000000000002"
local d    = c:phone "SEP000000000011"
local e    = c:phone "SEP000000000012"
local ivr  = c:app("ivr", { ctimanagers = { "ccm2" } })

ivr:open "CTIRP_5000"
ivr:open "CTIP_6001"
expect(ivr, "LineInService", { device = "CTIRP_5000", dn = "5000" }, within "2s", clause "RTP-02")
expect(ivr, "LineInService", { device = "CTIRP_5000", dn = "5001" }, within "2s", clause "RTP-02")
expect(ivr, "LineInService", { device = "CTIP_6001" }, within "2s")

local m = mark()
a:call "5000"
b:call "5001"
d:call "5000"
expect(ivr, "NewCall", { dn = "5000", calling = "1001" }, within "3s", from(m), clause "RTP-01")
expect(ivr, "NewCall", { dn = "5001", calling = "1002" }, within "3s", from(m), clause "RTP-01")
expect(ivr, "NewCall", { dn = "5000", calling = "2001" }, within "3s", from(m), clause "RTP-01")

say "Three calls are answered, and all of them are heard."
ivr:answer("CTIRP_5000", { party = "1001" })
ivr:answer("CTIRP_5000", { dn = "5001" })
ivr:answer("CTIRP_5000", { party = "2001" })
for _, caller in ipairs { a, b, d } do
	expect(caller, "StationCallState", { state = "Connected" }, within "3s", from(m), clause "RTP-03")
	expect(caller, "MediaStreamStarted", within "3s", from(m), clause "RTP-04")
end

say "One of them is held and taken back; the others do not notice."
m = mark()
ivr:hold("CTIRP_5000", { party = "1001" })
expect(ivr, "CallStateChanged", { state = "ONHOLD", calling = "1001" }, within "2s", from(m), clause "RTP-06")
expect(a, "StationStopMediaTransmission", within "3s", from(m), clause "RTP-06")
ivr:retrieve("CTIRP_5000", { party = "1001" })
expect(ivr, "CallStateChanged", { state = "CONNECTED", calling = "1001" }, within "2s", from(m), clause "RTP-07")
expect(a, "MediaStreamStarted", within "3s", from(m), clause "RTP-07")
never(b, "StationStopMediaTransmission", within "500ms", from(m), clause "RTP-06")

say "They are sent on: to a phone of the other side, to a port, to a number that there is not."
m = mark()
ivr:redirect("CTIRP_5000", "2002", { party = "1001" })
expect(e, "StationCallState", { state = "RingIn" }, within "3s", from(m), clause "RTP-05")
ivr:redirect("CTIRP_5000", "6001", { dn = "5001" })
expect(ivr, "NewCall", { device = "CTIP_6001", calling = "1002", reason = "REDIRECT" }, within "3s", from(m),
	clause "RTP-05")
m = mark()
ivr:redirect("CTIRP_5000", "9999", { party = "2001" })
expect(ivr, "Response", { result = "REDIRECT_CALL_UNKNOWN_DESTINATION" }, within "3s", from(m), clause "RTP-05")
never(d, "StationCallState", { state = "OnHook" }, within "500ms", from(m), clause "RTP-05")

say "It calls out, while the call that could not be sent on goes on; then both are dropped."
m = mark()
ivr:call("CTIRP_5000", "1003", { dn = "5001" })
expect(ivr, "CallStateChanged", { dn = "5001", state = "RINGBACK" }, within "3s", from(m), clause "RTP-04")
ivr:drop("CTIRP_5000", { party = "1003" })
expect(ivr, "CallClosed", { dn = "5001" }, within "3s", from(m), clause "RTP-08")
ivr:drop("CTIRP_5000", { party = "2001" })
expect(d, "StationCallState", { state = "OnHook" }, within "3s", from(m), clause "RTP-08")
