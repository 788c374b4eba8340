-- CMF-14: a SIP phone was given another party; it had heard the end of the old one's stream, sent to the new one, and had not heard
-- that one yet, when its CallManager died: it took the stream for dead and dropped the call. Seed 312200.
local c = cluster([[
return {
	nodes = { "ccm1", "ccm2" },
	groups = { west = { "ccm1", "ccm2" }, east = { "ccm2", "ccm1" } },
	pools = { west = "west", east = "east" },
	phones = {
		{ "SEP000000000001", dn = "1001", pool = "west" },
		{ "SEP000000000002", dn = "1002", pool = "west", sip = true, model = 7970 },
		{ "SEP000000000011", dn = "2001", pool = "east" },
	},
}
]])
local bert = c:phone "SEP000000000001"
local carl = c:phone "SEP000000000002" -- speaks SIP
local anna = c:phone "SEP000000000011"

expect(bert, "StationRegisterAck", { node = "ccm1" }, within "5s")
expect(carl, "SipRegisterOk", { node = "ccm1" }, within "5s")
expect(anna, "StationRegisterAck", { node = "ccm2" }, within "5s")
local m = mark()
anna:call "1001"
expect(bert, "StationCallState", { state = "RingIn" }, within "3s", from(m))
bert:answer()
expect(anna, "MediaStreamStarted", within "3s", from(m))
expect(bert, "MediaStreamStarted", within "3s", from(m))
m = mark()
bert:transfer "1002"
expect(carl, "SipInvite", within "3s", from(m))
carl:answer()
expect(bert, "MediaStreamStarted", within "3s", from(m))
expect(carl, "MediaStreamStarted", within "3s", from(m))

say "Anna's CallManager is slow to tell her where to send, and Carl's dies before her voice is there."
c:slow("ccm2:callmanager", "phones", "700ms")
m = mark()
bert:transfer()
expect(carl, "MediaStreamStopped", within "3s", from(m), clause "CAL-01")
expect(carl, "SipAck", within "5s", from(m), clause "CAL-01")
c:kill("ccm1", "callmanager")
expect(carl, "MediaStreamStarted", within "3s", from(m), clause "CMF-14")
never(carl, "MediaStreamStopped", within "2s", clause "CMF-14")
expect(bert, "StationRegisterAck", { node = "ccm2" }, within "20s", from(m), clause "CMF-01")
never(carl, "SipRegisterOk", { node = "ccm2" }, within "1s", from(m), clause "CMF-14")
m = mark()
c:slow("ccm2:callmanager", "phones", "0ms")
carl:hangup()
expect(anna, "StationCallState", { state = "OnHook" }, within "5s", from(m), clause "CAL-04")
expect(carl, "SipRegisterOk", { node = "ccm2" }, within "20s", from(m), clause "CMF-01")
c:start("ccm1", "callmanager")
c:rest()
