-- The CTI New Call Accept Timer: who says nothing within four seconds loses the call, to CFNA or to reorder, without any
-- ringing. Accept, answer, redirect and drop each stop it; a port that accepts by itself never waits for it.
local c    = cluster "devices"
local a    = c:phone "SEP000000000001"
local b    = c:phone "SEP000000000002"
local cfna = c:phone "SEP000000000004"
local ivr  = c:app("ivr", { ctimanagers = { "ccm3" } })

ivr:open "CTIRP_5000"
ivr:open("CTIP_6001", { auto_accept = true })
expect(ivr, "LineInService", { device = "CTIRP_5000", dn = "5001" }, within "2s")
expect(ivr, "LineInService", { device = "CTIP_6001" }, within "2s")

local m = mark()
a:call "5000"
b:call "5001"
expect(cfna, "StationCallState", { state = "RingIn" }, within(scaled "6s"), from(m), clause "RTP-09")
expect(b, "StationStartTone", { tone = "ReorderTone" }, within(scaled "6s"), from(m), clause "RTP-09")
expect(ivr, "CallClosed", { dn = "5000" }, within "3s", from(m), clause "RTP-09")
expect(ivr, "CallClosed", { dn = "5001" }, within "3s", from(m), clause "RTP-09")
never(a, "StationCallState", { state = "OnHook" }, within "200ms", from(m))
a:hangup()
b:hangup()
expect(cfna, "StationCallState", { state = "OnHook" }, within "3s", from(m))

say "Each of the four requests stops it."
for _, request in ipairs { "accept", "answer", "redirect", "drop" } do
	m = mark()
	a:call "5001"
	expect(ivr, "NewCall", { dn = "5001" }, within "3s", from(m))
	if request == "redirect" then
		ivr:redirect("CTIRP_5000", "1002", { dn = "5001" })
	else
		ivr[request](ivr, "CTIRP_5000", { dn = "5001" })
	end
	expect(ivr, "Response", { result = "SUCCESS" }, within "3s", from(m), clause "RTP-09")
	never(a, "StationStartTone", { tone = "ReorderTone" }, within(scaled "5s"), from(m), clause "RTP-09")
	a:hangup()
	expect(a, "StationCallState", { state = "OnHook" }, within "3s", from(m))
	settle "3s"
end

say "A port that accepts by itself rings at once, and for as long as it rings."
m = mark()
a:call "6001"
expect(ivr, "CallStateChanged", { device = "CTIP_6001", state = "ACCEPTED" }, within "3s", from(m), clause "USR-02")
expect(a, "StationCallState", { state = "RingOut" }, within "3s", from(m), clause "USR-02")
never(ivr, "CallClosed", { device = "CTIP_6001" }, within(scaled "6s"), from(m), clause "RTP-09")
a:hangup()
expect(a, "StationCallState", { state = "OnHook" }, within "3s", from(m))

say "Until it is told not to."
m = mark()
ivr:autoaccept("CTIP_6001", "off")
expect(ivr, "Response", { result = "SUCCESS" }, within "3s", from(m), clause "USR-02")
m = mark()
a:call "6001"
expect(ivr, "NewCall", { device = "CTIP_6001" }, within "3s", from(m))
never(ivr, "CallStateChanged", { device = "CTIP_6001", state = "ACCEPTED" }, within "500ms", from(m), clause "USR-02")
